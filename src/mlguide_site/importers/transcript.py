"""Transcripts in the formats of `content.transcripts`, text with `[HH:MM:SS]` stamps or with lines such as
`Ann (00:12)`, and JSON chapters.

The name of the source says which episode it is of; merging finds it. Limits: 8 MiB, 200,000 cues, 5,000 chapters.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from mlguide_site.content.transcripts import (
    CHAPTERS,
    TRANSCRIPTS,
    Result,
    chapters_text,
    is_chapters,
    put_in_order,
    read_chapters,
    vtt_text,
)
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Item, Source
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.importers.common.titles import file_stem, name_file
from mlguide_site.importers.notes.front_matter import read_head
from mlguide_site.importers.notes.source import Line
from mlguide_site.model.transcript import MAX_CUES, Cue, Note, Transcript, one_line, read_time

MAX_BYTES = 8 * 1024 * 1024
MAX_NOTES = 50
_HEAD = 64 * 1024
_TIME = r"(?:[0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2}(?:[.,][0-9]{1,3})?"
_STAMP = re.compile(rf"\[({_TIME})\](?!\()")
_NAME = r"[^\W\d_][\w.'’-]{0,30}(?: [^\W_][\w.'’-]{0,30}){0,3}"
_SPEAKER = re.compile(rf"\s*(?:\*\*({_NAME})\s?:?\*\*\s?:?|({_NAME})\s?:)\s+")
_BEFORE = re.compile(rf"\s*(?:[-*] )?(?:\*\*)?({_NAME})\s?:?(?:\*\*)?:?\s*")
# without parentheses there must be more than a space between, or "Gate 5:30" would be somebody
_TURN = re.compile(
    rf"[ \t]{{0,3}}(\*\*|__)?({_NAME}):?(?(1)\1):?"
    rf"(?:[ \t]{{0,9}}\(({_TIME})\)|(?:[ \t]{{2,40}}|\t|(?(1)[ \t]|(?!)))({_TIME}))(?:[ \t]*$|:(?:[ \t]+|$))"
)
_STAMPED = re.compile(rf"[^\[\n]{{0,60}}\[{_TIME}\](?!\()")
FIRST_TURN = 5 * 60
"""Seconds within which the first speaker must begin; in a day's programme, the times are later if read as minutes."""


class Turn(NamedTuple):
    """A line that begins a speaker's turn: time (None if it is invalid), speaker, and the rest of the line."""

    seconds: float | None
    speaker: str
    rest: str


def sniff(source: Source) -> bool:
    """Whether a source looks like a transcript or chapters: it looks like one of the transcript formats, or many of its
    lines begin with times."""
    # Whisper's JSON has the whole text before the segments
    is_json = source.data[:200].lstrip().startswith(b"{")
    text = source.data[: MAX_BYTES if is_json else _HEAD].decode("utf-8-sig", "replace").replace("\r\n", "\n")
    text = text.replace("\r", "\n")
    if is_chapters(text) or any(one.sniff(text) for one in TRANSCRIPTS.values()):
        return True
    lines = [line for line in _without_head(text.split("\n")) if line.strip()]
    return not text.lstrip().startswith(("{", "<")) and _is_talk(lines)


def _is_talk(lines: Sequence[str]) -> bool:
    """Whether many lines have times in brackets, or a speaker with a time, one of them more than once."""
    stamped = sum(bool(_STAMPED.match(line)) for line in lines)
    turns = [turn for line in lines if (turn := read_turn(line)) and turn.seconds is not None]
    several = len({turn.speaker.casefold() for turn in turns}) < len(turns)
    talk = several and min(turn.seconds or 0 for turn in turns) < FIRST_TURN
    return any(count >= 3 and count * 6 >= len(lines) for count in (stamped, len(turns) if talk else 0))


def read(source: Source, context: Context) -> Iterator[Item]:
    """The file beside an episode's note, and what was wrong with the source."""
    text = decode_text(source, MAX_BYTES)
    if isinstance(text, Problem):
        yield text
        return
    suffix, found, notes = _content(text)
    if not found:
        note = notes[0] if notes else Note(1, "this is no transcript and no chapters")
        yield Problem(source.name, Span(note.line, note.column), note.message, "see whether it was saved whole")
        return
    yield name_file(suffix, found.encode(), file_stem(source.name), context.given, context.series)
    for note in notes[:MAX_NOTES]:
        place = Span(note.line, note.column)
        yield Problem(source.name, place, note.message, "correct it in the source", Severity.WARNING)
    if len(notes) > MAX_NOTES:
        message = f"{len(notes) - MAX_NOTES:,} more such faults from here on"
        place = Span(notes[MAX_NOTES].line, 1)
        yield Problem(source.name, place, message, "correct them in the source", Severity.WARNING)


def _content(text: str) -> tuple[str, str, list[Note]]:
    """Suffix and text of the file to write, "" where there is nothing to write, and what was wrong."""
    if is_chapters(text) and (chapters := read_chapters(text)):
        return CHAPTERS, chapters_text(chapters[0]) if chapters[0] else "", chapters[1]
    format = next((one for one in TRANSCRIPTS.values() if one.sniff(text)), None)
    is_other = format is None and text.lstrip().startswith("{")
    result = format.read(text) if format else None if is_other else read_stamped(text)
    if result is None:
        return ".vtt", "", []
    transcript, notes = result
    return ".vtt", vtt_text(transcript) if transcript.cues else "", notes


def read_stamped(text: str) -> Result | None:
    """A transcript from text with times, None where it has none. A cue lasts to the next one; front matter is skipped.

    >>> read_stamped("**Ann** [00:00:05]: Hello *you*.\\n\\n[00:09] Bob: Hi.")[0].cues
    (Cue(start=5.0, end=9.0, speaker='Ann', text='Hello *you*.'), Cue(start=9.0, end=9.0, speaker='Bob', text='Hi.'))
    """
    notes: list[Note] = []
    found: list[tuple[float, str, list[str]]] = [(0.0, "", [])]
    lines = text.split("\n")
    rest = _without_head(lines)
    for number, line in enumerate(rest, len(lines) - len(rest) + 1):
        turn = _bracketed(line) or read_turn(line)
        if turn and turn.seconds is None:
            notes.append(Note(number, "a time that can't be read; it is kept as text"))
        if turn is None or turn.seconds is None:
            found[-1][2].append(line.lstrip("#").strip() if line.startswith("#") else line)
            continue
        found.append((turn.seconds, turn.speaker, [turn.rest]))
        if len(found) > MAX_CUES:
            return Transcript(()), [Note(number, f"more than {MAX_CUES:,} cues")]
    if len(found) == 1 and not notes:
        return None
    cues = [Cue(start, start, name, words) for start, name, lines in found if (words := one_line(" ".join(lines)))]
    timed, _ = put_in_order(cues, notes)
    ends = [following.start for _, following in pairwise(timed.cues)] + [cue.end for cue in timed.cues[-1:]]
    return Transcript(tuple(cue._replace(end=end) for cue, end in zip(timed.cues, ends, strict=True))), notes


def _bracketed(line: str) -> Turn | None:
    """The turn that a line with a time in brackets begins."""
    stamp = _STAMP.search(line[:200])
    if not stamp:
        return None
    seconds = read_time(stamp[1])
    name = _BEFORE.fullmatch(line[: stamp.start()])
    lead = line[: stamp.start()].strip(" \t#>*-")
    if seconds is None or (lead and not name):
        return Turn(None, "", line) if seconds is None else None
    rest = line[stamp.end() :].lstrip(" :*-–—")
    speaker = name[1] if name and lead else ""
    if not speaker and (named := _SPEAKER.match(line[stamp.end() :])):
        speaker, rest = named[1] or named[2], line[stamp.end() + named.end() :]
    return Turn(seconds, speaker, rest)


def read_turn(line: str) -> Turn | None:
    """The turn that a line with a speaker's name followed by a time begins.

    >>> read_turn("**Ann Lee** (00:12)"), read_turn("Bob  1:02:03").seconds, read_turn("until noon (12:00)")
    (Turn(seconds=12.0, speaker='Ann Lee', rest=''), 3723.0, None)
    """
    found = _TURN.match(line[:200])
    if not found or found[2][0].islower():
        return None
    return Turn(read_time(found[3] or found[4]), found[2], line[found.end() :].strip())


def _without_head(lines: Sequence[str]) -> Sequence[str]:
    """The lines behind front matter."""
    if not any(line.startswith("---") for line in lines[:2]):
        return lines
    return lines[len(read_head([Line(number, line) for number, line in enumerate(lines[:1000])]).lines) :]
