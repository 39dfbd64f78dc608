"""Transcripts (WebVTT, SRT, Podcasting 2.0 JSON, Markdown with `[HH:MM:SS]` stamps) and JSON chapters.

The name of the source says which episode it is of; merging finds it. Limits: 8 MiB, 200,000 cues, 5,000 chapters.
"""

import re
from collections.abc import Iterator

from mlguide_site.errors import Problem, Severity
from mlguide_site.importers.base import Context, Item, Source
from mlguide_site.importers.file_names import file_stem, name_file
from mlguide_site.importers.text import decode_text
from mlguide_site.spans import Span
from mlguide_site.transcripts import (
    Note,
    Transcript,
    chapters_text,
    read_chapters,
    read_json,
    read_markdown,
    read_timed,
    vtt_text,
)
from mlguide_site.transcripts.read import load_json

MAX_BYTES = 8 * 1024 * 1024
MAX_NOTES = 50
_HEAD = 64 * 1024
_TIMED = re.compile(r"^[ \t]{0,20}[0-9:.,]{4,20}[ \t]{0,20}-->[ \t]{0,20}[0-9:.,]{4,20}", re.M)
_STAMPED = re.compile(r"^[^\[\n]{0,60}\[(?:[0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2}(?:[.,][0-9]{1,3})?\](?!\()", re.M)
_JSON = re.compile(r'"(?:segments|chapters)"\s*:\s*\[')


def sniff(source: Source) -> bool:
    """Whether a source looks like a transcript or like chapters: its header, several times with arrows, time stamps at
    the beginning of a good part of its lines, or the lists of the JSON formats."""
    text = source.data[:_HEAD].decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lead = text.lstrip()[:1]
    if re.match(r"WEBVTT(?:\s|$)", text):
        return True
    if lead == "{":
        return bool(_JSON.search(text)) and '"startTime"' in text
    if lead == "<":
        return False
    if _TIMED.search(text):
        return True
    lines = sum(1 for line in text.split("\n") if line.strip())
    return (count := len(_STAMPED.findall(text))) >= 3 and count * 6 >= lines


def read(source: Source, context: Context) -> Iterator[Item]:
    """The file that is to stand beside an episode, and what was wrong with the source."""
    text = decode_text(source, MAX_BYTES)
    if isinstance(text, Problem):
        yield text
        return
    suffix, found, notes = _content(text)
    if not found:
        said = notes[0].message if notes else "no words with times in it"
        yield Problem(source.name, Span(notes[0].line if notes else 1, 1), said, "see whether it was saved whole")
        return
    yield name_file(suffix, found.encode(), file_stem(source.name), context.given, context.series)
    for note in notes[:MAX_NOTES]:
        yield Problem(source.name, Span(note.line, 1), note.message, "correct it in the source", Severity.WARNING)
    if len(notes) > MAX_NOTES:
        line, more = notes[MAX_NOTES].line, len(notes) - MAX_NOTES
        message = f"{more:,} more such faults from here on"
        yield Problem(source.name, Span(line, 1), message, "correct them in the source", Severity.WARNING)


def _content(text: str) -> tuple[str, str, list[Note]]:
    """Suffix and text of the file to write, "" where there is nothing to write, and what was wrong."""
    if text.lstrip()[:1] in ("{", "["):
        value = load_json(text)
        if (chapters := read_chapters(value)) is not None:
            return ".chapters.json", chapters_text(chapters[0]) if chapters[0] else "", chapters[1]
        if (transcript := read_json(value)) is not None:
            return _written(*transcript)
        if value is None and text.lstrip()[:1] == "{":
            return ".vtt", "", [Note(1, "this is not valid JSON")]
    if text.startswith("WEBVTT") and "-->" not in text:
        return ".vtt", "", [Note(1, "this is a WebVTT file without a single cue")]
    if text.startswith("WEBVTT") or _TIMED.search(text):
        return _written(*read_timed(text))
    if not _STAMPED.search(text):
        return ".vtt", "", [Note(1, "this is no transcript and no chapters")]
    return _written(*read_markdown(text))


def _written(transcript: Transcript, notes: list[Note]) -> tuple[str, str, list[Note]]:
    return ".vtt", vtt_text(transcript) if transcript.cues else "", notes
