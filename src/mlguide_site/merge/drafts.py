"""Reads sources with the importer of each format, and makes the drafts valid for the files of a root.

Every importer gets the series of all sources. The data model validates fields. Long lines of notes are wrapped at
places where Markdown reads a line break as a space. Lines that look like git conflict markers are indented, and broken
links become text. Content that a file can't contain is omitted with a warning, or causes an error.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from mlguide_site.content.files import CONFLICT, conflict_markers
from mlguide_site.content.transcript_formats import CHAPTERS
from mlguide_site.content.yaml_edit import dump_mapping
from mlguide_site.errors import Problem, Severity, Span, counted, visible
from mlguide_site.importers import Context, Draft, EntryDraft, FileDraft, KnownSeries, SeriesDraft
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.fences import fenced
from mlguide_site.markdown.limits import MAX_FRONT_MATTER, MAX_LINE, MAX_NOTE_BYTES
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.markdown.plain import escape_line
from mlguide_site.markdown.sanitiser import is_absolute, refusal
from mlguide_site.merge.entries import MEDIA, accepted, join_drafts
from mlguide_site.merge.sources import Loaded
from mlguide_site.model.records import Episode, Series

ROOM = 1024
"""The number of bytes of a note file that are reserved for the id and for everything that merging adds."""
MAX_ADDRESS = 400
"""The maximum length of the address of a link between notes, in characters."""
MAX_TITLE = 500
SHORT_TITLE = 200
SHOWN = 10
"""The maximum number of names that a report shows for each list."""
UNTITLED = "Untitled"
_ANY_ID = "any-001"
ROUNDS = 4
"""The maximum number of searches for broken links. Escaping a broken link may reveal another broken link."""
# a backslash before a line break would make a hard line break
_PIECE = re.compile(rf"(.{{1,{MAX_LINE * 3 // 4}}}(?<![ \\])) (?=[^\W\d_])")
_WHOLE = re.compile(r"\s{0,3}(?:#{1,6}\s|\||!!!|\?\?\?|<)")
_DELIMITER = re.compile(r"[ \t|:-]{3,2000}$")
_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\\]|\\.){0,2000}\]\(<?(?P<target>[^\s()<>]{1,2000})")
"""The start of an inline link, up to the end of the address. A link text with unescaped brackets doesn't match."""
# matches the opening bracket of a link, but not of a footnote
_OPENING = re.compile(r"(?<!\\)\[(?!\^[^\s\[\]]{1,999}\](?!\())")
_DEFINITION = re.compile(r"[ \t>]{0,99}\[[^\[\]^\n][^\[\]\n]{0,999}\]:\s{0,9}<?([^<>\s]{0,2000})")


@dataclass(eq=False)
class Read:
    """The data from a source: drafts of each kind, and problems."""

    loaded: Loaded
    drafts: list[Draft] = field(default_factory=list)
    series: list[SeriesDraft] = field(default_factory=list)
    entries: list[EntryDraft] = field(default_factory=list)
    files: list[FileDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.loaded.source.name

    @property
    def format(self) -> str:
        return self.loaded.importer.name

    @property
    def contents(self) -> str:
        """A summary of the source's contents, such as "3 episodes, 1 tool"."""
        found = Counter("text" if draft.unmatched else "episode" for draft in self.drafts)
        found.update(entry.kind for entry in self.entries)
        found.update("chapters file" if file.suffix == CHAPTERS else "transcript" for file in self.files)
        return ", ".join(counted(number, what) for what, number in found.items()) or "nothing"


def read_sources(sources: Sequence[Loaded], context: Context) -> tuple[list[Read], list[Problem]]:
    """Read all sources. Return the drafts of sources without errors, and the errors of the other sources. If a source
    names a new series, all sources are read again, so that every importer knows that series.
    """
    reads = [_read(one, context) for one in sources]
    errors = [problem for read in reads for problem in read.problems if problem.severity is Severity.ERROR]
    reads = [read for read in reads if not {*errors} & {*read.problems}]
    joined = join_drafts(draft for read in reads for draft in read.series)
    new = {id: known_series(id, fields) for id, fields in joined.items() if id not in context.series}
    if len(reads) < 2 or not new:
        return reads, errors
    wider = replace(context, series=MappingProxyType({**context.series, **new}))
    return [_read(read.loaded, wider) for read in reads], errors


def shortened(names: Sequence[str]) -> str:
    """Join names with commas in one line. Only the first names of a long list are shown.

    >>> shortened(["a", "b"]), shortened([str(n) for n in range(40)])
    ('a, b', '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 30 more')
    """
    more = f", and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _read(loaded: Loaded, context: Context) -> Read:
    read = Read(loaded, problems=list(loaded.problems))
    into: Mapping[type, list[Any]] = {
        Draft: read.drafts,
        SeriesDraft: read.series,
        EntryDraft: read.entries,
        FileDraft: read.files,
        Problem: read.problems,
    }
    for item in loaded.importer.items(loaded.source, replace(context, given=loaded.series)):
        found: list[Problem] = []
        if isinstance(item, Draft):
            item, found = check_draft(item, read.name)
        elif isinstance(item, SeriesDraft):
            item, found = check_series(item, read.name)
        read.problems += found
        into[type(item)].append(item)
    if loaded.hosts:
        read.series = [replace(one, fields={**one.fields, MEDIA: list(loaded.hosts)}) for one in read.series]
    data = loaded.source.data
    if b"\n<<<<<<< " in data or b"\n>>>>>>> " in data:
        found = conflict_markers(data.decode("utf-8", "replace"), read.name)
        read.problems += [replace(one, severity=Severity.WARNING) for one in found[:1]]
    if loaded.is_pending:
        # warnings and hints were reported when the source was first imported
        read.problems = [one for one in read.problems if one.severity is Severity.ERROR]
    return read


def known_series(id: str, fields: Mapping[str, Any], guids: Iterable[str] = ()) -> KnownSeries:
    """Return the record of a series that importers use, from its fields in `series.yml` or in a source."""
    texts = {name: str(fields.get(name) or "") for name in ("title", "prefix", "address", "feed", "guid")}
    promotion = tuple(fields["promotion"] or ()) if "promotion" in fields else None
    return KnownSeries(id, **texts, promotion=promotion, guids=frozenset(guids))


def check_draft(draft: Draft, name: str) -> tuple[Draft, list[Problem]]:
    """Return a draft with only valid fields, and a warning for each invalid field. `name` is the name of the source.

    Invalid notes are corrected without losing words. Notes that can't be corrected cause an error.
    """
    name, text, place = draft.file or name, draft.body, Span(draft.line, 1)
    title = " ".join(draft.title.split())
    shown = visible(title or UNTITLED)[:60]
    given = {key: value for key, value in draft.fields.items() if value is not None or key != "source"}
    given |= {"id": _ANY_ID, "title": title or UNTITLED}
    fields, problems = accepted(Episode, given, f'"{shown}"', name, place)
    del fields["id"]
    if "title" not in fields:
        # a title that is too long is repeated at the start of the notes, so that no word is lost
        text = f"{escape_line(visible(title))}\n\n{text}"
        fields = {"title": _short(title), **fields}
    body, found = _check_body(draft, text, fields)
    for one in found:
        where = f' (line {one.span.line} of the notes of "{shown}")' if one.span.line else ""
        problems.append(replace(one, path=name, span=place, message=one.message + where))
    if draft.unmatched and not draft.title:
        # the text doesn't belong to an episode yet
        del fields["title"]
    return replace(draft, fields=fields, body=body), problems


def check_series(draft: SeriesDraft, name: str) -> tuple[SeriesDraft, list[Problem]]:
    """Return a series with only valid fields, and a warning for each invalid field. `name` is the source's name."""
    given = {**draft.fields, "title": _short(" ".join(str(draft.fields.get("title") or draft.id).split()))}
    fields, problems = accepted(Series, given, f'the series "{draft.id}"', name, Span())
    return replace(draft, fields=fields), problems


def _short(title: str) -> str:
    """Return a title that the model accepts: unprintable characters are escaped, and a long title is shortened."""
    title = visible(title)
    if len(title) <= MAX_TITLE:
        return title
    return (title[:SHORT_TITLE].rpartition(" ")[0] or title[:SHORT_TITLE]) + "…"


def _check_body(draft: Draft, text: str, fields: Mapping[str, Any]) -> tuple[str, list[Problem]]:
    """Make a draft's notes valid for a file. Return the notes and the problems. Line 0 means the whole notes."""
    title = visible(fields["title"])[:60]
    # this size is an upper limit; only large fields are written out and measured exactly
    head = 2 * len(json.dumps(fields, default=str)) + ROOM
    if MAX_FRONT_MATTER - ROOM < head < 8 * MAX_FRONT_MATTER:
        head = len(dump_mapping(fields))
    if head > MAX_FRONT_MATTER - ROOM:
        message = f'the fields of "{title}" are larger than {MAX_FRONT_MATTER // 1024} KiB'
        return text, [Problem("", Span(0), message, "shorten the fields, such as lists, in the source")]
    if len(text.encode("utf-8", "surrogatepass")) + head + MAX_ADDRESS * len(draft.note_links) > MAX_NOTE_BYTES - ROOM:
        message = f'the notes of "{title}" are larger than {MAX_NOTE_BYTES // 2**20} MiB'
        return text, [Problem("", Span(0), message, "shorten or split the notes in the source")]
    own = (*(f"asset:{asset.path}" for asset in draft.assets), *(lead.address for lead in draft.note_links))
    return fit_body(text, str(fields["title"]), own)


def fit_body(body: str, title: str, own: Iterable[str] = ()) -> tuple[str, list[Problem]]:
    """Make notes valid for a file. Return the valid notes and the problems, with their lines in the notes. `own`
    contains the addresses of assets and notes that the import resolves later.

    >>> fit_body("See [there](b.md) and [here](https://a.example).", "T")[0]
    'See \\\\[there](b.md) and [here](https://a.example).'
    """
    problems: list[Problem] = []
    # without a leading space, the line would look like an unresolved git conflict
    body = CONFLICT.sub(r" \g<0>", break_long(body))
    known = frozenset(own)
    for turn in range(ROUNDS):
        document = parse(body, title)
        if errors := [found for found in document.findings if found.severity is Severity.ERROR]:
            return body, [Problem("", Span(one.line), one.message, one.remedy) for one in errors]
        dead = _dead_links(document, known)
        if not dead:
            return body, problems
        messages = [(line, f'a link points to "{visible(href)[:80]}", which does not exist') for line, href in dead]
        if turn == 0:
            remedy = "give the full address; until then, the link is kept as text"
            problems += [Problem("", Span(line), message, remedy, Severity.WARNING) for line, message in messages]
        body = _without_links(body, dead, whole=turn > 0)
    return body, [
        Problem("", Span(line), message, "write the full address, or remove the link") for line, message in messages
    ]


def break_long(body: str) -> str:
    """Wrap long lines of prose. Each new line begins with a letter, because a letter can't begin a Markdown block."""
    if len(body) <= MAX_LINE:
        return body
    lines = body.split("\n")
    result: list[str] = []
    for text, code, after in zip(lines, fenced(lines), [*lines[1:], ""], strict=True):
        is_prose = not (code or _WHOLE.match(text) or _DELIMITER.match(after))
        while len(text) > MAX_LINE and is_prose and (found := _PIECE.match(text)):
            result.append(found[1])
            text = text[found.end() :]
        result.append(text)
    return "\n".join(result)


def _dead_links(document: Document, own: frozenset[str]) -> list[tuple[int, str]]:
    """Return the line and address of each broken link or image. Web addresses and addresses in `own` aren't broken."""
    anchors = {section.anchor for section in document.sections if section.anchor}
    return [
        (use.line, use.href)
        for use in document.links
        if refusal(use.href) is None
        and not is_absolute(use.href)
        and use.href not in own
        and not (use.href.startswith("#") and use.href[1:] in anchors)
    ]


def _without_links(body: str, dead: Sequence[tuple[int, str]], whole: bool) -> str:
    """Escape broken inline links. If `whole` is true, escape all links and tags in paragraphs with broken links."""
    lines = body.split("\n")
    code = fenced(lines)
    targets = {target for _, href in dead for target in (href, unquote(href))}
    chosen = {at for at, text in enumerate(lines) if (found := _DEFINITION.match(text)) and found[1] in targets}
    for number, _ in dead:
        at = number - 1
        while at < len(lines) and lines[at].strip():
            chosen.add(at)
            at += 1

    def escaped(link: re.Match[str]) -> str:
        return f"\\{link[0]}" if link["target"] in targets else link[0]

    for at in chosen:
        if not code[at] and whole:
            lines[at] = _OPENING.sub(r"\\[", lines[at]).replace("<", "&lt;")
        elif not code[at]:
            lines[at] = _LINK.sub(escaped, lines[at])
    return "\n".join(lines)
