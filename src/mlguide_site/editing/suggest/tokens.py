"""The words of a block of text, and the runs of capitalised words among them in which names may be found."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.editing.suggest.vocabulary import NAME_JOINERS, NO_NAMES, SMALL
from mlguide_site.markdown.document import Document

MAX_WORD = 60
MAX_RUN = 6
"""A longer run of capitals is a title or a heading, no name."""
_WORD = re.compile(r"[^\W_]+(?:['’.&+_·-][^\W_]+)*(?:\+\+|#(?!\w))?")
_POSSESSIVE = ("'s", "’s", "'S", "’S")
_ENDERS = frozenset(".!?:;…•|–—\n")
_ABBREVIATED = frozenset("e.g i.e vs dr mr mrs ms prof st no fig al cf approx".split())
_NEAR = frozenset([" ", "\n", " & "])
_SURNAME = re.compile(r"(?:Mc|Mac|Fitz|O['’]|D['’]|L['’])[A-Z][a-z]{2,20}")


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


class Stretch(NamedTuple):
    """Characters `start` to `end` of a block whose words are prose (`link` -1) or the text of a link."""

    start: int
    end: int
    link: int


class Run(NamedTuple):
    """A possible name: words `first` to `last` of its block. `loud`: its capitals may come from its place, as at the
    beginning of a sentence, in a label or in a title."""

    first: int
    last: int
    text: str
    loud: bool


def stretches(document: Document) -> dict[int, list[Stretch]]:
    """By block, the sorted stretches of prose and link text; headings, code and raw HTML have none."""
    found: dict[int, list[Stretch]] = {}
    for segment in document.segments:
        found.setdefault(segment.block, []).append(Stretch(segment.offset, segment.offset + len(segment.text), -1))
    headings = {section.line for section in document.sections if section.heading}
    for index, link in enumerate(document.links):
        label = link.text.strip()
        is_address = "/" in label and " " not in label
        if not link.image and label and not is_address and document.blocks[link.block].line not in headings:
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
            written, end = written[:-2], end - 2
        before = text[last:start]
        ends = any(char in _ENDERS for char in before) and not (before.startswith(".") and previous in _ABBREVIATED)
        at = bisect_right(starts, start) - 1
        inside = at >= 0 and end <= _reach(parts, at, end)
        link = parts[at].link if inside else -1
        words.append(Word(written, start, end, before, not words or ends, owner, link, inside and "_" not in written))
        last, previous = found.end(), written.lower()
    return words


def _reach(parts: Sequence[Stretch], at: int, end: int) -> int:
    """The end of the stretches that follow each other without a gap."""
    reach = parts[at].end
    while reach < end and at + 1 < len(parts) and parts[at + 1].start == reach:
        at += 1
        reach = parts[at].end
    return reach


def is_marked(word: str) -> bool:
    """Whether the shape of a word alone shows that it is a name or an abbreviation: capitals inside, all capitals,
    letters with digits, a point inside.

    >>> [is_marked(word) for word in ("PyTorch", "EC2", "Node.js", "AWS", "C++", "Docker", "Follow-Up", "iPhone")]
    [True, True, True, True, True, False, False, True]
    """
    letters = [char for char in word if char.isalpha()]
    if _SURNAME.fullmatch(word) or not any(map(str.isupper, letters)):
        return False
    if word.endswith(("+", "#")) or any(char.isdigit() for char in word):
        return True
    if len(letters) > 1 and (word.isupper() or (word[:-1].isupper() and word.endswith("s") and len(letters) > 2)):
        return True
    parts = re.split(r"[-'’&+_]", word)
    if any(any(map(str.isupper, part[1:])) for part in parts):
        return True
    return any(0 < part.find(".") < len(part) - 2 and len(part) > 4 for part in parts)


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
    while last - at < MAX_RUN and not words[last].owner:
        following, further = (*words[last + 1 : last + 3], None, None)[:2]
        if not following:
            break
        is_initial = last > at and len(words[last].text) == 1 and following.before == ". " and following.capital
        is_near = following.before in _NEAR and not following.first and following.link == words[at].link
        if is_initial or (is_near and following.capital and following.low not in NO_NAMES):
            last += 1
            continue
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
    if first == last and not (name := _without_attachments(name, ordinary)):
        return None
    marked = is_marked(words[first].text)
    loud = (not marked and (cut or words[first].first)) or _is_shouted(words, first, last)
    return Run(first, last, name, loud)


def _introduces(word: Word, ordinary: frozenset[str]) -> bool:
    if word.low in SMALL and not (word.text.isupper() and len(word.low) > 1 and word.low not in {"it", "us", "is"}):
        return True
    return word.first and not is_marked(word.text) and word.low in ordinary


def _without_attachments(name: str, ordinary: frozenset[str]) -> str:
    """A word without ordinary words attached by a hyphen.

    >>> _without_attachments("AI-generated", frozenset()), _without_attachments("TF-IDF", frozenset())
    ('AI', 'TF-IDF')
    >>> _without_attachments("pre-LLM", frozenset(["pre"])), _without_attachments("K-means", frozenset())
    ('LLM', 'K-means')
    """
    parts = name.split("-")
    while (
        len(parts) > 1 and parts[-1].islower() and (parts[-1] in ordinary or parts[-1].endswith(("ed", "ing", "ble")))
    ):
        parts.pop()
    while len(parts) > 1 and parts[0].islower() and parts[0] in ordinary:
        parts.pop(0)
    return "-".join(parts)


def _is_shouted(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether a run is all in capitals beside other words in capitals."""
    if not all(word.text.isupper() for word in words[first : last + 1]):
        return False
    return sum(word.text.isupper() and len(word.text) > 3 for word in words[max(0, first - 2) : last + 3]) > 3
