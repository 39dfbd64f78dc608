"""Sources read: each by the importer of its format, all knowing the series that any of them names."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from mlguide_site.errors import ContentError, Problem, Severity, Span
from mlguide_site.importers import Context, Draft, EntryDraft, FileDraft, Importer, KnownSeries, SeriesDraft, Source
from mlguide_site.importers.table import IMPORTERS
from mlguide_site.merge.detect import detect
from mlguide_site.merge.report import counted
from mlguide_site.merge.series import join_drafts
from mlguide_site.merge.sound import sound_draft, sound_series
from mlguide_site.merge.state import Read

MACHINE = frozenset(("feed", "opml"))
"""Formats whose text is no text for people: read as another, its marks would end up in notes."""
Progress = Callable[[str], None]


def silent(_message: str) -> None:
    """Progress that nobody is told of."""


def choose(
    sources: Sequence[Source], told: Importer | None, progress: Progress, otherwise: str
) -> list[tuple[Source, Importer]]:
    """Each source with its format: the one told, else the one it shows. Raises ContentError for all that show none."""
    chosen, problems = [], list[Problem]()
    for source in sources:
        try:
            importer = _agreed(source, told, otherwise) if told else detect(source)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        progress(f"{source.name}: {importer.name}, {'as told' if told else f'for {importer.signs}'}")
        chosen.append((source, importer))
    if problems:
        raise ContentError(problems)
    return chosen


def _agreed(source: Source, told: Importer, otherwise: str) -> Importer:
    """The format that was told. Raises ContentError where the source is one for machines, which it can't be read as."""
    for importer in IMPORTERS:
        if importer.name in MACHINE and importer != told and importer.sniff(source) and not told.sniff(source):
            message = f'this is of the format "{importer.name}", not "{told.name}"'
            raise ContentError(
                [
                    Problem(
                        source.name, Span(), message, otherwise or f"leave --from out, or write --from {importer.name}"
                    )
                ]
            )
    return told


def read_sources(
    sources: Sequence[tuple[Source, Importer]], context: Context, progress: Progress = silent
) -> list[Read]:
    """What each source says. A series that one of them names is known to all: then they are read again, knowing it.

    Raises ContentError with every error found in any of them.
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
    wider = {**context.series, **{id: _widened(id, fields, context.series.get(id)) for id, fields in joined.items()}}
    if wider == context.series:
        return reads
    return [_read(source, importer, replace(context, series=MappingProxyType(wider))) for source, importer in sources]


def _read(source: Source, importer: Importer, context: Context) -> Read:
    items = list(importer.read(source, context))
    problems = [item for item in items if isinstance(item, Problem)]
    drafts = []
    for item in items:
        if isinstance(item, Draft):
            draft, found = sound_draft(item, source.name)
            if item.loose is not None and not item.title:
                draft = replace(draft, fields={name: value for name, value in draft.fields.items() if name != "title"})
            drafts.append(draft)
            problems.extend(found)
    sound = [sound_series(item, source.name) for item in items if isinstance(item, SeriesDraft)]
    series = tuple(draft for draft, _ in sound)
    problems.extend(problem for _, found in sound for problem in found)
    entries = tuple(item for item in items if isinstance(item, EntryDraft))
    files = tuple(item for item in items if isinstance(item, FileDraft))
    return Read(source.name, importer.name, tuple(drafts), series, tuple(problems), entries, files)


def _widened(id: str, fields: dict[str, Any], known: KnownSeries | None) -> KnownSeries:
    """A series as the root and all sources together know it."""
    promotion = tuple(fields["promotion"]) if "promotion" in fields else None
    if known is None:
        names = ("title", "prefix", "address", "feed", "guid")
        title, prefix, address, feed, guid = (str(fields.get(name) or "") for name in names)
        return KnownSeries(id, title, prefix, address, feed, promotion, guid=guid)
    return replace(known, promotion=promotion) if known.open and promotion else known
