"""Sources read: each by the importer of its format, all knowing the series that any of them names, with drafts checked
against the model. What the files of a root may not hold is left out and reported."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.content.load import MAX_NOTE
from mlguide_site.content.yaml_read import MAX_FRONT_MATTER
from mlguide_site.content.yaml_write import dump_mapping
from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.importers import Context, Draft, EntryDraft, FileDraft, Importer, KnownSeries, SeriesDraft, Source
from mlguide_site.importers.table import IMPORTERS
from mlguide_site.markdown.plain import escape_line
from mlguide_site.merge.detection import detect
from mlguide_site.merge.entries import refused_fields
from mlguide_site.merge.fitting import fit_body
from mlguide_site.merge.series import join_drafts
from mlguide_site.model import Episode, Series

MACHINE = frozenset(("feed", "opml"))
"""Formats whose text is not meant for people: read as another format, its markup would end up in notes."""
ROOM = 1024
"""Bytes of a note file kept free for its id and what merging adds."""
MAX_ADDRESS = 400
"""Characters that the address of a link between notes takes at most."""
MAX_TITLE = 500
SHORT_TITLE = 200
_ANY_ID = "any-001"
Progress = Callable[[str], None]


class Read(NamedTuple):
    """One source as read: its name, its format, its drafts, and problems."""

    name: str
    format: str
    drafts: tuple[Draft, ...]
    series: tuple[SeriesDraft, ...]
    problems: tuple[Problem, ...]
    entries: tuple[EntryDraft, ...] = ()
    files: tuple[FileDraft, ...] = ()


def silent(_message: str) -> None:
    """Progress that is not shown."""


def choose(
    sources: Sequence[Source], chosen: Importer | None, progress: Progress, otherwise: str
) -> list[tuple[Source, Importer]]:
    """Each source with its format: the chosen one, else the detected one. Raises ContentError for all sources without.

    `otherwise` is the remedy where a source is of another format than the chosen one.
    """
    found, problems = [], list[Problem]()
    for source in sources:
        try:
            importer = _checked(source, chosen, otherwise) if chosen else detect(source)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        progress(f"{source.name}: {importer.name}, {'as given' if chosen else f'for {importer.signs}'}")
        found.append((source, importer))
    if problems:
        raise ContentError(problems)
    return found


def _checked(source: Source, chosen: Importer, otherwise: str) -> Importer:
    """The chosen format. Raises ContentError where the source is of a machine format."""
    for importer in IMPORTERS:
        if importer.name in MACHINE and importer != chosen and importer.sniff(source) and not chosen.sniff(source):
            message = f'this is of the format "{importer.name}", not "{chosen.name}"'
            remedy = otherwise or f"leave --from out, or write --from {importer.name}"
            raise ContentError([Problem(source.name, Span(), message, remedy)])
    return chosen


def read_sources(
    sources: Sequence[tuple[Source, Importer]], context: Context, progress: Progress = silent
) -> list[Read]:
    """The drafts of each source. A series that one source names is known to all: then they are read again.

    Raises ContentError with the errors of all of them.
    """
    reads = [_read(source, importer, context) for source, importer in sources]
    errors = [problem for read in reads for problem in read.problems if problem.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    for read in reads:
        progress(f"{read.name}: {counted(len(read.drafts))}, {read.format}")
    if len(reads) < 2:
        return reads
    joined = join_drafts(draft for read in reads for draft in read.series)
    new = {id: known_series(id, fields) for id, fields in joined.items() if id not in context.series}
    if not new:
        return reads
    wider = replace(context, series=MappingProxyType({**context.series, **new}))
    return [_read(source, importer, wider) for source, importer in sources]


def counted(count: int) -> str:
    """A number of episodes in words."""
    return f"{count} episode" if count == 1 else f"{count} episodes"


def _read(source: Source, importer: Importer, context: Context) -> Read:
    items = list(importer.read(source, context))
    problems = [item for item in items if isinstance(item, Problem)]
    drafts, series = list[Draft](), list[SeriesDraft]()
    for item in items:
        if isinstance(item, Draft):
            draft, found = check_draft(item, source.name)
            if item.loose is not None and not item.title:
                draft = replace(draft, fields={name: value for name, value in draft.fields.items() if name != "title"})
            drafts.append(draft)
            problems += found
        elif isinstance(item, SeriesDraft):
            checked, found = check_series(item, source.name)
            series.append(checked)
            problems += found
    entries = tuple(item for item in items if isinstance(item, EntryDraft))
    files = tuple(item for item in items if isinstance(item, FileDraft))
    return Read(source.name, importer.name, tuple(drafts), tuple(series), tuple(problems), entries, files)


def known_series(id: str, fields: Mapping[str, Any]) -> KnownSeries:
    """A series as importers know it, from its fields in `series.yml` or in a source."""
    names = ("title", "prefix", "address", "feed", "guid")
    title, prefix, address, feed, guid = (str(fields.get(name) or "") for name in names)
    promotion = tuple(fields["promotion"] or ()) if "promotion" in fields else None
    return KnownSeries(id, title, prefix, address, feed, promotion, guid=guid)


def check_draft(draft: Draft, name: str) -> tuple[Draft, list[Problem]]:
    """A draft whose fields the model accepts, and a warning for each field that it doesn't. `name` is the source's.

    Notes or fields too large for a note file are an error; notes are rewritten where that keeps their words.
    """
    fields, problems, name = dict(draft.fields), [], draft.file or name
    if not str(fields.get("title") or "").strip():
        fields["title"] = "Untitled"
    if fields.get("source") is None:
        fields.pop("source", None)
    text = draft.body
    title = " ".join(str(fields["title"]).split())
    if len(title) > MAX_TITLE:
        # no word of it may be lost: it opens the notes
        fields["title"] = _short_title(title)
        text = f"{escape_line(title)}\n\n{text}"
        message = f'the title "{visible(title)[:60]}…" is longer than {MAX_TITLE} characters'
        remedy = "it is cut, and written in full before the notes; shorten it"
        problems.append(Problem(name, Span(draft.line, 1), message, remedy, Severity.WARNING))
    for field in sorted(refused_fields(Episode, {"id": _ANY_ID, **fields})):
        value = visible(str(fields.pop(field, "")))[:60]
        message = f'{field} of "{visible(title)[:60]}" can\'t be used: {value}'
        problems.append(Problem(name, Span(draft.line, 1), message, "add it by hand", Severity.WARNING))
    fields.setdefault("title", "Untitled")
    body, found = _check_body(draft, text, fields, name)
    unchanged = fields == draft.fields and body == draft.body
    return (draft if unchanged else replace(draft, fields=fields, body=body)), problems + found


def check_series(draft: SeriesDraft, name: str) -> tuple[SeriesDraft, list[Problem]]:
    """A series as far as its model accepts it, and a warning for each field that it doesn't."""
    fields, problems = dict(draft.fields), []
    title = " ".join(str(fields.get("title") or draft.id).split())
    fields["title"] = title if len(title) <= MAX_TITLE else _short_title(title)
    if fields["title"] != title:
        message = f'the title of the series "{draft.id}" is longer than {MAX_TITLE} characters'
        remedy = "it is cut; correct it in knowledge/series.yml"
        problems.append(Problem(name, Span(), message, remedy, Severity.WARNING))
    for field in sorted(refused_fields(Series, fields)):
        value = visible(str(fields.pop(field, "")))[:60]
        message = f'{field} of the series "{draft.id}" can\'t be used as it is: {value}'
        problems.append(Problem(name, Span(), message, "add it by hand to knowledge/series.yml", Severity.WARNING))
    fields.setdefault("title", draft.id)
    return (draft if fields == draft.fields else replace(draft, fields=fields)), problems


def _short_title(title: str) -> str:
    return (title[:SHORT_TITLE].rpartition(" ")[0] or title[:SHORT_TITLE]) + "…"


def _check_body(draft: Draft, text: str, fields: dict[str, Any], name: str) -> tuple[str, list[Problem]]:
    """The notes of a draft as a file can hold them, and problems."""
    title, place = visible(draft.title)[:60], Span(draft.line, 1)
    # an upper limit, whatever has to be escaped; what comes near the file's limit is written to be measured
    head = 2 * len(json.dumps(fields, default=str)) + ROOM
    links = MAX_ADDRESS * len(draft.leads)
    is_near = head > MAX_FRONT_MATTER - ROOM or len(text) + head > MAX_NOTE // 4
    # YAML is slow to write: far beyond the limit there is no need to
    if is_near and head < 8 * MAX_FRONT_MATTER:
        head = len(dump_mapping(fields))
    if head > MAX_FRONT_MATTER - ROOM:
        message = f'the fields of "{title}" are larger than {MAX_FRONT_MATTER // 1024} KiB'
        return text, [Problem(name, place, message, "shorten them, such as its lists, in the source")]
    if len(text.encode("utf-8", "surrogatepass")) + head + links > MAX_NOTE - ROOM:
        message = f'the notes of "{title}" are larger than {MAX_NOTE // 2**20} MiB'
        return text, [Problem(name, place, message, "shorten them, or split them, in the source")]
    own = (*(f"asset:{asset.path}" for asset in draft.assets), *(lead.address for lead in draft.leads))
    body, remarks = fit_body(text, str(fields["title"]), own)
    where = f'of the notes of "{title}")'
    return body, [
        Problem(name, place, f"{one.message} (line {one.line} {where}", one.remedy, one.severity) for one in remarks
    ]
