"""The files beside notes on disk: what is there, and an import's report with what is to be written there."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mlguide_site.errors import Problem
from mlguide_site.files import read_bytes
from mlguide_site.importing.base import data_hash
from mlguide_site.importing.merge import read_note
from mlguide_site.importing.plan import Read, RootState
from mlguide_site.importing.report import ImportReport, Write
from mlguide_site.importing.sidecars import PATH, SUFFIXES, Named, dump_files, load_files, place_files


def add_files(
    report: ImportReport, root: Path, reads: Sequence[Read], state: RootState, chosen: str = ""
) -> ImportReport:
    """The report of an import with the files that its sources put beside notes, those that it makes itself included.

    Raises ContentError where a file of the root can't be read as what it is, ResourceError where the disk refuses.
    """
    drafts = [(read.name, draft) for read in reads for draft in read.files]
    if not drafts:
        return report
    texts = {f"episodes/{state.places[id]}/{id}.md": text for id, text in state.notes.items()}
    texts |= {
        write.path: write.after.decode()
        for write in report.writes
        if write.path.startswith("episodes/") and write.path.endswith(".md")
    }
    episodes = []
    for path, text in sorted(texts.items()):
        series, _, name = path.removeprefix("episodes/").partition("/")
        front, _, _ = read_note(text, path)
        episodes.append(Named(name.removesuffix(".md"), series, str(front.get("title") or "")))
    record = root / PATH
    written = load_files(read_bytes(record)) if record.exists() else {}
    before = {
        path: read_bytes(root / path)
        for one in episodes
        for suffix in SUFFIXES
        if (root / (path := f"episodes/{one.series}/{one.id}{suffix}")).is_file()
    }
    found = place_files(drafts, episodes, {path: data_hash(data) for path, data in before.items()}, written, chosen)
    writes = [Write(path, before.get(path), data) for path, data in sorted(found.writes.items())]
    if found.written != written:
        writes.append(Write(PATH, dump_files(written) if written else None, dump_files(found.written)))
    problems: set[Problem] = {*report.problems, *found.problems}
    return replace(
        report,
        writes=(*report.writes, *writes),
        problems=tuple(sorted(problems)),
        assets=tuple(sorted({*report.assets, *found.writes})),
    )
