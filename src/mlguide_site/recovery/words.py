"""Plain text as tokens: what stands between white space, where it stands, and what its letters say of it."""

import re
import zlib
from collections.abc import Iterator
from functools import cache
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
"""Words that an English title writes small in its middle."""

# What a word can be: few enough to be listed, and telling of how a sentence begins or where a title may not end.
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
            " traditionally"
            " only even not never always just more less still yet where as",
            "use start add make learn keep build choose avoid consider try write read check find get set run test ask"
            " give take put show create apply focus look move bring see go think watch listen follow measure plan",
            "two three four five six seven eight nine ten first second third last next",
        ),
        1,
    )
    for word in words.split()
}
OPEN_ENDED = frozenset(
    "a an the of and or nor & + vs vs. versus from into its their your our my per via between".split()
)
"""Words with which neither a heading nor a label ends."""
COUNTED = frozenset("level part step phase stage chapter section season week day rule option tip lesson module".split())
"""Words behind which a number with a full stop counts."""
_TOKEN = re.compile(r"\S+")
_HASHES = re.compile(r"[;:]?#{1,6}")
_BULLETS = frozenset("•◦▪‣●○∙■□►▶➤✓✔➔→")
_EDGES = "\"'“”‘’«»()[]{}.,;:!?…*"


class Token(NamedTuple):
    """A token: its text, its offset in characters, whether a line ends before it, and the mark before it, if any."""

    text: str
    start: int
    hard: bool
    mark: str


def tokenize(text: str) -> list[Token]:
    """The tokens of a text. Literal marks of structure are no tokens: they become the `mark` of what follows them.

    A mark is a run of number signs, or a bullet, that stands alone; a star or dash does so too where it is one of
    several that each stand before a capital or digit and behind the end of a sentence or line, or of an item.

    >>> [(token.text, token.mark) for token in tokenize("Done ;## Next Steps • One • Two")]
    [('Done', ''), ('Next', 'heading'), ('Steps', ''), ('One', 'item'), ('Two', 'item')]
    """
    found = [(match.group(), match.start()) for match in _TOKEN.finditer(text)]
    signs = _list_signs([word for word, _ in found])
    tokens: list[Token] = []
    end, hard, mark = 0, False, ""
    for at, (word, start) in enumerate(found):
        hard = hard or (bool(tokens) and "\n" in text[end:start])
        end = start + len(word)
        if at + 1 < len(found) and (sign := _mark(word) or ("item" if at in signs else "")):
            mark = "heading" if "heading" in (mark, sign) else sign
            continue
        tokens.append(Token(word, start, hard, mark))
        hard, mark = False, ""
    return tokens


def _mark(word: str) -> str:
    if _HASHES.fullmatch(word):
        return "heading"
    return "item" if word in _BULLETS and word != "→" else ""


def _list_signs(words: list[str]) -> frozenset[int]:
    """Places of stars and dashes that stand for bullets."""
    signs: set[int] = set()
    for sign in ("*", "-", "–"):
        places = [
            at
            for at, word in enumerate(words[:-1])
            if word == sign and words[at + 1][0].lstrip(OPENERS) and (words[at + 1][0].isupper() or sign == "*")
        ]
        behind_ends = [at for at in places if at == 0 or ends_sentence(words[at - 1]) or words[at - 1].endswith(":")]
        # a dash inside a sentence is a dash; in a list all but the first stand behind the end of an item
        if len(places) >= 3 and (sign == "*" or 2 * len(behind_ends) > len(places)):
            signs.update(places if sign == "*" else behind_ends)
    return frozenset(signs)


@cache
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


def bare(word: str) -> str:
    """A word without the punctuation at its edges, in lower case; the word itself where nothing else is left."""
    return word.strip(_EDGES).casefold() or word


def stem(word: str) -> str:
    """A bare word without the endings of English plurals and possessives."""
    for ending in ("'s", "’s", "ies", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def number_of(text: str) -> int:
    """A number of 31 bits that stands for a text, the same on every machine."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) & 0x7FFFFFFF


def initials(words: list[str]) -> Iterator[str]:
    """The first letters of the words of a name, in capitals; a word with a hyphen gives one for each part."""
    for word in words:
        for part in word.strip(_EDGES).split("-"):
            if part:
                yield part[0].upper()
