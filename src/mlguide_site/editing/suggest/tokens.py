"""The words of a block of text, each with its place and with what stands between it and the word before."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from mlguide_site.editing.suggest.lists import SMALL
from mlguide_site.linking.names.words import is_ordinary
from mlguide_site.markdown.document import Document

_WORD = re.compile(r"[^\W_]+(?:['’.&+_·-][^\W_]+)*(?:\+\+|#(?!\w))?")
_POSSESSIVE = ("'s", "’s", "'S", "’S")
_ENDERS = frozenset(".!?:;…•|–—\n")
_ABBREVIATED = frozenset("e.g i.e vs dr mr mrs ms prof st no fig al cf approx".split())
MAX_WORD = 60
_SURNAME = re.compile(r"(?:Mc|Mac|Fitz|O['’]|D['’]|L['’])[A-Z][a-z]{2,20}")
_SHORT = frozenset("pre post off non re co de sub up out in on by to of us ed".split())


class Word(NamedTuple):
    """A word: its text without a possessive's ending, its place in the block, and what the place says of it.

    `before` is what stands between it and the word before; `first` is whether its capital may come of standing first
    in a sentence or item; `owner` whether it had a possessive's ending; `link` is the index of the author's link whose
    text it is part of, or -1; `bare` is false in code, where nothing is a name.
    """

    text: str
    start: int
    end: int
    before: str
    first: bool
    owner: bool
    link: int
    bare: bool

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def capital(self) -> bool:
        return self.bare and not self.text.islower() and any(map(str.isupper, self.text))


class Stretch(NamedTuple):
    """Characters `start` to `end` of a block, in which words are prose (`link` -1) or the text of a link."""

    start: int
    end: int
    link: int


def stretches(document: Document) -> dict[int, list[Stretch]]:
    """By block, the sorted stretches of its text that are prose or the text of a link; headings, code and raw HTML have
    none."""
    found: dict[int, list[Stretch]] = {}
    for segment in document.segments:
        found.setdefault(segment.block, []).append(Stretch(segment.offset, segment.offset + len(segment.text), -1))
    headings = {section.line for section in document.sections if section.heading}
    for index, link in enumerate(document.links):
        label = link.text.strip()
        written_out = "/" in label and " " not in label
        if not link.image and label and not written_out and document.blocks[link.block].line not in headings:
            found.setdefault(link.block, []).append(Stretch(link.offset, link.offset + len(link.text), index))
    return {block: sorted(parts) for block, parts in sorted(found.items())}


def words_of(text: str, parts: Sequence[Stretch]) -> list[Word]:
    """The words of a block's text, in order.

    >>> [(word.text, word.first, word.owner) for word in words_of("Use PyTorch's C++. Go", [Stretch(0, 28, -1)])]
    [('Use', True, False), ('PyTorch', False, True), ('C++', False, False), ('Go', True, False)]
    """
    starts = [part.start for part in parts]
    words: list[Word] = []
    last, previous = 0, ""
    for found in _WORD.finditer(text):
        start, end = found.span()
        written = found[0]
        if end - start > MAX_WORD:
            last, previous = end, ""
            continue
        owner = written.endswith(_POSSESSIVE)
        if owner:
            written = written[:-2]
            end -= 2
        before = text[last:start]
        first = not words or (
            any(char in _ENDERS for char in before) and not (before.startswith(".") and previous in _ABBREVIATED)
        )
        at = bisect_right(starts, start) - 1
        inside = at >= 0 and end <= _reach(parts, at, end)
        link = parts[at].link if inside else -1
        words.append(Word(written, start, end, before, first, owner, link, inside and "_" not in written))
        last, previous = found.end(), written.lower()
    return words


def _reach(parts: Sequence[Stretch], at: int, end: int) -> int:
    """How far the stretches go on without a gap from one of them on."""
    reach = parts[at].end
    while reach < end and at + 1 < len(parts) and parts[at + 1].start == reach:
        at += 1
        reach = parts[at].end
    return reach


def is_plain_word(word: str) -> bool:
    """Whether a word, or each part of one with hyphens, is an ordinary one or a number.

    >>> is_plain_word("Trade-offs"), is_plain_word("K-means"), is_plain_word("Docker")
    (True, False, False)
    """
    parts = [part for part in re.split(r"[-'’.&+_]", word.lower()) if part]
    return all(part.isdigit() or (len(part) > 1 and (part in _SHORT or is_ordinary(part))) for part in parts)


def is_marked(word: str) -> bool:
    """Whether a word's shape alone shows that it is a name or an abbreviation: capitals inside, all capitals, letters
    with digits, a point inside.

    >>> [is_marked(word) for word in ("PyTorch", "EC2", "Node.js", "AWS", "C++", "Docker", "Follow-Up", "iPhone")]
    [True, True, True, True, True, False, False, True]
    """
    letters = [char for char in word if char.isalpha()]
    if _SURNAME.fullmatch(word):
        return False
    if not letters or not any(map(str.isupper, letters)):
        return False
    if word.endswith(("+", "#")) or any(char.isdigit() for char in word):
        return True
    if len(letters) > 1 and (word.isupper() or (word[:-1].isupper() and word.endswith("s") and len(letters) > 2)):
        return True
    parts = re.split(r"[-'’&+_]", word)
    if any(any(map(str.isupper, part[1:])) for part in parts):
        return True
    return any(0 < part.find(".") < len(part) - 2 and len(part) > 4 for part in parts)


def raises_nouns(blocks: Sequence[Sequence[Word]]) -> bool:
    """Whether a text is in a language, other than English, that gives every noun a capital, as German does.

    >>> text = "Die neue Brücke trägt seit gestern auch Züge, sagt der Leiter der Werft. " * 3
    >>> raises_nouns([words_of(text, [Stretch(0, len(text), -1)])])
    True
    """
    told = [word for words in blocks for word in words if word.bare and word.link < 0 and word.text.isalpha()]
    inner = [word for word in told if not word.first and len(word.text) > 2 and not is_marked(word.text)]
    english = sum(word.low in SMALL for word in told)
    raised = sum(word.capital for word in inner)
    return len(inner) > 12 and english * 8 < len(told) and raised * 5 > len(inner)
