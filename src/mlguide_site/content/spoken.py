"""What was said when, of every episode that has a file for it: transcripts and chapters beside the notes.

`episodes/<series>/<id>.vtt`, `.srt` or `.json` is the transcript of that episode (the first of them that is there),
`<id>.chapters.json` its chapters. What can't be read in them is a warning with its place; the rest is used.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mlguide_site.content.transcripts import (
    Chapter,
    Note,
    Transcript,
    load_json,
    place_notes,
    read_chapters,
    read_json,
    read_timed,
)
from mlguide_site.errors import Problem, Severity, Span

SUFFIXES = (".vtt", ".srt", ".json")
"""Those of transcripts, the one preferred first."""
CHAPTERS = ".chapters.json"
MAX_FILE = 16 * 1024 * 1024
"""Bytes that a file may have."""
REMEDY = "mend that place; what can be read is used"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Transcripts and chapters by id of episode, and what was wrong with their files."""

    transcripts: Mapping[str, Transcript]
    chapters: Mapping[str, tuple[Chapter, ...]]
    problems: tuple[Problem, ...]


def is_spoken(path: str) -> bool:
    """Whether a file may be a transcript or chapters by its path alone.

    >>> is_spoken("episodes/a/a-001.vtt"), is_spoken("episodes/a/a-001/data.json"), is_spoken("episodes/a/a-001.mp3")
    (True, False, False)
    """
    return path.count("/") == 2 and path.endswith(SUFFIXES)


def read_spoken(files: Mapping[str, bytes], episodes: Iterable[tuple[str, str]]) -> Spoken:
    """The transcripts and chapters of `episodes`, pairs of series and id, from the bytes of files by path."""
    transcripts: dict[str, Transcript] = {}
    chapters: dict[str, tuple[Chapter, ...]] = {}
    problems: list[Problem] = []
    for series, id in episodes:
        stem = f"episodes/{series}/{id}"
        path = next((stem + suffix for suffix in SUFFIXES if stem + suffix in files), "")
        if path and (read := _read(path, files[path], problems, _transcript(path))):
            transcripts[id] = read
        path = stem + CHAPTERS
        if path in files and (found := _read(path, files[path], problems, _chapters)):
            chapters[id] = found
    return Spoken(MappingProxyType(transcripts), MappingProxyType(chapters), tuple(sorted(set(problems))))


def _read(path: str, data: bytes, problems: list[Problem], read: Callable[[str], tuple[Any, list[Note]] | None]) -> Any:
    """What a file says, or None; problems are added."""
    if len(data) > MAX_FILE:
        message = f"more than {MAX_FILE // 1024 // 1024} MiB"
        problems.append(Problem(path, Span(), message, "shorten the file", Severity.WARNING))
        return None
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(path, Span(line), "this is not UTF-8", "save the file as UTF-8", Severity.WARNING))
        return None
    result = read(text)
    if result is None:
        message = "this is neither a transcript nor chapters"
        remedy = "see the Podcasting 2.0 namespace for their form, or give the file another name"
        problems.append(Problem(path, Span(), message, remedy, Severity.WARNING))
        return None
    found, notes = result
    problems += [Problem(path, Span(note.line, note.column), note.message, REMEDY, Severity.WARNING) for note in notes]
    return found


def _transcript(path: str) -> Callable[[str], tuple[Any, list[Note]] | None]:
    return _json if path.endswith(".json") else read_timed


def _json(text: str) -> tuple[Any, list[Note]] | None:
    found = read_json(load_json(text))
    return found and (found[0], place_notes(found[1], text, "segments"))


def _chapters(text: str) -> tuple[Any, list[Note]] | None:
    found = read_chapters(load_json(text))
    return found and (found[0], place_notes(found[1], text, "chapters"))
