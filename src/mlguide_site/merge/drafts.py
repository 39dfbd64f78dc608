"""Reads drafts from sources, and corrects or reports content that a note file can't contain."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from mlguide_site.content.files import CONFLICT, conflict_markers
from mlguide_site.content.knowledge import PATHS
from mlguide_site.content.transcript_formats import CHAPTERS
from mlguide_site.content.yaml_edit import dump_mapping, flat_entries
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import Problem, Severity, Span, counted, shortened, visible
from mlguide_site.importers import Context, Draft, EntryDraft, FileDraft, KnownSeries, warning
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.fences import fenced
from mlguide_site.markdown.limits import MAX_FRONT_MATTER, MAX_LINE, MAX_NOTE_BYTES
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.markdown.parser import link_places, parser
from mlguide_site.markdown.plain import escape, escape_start
from mlguide_site.markdown.sanitiser import is_absolute, refusal
from mlguide_site.merge.entries import MEDIA, SERIES, accepted, entry_names, join_drafts
from mlguide_site.merge.sources import Loaded
from mlguide_site.model.records import Episode, Series

LISTING = "feed"  # the only format that lists all episodes of a series
RESERVED = 1024  # bytes of a note file that are reserved for the id and for merged fields
MAX_ADDRESS = 400  # maximum number of characters in the path of a link between notes
MAX_TITLE = 500
SHORT_TITLE = 200
UNTITLED = "Untitled"
_ANY_ID = "any-001"
ROUNDS = 4  # maximum number of searches for broken links: escaping one may reveal another
# a backslash before a line break would make a hard line break
_PIECE = re.compile(rf"(.{{1,{MAX_LINE * 3 // 4}}}(?<![ \\])) (?=[^\W\d_])")
_WHOLE = re.compile(r"\s{0,3}(?:#{1,6}\s|\||!!!|\?\?\?|<)")
_DELIMITER = re.compile(r"[ \t|:-]{3,2000}$")
# the start of a tag, or of a link, but not of a footnote
_OPENING = re.compile(r"<|(?<!\\)(?:\\\\){0,99}\[(?!\^[^\s\[\]]{1,999}\](?!\())")
_CODE = r"(?<![`\\])(?P<ticks>`{1,20})(?!`)(?:(?!(?P=ticks)).){1,2000}?(?P=ticks)(?!`)"
_CODE_OR_OPENING = re.compile(rf"(?P<code>{_CODE})|{_OPENING.pattern}", re.S)


@dataclass(eq=False)
class Read:
    loaded: Loaded
    drafts: list[Draft] = field(default_factory=list)
    series: list[EntryDraft] = field(default_factory=list)
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
    def all_files(self) -> list[FileDraft]:
        """The files of the source and of all its drafts."""
        return [*self.files, *(file for draft in self.drafts for file in draft.files)]

    @property
    def contents(self) -> str:
        """A summary of the source's contents, such as "3 episodes, 1 tool"."""
        found = Counter("text" if draft.unmatched else "episode" for draft in self.drafts)
        found.update(entry.kind for entry in self.entries)
        found.update("chapters file" if file.suffix == CHAPTERS else "transcript" for file in self.all_files)
        return ", ".join(counted(number, what) for what, number in found.items()) or "nothing"


def read_sources(sources: Sequence[Loaded], context: Context) -> tuple[list[Read], list[Problem]]:
    """Read all sources. Return the drafts of the valid sources, and the errors of the invalid sources."""
    reads = [_read(one, context) for one in sources]
    errors = [problem for read in reads for problem in read.problems if problem.severity is Severity.ERROR]
    reads = [read for read in reads if not {*errors} & {*read.problems}]
    joined = join_drafts(draft for read in reads for draft in read.series)
    new = {id: known_series(id, fields) for id, fields in joined.items() if id not in context.series}
    if len(reads) < 2 or not new:
        return reads, errors
    # read all sources again, because any of them may refer to a new series
    wider = replace(context, series=MappingProxyType({**context.series, **new}))
    return [_read(read.loaded, wider) for read in reads], errors


def _read(loaded: Loaded, context: Context) -> Read:
    read = Read(loaded, problems=list(loaded.problems))
    into: Mapping[type, list[Any]] = {Draft: read.drafts, FileDraft: read.files, Problem: read.problems}
    for item in loaded.importer.items(loaded.source, replace(context, given=loaded.series)):
        found: list[Problem] = []
        if isinstance(item, Draft):
            item, found = check_draft(item, read.name)
        elif isinstance(item, EntryDraft) and item.kind == SERIES:
            item, found = check_series(item, read.name)
        read.problems += found
        if isinstance(item, EntryDraft):
            (read.series if item.kind == SERIES else read.entries).append(item)
        else:
            into[type(item)].append(item)
    read.problems += _check_days(read) if read.format == LISTING else ()
    if loaded.hosts:
        read.series = [replace(one, fields={**one.fields, MEDIA: list(loaded.hosts)}) for one in read.series]
    data = loaded.source.data
    if b"\n<<<<<<< " in data or b"\n>>>>>>> " in data:
        found = conflict_markers(data.decode("utf-8", "replace"), read.name)
        read.problems += [replace(one, severity=Severity.WARNING) for one in found[:1]]
    if loaded.is_pending:
        # omit warnings and hints, because they were reported when the source was first imported
        read.problems = [one for one in read.problems if one.severity is Severity.ERROR]
    return read


def _check_days(read: Read) -> Iterator[Problem]:
    """Yield a warning if episodes have dates in the future. A day more is possible in another time zone."""
    days = [(draft, draft.fields.get("date")) for draft in read.drafts]
    later = [(draft, day) for draft, day in days if isinstance(day, date) and day > date.today() + timedelta(days=1)]
    if later:
        message = "episodes with dates in the future are published: "
        message += shortened([f'"{draft.title}" ({day})' for draft, day in later])
        yield warning(read.name, later[0][0].line, message, "correct the dates, or add status: draft to the notes")


def known_series(id: str, fields: Mapping[str, Any], guids: Iterable[str] = ()) -> KnownSeries:
    """Create a `KnownSeries` from a series in `series.yml` or in a source. `guids` are the guids of its episodes."""
    texts = {name: str(fields.get(name) or "") for name in ("title", "prefix", "address", "feed", "guid")}
    promotion = tuple(fields["promotion"] or ()) if "promotion" in fields else None
    return KnownSeries(id, **texts, promotion=promotion, guids=frozenset(guids))


def check_draft(draft: Draft, name: str) -> tuple[Draft, list[Problem]]:
    """Remove invalid fields from a draft, and correct its notes without losing words. Return the draft, a warning for
    each removed field, and an error for notes that can't be corrected. `name` is the name of the source."""
    name, text, place = draft.file or name, draft.body, Span(draft.line, 1)
    title = " ".join(draft.title.split())
    shown = visible(title or UNTITLED)[:60]
    given = {**draft.fields, "id": _ANY_ID, "title": title or UNTITLED}
    fields, problems = accepted(Episode, given, f'"{shown}"', name, place)
    del fields["id"]
    if "title" not in fields:
        # a title that is too long is repeated at the start of the notes, so that no word is lost
        text = f"{escape_start(escape(visible(title)))}\n\n{text}"
        fields = {"title": _valid_title(title), **fields}
    body, found = _check_body(draft, text, fields)
    for one in found:
        where = f' (line {one.span.line} of the notes of "{shown}")' if one.span.line else ""
        problems.append(replace(one, path=name, span=place, message=one.message + where))
    if draft.unmatched and not draft.title:
        # the text doesn't belong to an episode yet
        del fields["title"]
    return replace(draft, fields=fields, body=body), problems


def check_series(draft: EntryDraft, name: str) -> tuple[EntryDraft, list[Problem]]:
    """Remove invalid fields from a series, and return a warning for each. `name` is the name of the source."""
    given = {**draft.fields, "title": _valid_title(" ".join(str(draft.fields.get("title") or draft.slug).split()))}
    fields, problems = accepted(Series, given, f'the series "{draft.slug}"', name, Span())
    return replace(draft, fields=fields), problems


def _valid_title(title: str) -> str:
    title = visible(title)
    if len(title) <= MAX_TITLE:
        return title
    return (title[:SHORT_TITLE].rpartition(" ")[0] or title[:SHORT_TITLE]) + "…"


def _check_body(draft: Draft, text: str, fields: Mapping[str, Any]) -> tuple[str, list[Problem]]:
    """Make a draft's body valid for a note file. Return the body and the problems; line 0 means the whole note."""
    title = visible(fields["title"])[:60]
    # estimate the front matter's size, and measure it exactly only if it may be near the limit
    head = 2 * len(json.dumps(fields, default=str)) + RESERVED
    if MAX_FRONT_MATTER - RESERVED < head < 8 * MAX_FRONT_MATTER:
        head = len(dump_mapping(fields))
    if head > MAX_FRONT_MATTER - RESERVED:
        message = f'the fields of "{title}" are larger than {MAX_FRONT_MATTER // 1024} KiB'
        return text, [Problem("", Span(0), message, "shorten the fields, such as lists, in the source")]
    size = len(text.encode("utf-8", "surrogatepass")) + head + MAX_ADDRESS * len(draft.note_links)
    if size > MAX_NOTE_BYTES - RESERVED:
        message = f'the notes of "{title}" are larger than {MAX_NOTE_BYTES // 2**20} MiB'
        return text, [Problem("", Span(0), message, "shorten or split the notes in the source")]
    own = (*(f"asset:{path}" for path in draft.assets), *(lead.address for lead in draft.note_links))
    return fit_body(text, str(fields["title"]), own)


def fit_body(body: str, title: str, own: Iterable[str] = ()) -> tuple[str, list[Problem]]:
    """Wrap long lines, indent git conflict markers and escape broken links in a body. Return the body, and the
    problems, each with its line number. `own` contains the addresses that the import resolves later."""
    problems: list[Problem] = []
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
        body = _without_links(body, dead, turn)
    remedy = "write the full address, or remove the link"
    return body, [Problem("", Span(line), message, remedy) for line, message in messages]


def break_long(body: str) -> str:
    """Wrap long lines of prose. A new line begins with a letter, so that it doesn't start another Markdown block."""
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
    """Return the line and address of each broken link or image. Skip web addresses and the addresses in `own`."""
    return [
        (use.line, use.href)
        for use in document.links
        if refusal(use.href) is None
        and not is_absolute(use.href)
        and not own & {use.href, unquote(use.href)}
        and not (use.href.startswith("#") and unquote(use.href[1:]) in document.anchors)
    ]


def _without_links(body: str, dead: Sequence[tuple[int, str]], turn: int) -> str:
    """Escape broken links. `turn` is the number of earlier attempts. If `turn` is 1, escape all links and tags of their
    paragraphs, except in code. If `turn` is greater, escape those in code, too."""
    lines, env = body.split("\n"), dict[str, Any]()
    tokens = parser().parse(body, env)
    references = env.get("references", {})
    targets, numbers = {unquote(href) for _, href in dead}, {number - 1 for number, _ in dead}
    starts = {one["map"][0] for one in references.values()}

    def escaped(one: re.Match[str]) -> str:
        return one[0] if one.lastgroup == "code" else "&lt;" if one[0] == "<" else f"\\{one[0]}"

    blocks = {tuple(one.map) for one in tokens if one.type == "inline" and one.map}
    for start, end in sorted(blocks):
        if numbers.isdisjoint(range(start, end)):
            continue
        text = "\n".join(lines[start:end])
        if turn:
            text = (_CODE_OR_OPENING if turn == 1 else _OPENING).sub(escaped, text)
        else:
            places = [at for at, address in link_places(text, references) if unquote(address) in targets]
            for at in reversed(places):
                text = f"{text[:at]}\\{text[at:]}"
        lines[start:end] = text.split("\n")
    for one in references.values():
        if unquote(one["href"]) in targets:
            at = one["map"][0]
            # a definition can't follow a paragraph directly
            lines[at] = lines[at].replace("[", "\\[", 1) + "\n" * (at + 1 in starts)
    return "\n".join(lines)


def use_known_names(read: Read, texts: Mapping[str, str]) -> Read:
    """Remove topics that are only tags with the name of another entry of the root, such as a tool. Their episodes have
    them as `tags`, which count as mentions of the entry. `texts` maps the paths of knowledge files to their texts."""
    topics = {one.slug: one.fields["name"] for one in read.entries if one.kind == "topic" and not one.exact}
    known: dict[str, set[str]] = {kind: set() for kind in PATHS if kind != SERIES}
    for kind, names in known.items() if topics else ():
        for slug, own, _ in flat_entries(read_yaml(texts.get(PATHS[kind], ""), PATHS[kind]).value):
            names.update(map(_spaced, [*entry_names(kind, own), *([slug] if kind == "topic" else ())]))
    others = set().union(*(names for kind, names in known.items() if kind != "topic")) - known["topic"]
    tags = {slug: name for slug, name in topics.items() if _spaced(name) in others}
    if not tags:
        return read
    drafts = []
    for draft in read.drafts:
        own, given = draft.fields.get("topics", []), draft.fields.get("tags", ())
        rest = [slug for slug in own if slug not in tags]
        found = [*dict.fromkeys([*given, *(tags[slug] for slug in own if slug in tags)])]
        drafts.append(replace(draft, fields={**draft.fields, "topics": rest, "tags": found}) if own != rest else draft)
    entries = [one for one in read.entries if one.kind != "topic" or one.slug not in tags]
    return replace(read, drafts=drafts, entries=entries)


def _spaced(name: str) -> str:
    return " ".join(re.split(r"[\s_-]+", name.casefold()))
