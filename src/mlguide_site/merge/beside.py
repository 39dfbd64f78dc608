"""The files beside notes on disk: what is there, what waits to stand there, and an import's report with what is to be
written."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mlguide_site.content.codec import read_yaml
from mlguide_site.content.files import read_bytes
from mlguide_site.errors import Problem, Severity, Span, UsageError, suggestion
from mlguide_site.importers import KnownSeries
from mlguide_site.importers.feed.records import whole_number
from mlguide_site.importers.file_names import name_file
from mlguide_site.merge.base import data_hash
from mlguide_site.merge.merge import read_note
from mlguide_site.merge.noted_chapters import SUFFIX as CHAPTERS
from mlguide_site.merge.noted_chapters import Told, lists_times, make_chapters
from mlguide_site.merge.pending import FOLDER, Pending, dump_file, dump_written, file_name
from mlguide_site.merge.report import ImportReport, Write
from mlguide_site.merge.series import PATH as SERIES_PATH
from mlguide_site.merge.sidecars import (
    PATH,
    SUFFIXES,
    Incoming,
    Named,
    Sidecars,
    dump_files,
    load_files,
    place_files,
)
from mlguide_site.merge.state import Read, RootState
from mlguide_site.merge.waiting import WRITTEN, Matched, StillWaiting
from mlguide_site.model.slugs import id_suggestion

KINDS = {".vtt": "transcript", CHAPTERS: "chapters"}


def add_files(
    report: ImportReport, root: Path, reads: Sequence[Read], state: RootState, chosen: str = ""
) -> ImportReport:
    """The report of an import with the files that its sources put beside notes, those that it makes itself included;
    and with the record of all that waits.

    Raises ContentError where a file of the root can't be read as what it is, UsageError where there is no episode of
    the id that was chosen, ResourceError where the disk refuses.
    """
    # what comes with episodes of its own belongs to these
    told = [Incoming(read.name, draft, "" if read.drafts else chosen) for read in reads for draft in read.files]
    noted = _noted(report, state)
    if not told and not state.pending.files and not noted:
        return _recorded(report, state.pending)
    after = {write.path: write.after.decode() for write in report.writes if write.after and _is_text(write.path)}
    series = _series(after.get(SERIES_PATH, state.series_text or ""))
    files, names = _incoming(told, state.pending, series)
    episodes = _episodes(state, after)
    if chosen and chosen not in {one.id for one in episodes}:
        ids = sorted(one.id for one in episodes)
        remedy = id_suggestion(chosen, ids, suggestion(chosen, ids, "write the id of one that is there"))
        raise UsageError(f'there is no episode "{chosen}"; {remedy}')
    record = root / PATH
    written = load_files(read_bytes(record)) if record.exists() else {}
    before = {
        path: read_bytes(root / path)
        for one in episodes
        for suffix in SUFFIXES
        if (root / (path := f"episodes/{one.series}/{one.id}{suffix}")).is_file()
    }
    present = {path: data_hash(data) for path, data in before.items()}
    found = place_files(files, episodes, present, written)
    taken = [found.taken[at] for at, one in enumerate(files) if one.draft.suffix == CHAPTERS and found.taken.get(at)]
    made = make_chapters(noted, present, written, taken)
    found = found._replace(
        writes={**found.writes, **made},
        written=dict(sorted({**found.written, **{path: data_hash(data) for path, data in made.items()}}.items())),
    )
    writes = [Write(path, before.get(path), data) for path, data in sorted(found.writes.items())]
    if found.written != written:
        writes.append(Write(PATH, dump_files(written) if written else None, dump_files(found.written)))
    left, waiting, deleted = _left(files, names, found, state.pending)
    problems: set[Problem] = {*report.problems, *found.problems, *deleted, *_made(made)}
    result = replace(
        report,
        writes=(*report.writes, *writes, *left),
        problems=tuple(sorted(problems)),
        assets=tuple(sorted({*report.assets, *found.writes})),
        matched=(*report.matched, *_matched(files, found)),
        waiting=(*report.waiting, *waiting),
    )
    return _recorded(result, state.pending)


def _noted(report: ImportReport, state: RootState) -> list[Told]:
    """The notes of the episodes that an import speaks of and that list times, as they were and as they will be."""
    after = {write.path: write.after.decode() for write in report.writes if write.after and _is_text(write.path)}
    after.pop(SERIES_PATH, None)
    before = {f"episodes/{state.places[id]}/{id}.md": text for id, text in state.notes.items()}
    spoken = {path for id in report.unchanged if (path := f"episodes/{state.places[id]}/{id}.md") in before}
    return [
        Told(path, before.get(path), text)
        for path in sorted(spoken | after.keys())
        if lists_times(text := after.get(path, before.get(path, "")))
    ]


def _made(made: Mapping[str, bytes]) -> list[Problem]:
    """What is to be said of chapters that were made from notes."""
    message = "these chapters are made from the times in the notes"
    remedy = "nothing is to be done; a file of your own in its place stays"
    return [Problem(path, Span(), message, remedy, Severity.HINT) for path in made]


def _is_text(path: str) -> bool:
    return path == SERIES_PATH or (path.startswith("episodes/") and path.endswith(".md"))


def _series(text: str) -> dict[str, KnownSeries]:
    """The series as names of files may mean them."""
    found = read_yaml(text.removeprefix("\ufeff"), SERIES_PATH).value
    return {
        id: KnownSeries(id, str(fields.get("title") or ""), str(fields.get("prefix") or ""))
        for id, fields in found.items()
        if isinstance(fields, Mapping)
    }


def _incoming(
    told: Sequence[Incoming], pending: Pending, series: Mapping[str, KnownSeries]
) -> tuple[list[Incoming], list[str]]:
    """What looks for an episode, and the name under which each waits: what the sources told, and what waits in the root
    (which counts where a source tells the same)."""
    files = [one for one in told if file_name(one.draft) not in pending.files or one.chosen]
    names = [file_name(one.draft) for one in files]
    for name, waiting in sorted(pending.files.items()):
        if name not in names:
            draft = waiting.draft
            named = name_file(draft.suffix, draft.data, draft.name, draft.given, series)
            files.append(Incoming(f"{FOLDER}/{name}.yml", named, waiting.given, True))
            names.append(name)
    return files, names


def _episodes(state: RootState, after: Mapping[str, str]) -> list[Named]:
    texts = {f"episodes/{state.places[id]}/{id}.md": text for id, text in state.notes.items()}
    texts |= {path: text for path, text in after.items() if path != SERIES_PATH}
    episodes = []
    for path, text in sorted(texts.items()):
        series, _, name = path.removeprefix("episodes/").partition("/")
        front, _, _ = read_note(text, path)
        season = whole_number(front.get("season"))
        episodes.append(Named(name.removesuffix(".md"), series, str(front.get("title") or ""), season))
    return episodes


def _matched(files: Sequence[Incoming], found: Sidecars) -> list[Matched]:
    return [
        Matched(id, files[at].source, 1, KINDS[files[at].draft.suffix], "hand" if files[at].chosen else "name")
        for at, id in sorted(found.taken.items())
        if id and files[at].waiting
    ]


def _left(
    files: Sequence[Incoming], names: Sequence[str], found: Sidecars, pending: Pending
) -> tuple[list[Write], list[StillWaiting], list[Problem]]:
    """Files to write and remove among what waits, what waits now, and hints about what isn't wanted there."""
    writes: dict[str, Write] = {}
    waiting: list[StillWaiting] = []
    problems: list[Problem] = []
    for at, (one, name) in enumerate(zip(files, names, strict=True)):
        path, data = f"{FOLDER}/{name}.yml", f"{FOLDER}/{name}{one.draft.suffix}"
        file, id = pending.files.get(name), found.taken.get(at)
        if id is None:
            continue
        if id:
            if file is not None or name in pending.written:
                # the description goes first: data without one are removed by the next import
                writes[path] = Write(path, file.text.encode() if file else None, None)
                writes[data] = Write(data, file.draft.data if file else None, None)
            continue
        if file is None and name in pending.written:
            remedy = f"take its name out of {WRITTEN} to have it wait"
            message = "this file was deleted by hand; what no episode took of its source doesn't wait again"
            problems.append(Problem(path, Span(), message, remedy, Severity.HINT))
            path = ""
        elif file is None:
            writes[data] = Write(data, None, one.draft.data)
            writes[path] = Write(path, None, dump_file(one.draft).encode())
        waiting.append(StillWaiting(path, 1, KINDS[one.draft.suffix], one.draft.name))
    # the description comes last where both are written: no description is ever without its data
    return list(writes.values()), waiting, problems


def _recorded(report: ImportReport, pending: Pending) -> ImportReport:
    """The report with the record of what imports have put among what waits, where that changes.

    What comes to wait is written before the record, what waits no longer is removed behind it: whatever is there where
    an import is cut off waits still, and is put into the record by the next one.
    """
    names = {*pending.written, *pending.runs, *pending.files}
    for write in report.writes:
        folder, _, name = write.path.rpartition("/")
        if folder == FOLDER and name.endswith(".yml"):
            (names.discard if write.after is None else names.add)(name.removesuffix(".yml"))
    gone = [write for write in report.writes if write.after is None and write.path.startswith(f"{FOLDER}/")]
    told = {write.path for write in report.writes}
    gone += [Write(path, data, None) for path, data in sorted(pending.left.items()) if path not in told]
    record = [Write(WRITTEN, dump_written(pending.written), dump_written(names))] if names != pending.written else []
    return replace(report, writes=(*(write for write in report.writes if write not in gone), *record, *gone))
