"""Plain text as tokens: words, the marks of structure that survived between them, and where sentences end."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

OPENERS = "\"'“‘«([{"
CLOSERS = "\"'”’»)]}"
SENTENCE_MARKS = (".", "!", "?", "…", "。", "！", "？")
ABBREVIATIONS = frozenset(
    "e.g. i.e. etc. vs. cf. al. approx. dr. mr. mrs. ms. prof. st. no. nr. vol. fig. eq. ch. ed. eds. inc. ltd. co."
    " corp. jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. ft. feat. jr. sr. u.s. u.k. a.m. p.m.".split()
)
SMALL = frozenset(
    "a an the and or nor but as at by for from in into of off on onto out over per to up via vs vs. versus with without"
    " is are be was were your our my its their this that than then when where how what why who & + / - – — | x".split()
)
"""Words that an English title writes in small letters in its middle."""

# The kinds of function words: they tell how a sentence begins, or where a title can't end.
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
MAX_ITEM = 12
"""How many words an item in small letters may have behind a dash: longer ones are rather sentences."""
FEWEST = 3
"""How many dashes or stars, times or numbers make a list."""
_TOKEN = re.compile(r"\S+")
_HASHES = re.compile(r"[;:]?#{1,6}")
_BULLETS = frozenset("•◦▪‣●○∙■□►▶➤✓✔➔")
_DASHES = ("*", "-", "–")
_EDGES = "\"'“”‘’«»()[]{}.,;:!?…*"
_URL = re.compile(r"(?:https?://|www\.)\S|\b[\w-]+\.[a-z]{2,6}(?:/|$)", re.I)
_OPERAND = re.compile(r"[(\[{|]*[-+±√∂Δ]?(?:\d[\d.,]*%?|[^\W\d_](?:_\w{1,3})?)[²³'′!)\]}|^\d]*[.,;:?]?")
_ASIDE = frozenset(
    "and or nor but so yet i you he she it we they who whom which that is are was were be been has have had do does did"
    " can could may might will would shall should must as if when while because though although even not never just"
    " also then than".split()
)
"""Words with which an aside between dashes begins, or a sentence goes on behind one, and hardly an item."""


class Token(NamedTuple):
    """A word: its text, its offset in characters, whether a line ends before it, and the mark before it: `heading`,
    `item` or none."""

    text: str
    start: int
    hard: bool
    mark: str


def read_tokens(text: str) -> list[Token]:
    """The words of a text. Marks of structure are no words: they become the `mark` of what follows them.

    A mark is a run of number signs or a bullet that stands alone, or a star or dash of a list: see `list_signs`.

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
    """Places of stars and dashes that stand for bullets; `lines` are the places at which a line begins.

    A sign counts where it is one of several that stand before something, and isn't part of a calculation.

    >>> sorted(list_signs("Parts: - reed - shuttle - warp beam".split(), ()))
    [1, 3, 5]
    >>> list_signs("He came - late - and sat - alone".split(), ())
    frozenset()
    >>> list_signs("So 2 * 3 * 4 * 5 is x".split(), ())
    frozenset()
    """
    signs: set[int] = set()
    for sign in _DASHES:
        places = [
            at
            for at, word in enumerate(words[:-1])
            if word == sign and words[at + 1][0].lstrip(OPENERS) and not _calculates(words, at)
        ]
        if len(places) < FEWEST:
            continue
        if sign == "*":
            signs.update(places)
            continue
        capital = [at for at in places if words[at + 1][0].isupper()]
        behind = [at for at in capital if begins_item(words, at)]
        # a dash inside a sentence is a dash; in a list all but the first stand behind the end of an item
        if len(capital) >= FEWEST and 2 * len(behind) > len(capital):
            signs.update(behind)
        signs.update(_short_items(words, places, lines))
    return frozenset(signs)


def _calculates(words: Sequence[str], at: int) -> bool:
    """Whether a sign stands between two operands, such as numbers or letters."""
    return at > 0 and all(_OPERAND.fullmatch(words[near][:20]) is not None for near in (at - 1, at + 1))


def _short_items(words: Sequence[str], places: Sequence[int], lines: Collection[int]) -> set[int]:
    """The dashes of runs that begin where an item may begin, with nothing but short items between them."""
    found: set[int] = set()
    run: list[int] = []
    for at in [*places, len(words)]:
        is_item = at < len(words) and words[at + 1].casefold().strip(".,;:!?\"'") not in _ASIDE
        between = words[run[-1] + 1 : at] if run else ()
        if is_item and 0 < len(between) <= MAX_ITEM and not any(map(ends_sentence, between[:-1])):
            run.append(at)
            continue
        if len(run) >= FEWEST:
            found.update(run)
        run = [at] if is_item and begins_item(words, at, lines) else []
    return found


def begins_item(words: Sequence[str], at: int, lines: Collection[int] = ()) -> bool:
    """Whether a place is one at which an item of a list may begin: a line, a sentence, or what follows a colon."""
    return at == 0 or at in lines or ends_sentence(words[at - 1]) or words[at - 1].endswith((":", "："))


@lru_cache(maxsize=65536)
def ends_sentence(word: str) -> bool:
    """Whether a word, as written with its punctuation, ends a sentence.

    >>> [ends_sentence(w) for w in ["done.", "done.)", "e.g.", "why?", "J.", "done", "1."]]
    [True, True, False, True, False, False, False]
    """
    bare = word.rstrip(CLOSERS)
    if not bare.endswith(SENTENCE_MARKS):
        return False
    if bare.endswith(".") and not bare.endswith(".."):
        stem = bare.lstrip(OPENERS)
        single = len(stem) == 2 and stem[0].isalpha() and stem[0].isupper()
        initials = len(stem) <= 6 and stem.count(".") > 1 and all(part.isupper() for part in stem.split(".") if part)
        return not (single or initials or stem.casefold() in ABBREVIATIONS or stem[:-1].isdigit())
    return True


def ends_colon(word: str) -> bool:
    """Whether a word ends in a colon, closing quotes aside, and is more than that."""
    bare = word.rstrip("\"'”’*")
    return len(bare) > 1 and bare.endswith((":", "："))


@lru_cache(maxsize=65536)
def is_url(word: str) -> bool:
    """Whether a word is a web address, or begins with one."""
    return bool(_URL.search(word))


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """A word without the punctuation at its edges, in lower case; the word itself where nothing else is left."""
    return word.strip(_EDGES).casefold() or word


def stem(word: str) -> str:
    """A bare word without the endings of English plurals and possessives."""
    for ending in ("'s", "’s", "ies", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
