"""The report of an import: a record, lines of text, and plain values for JSON."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from textwrap import shorten
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, counted, shortened, visible
from mlguide_site.merge.records import FOLDER
from mlguide_site.merge.three_way import Conflict

BEGINNING = 62  # maximum number of characters that the report shows of a pending text
MAX_EXAMPLE = 80  # maximum number of characters of a missing file or removed template tag in a joined problem
MAX_SIMILAR = 5  # maximum number of missing files, and of removed template tags, that are reported one by one
_SIMILAR = (
    (re.compile(r'"(.*)" is not in the (?:folder|imported file)'), "{} files are missing", 2),
    (re.compile(r'"(.*)" has a file type that is not published'), "{} files have types that are not published", 2),
    (
        re.compile("a template tag without a Markdown equivalent was removed: (.*)"),
        "template tags without a Markdown equivalent were removed",
        20,
    ),
)
"""Patterns of messages; the message that replaces many of them; and how many examples it has."""
_REMEDY = "import their episodes, import a transcript with --episode ID, or add the texts to notes and delete the file"


class Write(NamedTuple):
    """A file that an import changes."""

    path: str
    before: bytes | None  # the old content; it isn't known for files in `.mlguide`
    after: bytes | None  # None removes the file


class Promotion(NamedTuple):
    """Promotional text that an import removed from a series."""

    series: str
    pattern: str
    episodes: int  # the number of episodes that contained the text


class Matched(NamedTuple):
    """A text or file that was matched with an episode."""

    id: str
    source: str
    line: int
    kind: str  # `teaser`, `notes`, `transcript` or `chapters`
    by: str  # the reason for the match: `title`, `text` or `name`
    text: str = ""  # "" for a file


class PendingText(NamedTuple):
    """A text or file that matches no episode yet."""

    path: str  # the path of the source's copy
    line: int
    kind: str
    text: str  # the text, or the name of the file


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The results of an import or a dry run. Ids are sorted."""

    formats: Mapping[str, str]  # the format of each source
    signs: Mapping[str, str]  # why this format was detected
    contents: Mapping[str, str]  # the contents of each source, such as `3 episodes`
    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: Mapping[str, tuple[str, ...]]  # the edited fields (and `body`) of each episode that were kept
    gone: tuple[str, ...]  # imported episodes that a person deleted
    absent: tuple[str, ...]  # episodes that disappeared from a feed
    new_series: tuple[str, ...]
    cut: tuple[str, ...]  # episodes with incomplete notes
    missing: Mapping[str, tuple[int, ...]]  # the missing episode numbers of each series
    promotion: tuple[Promotion, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]  # includes the errors of skipped sources
    new_entries: tuple[str, ...]  # new knowledge entries, each as `kind slug`
    changed_entries: tuple[str, ...]
    assets: tuple[str, ...]  # the paths of new files beside notes
    uncertain: Mapping[str, int]  # the number of uncertain places in each episode
    matched: tuple[Matched, ...]
    pending: tuple[PendingText, ...]
    writes: tuple[Write, ...]
    dry_run: bool = False

    @property
    def is_pending(self) -> bool:
        """True if everything that the import read is pending."""
        return bool(self.pending) and not any((self.new, self.changed, self.unchanged, self.new_entries, self.assets))


def report_lines(report: ImportReport, diff: bool = False) -> list[str]:
    """Return the report as lines of text, with shortened lists. `diff` adds the changes in each file."""
    lines = []
    for source, format in report.formats.items():
        signs = f", because {report.signs[source]}" if source in report.signs else ""
        lines.append(f"{source}: read as {format}{signs}: {report.contents[source]}")
    lines += [f"new series: {', '.join(report.new_series)}"] if report.new_series else []
    for label, ids in (("new", report.new), ("changed", report.changed)):
        lines += [f"{label}: {counted(len(ids), 'episode')}: {shortened(ids)}"] if ids else []
    for label, names in (("new", report.new_entries), ("updated", report.changed_entries)):
        for kind, group in groupby(sorted(names), key=lambda name: name.partition(" ")[0]):
            slugs = [name.partition(" ")[2] for name in group]
            lines.append(f"{label}: {counted(len(slugs), kind)}: {shortened(slugs)}")
    if report.assets:
        lines.append(f"files in episode folders: {len(report.assets)}: {shortened(report.assets)}")
    if not report.writes:
        lines.append("nothing changed" + f" ({counted(len(report.unchanged), 'episode')})" * bool(report.unchanged))
    elif report.unchanged:
        lines.append(f"unchanged: {counted(len(report.unchanged), 'episode')}")
    lines += [f"kept as edited: {id}: {', '.join(names)}" for id, names in report.kept.items()]
    if report.gone:
        remedy = f"; to import one again, remove its file {FOLDER}/ID.json"
        lines.append(f"deleted by hand, not imported again: {shortened(report.gone)}{remedy}")
    lines += [f"truncated in the source: {shortened(report.cut)}"] if report.cut else []
    for series, numbers in report.missing.items():
        lines.append(f"missing in {series}: {shortened([f'{number:03}' for number in numbers])}")
    if report.uncertain:
        places, episodes = counted(sum(report.uncertain.values()), "place"), counted(len(report.uncertain), "episode")
        lines.append(f"uncertain structure: {places} in {episodes}; mlguide check lists them")
    for one in report.matched:
        place = f"{one.kind} of {one.source}" + (f" (line {one.line})" if one.text else "")
        lines.append(f"matched: {one.id}: {place}, by its {'words' if one.by == 'text' else one.by}")
    lines += ["no episode was imported: all texts are pending"] if report.is_pending else []
    is_new = {write.path for write in report.writes}
    for path, held in groupby(report.pending, key=lambda one: one.path):
        texts = [f"  line {one.line}, {one.kind}: {shorten(one.text, BEGINNING, placeholder=' …')}" for one in held]
        lines.append(f"pending in {path}: {counted(len(texts), 'text')} without an episode; {_REMEDY}")
        lines += texts if path in is_new else []
    for cut in report.promotion:
        lines.append(f"promotional text removed from {counted(cut.episodes, 'episode')} of {cut.series}: {cut.pattern}")
    for conflict in report.conflicts:
        lines.append(f"{conflict.path}:{conflict.line}: the file and the source differ; your text is kept")
        lines += [f"  file:   {line}" for line in conflict.file if line.strip()]
        lines += [f"  source: {line}" for line in conflict.source if line.strip()]
    for write in report.writes if diff else ():
        lines += _difference(write)
    if report.dry_run:
        would = f"; {counted(len(report.writes), 'file')} would change" if report.writes else ""
        lines.append(f"nothing was written{would}")
    return [visible(line) for line in lines]


def grouped(problems: Sequence[Problem]) -> list[Problem]:
    """Join the problems of missing files into one problem if there are more than `MAX_SIMILAR`, and likewise the
    problems of files that aren't published, and of removed template tags."""
    result = list(problems)
    for pattern, message, examples in _SIMILAR:
        names = {problem: found[1] for problem in problems if (found := pattern.fullmatch(problem.message))}
        if len(names) > MAX_SIMILAR:
            first, some = next(iter(names)), list(dict.fromkeys(names.values()))
            shown = ", ".join(shorten(name, MAX_EXAMPLE, placeholder=" …") for name in some[:examples])
            more = f" and {len(some) - examples} more" if len(some) > examples else ""
            whole = f"{message.format(len(some))} (--verbose lists them): {shown}{more}"
            joined = replace(first, message=whole, remedy=first.remedy.replace("the file", "each file"))
            result = [joined if one is first else one for one in result if one is first or one not in names]
    return result


def is_beside_note(path: str) -> bool:
    """Return whether a file, such as a transcript or an image, belongs to a note."""
    return path.startswith("episodes/") and not path.endswith(".md")


def _difference(write: Write) -> Iterator[str]:
    if write.path.startswith("."):
        return
    if write.after is None:
        yield f"--- {write.path}"
    elif b"\x00" in write.after or is_beside_note(write.path):
        yield f"+++ {write.path} ({len(write.after):,} bytes)"
    else:
        before, after = ((data or b"").decode("utf-8", "replace").splitlines() for data in (write.before, write.after))
        old = write.path if write.before is not None else "/dev/null"
        yield from difflib.unified_diff(before, after, old, write.path, lineterm="")


def report_values(report: ImportReport) -> dict[str, Any]:
    """Return the report as plain values, ready for JSON."""
    values = {name: getattr(report, name) for name in report.__slots__}
    written = [write.path for write in values.pop("writes")]
    return {"written": written, **{name: _plain(value) for name, value in values.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, Problem):
        return value.values()
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(map(_plain, value)) if isinstance(value, tuple) else value
