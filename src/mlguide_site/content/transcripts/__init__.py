"""Transcripts and chapters of episodes: readers by suffix, and the files of a root.

`episodes/<series>/<id>.vtt`, `.srt` or `.json` is the transcript of that episode (the first that exists),
`<id>.chapters.json` its chapters. What can't be read in them is a warning with its place; the rest is used.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.content.transcripts.json_files import load_json, place_notes, read_chapters, read_json
from mlguide_site.content.transcripts.timed import read_timed
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.model.transcript import Chapter, Note, Transcript

MAX_FILE = 16 * 1024 * 1024
"""Bytes that a file may have."""
CHAPTERS = ".chapters.json"


class TranscriptFormat(NamedTuple):
    """A file format of transcripts: its media type, and its reader, which returns None for what isn't one."""

    media_type: str
    read: Callable[[str], tuple[Transcript, list[Note]] | None]


def _read_json(text: str) -> tuple[Transcript, list[Note]] | None:
    found = read_json(load_json(text))
    return found and (found[0], place_notes(found[1], text, "segments"))


def _read_chapters(text: str) -> tuple[tuple[Chapter, ...], list[Note]] | None:
    found = read_chapters(load_json(text))
    return found and (found[0], place_notes(found[1], text, "chapters"))


TRANSCRIPTS: Mapping[str, TranscriptFormat] = {
    ".vtt": TranscriptFormat("text/vtt", read_timed),
    ".srt": TranscriptFormat("application/x-subrip", read_timed),
    ".json": TranscriptFormat("application/json", _read_json),
}
"""The formats by suffix, the preferred one first."""


@dataclass(frozen=True, slots=True)
class RootTranscripts:
    """Transcripts and chapters by id of episode, and the problems of their files."""

    transcripts: Mapping[str, Transcript]
    chapters: Mapping[str, tuple[Chapter, ...]]
    problems: tuple[Problem, ...]


def may_be_transcript(path: str) -> bool:
    """Whether a file may be a transcript or chapters by its path.

    >>> [may_be_transcript(f"episodes/a/a-001{rest}") for rest in (".vtt", "/data.json", ".mp3")]
    [True, False, False]
    """
    return path.count("/") == 2 and path.endswith(tuple(TRANSCRIPTS))


def read_root_transcripts(files: Mapping[str, bytes], episodes: Iterable[tuple[str, str]]) -> RootTranscripts:
    """The transcripts and chapters of `episodes`, pairs of series and id, from the bytes of files by path."""
    transcripts: dict[str, Transcript] = {}
    chapters: dict[str, tuple[Chapter, ...]] = {}
    problems: list[Problem] = []
    for series, id in episodes:
        stem = f"episodes/{series}/{id}"
        suffix = next((suffix for suffix in TRANSCRIPTS if stem + suffix in files), "")
        if suffix and (found := _read(stem + suffix, files[stem + suffix], problems, TRANSCRIPTS[suffix].read)):
            transcripts[id] = found
        if stem + CHAPTERS in files and (
            found := _read(stem + CHAPTERS, files[stem + CHAPTERS], problems, _read_chapters)
        ):
            chapters[id] = found
    return RootTranscripts(MappingProxyType(transcripts), MappingProxyType(chapters), tuple(sorted(set(problems))))


def _read(path: str, data: bytes, problems: list[Problem], read: Callable[[str], tuple[Any, list[Note]] | None]) -> Any:
    """What a file contains, or None; problems are added."""

    def warn(place: Span, message: str, remedy: str) -> None:
        problems.append(Problem(path, place, message, remedy, Severity.WARNING))

    if len(data) > MAX_FILE:
        return warn(Span(), f"more than {MAX_FILE // 1024 // 1024} MiB", "shorten the file")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return warn(Span(line), "this is not UTF-8", "save the file as UTF-8")
    result = read(text)
    if result is None:
        remedy = "see the Podcasting 2.0 namespace for their form, or give the file another name"
        return warn(Span(), "this is neither a transcript nor chapters", remedy)
    for note in result[1]:
        warn(Span(note.line, note.column), note.message, "correct that place; what can be read is used")
    return result[0]
