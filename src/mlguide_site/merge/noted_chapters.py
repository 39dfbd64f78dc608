"""Chapters of episodes whose notes list times from the beginning on, and which have no chapters of their own. Pure.

They are made from the note as an import leaves it, whichever source told the times: so the order of sources makes no
difference. A file of chapters that a source or a person gave is never touched; one that was made so follows the note.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, groupby
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from mlguide_site.content.transcripts import MAX_TITLE, Chapter, chapters_text
from mlguide_site.merge.base import data_hash
from mlguide_site.merge.merge import read_note
from mlguide_site.model.base import parse_duration
from mlguide_site.recovery.notes import plain
from mlguide_site.recovery.times import FEWEST, NEARLY, time_lists, title_of

SUFFIX = ".chapters.json"
MAX_CHAPTERS = 1_000
_ITEM = re.compile(r"[ \t]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]+(?P<text>\S.*)")
_TIMES = re.compile(r"\d:[0-5]\d")


class Told(NamedTuple):
    """A note of this import: its path, its text before (None: it is new) and after."""

    path: str
    before: str | None
    after: str


def lists_times(text: str) -> bool:
    """Whether a note may list times at all."""
    return len(_TIMES.findall(text)) >= FEWEST


def make_chapters(
    notes: Iterable[Told], present: Mapping[str, str], written: Mapping[str, str], given: Iterable[str]
) -> dict[str, bytes]:
    """The files of chapters to write, by path. `present` tells the hash of each file that is there, `written` of each
    that an import wrote, `given` the ids of the episodes of which sources of this import give chapters.

    >>> note = "---\\nid: a-001\\ntitle: A\\n---\\n- 0:00 Opening\\n- 4:30 Looms\\n- 9:00 Questions\\n"
    >>> list(make_chapters([Told("episodes/a/a-001.md", None, note)], {}, {}, ()))
    ['episodes/a/a-001.chapters.json']
    """
    taken = frozenset(given)
    found: dict[str, bytes] = {}
    for note in notes:
        path = note.path.removesuffix(".md") + SUFFIX
        id = PurePosixPath(note.path).stem
        data = None if id in taken else _file(note.after, note.path)
        if data is None or present.get(path) == data_hash(data):
            continue
        old = _file(note.before, note.path) if path in present and note.before is not None else None
        made = old is not None and present[path] == written.get(path) == data_hash(old)
        if made or (path not in present and path not in written):
            found[path] = data
    return found


def _file(text: str, path: str) -> bytes | None:
    """The chapters that a note's list of times tells, as a file; None where there is none, or more than one."""
    if not lists_times(text):
        return None
    front, body, _ = read_note(text, path)
    if front.get("chapters"):
        return None
    lists = [chapters for chapters in _lists(body, _length(front.get("duration"))) if chapters]
    return chapters_text(lists[0]).encode() if len(lists) == 1 else None


def _length(value: Any) -> int | None:
    try:
        return parse_duration(str(value)) if value else None
    except ValueError:
        return None


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
