"""What the text of one body names: knowledge entries and episodes, each with its place and the sentence around it.

A scan depends on the document, the two tables and the topics of the episode alone; so it may be remembered between
builds under (body, `fingerprint` of both tables, topics). Which episode the body belongs to is not known here.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mlguide_site.linking.context import Around, Found
from mlguide_site.linking.folding import BREAK, address_keys
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import FoundReference, ReferenceTable
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.sentences import sentence_at
from mlguide_site.model import Episode, Kind

EntryKey = tuple[Kind, str]


class Mention(NamedTuple):
    """A place in an episode's text where a knowledge entry is named.

    `section` indexes the document's sections; `segment`, `start` and `end` say where in the text (up to the segment's
    end, where the name goes on in the next one); `linked` is whether it becomes a link: the first of that entry in its
    section that can, never on a name that another entry's link covers.
    """

    kind: Kind
    slug: str
    section: int
    segment: int
    start: int
    end: int
    linked: bool


class Quote(NamedTuple):
    """The sentence in which a section names an entry, and where in it; of several the one whose mention is linked."""

    entry: EntryKey
    section: int
    sentence: str
    start: int
    end: int


class ReferenceUse(NamedTuple):
    """A reference to an episode, found but not yet looked up. `link` is the index of the author's own link that makes
    it, or -1; otherwise `segment`, `start` and `end` say where in the text, and `whole` that a link can be set on it.
    `block` and `offset` say where in the blocks; `sentence` is the one around it, `first` and `last` where in it."""

    found: FoundReference
    section: int
    segment: int
    start: int
    end: int
    link: int
    whole: bool
    block: int
    offset: int
    sentence: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Scan:
    """All that a body names, in the order of the text; `quotes` has one for each entry and section that names it."""

    mentions: Sequence[Mention] = ()
    quotes: tuple[Quote, ...] = ()
    references: tuple[ReferenceUse, ...] = ()


class Layout:
    """The blocks of a document that names may stand in, as one text, and where its segments are in it."""

    def __init__(self, document: Document) -> None:
        blocks, segments = document.blocks, document.segments
        parts: list[str] = []
        self.starts: list[int] = []
        self.bases: dict[int, int] = {}
        length, last = 0, -1
        for segment in segments:
            block = segment.block
            if block != last:
                base, last = length, block
                self.bases[block] = base
                text = blocks[block].text
                parts.append(text)
                length += len(text) + 1
            self.starts.append(base + segment.offset)
        self.text = BREAK.join(parts)
        self.sections = [blocks[block].section for block in self.bases]
        self.ends = [start + len(segment.text) for start, segment in zip(self.starts, segments, strict=True)]

    def place(self, start: int, end: int) -> tuple[int, bool] | None:
        """The segment in which a stretch of the text begins, and whether it ends there too; None where it begins or
        ends outside of all segments (in code, in the text of a link)."""
        first = bisect_right(self.starts, start) - 1
        if first < 0:
            return None
        if end <= self.ends[first]:
            return first, True
        if start >= self.ends[first]:
            return None
        last = bisect_right(self.starts, end - 1) - 1
        return (first, False) if end <= self.ends[last] else None


class _Sentences:
    """The sentences of a document's blocks; the last one found is kept, since names often share one."""

    def __init__(self, document: Document) -> None:
        self.blocks = document.blocks
        self.kept = ("", -1, 0, 0)

    def at(self, block: int, start: int, end: int) -> tuple[str, int, int]:
        """The sentence around a place in a block, and where in it the place is."""
        sentence, where, first, last = self.kept
        if block == where and first <= start and end <= last:
            return sentence, start - first, end - first
        text = self.blocks[block].text
        sentence, left, right = sentence_at(text, start, end)
        first = start - left
        if first >= 0 and text.startswith(sentence, first):
            self.kept = (sentence, block, first, first + len(sentence))
        return sentence, left, right


def listed(meta: Episode) -> frozenset[str]:
    """The entries that an episode's front matter lists, as `kind:slug`."""
    people = (role.person for role in meta.people)
    lists = (("topic", meta.topics), ("tool", meta.tools), ("resource", meta.resources), ("person", people))
    return frozenset(f"{kind}:{slug}" for kind, slugs in lists for slug in slugs)


def scan(
    document: Document, names: NameTable, references: ReferenceTable, listed: frozenset[str] = frozenset()
) -> Scan:
    """Everything that a document's text names. `listed` are the entries that the front matter lists (see there)."""
    layout = Layout(document)
    sentences = _Sentences(document)
    found = references.find(layout.text)
    uses = [use for one in found if (use := _use(document, layout, sentences, one))]
    uses += [
        _link_use(document, sentences, index, one)
        for index, link in enumerate(document.links)
        if (one := references.of_address(link.href))
    ]
    addresses = frozenset(key for link in document.links for key in address_keys(link.href))
    headings = [section.heading for section in document.sections]
    named = names.find(layout.text, Around(listed, addresses, layout.sections, headings))
    mentions, quotes = _mentions(document, layout, sentences, named, [(one.start, one.end) for one in found])
    return Scan(mentions, quotes, tuple(uses))


def _use(document: Document, layout: Layout, sentences: _Sentences, found: FoundReference) -> ReferenceUse | None:
    place = layout.place(found.start, found.end)
    if not place:
        return None
    index, whole = place
    segment = document.segments[index]
    block = document.blocks[segment.block]
    base = layout.bases[segment.block]
    sentence = sentences.at(segment.block, found.start - base, found.end - base)
    start = found.start - layout.starts[index]
    end = min(found.end, layout.ends[index]) - layout.starts[index]
    return ReferenceUse(
        found, block.section, index, start, end, -1, whole and found.shown, segment.block, found.start - base, *sentence
    )


def _link_use(document: Document, sentences: _Sentences, index: int, found: FoundReference) -> ReferenceUse:
    link = document.links[index]
    block = document.blocks[link.block]
    sentence = sentences.at(link.block, link.offset, link.offset + len(link.text))
    return ReferenceUse(found, block.section, -1, 0, 0, index, False, link.block, link.offset, *sentence)


def _mentions(
    document: Document,
    layout: Layout,
    sentences: _Sentences,
    found: Sequence[Found],
    taken: Sequence[tuple[int, int]],
) -> tuple[tuple[Mention, ...], tuple[Quote, ...]]:
    """Mentions, and the sentence of one for each entry and section. `taken` are the places of references."""
    segments, blocks = document.segments, document.blocks
    mentions: list[Mention] = []
    quoted: dict[tuple[int, EntryKey], tuple[int, int, int]] = {}
    linked: set[tuple[int, EntryKey]] = set()
    at = 0
    for start, end, entries, *_ in found:
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if at < len(taken) and taken[at][0] < end:
            continue
        place = layout.place(start, end)
        if not place:
            continue
        index, whole = place
        block = segments[index].block
        section = blocks[block].section
        first = layout.starts[index]
        stop = (end if whole else layout.ends[index]) - first
        for entry in entries:
            key = (section, entry)
            links = whole and key not in linked and entry is entries[0]
            if links:
                linked.add(key)
            if links or key not in quoted:
                quoted[key] = (block, start, end)
            kind, slug = entry
            mentions.append(Mention(kind, slug, section, index, start - first, stop, links))
    quotes = []
    for (section, entry), (block, start, end) in quoted.items():
        base = layout.bases[block]
        sentence, left, right = sentences.at(block, start - base, end - base)
        quotes.append(Quote(entry, section, sentence, left, right))
    return tuple(mentions), tuple(quotes)
