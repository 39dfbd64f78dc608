"""Chapters of episodes whose notes list times from the beginning on, and which have no chapters of their own.

They are made from the note as an import leaves it, so that the order of sources makes no difference. A file of chapters
that a source or a person gave is never changed; one that was made here follows the note.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import accumulate, groupby
from pathlib import PurePosixPath
from typing import NamedTuple

from mlguide_site.content.transcripts.json_files import MAX_TITLE, chapters_text
from mlguide_site.merge.merging import read_note
from mlguide_site.merge.records import data_hash
from mlguide_site.merge.sidecars import CHAPTERS
from mlguide_site.model.base import parse_duration
from mlguide_site.model.transcript import Chapter
from mlguide_site.recovery.notes import plain
from mlguide_site.recovery.times import FEWEST, NEARLY, time_lists, title_of

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
