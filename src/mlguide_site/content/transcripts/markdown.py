"""Transcripts as Markdown or plain text with times.

A time is in brackets near the beginning of a line (`[00:01:02] Ann: Hello`), or follows the speaker's name on a line of
its own, as Otter and Rev write it (`Ann (00:12)`, `Ann  00:12`). No word is lost: text before the first time gets the
time 0.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mlguide_site.content.transcripts.timed import Result
from mlguide_site.model.transcript import MAX_CUES, Cue, Note, Transcript, one_line, read_time

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
    cues = [(start, speaker, words) for start, speaker, lines in found if (words := one_line(" ".join(lines)))]
    timed = sorted(cues, key=lambda cue: cue[0])
    if timed != cues:
        notes.append(Note(1, "cues that are not in the order of their times; they are put in order"))
    ends = [*(cue[0] for cue in timed[1:]), *(cue[0] for cue in timed[-1:])]
    return Transcript(tuple(Cue(s, e, speaker, t) for (s, speaker, t), e in zip(timed, ends, strict=True))), notes


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
