"""Splits plain text into tokens: words, with the marks of structure between them; detects the ends of sentences."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from mlguide_site.markdown import plain

OPENERS = "\"'“‘«([{"
CLOSERS = "\"'”’»)]}"
SMALL = plain.SMALL_WORDS | frozenset("& + / - – — | x".split())
"""Words that English titles don't capitalise."""
CLASSES: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "a an the this that these those each every some any no all both another most many several few such",
            "i you he she it we they there one everyone nobody people its your our their his her my here",
            "is are was were be been has have had do does did can could may might will would shall should must isn't"
            " aren't can't don't doesn't won't didn't it's that's there's you're we're let's",
            "of in on at by for from to with without into onto over under between through during before after about"
            " against across around behind beyond near toward towards within via per than like",
            "and or nor but & + vs vs. versus plus",
            "how why who whom whose what which where whether",
            "however while if when because although though unlike since once unless until instead also then so thus"
            " therefore despite rather typically often usually sometimes today currently initially finally"
            " traditionally only even not never always just more less still yet as",
            "use start add make learn keep build choose avoid consider try write read check find get set run test ask"
            " give take put show create apply focus look move bring see go think watch listen follow measure plan",
            "two three four five six seven eight nine ten first second third last next",
        ),
        1,
    )
    for word in words.split()
}
"""The class of each function word: hints at where a sentence begins, or where a title can't end."""
FEWEST = 3
"""The minimum of dashes or stars, times or numbers in a list."""
MAX_ITEM, MAX_SHORT = 40, 12
"""The most words of a list item, and of one that doesn't end a sentence."""
_TOKEN = re.compile(r"\S+")
_HASHES = re.compile(r"[;:]?#{2,6}")
_BULLETS = frozenset("•◦▪‣●○∙■□►▶➤✓✔➔")
_DASHES = ("*", "-", "–")
_EDGES = "\"'“”‘’«»()[]{}.,;:!?…*"
_ROMAN = re.compile(r"[IVX]+\.")
_URL = re.compile(r"(?:https?://|www\.)\S|\b[\w-]+\.[a-z]{2,6}(?:/|$)", re.I)


class Token(NamedTuple):
    """A word: its text, its offset in characters, whether a line ends before it, and the mark before it: `heading`,
    `item` or none."""

    text: str
    start: int
    hard: bool
    mark: str


def read_tokens(text: str) -> list[Token]:
    """The words of a text. Marks of structure aren't words: they become the `mark` of the next word.

    A mark is a run of number signs or a bullet between spaces, or a star or dash of a list: see `list_signs`.

    >>> [(token.text, token.mark) for token in read_tokens("Done ;## Next Steps • One • Two")]
    [('Done', ''), ('Next', 'heading'), ('Steps', ''), ('One', 'item'), ('Two', 'item')]
    >>> [(token.text, token.mark) for token in read_tokens("Kit: - reed - comb - wool")]
    [('Kit:', ''), ('reed', 'item'), ('comb', 'item'), ('wool', 'item')]
    """
    found = [(match.group(), match.start()) for match in _TOKEN.finditer(text)]
    words = [word for word, _ in found]
    ends = [0, *(start + len(word) for word, start in found)]
    breaks = frozenset(at for at, (_, start) in enumerate(found) if at and "\n" in text[ends[at] : start])
    signs = list_signs(words, breaks)
    tokens: list[Token] = []
    hard, mark = False, ""
    for at, (word, start) in enumerate(found):
        hard = hard or (bool(tokens) and at in breaks)
        sign = "heading" if _HASHES.fullmatch(word) else "item" if word in _BULLETS or at in signs else ""
        if sign and at + 1 < len(found):
            mark = "heading" if "heading" in (mark, sign) else sign
            continue
        tokens.append(Token(word, start, hard, mark))
        hard, mark = False, ""
    return tokens


def list_signs(words: Sequence[str], lines: Collection[int]) -> frozenset[int]:
    """Places of stars and dashes used as bullets; `lines` are the places at which a line begins.

    Such signs come in runs: the first is at a place where an item may begin, the others after a whole sentence or a
    short item.

    >>> sorted(list_signs("Parts: - reed - shuttle - warp beam".split(), ()))
    [1, 3, 5]
    >>> list_signs("He came - late - and sat - alone".split(), ())
    frozenset()
    >>> list_signs("So 2 * 3 * 4 * 5 is x".split(), ())
    frozenset()
    """
    signs: set[int] = set()
    for sign in _DASHES:
        run: list[int] = []
        for at in [at for at, word in enumerate(words[:-1]) if word == sign] + [len(words)]:
            if run and at < len(words) and _is_item(words[run[-1] + 1 : at]):
                run.append(at)
                continue
            signs.update(run if len(run) >= FEWEST else ())
            run = [at] if at < len(words) and begins_item(words, at, lines) else []
    return frozenset(signs)


def _is_item(words: Sequence[str]) -> bool:
    """Whether the words between two bullets may be an item: a short phrase, or whole sentences."""
    is_short = len(words) <= MAX_SHORT and not any(map(ends_sentence, words[:-1]))
    return 0 < len(words) <= MAX_ITEM and (is_short or ends_sentence(words[-1]))


def begins_item(words: Sequence[str], at: int, lines: Collection[int] = ()) -> bool:
    """Whether a place is one at which an item of a list may begin: a line, a sentence, or what follows a colon."""
    return at == 0 or at in lines or ends_sentence(words[at - 1]) or words[at - 1].endswith((":", "："))


@lru_cache(maxsize=65536)
def ends_sentence(word: str) -> bool:
    """Whether a word, as written with its punctuation, ends a sentence; Roman numbers with a full stop end none."""
    return plain.ends_sentence(word) and not _ROMAN.fullmatch(word)


def ends_colon(word: str) -> bool:
    """Whether a word ends in a colon, ignoring closing quotes, and has other characters before it."""
    bare = word.rstrip("\"'”’*")
    return len(bare) > 1 and bare.endswith((":", "："))


def is_url(word: str) -> bool:
    """Whether a word is a web address, or begins with one."""
    return bool(_URL.search(word))


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """A word without the punctuation at its edges, in lower case; the word itself if nothing is left."""
    return word.strip(_EDGES).casefold() or word
