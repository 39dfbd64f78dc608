"""Files beside notes, such as transcripts and chapters: which episode each is of, and what is to be written.

Chapters are also made from a note that lists times from the beginning on. A file of chapters that a source or a person
gave is never changed; one that was made here follows the note.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from mlguide_site.content.transcripts import MAX_TITLE, chapters_text
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import FileDraft
from mlguide_site.merge.drafts import Read
from mlguide_site.merge.episodes import Files
from mlguide_site.merge.match_episodes import Known, plain_title
from mlguide_site.merge.records import FILES_PATH, digest
from mlguide_site.merge.sources import KINDS, Matched, Queue
from mlguide_site.merge.three_way import read_note
from mlguide_site.model.slugs import parse_id
from mlguide_site.model.transcript import Chapter, read_time
from mlguide_site.recovery.markdown import plain

CHAPTERS = ".chapters.json"
FEWEST, MAX_CHAPTERS = 3, 1_000
"""How many times make a list of chapters, and how many are too many."""
NEARLY = 60
"""A list of chapters begins in the first minute."""
_CLOCK = r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d"
_TIMES = re.compile(r"\d:[0-5]\d")
_ITEM = re.compile(r"[ \t]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]+(\S.*)")
_TIME = re.compile(
    rf"[\[(]?(?P<start>{_CLOCK})(?:\s?[-–—]\s?{_CLOCK})?[\])]?\s{{0,9}}[-–—:|]?\s{{0,9}}(?P<title>[^\s:].*)"
)


class Sidecars:
    """The files beside notes while an import adds to them. `written` has by path the hash of each that an import wrote,
    `given` the ids of episodes whose chapters a source gave."""

    def __init__(self, files: Files, written: Mapping[str, str]) -> None:
        self.files, self.written = files, dict(written)
        self.given: set[str] = set()
        self.problems: list[Problem] = []
        self._done: dict[str, str] = {}

    def place(self, source: str, draft: FileDraft, episode: Known) -> bool:
        """Write a file beside its episode's note, unless another source of the import or a person has."""
        path = f"episodes/{episode.series}/{episode.id}{draft.suffix}"
        own = digest(draft.data)
        if self._done.setdefault(path, own) != own:
            message = f"{path} has another source in this import, which counts"
            remedy = f"import one of the two; remove {source} if it is pending"
            self.problems.append(Problem(source, Span(), message, remedy, Severity.WARNING))
            return False
        if self.files.follow(path, draft.data, self.written.get(path)):
            self.written[path] = own
            self.given |= {episode.id} if draft.suffix == CHAPTERS else set()
            return True
        message, remedy = "this file was written by hand and stays", "remove it to have the source's"
        if self.files.hash(path) is None:
            message = "this file was deleted by hand; it isn't written again"
            remedy = f"remove its line in {FILES_PATH} to have the source's"
        self.problems.append(Problem(path, Span(), message, remedy, Severity.HINT))
        return False

    def make_chapters(self, path: str, before: str | None, after: str) -> None:
        """Write the chapters that a note lists, unless a person or a source gave others. `path` is the note's, `before`
        its text before the import (None: it is new), `after` its text now.

        A file counts as made here if its bytes are what the note gave before, whether an import recorded it or not.
        """
        place, id = path.removesuffix(".md") + CHAPTERS, PurePosixPath(path).stem
        data = note_chapters(after, path)
        now = self.files.hash(place)
        if data is None or id in self.given or now == digest(data) or (now is None and place in self.written):
            return
        old = note_chapters(before, path) if now and before is not None else None
        if self.files.follow(place, data, digest(old) if old is not None else None):
            self.written[place] = digest(data)
            message, remedy = (
                "these chapters are made from the times in the notes",
                "a file of your own in its place stays",
            )
            self.problems.append(Problem(place, Span(), message, f"nothing to do; {remedy}", Severity.HINT))


def place_files(
    reads: Iterable[Read], chosen: str, episodes: Sequence[Known], sidecars: Sidecars, queue: Queue
) -> None:
    """Put the files of each source beside the notes of their episodes, or keep the source in the queue. `chosen` is the
    id of the episode that a person gave, "" for none; what comes with episodes of its own belongs to these.

    A file that an import wrote and nobody changed follows its source, and one whose bytes are the source's counts as
    written by an import; one that a person wrote, changed or removed stays so. Of two sources for one file the first
    counts; if the other is pending, it stays pending.
    """
    index = defaultdict[object, list[Known]](list)
    for known in episodes:
        for key in (known.id, (known.series, known.number)):
            index[key].append(known)
    for read in reads:
        left, is_pending = [], read.loaded.is_pending
        for draft in read.files:
            kind = KINDS[draft.suffix]
            # a feed may have a file for each of thousands of episodes
            is_numbered = draft.series and draft.number is not None
            likely = index[draft.series, draft.number] if is_numbered else index.get(draft.title) or episodes
            is_chosen = chosen and not read.drafts and not is_pending
            episode = next(iter(index[chosen]), None) if is_chosen else find_episode(draft, likely)
            is_placed = episode is not None and sidecars.place(read.name, draft, episode)
            if episode is None or (is_pending and not is_placed):
                left.append((1, kind, draft.name))
            elif is_pending:
                queue.matched.append(Matched(episode.id, read.name, 1, kind, "name"))
        if read.files and read.loaded.key:
            queue.update(read.loaded, left)


def find_episode(draft: FileDraft, episodes: Sequence[Known]) -> Known | None:
    """The episode that a file's name means: by series and number, else by id, else by title; None where there is none,
    or more than one."""
    found = [one for one in episodes if not draft.series or one.series == draft.series]
    if draft.number is not None:
        found = _of_season([one for one in found if one.number == draft.number], draft.season)
    if draft.number is None or len(found) > 1:
        # several series may have that number: the title tells which
        slug, title = re.sub(r"[\s_]+", "-", draft.title.casefold()), plain_title(draft.title)
        same = [one for one in found if one.id == slug]
        found = same or [one for one in found if title and plain_title(one.title) == title]
    return found[0] if len(found) == 1 else None


def _of_season(episodes: Sequence[Known], season: int | None) -> list[Known]:
    """Those of a season among episodes of one number. A file without a season means an id without; a file with one
    means an episode of that season, else one whose season is unknown."""
    if season is None:
        return [one for one in episodes if (key := parse_id(one.series, one.id)) and key.season is None]
    return [one for one in episodes if one.season == season] or [one for one in episodes if one.season is None]


def note_chapters(text: str, path: str) -> bytes | None:
    """The chapters that a note's list of times gives, as a file; None where there is no such list, or more than one.

    >>> note = "---\\nid: a-001\\ntitle: A\\n---\\n- 0:00 Opening\\n- 4:30 Looms\\n- 9:00 Questions\\n"
    >>> (note_chapters(note, "a-001.md") or b"").count(b"startTime")
    3
    """
    if len(_TIMES.findall(text)) < FEWEST:
        return None
    front, body, _ = read_note(text, path)
    found = []
    for is_item, items in groupby(map(_ITEM.match, body.split("\n")), key=bool):
        rows = [_TIME.fullmatch(plain(item[1].removesuffix("\\")).strip()) for item in items if item] if is_item else []
        starts = [int(read_time(row["start"]) or 0) for row in rows if row]
        # every item of the list begins with a time, the first in the first minute, each later than the one before
        is_rising = starts == sorted(set(starts)) and FEWEST <= len(rows) == len(starts) <= MAX_CHAPTERS
        if is_rising and starts[0] < NEARLY:
            titles = (row["title"][:MAX_TITLE].strip() for row in rows if row)
            found.append([Chapter(start, None, title) for start, title in zip(starts, titles, strict=True)])
    return chapters_text(found[0]).encode() if len(found) == 1 and not front.get("chapters") else None
