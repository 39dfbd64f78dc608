"""What an import did, as a value, as lines for people and as plain values for machines."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, visible
from mlguide_site.merge.merge import Conflict
from mlguide_site.merge.report_waiting import waiting_lines
from mlguide_site.merge.waiting import Matched, StillWaiting


class Write(NamedTuple):
    """A file to write: its path relative to the root, its bytes before (None: it is new) and after (None: it goes)."""

    path: str
    before: bytes | None
    after: bytes | None


class Kept(NamedTuple):
    """Names of fields, and `body`, of an episode, or of an entry such as `tool docker`: what a person's edit kept from
    being changed, or what was filled in."""

    id: str
    names: tuple[str, ...]


class Promotion(NamedTuple):
    """A pattern of promotion that was left out, and in how many episodes of the series."""

    series: str
    pattern: str
    episodes: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do. Ids are sorted.

    `formats` names each source and the format it was read as. `cut` are the episodes whose notes the source cut,
    `missing` by series the numbers lacking between the lowest and the highest, `gone` the episodes of earlier imports
    of the same sources whose files a person deleted, and which stay deleted. `new_entries` and `changed_entries` name
    knowledge entries as `kind slug`, `assets` the paths of files written beside episodes. `doubts` counts by episode
    the places whose recovered structure is not certain, `lessons` the structured notes of the root that an importer
    learnt from. `absent` are the episodes of earlier imports that a feed has no more, `unmodified` the sources that are
    as they were at their last import. `matched` are the texts that name no episode and yet found theirs, `waiting`
    those that didn't. `filled` says what of files and entries that
    no import had written was empty and isn't any more. `problems` are warnings and hints: with an error nothing is
    imported.
    """

    formats: tuple[tuple[str, str], ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[Kept, ...]
    gone: tuple[str, ...]
    new_series: tuple[str, ...]
    cut: tuple[str, ...]
    missing: Mapping[str, tuple[int, ...]]
    promotion: tuple[Promotion, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    writes: tuple[Write, ...]
    dry_run: bool = False
    new_entries: tuple[str, ...] = ()
    changed_entries: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    doubts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    lessons: int = 0
    matched: tuple[Matched, ...] = ()
    waiting: tuple[StillWaiting, ...] = ()
    absent: tuple[str, ...] = ()
    unmodified: tuple[str, ...] = ()
    filled: tuple[Kept, ...] = ()


def report_lines(report: ImportReport, diff: bool = False) -> list[str]:
    """The report for people, a line each; with the difference of every file where asked for."""
    lines = [f"{name}: read as {format}" for name, format in report.formats]
    lines += [f"{name}: as it was at its last import" for name in report.unmodified]
    lines += [f"new series: {', '.join(report.new_series)}"] if report.new_series else []
    for label, ids in (("new", report.new), ("changed", report.changed)):
        if ids:
            lines.append(f"{label}: {counted(len(ids))}: {', '.join(ids)}")
    lines += _entries(report)
    if not report.writes:
        lines.append(f"nothing changed ({counted(len(report.unchanged))})")
    elif report.unchanged:
        lines.append(f"unchanged: {counted(len(report.unchanged))}")
    lines += [f"filled in: {filled.id}: {', '.join(filled.names)}" for filled in report.filled]
    lines += [f"kept as edited: {kept.id}: {', '.join(kept.names)}" for kept in report.kept]
    lines += [f"deleted by hand, not imported again: {', '.join(report.gone)}"] if report.gone else []
    lines += [f"cut by the source: {', '.join(report.cut)}"] if report.cut else []
    lines += [
        f"missing in {series}: {', '.join(f'{n:03}' for n in numbers)}" for series, numbers in report.missing.items()
    ]
    if report.lessons:
        lines.append(f"structure of flat notes: learnt from {report.lessons} structured notes of this root too")
    if report.doubts:
        count = sum(report.doubts.values())
        places = "1 place" if count == 1 else f"{count} places"
        lines.append(f"structure not certain: {places} in {counted(len(report.doubts))}; mlguide check lists them")
    lines += waiting_lines(report.matched, report.waiting)
    lines += [f"promotion left out of {counted(p.episodes)} of {p.series}: {p.pattern}" for p in report.promotion]
    for conflict in report.conflicts:
        lines.append(f"{conflict.path}:{conflict.line}: the file and the source differ; the file stays as it is")
        lines += [f"  file:   {line}" for line in conflict.ours if line.strip()]
        lines += [f"  source: {line}" for line in conflict.theirs if line.strip()]
    if diff:
        lines += _difference(report)
    if report.dry_run:
        lines.append(
            f"nothing was written ({len(report.writes)} file(s) would be)" if report.writes else "nothing was written"
        )
    return [visible(line) for line in lines]


def _entries(report: ImportReport) -> list[str]:
    lines = []
    for label, names in (("new", report.new_entries), ("more is known of", report.changed_entries)):
        for kind in sorted({name.partition(" ")[0] for name in names}):
            slugs = [name.partition(" ")[2] for name in names if name.startswith(f"{kind} ")]
            lines.append(f"{label}: {len(slugs)} {kind}{'' if len(slugs) == 1 else 's'}: {', '.join(slugs)}")
    if report.assets:
        lines.append(f"files beside episodes: {len(report.assets)}: {', '.join(report.assets)}")
    return lines


def counted(count: int) -> str:
    """A number of episodes in words."""
    return f"{count} episode" if count == 1 else f"{count} episodes"


def _difference(report: ImportReport) -> list[str]:
    lines: list[str] = []
    for write in report.writes:
        if write.path.startswith("."):
            continue
        if write.after is None:
            lines.append(f"--- {write.path}")
            continue
        if b"\x00" in write.after or write.path in report.assets:
            lines.append(f"+++ {write.path} ({len(write.after):,} bytes)")
            continue
        before = (write.before or b"").decode("utf-8", "replace").splitlines()
        after = write.after.decode("utf-8", "replace").splitlines()
        old = write.path if write.before is not None else "/dev/null"
        lines += difflib.unified_diff(before, after, old, write.path, lineterm="")
    return lines


def report_values(report: ImportReport) -> dict[str, Any]:
    """The report in plain values, ready for JSON."""
    return {
        "formats": [{"source": name, "format": format} for name, format in report.formats],
        "new": list(report.new),
        "changed": list(report.changed),
        "unchanged": list(report.unchanged),
        "kept": [{"id": kept.id, "names": list(kept.names)} for kept in report.kept],
        "filled": [{"id": filled.id, "names": list(filled.names)} for filled in report.filled],
        "gone": list(report.gone),
        "absent": list(report.absent),
        "unmodified": list(report.unmodified),
        "new_series": list(report.new_series),
        "cut": list(report.cut),
        "missing": {series: list(numbers) for series, numbers in report.missing.items()},
        "promotion": [found._asdict() for found in report.promotion],
        "conflicts": [
            {"id": c.id, "path": c.path, "line": c.line, "file": list(c.ours), "source": list(c.theirs)}
            for c in report.conflicts
        ],
        "problems": [
            {
                "path": p.path,
                "line": p.span.line,
                "column": p.span.column,
                "severity": p.severity.value,
                "message": p.message,
                "remedy": p.remedy,
            }
            for p in report.problems
        ],
        "new_entries": list(report.new_entries),
        "changed_entries": list(report.changed_entries),
        "assets": list(report.assets),
        "doubts": dict(report.doubts),
        "lessons": report.lessons,
        "matched": [found._asdict() for found in report.matched],
        "pending": [found._asdict() | {"like": list(found.like)} for found in report.waiting],
        "written": [write.path for write in report.writes],
        "dry_run": report.dry_run,
    }
