"""Transcripts (WebVTT, SRT, Podcasting 2.0 JSON, Whisper's JSON, text with `[HH:MM:SS]` stamps or with lines such as
`Ann (00:12)`) and JSON chapters.

The name of the source says which episode it is of; merging finds it. Limits: 8 MiB, 200,000 cues, 5,000 chapters.
"""

import json
import re
from collections.abc import Iterator, Sequence

from mlguide_site.content.transcripts.json_files import chapters_text, load_json, place_notes, read_chapters, read_json
from mlguide_site.content.transcripts.markdown import after_front_matter, read_markdown, read_turn
from mlguide_site.content.transcripts.timed import read_timed, vtt_text
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Item, Source
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.importers.common.titles import file_stem, name_file
from mlguide_site.model.transcript import Note, Transcript

MAX_BYTES = 8 * 1024 * 1024
MAX_NOTES = 50
_HEAD = 64 * 1024
_TIMED = re.compile(r"^[ \t]{0,20}[0-9:.,]{4,20}[ \t]{0,20}-->[ \t]{0,20}[0-9:.,]{4,20}", re.M)
_STAMPED = re.compile(r"^[^\[\n]{0,60}\[(?:[0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2}(?:[.,][0-9]{1,3})?\](?!\()", re.M)
_SEGMENTS = re.compile(r'"segments"\s*:\s*\[')
_CHAPTERS = re.compile(r'"chapters"\s*:\s*\[')
FIRST_TURN = 5 * 60
"""Seconds before which somebody speaks: the times of a day's programme are later, read as minutes."""


def sniff(source: Source) -> bool:
    """Whether a source looks like a transcript or like chapters: its header, several times with arrows, time stamps at
    the beginning of a good part of its lines, or the lists of the JSON formats."""
    text = source.data[:_HEAD].decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lead = text.lstrip()[:1]
    if re.match(r"WEBVTT(?:\s|$)", text):
        return True
    if lead == "{":
        # Whisper puts the whole text before the segments
        text = source.data[:MAX_BYTES].decode("utf-8", "replace")
        if not _SEGMENTS.search(text):
            return '"startTime"' in text and bool(_CHAPTERS.search(text))
        return any(name in text for name in ('"startTime"', '"body"', '"text"'))
    if lead == "<":
        return False
    if _TIMED.search(text):
        return True
    every = text.split("\n")
    lines = [line for line in every[after_front_matter(every) :] if line.strip()]
    return ((count := len(_STAMPED.findall(text))) >= 3 and count * 6 >= len(lines)) or _is_talk(lines)


def _is_talk(lines: Sequence[str]) -> bool:
    """Whether a good part of lines say who speaks from when on, somebody more than once."""
    turns = [turn for line in lines if (turn := read_turn(line)) and turn.seconds is not None]
    names = {turn.speaker.casefold() for turn in turns}
    return (
        len(turns) >= 3
        and len(turns) * 6 >= len(lines)
        and len(names) < len(turns)
        and min(turn.seconds or 0 for turn in turns) < FIRST_TURN
    )


def read(source: Source, context: Context) -> Iterator[Item]:
    """The file beside an episode's note, and what was wrong with the source."""
    text = decode_text(source, MAX_BYTES)
    if isinstance(text, Problem):
        yield text
        return
    suffix, found, notes = _content(text)
    if not found:
        note = notes[0] if notes else Note(1, "no words with times in it")
        yield Problem(source.name, Span(note.line, note.column), note.message, "see whether it was saved whole")
        return
    yield name_file(suffix, found.encode(), file_stem(source.name), context.given, context.series)
    for note in notes[:MAX_NOTES]:
        yield Problem(
            source.name, Span(note.line, note.column), note.message, "correct it in the source", Severity.WARNING
        )
    if len(notes) > MAX_NOTES:
        line, more = notes[MAX_NOTES].line, len(notes) - MAX_NOTES
        message = f"{more:,} more such faults from here on"
        yield Problem(source.name, Span(line, 1), message, "correct them in the source", Severity.WARNING)


def _content(text: str) -> tuple[str, str, list[Note]]:
    """Suffix and text of the file to write, "" where there is nothing to write, and what was wrong."""
    if text.lstrip()[:1] in ("{", "["):
        value = load_json(text)
        if (chapters := read_chapters(value)) is not None:
            notes = place_notes(chapters[1], text, "chapters")
            return ".chapters.json", chapters_text(chapters[0]) if chapters[0] else "", notes
        if (transcript := read_json(value)) is not None:
            return _written(transcript[0], place_notes(transcript[1], text, "segments"))
        if value is None and text.lstrip()[:1] == "{":
            return ".vtt", "", [_not_json(text)]
    if text.startswith("WEBVTT") and "-->" not in text:
        return ".vtt", "", [Note(1, "this is a WebVTT file without a single cue")]
    if text.startswith("WEBVTT") or _TIMED.search(text):
        return _written(*read_timed(text))
    if not _STAMPED.search(text) and not any(read_turn(line) for line in text.split("\n")):
        return ".vtt", "", [Note(1, "this is no transcript and no chapters")]
    return _written(*read_markdown(text))


def _not_json(text: str) -> Note:
    """What keeps a text from being JSON, and where."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return Note(error.lineno, f"this is not valid JSON: {error.msg.removesuffix(' at')}", error.colno)
    except (ValueError, RecursionError):
        pass
    return Note(1, "this is not valid JSON")


def _written(transcript: Transcript, notes: list[Note]) -> tuple[str, str, list[Note]]:
    return ".vtt", vtt_text(transcript) if transcript.cues else "", notes
