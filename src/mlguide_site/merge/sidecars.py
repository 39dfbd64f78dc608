"""Files beside notes, such as transcripts and chapters: which episode each is of, and what is to be written.

Chapters are also made from a note that lists times from the beginning on. A file of chapters that a source or a person
gave is never changed; one that was made here follows the note.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from pathlib import PurePosixPath
from typing import NamedTuple

from rapidfuzz import fuzz

from mlguide_site.content.transcripts.json_files import MAX_TITLE, chapters_text
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import FileDraft, KnownSeries
from mlguide_site.importers.common.titles import name_file
from mlguide_site.merge.matching import Known
from mlguide_site.merge.merging import read_note
from mlguide_site.merge.pending import FOLDER, KINDS, Held, Matched, Pending, Queue, dump_file, file_name
from mlguide_site.merge.records import FILES_PATH, digest
from mlguide_site.model.base import parse_duration
from mlguide_site.model.slugs import parse_id
from mlguide_site.model.transcript import Chapter
from mlguide_site.recovery.lessons import plain

CHAPTERS = ".chapters.json"
MIN_LIKENESS = 88
"""How similar to a title the name of a source must be, of 100 (both with their words sorted)."""
MIN_LEAD = 5
"""By how much the most similar title must lead the next."""
FEWEST, MAX_CHAPTERS = 3, 1_000
"""How many times make a list of chapters, and how many are too many."""
NEARLY = 60
"""A list of chapters begins in the first minute."""
_CLOCK = r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d"
_TIMES = re.compile(r"\d:[0-5]\d")
_ITEM = re.compile(r"[ \t]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]+(\S.*)")
_TIME = re.compile(
    rf"[\[(]?(?P<start>{_CLOCK})(?:\s?[-–—]\s?(?P<end>{_CLOCK}))?[\])]?\s{{0,9}}[-–—:|]?\s{{0,9}}(?P<title>[^\s:].*)"
)


class Incoming(NamedTuple):
    """A file that needs its episode: the name of its source, or of the file in which it is pending; the draft; the id
    of the episode that a person gave, "" for none; the name to hold it under, and whether it is pending already."""

    source: str
    draft: FileDraft
    chosen: str
    name: str
    pending: bool = False


@dataclass
class Sidecars:
    """The files beside notes while an import adds to them. `present` has the hash of each file that exists, `written`
    of each that an import wrote, both by path; `writes` are the files to write, `given` the ids of episodes whose
    chapters a source gave."""

    present: Mapping[str, str]
    written: dict[str, str]
    writes: dict[str, bytes] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def write(self, path: str, data: bytes) -> None:
        own = digest(data)
        if self.present.get(path) != own:
            self.writes[path] = data
        self.written[path] = own


def incoming(
    files: Iterable[tuple[str, FileDraft, str]], pending: Pending, series: Mapping[str, KnownSeries]
) -> list[Incoming]:
    """All files that need an episode: those of the sources (name, draft, id that a person gave), then pending ones. A
    source's file that is pending already counts as that."""
    found = [Incoming(source, draft, chosen, file_name(draft)) for source, draft, chosen in files]
    found = [one for one in found if one.chosen or one.name not in pending.files]
    names = {one.name for one in found}
    for name, (file, data) in sorted(pending.files.items()):
        if name not in names:
            draft = name_file(file.suffix, data, file.name, file.series or "", series)
            found.append(Incoming(f"{FOLDER}/{name}.yml", draft, file.episode or "", name, True))
    return found


def place_files(files: Sequence[Incoming], episodes: Sequence[Known], sidecars: Sidecars, queue: Queue) -> None:
    """Put each file beside the note of its episode, or hold it in the queue.

    A file that an import wrote and nobody changed follows its source, and one whose bytes are the source's counts as
    written by an import; one that a person wrote, changed or removed stays so. Of two sources for one file the first
    counts; if the other is pending, it stays pending.
    """
    by_id = {one.id: one for one in reversed(episodes)}
    numbered: dict[tuple[str, int | None], list[Known]] = {}
    for known in episodes:
        numbered.setdefault((known.series, known.number), []).append(known)
    done: dict[str, str] = {}
    for one in files:
        draft, kind = one.draft, KINDS[one.draft.suffix]
        likely: Sequence[Known] = episodes
        if draft.series and draft.number is not None:
            # a feed may have a file for each of thousands of episodes
            likely = numbered.get((draft.series, draft.number), ())
        elif draft.number is None and (same := by_id.get(draft.title)) and draft.series in {"", same.series}:
            likely = [same]
        episode = by_id.get(one.chosen) if one.chosen else find_episode(draft, likely)
        if episode is None and one.chosen:
            queue.unknown_episode(one.source, f'no episode "{one.chosen}"')
        if episode is not None and _place(one, episode, sidecars, done):
            queue.remove(one.name, ".yml", draft.suffix)
            if one.pending:
                queue.matched.append(Matched(episode.id, one.source, 1, kind, "hand" if one.chosen else "name"))
        elif episode is None or one.pending:
            texts = {} if one.pending else {".yml": dump_file(draft).encode(), draft.suffix: draft.data}
            queue.held.append(Held(queue.put(one.name, texts, "what no episode took"), 1, kind, draft.name))


def _place(one: Incoming, episode: Known, sidecars: Sidecars, done: dict[str, str]) -> bool:
    """Write a file beside its episode's note, unless another source or a person has. `done` has the hash of each file
    of this import by path."""
    path = f"episodes/{episode.series}/{episode.id}{one.draft.suffix}"
    own, now, then = digest(one.draft.data), sidecars.present.get(path), sidecars.written.get(path)
    if done.get(path, own) != own:
        message = f"{path} has another source in this import, which counts"
        remedy = f"remove {one.source}, or the other" if one.pending else "import one of the two"
        sidecars.problems.append(Problem(one.source, Span(), message, remedy, Severity.WARNING))
        return False
    if path in done:
        return True
    done[path] = own
    if now in (own, then):
        sidecars.write(path, one.draft.data)
        if one.draft.suffix == CHAPTERS:
            sidecars.given.add(episode.id)
        return True
    message, remedy = "this file was written by hand and stays", "remove it to have the source's"
    if now is None:
        message = "this file was deleted by hand; it isn't written again"
        remedy = f"remove its line in {FILES_PATH} to have the source's"
    sidecars.problems.append(Problem(path, Span(), message, remedy, Severity.HINT))
    return False


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
        if data is None or present.get(path) == digest(data):
            continue
        old = _file(note.before, note.path) if path in present and note.before is not None else None
        is_ours = old is not None and present[path] == written.get(path) == digest(old)
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
    lists = [chapters for chapters in _lists(body) if length is None or chapters[-1].start < length]
    return chapters_text(lists[0]).encode() if len(lists) == 1 else None


def _lists(body: str) -> Iterator[list[Chapter]]:
    """The chapters of each list of a body whose items all begin with times, from the first minute on and rising."""
    items = (_ITEM.match(line) for line in body.split("\n"))
    for is_item, group in groupby(items, key=bool):
        rows = [_TIME.fullmatch(plain(item[1].removesuffix("\\")).strip()) for item in group if item] if is_item else []
        chapters = [_chapter(row) for row in rows if row]
        starts = [chapter.start for chapter in chapters]
        if (
            FEWEST <= len(rows) == len(chapters) <= MAX_CHAPTERS
            and starts[0] < NEARLY
            and starts == sorted(set(starts))
        ):
            yield chapters


def _chapter(row: re.Match[str]) -> Chapter:
    start, end = (_seconds(row[name] or "0:00") for name in ("start", "end"))
    return Chapter(start, end if end > start else None, row["title"][:MAX_TITLE].strip())


def _seconds(clock: str) -> float:
    return reduce(lambda total, part: total * 60 + float(part), clock.split(":"), 0.0)
