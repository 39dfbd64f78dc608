"""Transcripts (WebVTT, SRT, Podcasting 2.0 JSON, Whisper's JSON, text with `[HH:MM:SS]` stamps or with lines such as
`Ann (00:12)`) and JSON chapters.

The name of the source says which episode it is of; merging finds it. Limits: 8 MiB, 200,000 cues, 5,000 chapters.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from mlguide_site.content.transcripts.json_files import chapters_text, load_json, place_notes, read_chapters, read_json
from mlguide_site.content.transcripts.timed import Result, put_in_order, read_timed, vtt_text
from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Context, Item, Source
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.importers.common.titles import file_stem, name_file
from mlguide_site.model.transcript import MAX_CUES, Cue, Note, Transcript, one_line, read_time

MAX_BYTES = 8 * 1024 * 1024
MAX_NOTES = 50
MAX_HEAD = 200
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
_KEY = re.compile(r"[A-Za-z][\w .-]{0,40}:(?:\s|$)|\s*-\s|\s+\S|#|[\]}]")
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


class Turn(NamedTuple):
    """A line that begins a speaker's turn: time (None if it is invalid), speaker, and the rest of the line."""

    seconds: float | None
    speaker: str
    rest: str


def read_markdown(text: str) -> Result:
    """A transcript from text with times. A cue lasts to the next one; front matter is skipped.

    >>> read_markdown("**Ann** [00:00:05]: Hello *you*.\\n\\n[00:09] Bob: Hi.")[0].cues
    (Cue(start=5.0, end=9.0, speaker='Ann', text='Hello *you*.'), Cue(start=9.0, end=9.0, speaker='Bob', text='Hi.'))
    """
    notes: list[Note] = []
    found: list[tuple[float, str, list[str]]] = [(0.0, "", [])]
    lines = text.split("\n")
    head = after_front_matter(lines)
    for number, line in enumerate(lines[head:], head + 1):
        turn = _stamped(line) or read_turn(line)
        if turn and turn.seconds is None:
            notes.append(Note(number, "a time that can't be read; it is kept as text"))
        if turn is None or turn.seconds is None:
            found[-1][2].append(line.lstrip("#").strip() if line.startswith("#") else line)
            continue
        found.append((turn.seconds, turn.speaker, [turn.rest]))
        if len(found) > MAX_CUES:
            return Transcript(()), [Note(number, f"more than {MAX_CUES:,} cues")]
    cues = [Cue(start, start, name, words) for start, name, lines in found if (words := one_line(" ".join(lines)))]
    timed, _ = put_in_order(cues, notes)
    ends = [following.start for _, following in pairwise(timed.cues)] + [cue.end for cue in timed.cues[-1:]]
    return Transcript(tuple(cue._replace(end=end) for cue, end in zip(timed.cues, ends, strict=True))), notes


def _stamped(line: str) -> Turn | None:
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


def after_front_matter(lines: Sequence[str]) -> int:
    """The index of the first line behind front matter; 0 where there is none.

    >>> after_front_matter(["---", "title: A", "---", "text"]), after_front_matter(["---", "text", "---"])
    (3, 0)
    """
    start = next((at for at, line in enumerate(lines[:MAX_HEAD]) if line.strip()), 0)
    if not lines or lines[start].rstrip() != "---":
        return 0
    end = next((at for at in range(start + 1, min(start + MAX_HEAD, len(lines))) if lines[at].rstrip() == "---"), 0)
    block = [line for line in lines[start + 1 : end] if line.strip()]
    return end + 1 if block and all(_KEY.match(line) for line in block) else 0
