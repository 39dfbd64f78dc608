"""Words of the texts, and the runs of capitalised words among them in which names may be found."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.editing.suggest.vocabulary import NAME_JOINERS, NO_NAMES, SMALL
from mlguide_site.markdown.document import Document

MAX_RUN = 6
"""A longer run of capitals is a title or a heading, no name."""
_WORD = re.compile(r"[^\W_]+(?:['’.&+_·-][^\W_]+)*(?:\+\+|#(?!\w))?")
_POSSESSIVE = ("'s", "’s", "'S", "’S")
_ENDERS = frozenset(".!?:;…•|–—\n")
_ABBREVIATED = frozenset("e.g i.e vs dr mr mrs ms prof st no fig al cf approx".split())
_NEAR = frozenset([" ", "\n", " & "])
_ATTACHED = re.compile(r"(?:-(?:[a-z]{1,20}(?:ed|ing|ble|ive|ic|ly)|like|free|aware|native|first|only|wide|side))+$")
"""Ordinary words joined to a name by a hyphen: AI-generated."""


class Stretch(NamedTuple):
    """Characters `start` to `end` of a block whose words are prose (`link` -1) or the text of a link."""

    start: int
    end: int
    link: int


class Word(NamedTuple):
    """A word: its text without a possessive's ending, its place in the block, and what the place says of it.

    `before` is the text between it and the word before; `first` is whether it begins a sentence or item; `owner`
    whether it has a possessive's ending; `link` is the index of the author's link whose text it is part of, or -1;
    `bare` is false in code, where nothing is a name.
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


class Run(NamedTuple):
    """A possible name: words `first` to `last` of its block. `loud`: its capitals may come from its place, as at the
    beginning of a sentence."""

    first: int
    last: int
    text: str
    loud: bool


def stretches(document: Document) -> dict[int, list[Stretch]]:
    """By block, the sorted stretches of prose and link text; headings, code, raw HTML and blocks in capitals have
    none."""
    found: dict[int, list[Stretch]] = {}
    for segment in document.segments:
        found.setdefault(segment.block, []).append(Stretch(segment.offset, segment.offset + len(segment.text), -1))
    headings = {section.line for section in document.sections if section.heading}
    for index, link in enumerate(document.links):
        label = link.text.strip()
        is_address = "/" in label and " " not in label
        if not link.image and label and not is_address and document.blocks[link.block].line not in headings:
            found.setdefault(link.block, []).append(Stretch(link.offset, link.offset + len(link.text), index))
    shouted = {block for block in found if document.blocks[block].text.isupper()}
    return {block: sorted(parts) for block, parts in sorted(found.items()) if block not in shouted}


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
        if owner := written.endswith(_POSSESSIVE):
            written, end = written[:-2], end - 2
        before = text[last:start]
        ends = any(char in _ENDERS for char in before) and not (before.startswith(".") and previous in _ABBREVIATED)
        at = bisect_right(starts, start) - 1
        inside = at >= 0 and end <= parts[at].end
        link = parts[at].link if inside else -1
        words.append(Word(written, start, end, before, not words or ends, owner, link, inside and "_" not in written))
        last, previous = found.end(), written.lower()
    return words


def is_marked(word: str) -> bool:
    """Whether the shape of a word alone shows that it is a name or an abbreviation: capitals inside, all capitals,
    letters with digits, a point inside.

    >>> [is_marked(word) for word in ("PyTorch", "EC2", "Node.js", "AWS", "C++", "Docker", "Follow-Up", "iPhone")]
    [True, True, True, True, True, False, False, True]
    """
    letters = [char for char in word if char.isalpha()]
    if not any(map(str.isupper, letters)):
        return False
    if word.endswith(("+", "#")) or any(char.isdigit() for char in word):
        return True
    if len(letters) > 1 and (word.isupper() or (word[:-1].isupper() and word.endswith("s") and len(letters) > 2)):
        return True
    if any(any(map(str.isupper, part[1:])) for part in re.split(r"[-'’&+_]", word)):
        return True
    return len(word) > 4 and 0 < word.find(".") < len(word) - 2


def capitalises_nouns(blocks: Iterable[Sequence[Word]]) -> bool:
    """Whether a text is in a language that gives every noun a capital, as German does.

    >>> text = "Die neue Brücke trägt seit gestern auch Züge, sagt der Leiter der Werft. " * 3
    >>> capitalises_nouns([words_of(text, [Stretch(0, len(text), -1)])])
    True
    """
    prose = [word for words in blocks for word in words if word.bare and word.link < 0 and word.text.isalpha()]
    inner = [word for word in prose if not word.first and len(word.text) > 2 and not is_marked(word.text)]
    english = sum(word.low in SMALL for word in prose)
    return len(inner) > 12 and english * 8 < len(prose) and sum(word.capital for word in inner) * 5 > len(inner)


def runs_of(text: str, words: Sequence[Word], ordinary: frozenset[str]) -> list[Run]:
    """The runs of a block, in order, none overlapping. `ordinary` are words that the texts write small."""
    found: list[Run] = []
    at = 0
    while at < len(words):
        last = at
        if words[at].capital and words[at].low not in NO_NAMES:
            last = _last(words, at)
            if run := _run(text, words, at, last, ordinary):
                found.append(run)
        at = last + 1
    return found


def _last(words: Sequence[Word], at: int) -> int:
    """The last word of the run that begins at a capitalised word."""
    last = at
    while last - at < MAX_RUN and last + 1 < len(words) and not words[last].owner:
        following = words[last + 1]
        is_initial = last > at and len(words[last].text) == 1 and following.before == ". "
        is_near = following.before in _NEAR and not following.first and following.link == words[at].link
        if following.capital and (is_initial or (is_near and following.low not in NO_NAMES)):
            last += 1
            continue
        further = words[last + 2] if last + 2 < len(words) else None
        joins = is_near and following.bare and following.text in NAME_JOINERS
        if not (joins and further and further.capital and further.before == " " and not further.first):
            break
        last += 2
    return last


def _run(text: str, words: Sequence[Word], first: int, last: int, ordinary: frozenset[str]) -> Run | None:
    """The run without words that only introduce it; None where nothing is left."""
    cut = False
    while first <= last and _introduces(words[first], ordinary):
        # "The Docker daemon" leaves a name whole, "Machine Learning" at the beginning of a sentence does not
        cut = words[first].low not in SMALL
        first += 1
    if first > last:
        return None
    name = text[words[first].start : words[last].end]
    if first == last:
        name = _ATTACHED.sub("", name)
    return Run(first, last, name, (cut or words[first].first) and not is_marked(words[first].text))


def _introduces(word: Word, ordinary: frozenset[str]) -> bool:
    if word.low in SMALL and not (word.text.isupper() and len(word.low) > 1 and word.low not in {"it", "us", "is"}):
        return True
    return word.first and not is_marked(word.text) and word.low in ordinary
