"""Files beside notes: transcripts and chapters. Which episode each is of, and what is to be written.

Chapters are also made for episodes whose notes list times from the beginning on, from the note as an import leaves it:
the order of sources makes no difference. A file of chapters that a source or a person gave is never changed; one that
was made here follows the note.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from pathlib import PurePosixPath
from typing import NamedTuple

from rapidfuzz import fuzz

from mlguide_site.content.transcripts.json_files import MAX_TITLE, chapters_text
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import FileDraft, KnownSeries
from mlguide_site.importers.common.file_names import name_file
from mlguide_site.merge.episodes import Write
from mlguide_site.merge.matching import Known
from mlguide_site.merge.merging import read_note
from mlguide_site.merge.pending import FOLDER, Pending, dump_file, file_name
from mlguide_site.merge.records import data_hash
from mlguide_site.merge.unmatched import Held, Matched, deleted_problem
from mlguide_site.model.base import parse_duration
from mlguide_site.model.slugs import parse_id
from mlguide_site.model.transcript import Chapter
from mlguide_site.recovery.notes import plain
from mlguide_site.recovery.times import FEWEST, NEARLY, time_lists, title_of

CHAPTERS = ".chapters.json"
KINDS = {".vtt": "transcript", CHAPTERS: "chapters"}
MIN_LIKENESS = 88
"""How similar to a title the name of a source must be, of 100 (both with their words sorted)."""
MIN_LEAD = 5
"""By how much the most similar title must lead the next."""


class Incoming(NamedTuple):
    """A file that needs its episode: the name of its source, or of the file in which it is pending; the draft; the id
    of the episode that a person gave, "" for none; the name to hold it under, and whether it is pending already."""

    source: str
    draft: FileDraft
    chosen: str
    name: str
    pending: bool = False


class Sidecars(NamedTuple):
    """The files to write by path, the hashes of what imports have written, problems; and by the place of each incoming
    file the id of the episode that took it, "" where none did, nothing where it is not needed."""

    writes: Mapping[str, bytes]
    written: Mapping[str, str]
    problems: tuple[Problem, ...]
    taken: Mapping[int, str]


def incoming(
    files: Iterable[tuple[str, FileDraft, str]], pending: Pending, series: Mapping[str, KnownSeries]
) -> list[Incoming]:
    """All files that need an episode: those of the sources (name, draft, id that a person gave), then pending ones. A
    source's file that is pending already counts as that."""
    found = [Incoming(source, draft, chosen, file_name(draft)) for source, draft, chosen in files]
    found = [one for one in found if one.chosen or one.name not in pending.files]
    names = {one.name for one in found}
    for name, file in sorted(pending.files.items()):
        if name not in names:
            draft = name_file(file.draft.suffix, file.draft.data, file.draft.name, file.draft.given, series)
            found.append(Incoming(f"{FOLDER}/{name}.yml", draft, file.given, name, True))
    return found


def place_files(
    files: Sequence[Incoming], episodes: Sequence[Known], present: Mapping[str, str], written: Mapping[str, str]
) -> Sidecars:
    """What becomes of files. `present` has the hash of each file that exists, `written` of each that an import wrote,
    both by path.

    A file that an import wrote and nobody changed follows its source, and one whose bytes are the source's counts as
    written by an import; one that a person wrote, changed or removed stays so. Of two sources for one file the first
    counts; if the other is pending, it stays pending.
    """
    writes: dict[str, bytes] = {}
    record = dict(written)
    problems: list[Problem] = []
    done: dict[str, str] = {}
    taken: dict[int, str] = {}
    by_id = {one.id: one for one in reversed(episodes)}
    numbered: dict[tuple[str, int | None], list[Known]] = {}
    for one in episodes:
        numbered.setdefault((one.series, one.number), []).append(one)
    for at, (source, draft, chosen, _, pending) in enumerate(files):
        likely: Sequence[Known] = episodes
        if draft.series and draft.number is not None:
            # a feed may have a file for each of thousands of episodes
            likely = numbered.get((draft.series, draft.number), ())
        elif draft.number is None and (same := by_id.get(draft.title)) and draft.series in {"", same.series}:
            likely = [same]
        episode = by_id.get(chosen) if chosen else find_episode(draft, likely)
        if episode is None:
            taken[at] = ""
            if chosen:
                remedy = "write the id of an existing one"
                problems.append(Problem(source, Span(), f'no episode "{chosen}"', remedy, Severity.WARNING))
            continue
        path = f"episodes/{episode.series}/{episode.id}{draft.suffix}"
        own, now, then = data_hash(draft.data), present.get(path), written.get(path)
        if done.get(path, own) != own:
            message = f"{path} has another source in this import, which counts"
            remedy = f"remove {source}, or the other" if pending else "import one of the two"
            problems.append(Problem(source, Span(), message, remedy, Severity.WARNING))
            taken |= {at: ""} if pending else {}
        elif path in done or now in (own, then):
            if path not in done and now != own:
                writes[path] = draft.data
            record[path] = done[path] = own
            taken[at] = episode.id
        else:
            done[path] = own
            message = "this file was written by hand and stays"
            remedy = "remove it to have the source's"
            if now is None:
                message = "this file was deleted by hand; it isn't written again"
                remedy = "remove its line in .mlguide/imported/files.json to have the source's"
            problems.append(Problem(path, Span(), message, remedy, Severity.HINT))
            taken |= {at: ""} if pending else {}
    return Sidecars(writes, dict(sorted(record.items())), tuple(problems), taken)


def find_episode(draft: FileDraft, episodes: Sequence[Known]) -> Known | None:
    """The episode that a file's name means: by id, else by series and number, else by a similar title; None where there
    is none, or more than one."""
    mine = [one for one in episodes if not draft.series or one.series == draft.series]
    if draft.number is not None:
        found = _of_season([one for one in mine if one.number == draft.number], draft.season)
        if len(found) == 1:
            return found[0]
        # several series have that number: the title tells which
        mine = found
    slug = re.sub(r"[\s_]+", "-", draft.title.casefold())
    if draft.number is None and (same := [one for one in mine if one.id == slug]):
        return same[0]
    title = _words(draft.title)
    scores = sorted(((fuzz.token_sort_ratio(title, _words(one.title)), one.id) for one in mine), reverse=True)
    if not draft.title or not scores or scores[0][0] < MIN_LIKENESS:
        return None
    if len(scores) > 1 and scores[0][0] - scores[1][0] < MIN_LEAD:
        return None
    return next(one for one in mine if one.id == scores[0][1])


def _of_season(episodes: Sequence[Known], season: int | None) -> list[Known]:
    """Those of a season among episodes of one number. A file without a season means an id without; a file with one
    means an episode of that season, else one whose season is unknown."""
    if season is None:
        return [one for one in episodes if (key := parse_id(one.series, one.id)) and key.season is None]
    return [one for one in episodes if one.season == season] or [one for one in episodes if one.season is None]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def matched_files(files: Sequence[Incoming], taken: Mapping[int, str]) -> list[Matched]:
    """The pending files that an episode took."""
    return [
        Matched(id, files[at].source, 1, KINDS[files[at].draft.suffix], "hand" if files[at].chosen else "name")
        for at, id in sorted(taken.items())
        if id and files[at].pending
    ]


def hold_files(
    files: Sequence[Incoming], taken: Mapping[int, str], pending: Pending
) -> tuple[list[Write], list[Held], list[Problem]]:
    """Files to write and remove in `.mlguide/pending/`, what is held, and hints about what a person deleted there."""
    writes: dict[str, Write] = {}
    held: list[Held] = []
    problems: list[Problem] = []
    for at, id in sorted(taken.items()):
        one = files[at]
        path, data = f"{FOLDER}/{one.name}.yml", f"{FOLDER}/{one.name}{one.draft.suffix}"
        file, is_known = pending.files.get(one.name), one.name in pending.written
        if id:
            if file is not None or is_known:
                writes[path] = Write(path, file.text.encode() if file else None, None)
                writes[data] = Write(data, file.draft.data if file else None, None)
            continue
        if file is None and is_known:
            problems.append(deleted_problem(path, "what no episode took"))
            path = ""
        elif file is None:
            writes[data] = Write(data, None, one.draft.data)
            writes[path] = Write(path, None, dump_file(one.draft).encode())
        held.append(Held(path, 1, KINDS[one.draft.suffix], one.draft.name))
    return list(writes.values()), held, problems


MAX_CHAPTERS = 1_000
_ITEM = re.compile(r"[ \t]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]+(?P<text>\S.*)")
_TIMES = re.compile(r"\d:[0-5]\d")


class NoteChange(NamedTuple):
    """A note of this import: its path, its text before (None: it is new) and after."""

    path: str
    before: str | None
    after: str


def make_chapters(
    notes: Iterable[NoteChange], present: Mapping[str, str], written: Mapping[str, str], given: Collection[str]
) -> dict[str, bytes]:
    """The files of chapters to write, by path. `present` has the hash of each file that exists, `written` of each that
    an import wrote, `given` the ids of the episodes for which sources of this import have chapters.

    >>> note = "---\\nid: a-001\\ntitle: A\\n---\\n- 0:00 Opening\\n- 4:30 Looms\\n- 9:00 Questions\\n"
    >>> list(make_chapters([NoteChange("episodes/a/a-001.md", None, note)], {}, {}, ()))
    ['episodes/a/a-001.chapters.json']
    """
    found: dict[str, bytes] = {}
    for note in notes:
        path = note.path.removesuffix(".md") + CHAPTERS
        data = None if PurePosixPath(note.path).stem in given else _file(note.after, note.path)
        if data is None or present.get(path) == data_hash(data):
            continue
        old = _file(note.before, note.path) if path in present and note.before is not None else None
        is_ours = old is not None and present[path] == written.get(path) == data_hash(old)
        if is_ours or (path not in present and path not in written):
            found[path] = data
    return found


def _file(text: str, path: str) -> bytes | None:
    """The chapters that a note's list of times gives, as a file; None where there is no such list, or more than one."""
    if len(_TIMES.findall(text)) < FEWEST:
        return None
    front, body, _ = read_note(text, path)
    if front.get("chapters"):
        return None
    try:
        length = parse_duration(str(front["duration"])) if front.get("duration") else None
    except ValueError:
        length = None
    lists = [chapters for chapters in _lists(body, length) if chapters]
    return chapters_text(lists[0]).encode() if len(lists) == 1 else None


def _lists(body: str, length: int | None) -> Iterator[list[Chapter]]:
    """The chapters of each list of a body whose items begin with times from zero up to the episode's length."""
    rows = (_ITEM.match(line) for line in body.split("\n"))
    for is_item, group in groupby(rows, key=bool):
        if is_item:
            yield _chapters([plain(row["text"].removesuffix("\\")).split() for row in group if row], length)


def _chapters(rows: list[list[str]], length: int | None) -> list[Chapter]:
    starts = list(accumulate(map(len, rows), initial=0))
    begins = frozenset(starts)
    words = [word for row in rows for word in row]
    for one in time_lists(words, begins):
        entries = one.entries
        ends = [starts[bisect_right(starts, entry.start)] for entry in entries]
        chapters = [
            Chapter(
                float(entry.second),
                float(entry.until) if entry.until > entry.second else None,
                title_of(words, entry, end)[:MAX_TITLE].strip(),
            )
            for entry, end in zip(entries, ends, strict=True)
        ]
        whole = len(entries) <= MAX_CHAPTERS and all(entry.start in begins for entry in entries)
        fits = entries[0].second < NEARLY and (length is None or entries[-1].second < length)
        if whole and fits and all(chapter.title for chapter in chapters):
            return chapters
    return []
