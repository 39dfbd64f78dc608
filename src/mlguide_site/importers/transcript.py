"""Importer for transcripts and chapters in the formats of `transcript_formats`, and for text with timestamps."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from mlguide_site.content import transcript_formats as transcripts
from mlguide_site.errors import Problem, Severity, Span, content_error
from mlguide_site.importers import Context, Item, Source
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.importers.common.naming import file_stem, name_file
from mlguide_site.model.transcript import Cue, Note, one_line, read_time

MAX_TRANSCRIPT_BYTES = 8 * 1024 * 1024
MAX_PROBLEMS = 50
_HEAD = 64 * 1024
_TIME = r"(?:[0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2}(?:[.,][0-9]{1,3})?"
_NAME = r"[^\W\d_][\w.'’-]{0,30}(?: [^\W_][\w.'’-]{0,30}){0,3}"
_SPEAKER = re.compile(rf"\*\*({_NAME})\s?:?\*\*\s?:?\s+|({_NAME})\s?:\s+")
_PARTICLES = frozenset(
    "van von der den de del della di da dos du la le los bin ibn al el af av zu zur ter ten y e".split()
)
# the end of a range, as in Whisper's output
_UNTIL = rf"(?:[ \t]{{0,3}}(?:-->|[-–—])[ \t]{{0,3}}{_TIME})?"
_BRACKETED = re.compile(
    rf"[ \t#>*-]{{0,20}}(?:(?P<name>{_NAME})\s?:?(?:\*\*)?:?\s*)?\[(?P<time>{_TIME}){_UNTIL}\](?!\()"
)
# a timestamp without parentheses must follow several spaces, because "Gate 5:30" has no speaker
_TURN = re.compile(
    rf"[ \t]{{0,3}}(?P<bold>\*\*|__)?(?P<name>{_NAME}):?(?(bold)(?P=bold)):?"
    rf"(?:[ \t]{{0,9}}(?P<open>\()|[ \t]{{2,40}}|\t|(?(bold)[ \t]|(?!)))(?P<time>{_TIME})"
    r"(?(open)\))(?:[ \t]*$|:(?:[ \t]+|$))"
)
# as copied from the page of a video or from an editor of recordings; lists of chapters look the same
_PLAIN = re.compile(
    rf"[ \t]{{0,3}}(?:(?P<name>{_NAME})(?:[ \t]{{0,3}}\||:)?[ \t]{{1,9}}(?=\(?{_TIME}{_UNTIL}\)?[ \t]*$))?"
    rf"(?P<open>\()?(?P<time>{_TIME}){_UNTIL}(?(open)\))(?=\s|$)"
)
_FRONT_MATTER = re.compile(r"\A\n?---[ \t]*\n.{0,20000}?\n---[ \t]*(?:\n|\Z)", re.S)
FIRST_TURN = 5 * 60
"""A text with speakers and times is a transcript only if it begins below this. Schedules begin later (`Ann (9:30)`)."""


class Turn(NamedTuple):
    """The start of a speaker's turn. `seconds` is None if the timestamp is invalid, and `speaker` may be "". `text` is
    `rest` with a speaker that may be the start of a sentence, as in `The question is this: why?`, or else ""."""

    seconds: float | None
    speaker: str
    rest: str
    text: str = ""


def sniff(source: Source) -> bool:
    """Check whether a source is a transcript or chapters. In an unknown format, a sixth of the lines (at least three)
    must begin with a timestamp in brackets, or with a name and a timestamp. One name must recur."""
    # Whisper's JSON contains the complete text before the segments
    is_json = source.data[:200].lstrip().startswith(b"{")
    text = source.data[: MAX_TRANSCRIPT_BYTES if is_json else _HEAD].decode("utf-8-sig", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if transcripts.is_chapters(text) or any(one.sniff(text) for one in transcripts.TRANSCRIPTS.values()):
        return True
    lines = [line for line in _FRONT_MATTER.sub("", text).split("\n") if line.strip()]
    # an agenda has ranges such as `[09:00 - 09:30]`
    starts = [(found, line) for line in lines if (found := _BRACKETED.match(line))]
    ranges = {line for found, line in starts if "-->" not in line and re.search(r"\d[ \t]*[-–—]", found[0])}
    turns = [turn for line in lines if line not in ranges and (turn := read_turn(line)) and turn.seconds is not None]
    stamped = sum(line not in ranges for _, line in starts)
    several = len({turn.speaker.casefold() for turn in turns}) < len(turns)
    is_talk = several and min(turn.seconds or 0 for turn in turns) < FIRST_TURN
    return any(count >= 3 and count * 6 >= len(lines) for count in (stamped, len(turns) if is_talk else 0))


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the draft of the transcript or chapters, and the problems. The file name identifies the episode."""
    suffix, found, notes = _content(decode_text(source, MAX_TRANSCRIPT_BYTES))
    if not found:
        note = notes[0] if notes else Note(1, "this is neither a transcript nor chapters")
        remedy = "check whether it was saved completely"
        remedy += "" if notes else "; in a text, turns must begin with their times, such as [00:12]"
        raise content_error(source.name, note.message, remedy, Span(note.line))
    data = found.encode()
    if len(data) > transcripts.MAX_FILE:
        # characters such as "&" take more space in the file than in the source
        message = f"the {suffix} file of this source would be larger than {transcripts.MAX_FILE // 2**20} MiB"
        raise content_error(source.name, message, "shorten the source")
    found_file = name_file(suffix, data, file_stem(source.name), context.given, context.series)
    yield replace(found_file, full_name=file_stem(source.name, has_language=False))
    for note in notes[:MAX_PROBLEMS]:
        yield Problem(source.name, Span(note.line), note.message, "correct it in the source", Severity.WARNING)


def _content(text: str) -> tuple[str, str, list[Note]]:
    """Return the suffix of the file to write, its content (or "" if nothing can be read), and the problems."""
    if transcripts.is_chapters(text) and (chapters := transcripts.read_chapters(text)):
        return transcripts.CHAPTERS, transcripts.chapters_text(chapters[0]) if chapters[0] else "", chapters[1]
    format = next((one for one in transcripts.TRANSCRIPTS.values() if one.sniff(text)), None)
    transcript, notes = (format.read(text) if format else read_stamped(text)) or ((), [])
    return transcripts.WRITTEN, transcripts.vtt_text(transcript) if transcript else "", notes


def read_stamped(text: str) -> transcripts.Result | None:
    """Parse text with timestamps, or return None. A cue ends when the next one begins. Front matter is skipped."""
    notes: list[Note] = []
    found: list[tuple[float, str, list[str]]] = [(0.0, "", [])]
    text = _FRONT_MATTER.sub(lambda front: "\n" * front[0].count("\n"), text)
    lines = text.split("\n")
    turns = [read_turn(line) for line in lines]
    if not any(turns):
        turns = [_read_plain_turn(line) for line in lines]
    uses = Counter(turn.speaker for turn in turns if turn)
    for number, (line, turn) in enumerate(zip(lines, turns, strict=True), 1):
        named = turn.speaker.split() if turn and turn.text and uses[turn.speaker] < 2 else []
        if turn and len(named) > 1 and any(word[0].islower() and word not in _PARTICLES for word in named):
            turn = turn._replace(speaker="", rest=turn.text)
        if turn and turn.seconds is None:
            notes.append(Note(number, "a time that can't be read is kept as text"))
        if turn is None or turn.seconds is None:
            found[-1][2].append(line.lstrip("#").strip() if line.startswith("#") else line)
            continue
        found.append((turn.seconds, turn.speaker, [turn.rest]))
        if len(found) > transcripts.MAX_CUES:
            return (), [Note(number, f"more than {transcripts.MAX_CUES:,} cues")]
    if len(found) == 1 and not notes:
        return None
    cues = [Cue(start, start, name, words) for start, name, lines in found if (words := one_line(" ".join(lines)))]
    timed, _ = transcripts.put_in_order(cues, notes)
    ends = [*(cue.start for cue in timed[1:]), *(cue.end for cue in timed[-1:])]
    return tuple(cue._replace(end=end) for cue, end in zip(timed, ends, strict=True)), notes


def _read_plain_turn(line: str) -> Turn | None:
    """Parse a line that begins with a timestamp, or that has only a name and a timestamp; else return None."""
    found = _PLAIN.match(line[:200])
    return Turn(read_time(found["time"]), found["name"] or "", line[found.end() :].strip()) if found else None


def read_turn(line: str) -> Turn | None:
    """Parse a line that begins with a timestamp in brackets, or with a name and a timestamp; else return None."""
    bracketed = _BRACKETED.match(line[:200])
    found = bracketed or _TURN.match(line[:200])
    if not found or (not bracketed and found["name"][0].islower()):
        return None
    rest = line[found.end() :].strip()
    named = None if found["name"] else _SPEAKER.match(rest)
    if named:
        return Turn(read_time(found["time"]), named[1] or named[2], rest[named.end() :], rest if named[2] else "")
    return Turn(read_time(found["time"]), found["name"] or "", rest.lstrip(" :*–—-") if bracketed else rest)
