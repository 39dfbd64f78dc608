"""Finds all mentions of knowledge entries and episodes in a body, with their positions and sentences.

The result of `scan` depends only on its arguments, so that builds can cache it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mlguide_site.linking.disambiguation import Around, EntryKey, Found
from mlguide_site.linking.folding import BREAK
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import FoundReference, ReferenceTable
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.sentences import sentence_at
from mlguide_site.model.records import Episode, Kind

FRAGMENT, LONG = 3, 24  # a fragment has at most `FRAGMENT` words, and fewer than `LONG` characters
SHORT = 60  # a shorter sentence is quoted with the sentence before it, to which its pronouns may refer
MAX_NAMED = 1_000  # maximum number of entries in an episode that count as mentioned, with authors of resources
LIMIT = 240  # maximum number of characters of a quote
ROW, BETWEEN = 24, " · "  # maximum number of quoted cells on each side of a name, and the text between cells


_NEXT = {"paragraph_close", "paragraph_open"}
_LIST = {"bullet_list_open", "ordered_list_open", "list_item_open", "list_item_close"}


class Mention(NamedTuple):
    """A mention of a knowledge entry. `section` and `segment` are indexes in the document. `start` and `end` are
    offsets in the segment. If the name continues in the next segment, `end` is the end of `segment`. `linked` is true
    for the mention of an entry that becomes a link. If entries share a name, the link leads to the first of them."""

    kind: Kind
    slug: str
    section: int
    segment: int
    start: int
    end: int
    linked: bool


class Context(NamedTuple):
    """The data of a backlink: a heading, its anchor, a sentence, and the position of the name in the sentence."""

    heading: str
    anchor: str
    sentence: str
    start: int
    end: int


class ReferenceUse(NamedTuple):
    """An unresolved reference to an episode. `href` is the address of the author's link, if the reference is a link.
    For other references, `segment`, `start` and `end` are the position in the text, and `whole` is true if the
    reference can become a link. `line` is the first line of the link or block."""

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
    """All mentions in a body, in order. `contexts` maps the first `MAX_NAMED` entries and those of the front matter to
    their backlinks, one for each section. A backlink quotes the first mention that can become a link. If there is none,
    it quotes the first mention."""

    mentions: Sequence[Mention] = ()
    contexts: Mapping[EntryKey, Sequence[Context]] = field(default_factory=dict)
    references: Sequence[ReferenceUse] = ()


class _Layout:
    """`text` joins the texts of all blocks with segments, and the episode's title. `starts` and `ends` are positions of
    segments in `text`. `prose` is `text` with spaces instead of blocks without links, such as headings."""

    def __init__(self, document: Document, title: str) -> None:
        self.blocks, self.segments = document.blocks, document.segments
        self.bases: dict[int, int] = {}
        length = 0
        for block in dict.fromkeys(segment.block for segment in self.segments):
            self.bases[block] = length
            length += len(self.blocks[block].text) + 1
        texts = {block: self.blocks[block].text for block in self.bases}
        linkable = {segment.block for segment in self.segments if segment.child >= 0}
        self.prose = BREAK.join(text if block in linkable else " " * len(text) for block, text in texts.items())
        self.title = length
        self.text = BREAK.join([*texts.values(), title])
        self.sections = [self.blocks[block].section if block in linkable else -1 for block in self.bases] + [-1]
        self.starts = [self.bases[segment.block] + segment.offset for segment in self.segments]
        self.ends = [start + len(segment.text) for start, segment in zip(self.starts, self.segments, strict=True)]

    def place(self, start: int, end: int) -> tuple[int, bool] | None:
        """Return the index of the segment where a range of the text begins, and whether the range can become a link.
        Return None if the range begins or ends outside all segments, such as in code."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        if first < 0 or start >= self.ends[first] or end > self.ends[last]:
            return None
        return first, first == last and self.segments[first].child >= 0


def listed(meta: Episode) -> frozenset[EntryKey]:
    """Return the entries that an episode's front matter lists."""
    people = [role.person for role in meta.people]
    lists = {Kind.TOPIC: meta.topics, Kind.TOOL: meta.tools, Kind.RESOURCE: meta.resources, Kind.PERSON: people}
    return frozenset((kind, slug) for kind, slugs in lists.items() for slug in slugs)


def scan(document: Document, names: NameTable, references: ReferenceTable, meta: Episode | None = None) -> Scan:
    """Find all mentions in a document and in the title of `meta`. Entries only in the title get no backlink."""
    layout = _Layout(document, meta.title if meta else "")
    found = references.find(layout.prose)
    uses = [use for one in found if (use := _use(document, layout, one))]
    for link in document.links:
        if one := references.of_address(link.href):
            section = document.blocks[link.block].section
            context = _context(document, link.block, link.offset, link.offset + len(link.text))
            uses.append(ReferenceUse(one, section, -1, 0, 0, False, link.line, link.href, context))
    headings = [section.heading for section in document.sections]
    named = names.find(layout.text, Around(listed(meta) if meta else frozenset(), layout.sections, headings))
    mentions, quoted = _mentions(document, layout, named, [(one.start, one.end) for one in found])
    titled = [entry for one in named if one.start >= layout.title for entry in one.entries]
    contexts: dict[EntryKey, list[Context]] = {entry: [] for entry in titled}
    # only these entries can count as mentioned
    kept = {*sorted({entry for _, entry in quoted})[:MAX_NAMED], *(listed(meta) if meta else ())}
    for (_, entry), (_, number, start, end) in quoted.items():
        if entry in kept:
            contexts.setdefault(entry, []).append(_context(document, number, start, end))
    return Scan(mentions, contexts, tuple(uses))


def _context(document: Document, number: int, start: int, end: int) -> Context:
    """Return a backlink to a range of a block, with the sentence around the range. For a table cell with few words,
    quote the row; other cells follow its first cell. For headings, quote the next sentence, from 0 to 0. A bold label
    at the start of a block stays before the sentence. After a colon at the end of a block, quote what follows."""
    blocks, block = document.blocks, document.blocks[number]
    section, text = document.sections[block.section], block.text
    row = [text]
    if _is_fragment(text) or (number and blocks[number - 1].line == block.line):
        row = [one.text for one in blocks[max(0, number - ROW) : number + ROW] if one.line == block.line and one.text]
    if section.heading and block.line == section.line:
        for following in blocks[number + 1 : number + 2]:
            if following.section == block.section and not _is_fragment(following.text):
                text, start, end = following.text, 0, 0
    elif _is_fragment(text):
        before = sum(len(cell) + len(BETWEEN) for cell in row[: row.index(text)])
        text, start, end = BETWEEN.join(row), start + before, end + before
    sentence, start, end = sentence_at(text, start, end, LIMIT, SHORT)
    name = f"{row[0]}: " if text in row[1:] and text != row[0] and len(row[0]) < SHORT else ""
    if text == block.text and (label := _label(document, number)) and not sentence.startswith(label):
        name = f"{label} … "
    if text == block.text and sentence.endswith((":", "：")) and text.rstrip().endswith(sentence[-1]):
        more = "; ".join(_following(document, number, LIMIT - len(sentence)))
        sentence += f" {more.replace('.; ', '. ') or '…'}"
    return Context(section.heading, section.anchor, name + sentence, start + len(name), end + len(name))


def _following(document: Document, number: int, room: int) -> Iterator[str]:
    """Yield the paragraph or the first list items after a block, without code, formulas and tables, while they have
    together at most `room` characters."""
    segments, allowed = document.segments, _NEXT | _LIST
    at = bisect_left(segments, number + 1, key=lambda one: one.block)
    for block in range(number + 1, len(document.blocks)):
        if not 0 < at < len(segments) or segments[at].block != block:
            return
        between = {token.type for token in document.tokens[segments[at - 1].token + 1 : segments[at].token]}
        text = " ".join(document.blocks[block].text.split())
        room -= len(text) + 2
        if not between <= allowed or room < 0:
            return
        yield text.rstrip(";,")
        if not between & _LIST:
            return
        allowed = _NEXT | {"list_item_open", "list_item_close"}
        at = bisect_left(segments, block + 1, key=lambda one: one.block)


def _label(document: Document, number: int) -> str:
    """Return the short bold text at the start of a block, such as "Elbow method.", or "" if there is none."""
    at = bisect_left(document.segments, number, key=lambda one: one.block)
    for text, token, child, block, offset in document.segments[at : at + 1]:
        before = document.tokens[token].children or () if child > 0 else ()
        if block == number and not offset and before and before[child - 1].type == "strong_open" and len(text) < LONG:
            return text
    return ""


def _is_fragment(text: str) -> bool:
    """Return whether a text, such as a heading or a list item, is too short for a useful quote."""
    return text.count(" ") < FRAGMENT and len(text) < LONG


def _use(document: Document, layout: _Layout, found: FoundReference) -> ReferenceUse | None:
    place = layout.place(found.start, found.end)
    if not place or layout.segments[place[0]].child < 0:
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
        whole,
        block.line,
        "",
        _context(document, number, found.start - base, found.end - base),
    )


def _mentions(
    document: Document, layout: _Layout, found: Sequence[Found], reference_spans: Sequence[tuple[int, int]]
) -> tuple[tuple[Mention, ...], dict[tuple[int, EntryKey], tuple[int, int, int, int]]]:
    """Return the mentions that don't overlap `reference_spans`. Also map each section and entry to the rank, block and
    range of the mention to quote, which is the first mention with the lowest rank. The rank is 0 for a mention that can
    become a link, 4 for a mention in a heading, and 2 for other mentions, and 1 more in a row of a table."""
    mentions: list[Mention] = []
    quoted: dict[tuple[int, EntryKey], tuple[int, int, int, int]] = {}
    linked: set[EntryKey] = set()
    at = 0
    for one in found:
        start, end, entries = one[:3]
        while at < len(reference_spans) and reference_spans[at][1] <= start:
            at += 1
        place = layout.place(start, end)
        if not place or (at < len(reference_spans) and reference_spans[at][0] < end):
            continue
        index, whole = place
        if one.inner and whole:
            continue  # in running text, a name in the title of a resource is no mention of its own
        number, first = layout.segments[index].block, layout.starts[index]
        base, block = layout.bases[number], layout.blocks[number]
        near = layout.blocks[max(0, number - 1) : number + 2]
        in_row = sum(one.line == block.line for one in near) > 1
        in_heading = block.line == document.sections[block.section].line
        for entry in entries:
            rank = 0 if whole and entry is entries[0] else 2 + 2 * in_heading
            is_linked = not rank and entry not in linked
            rank += in_row
            if is_linked:
                linked.add(entry)
            key = (block.section, entry)
            if key not in quoted or rank < quoted[key][0]:
                quoted[key] = (rank, number, start - base, end - base)
            stop = min(end, layout.ends[index]) - first
            mentions.append(Mention(*entry, block.section, index, start - first, stop, is_linked))
    return tuple(mentions), quoted
