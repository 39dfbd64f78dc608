"""Finds all mentions of knowledge entries and episodes in a body, with their positions and sentences.

The result of `scan` depends only on its arguments: the document, the table of names, the table of references, and the
entries in the front matter. Therefore, results are cached between builds.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mlguide_site.linking.disambiguation import Around, EntryKey, Found
from mlguide_site.linking.folding import BREAK
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import FoundReference, ReferenceTable
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.sentences import sentence_at
from mlguide_site.model.records import Episode, Kind


class Mention(NamedTuple):
    """A place in an episode's text that mentions a knowledge entry. `section` and `segment` are indexes in the
    document. `start` and `end` are offsets in the segment. If the name continues in the next segment, `end` is the end
    of this segment. `linked` is true if the mention becomes a link. An entry is linked only once, at its first mention
    that can become a link. If several entries have the same name, only the first entry is linked."""

    kind: Kind
    slug: str
    section: int
    segment: int
    start: int
    end: int
    linked: bool


class Context(NamedTuple):
    """The data that a backlink shows: a heading with its anchor, a sentence, and the place of the name in the
    sentence."""

    heading: str
    anchor: str
    sentence: str
    start: int
    end: int


class ReferenceUse(NamedTuple):
    """An unresolved reference to an episode. `href` is the link's address if the author wrote the reference as a link.
    For any other reference, `segment`, `start` and `end` are the position in the text. `whole` is true if the reference
    can become a link. `line` is the line where the link or block begins."""

    found: FoundReference
    section: int
    segment: int
    start: int
    end: int
    whole: bool
    line: int
    href: str
    context: Context


@dataclass(frozen=True, slots=True)
class Scan:
    """All mentions in a body, in the order of the text. `contexts` has one context for each entry and section with a
    mention. The context quotes the section's first mention that can become a link, or else the first mention."""

    mentions: Sequence[Mention] = ()
    contexts: Mapping[EntryKey, Sequence[Context]] = field(default_factory=dict)
    references: Sequence[ReferenceUse] = ()


class _Layout:
    """The joined text of all blocks that are searched for names, and the bounds of their segments."""

    def __init__(self, document: Document) -> None:
        self.blocks, self.segments = document.blocks, document.segments
        self.bases: dict[int, int] = {}
        length = 0
        for block in dict.fromkeys(segment.block for segment in self.segments):
            self.bases[block] = length
            length += len(self.blocks[block].text) + 1
        self.text = BREAK.join(self.blocks[block].text for block in self.bases)
        self.sections = [self.blocks[block].section for block in self.bases]
        self.starts = [self.bases[segment.block] + segment.offset for segment in self.segments]
        self.ends = [start + len(segment.text) for start, segment in zip(self.starts, self.segments, strict=True)]

    def place(self, start: int, end: int) -> tuple[int, bool] | None:
        """Return the segment in which a range of the text begins, and whether the range also ends there. Return None if
        the range begins or ends outside all segments, such as in code or in the text of a link."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        if first < 0 or start >= self.ends[first] or end > self.ends[last]:
            return None
        return first, first == last


def listed(meta: Episode) -> frozenset[EntryKey]:
    """Return the entries that an episode's front matter lists."""
    people = [role.person for role in meta.people]
    lists = {Kind.TOPIC: meta.topics, Kind.TOOL: meta.tools, Kind.RESOURCE: meta.resources, Kind.PERSON: people}
    return frozenset((kind, slug) for kind, slugs in lists.items() for slug in slugs)


def scan(
    document: Document, names: NameTable, references: ReferenceTable, listed: frozenset[EntryKey] = frozenset()
) -> Scan:
    """Find all mentions in a document's text. `listed` are the entries in the front matter."""
    layout = _Layout(document)
    found = references.find(layout.text)
    uses = [use for one in found if (use := _use(document, layout, one))]
    for link in document.links:
        if one := references.of_address(link.href):
            section = document.blocks[link.block].section
            context = _context(document, link.block, link.offset, link.offset + len(link.text))
            uses.append(ReferenceUse(one, section, -1, 0, 0, False, link.line, link.href, context))
    headings = [section.heading for section in document.sections]
    named = names.find(layout.text, Around(listed, layout.sections, headings))
    mentions, quoted = _mentions(layout, named, [(one.start, one.end) for one in found])
    contexts: dict[EntryKey, list[Context]] = defaultdict(list)
    for (_, entry), place in quoted.items():
        contexts[entry].append(_context(document, *place))
    return Scan(mentions, dict(contexts), tuple(uses))


def _context(document: Document, number: int, start: int, end: int) -> Context:
    """Return the context of a range in a block: the section, and the sentence around the range."""
    block = document.blocks[number]
    section = document.sections[block.section]
    return Context(section.heading, section.anchor, *sentence_at(block.text, start, end))


def _use(document: Document, layout: _Layout, found: FoundReference) -> ReferenceUse | None:
    """Return the position and context of a reference in the text, or None for a reference outside all segments."""
    place = layout.place(found.start, found.end)
    if not place:
        return None
    index, whole = place
    number = layout.segments[index].block
    block, base = document.blocks[number], layout.bases[number]
    return ReferenceUse(
        found,
        block.section,
        index,
        found.start - layout.starts[index],
        min(found.end, layout.ends[index]) - layout.starts[index],
        whole and found.shown,
        block.line,
        "",
        _context(document, number, found.start - base, found.end - base),
    )


def _mentions(
    layout: _Layout, found: Sequence[Found], reference_spans: Sequence[tuple[int, int]]
) -> tuple[tuple[Mention, ...], Mapping[tuple[int, EntryKey], tuple[int, int, int]]]:
    """Return all mentions. For each section and entry, also return the block and range of the mention to quote.
    Mentions that overlap `reference_spans`, the ranges of references, are omitted."""
    mentions: list[Mention] = []
    quoted: dict[tuple[int, EntryKey], tuple[int, int, int]] = {}
    linkable: set[tuple[int, EntryKey]] = set()
    linked: set[EntryKey] = set()
    at = 0
    for start, end, entries, *_ in found:
        while at < len(reference_spans) and reference_spans[at][1] <= start:
            at += 1
        place = layout.place(start, end)
        if not place or (at < len(reference_spans) and reference_spans[at][0] < end):
            continue
        index, whole = place
        block, first = layout.segments[index].block, layout.starts[index]
        base = layout.bases[block]
        section = layout.blocks[block].section
        for entry in entries:
            key = (section, entry)
            is_linkable = whole and key not in linkable and entry is entries[0]
            is_linked = is_linkable and entry not in linked
            if is_linkable:
                linkable.add(key)
                linked.add(entry)
            if is_linkable or key not in quoted:
                quoted[key] = (block, start - base, end - base)
            stop = min(end, layout.ends[index]) - first
            mentions.append(Mention(*entry, section, index, start - first, stop, is_linked))
    return tuple(mentions), quoted
