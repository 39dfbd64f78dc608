"""Transcripts as they come: WebVTT and SRT, Podcasting 2.0 JSON, Markdown with time stamps.

Own linear readers: those of libraries drop what they can't read without saying where. Limits: 200,000 cues, times up to
1,000 hours. No word that is said is lost: text under a time that can't be read goes with the one before.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from mlguide_site.transcripts.cues import MAX_CUES, Cue, Note, Transcript, one_line, read_seconds, read_time

Result = tuple[Transcript, list[Note]]
MAX_SPEAKER = 500
_ARROW = re.compile(r"\s*([0-9:.,]{4,20})\s*-->\s*([0-9:.,]{4,20})(?:\s.*)?")
_TIMES = re.compile(r"\s{0,99}[0-9][^<>\n]{0,40}-->")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]+([^<>\n]{1,5000})>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<[0-9:.]{1,20}>")
_NAMED = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,30})[^<>]{0,300}>")
# those of WebVTT (W3C, cue text) and of SRT as players read it
_KNOWN = frozenset("b c font i lang rt ruby s u v".split())
_STYLE = re.compile(r"\{\\[^{}]{0,100}\}")
_ENTITY = re.compile(r"&(?:#x?[0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,30});")
_STAMP = re.compile(r"\[((?:[0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2}(?:[.,][0-9]{1,3})?)\](?!\()")
_NAME = r"[^\W\d_][\w.'’-]{0,30}(?: [^\W_][\w.'’-]{0,30}){0,3}"
_SPEAKER = re.compile(rf"\s*(?:\*\*({_NAME})\s?:?\*\*\s?:?|({_NAME})\s?:)\s+")
_BEFORE = re.compile(rf"\s*(?:[-*] )?(?:\*\*)?({_NAME})\s?:?(?:\*\*)?:?\s*")
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_ASIDE = re.compile(r"(?:NOTE(?:[ \t].*)?|STYLE[ \t]*|REGION[ \t]*)")


def read_timed(text: str) -> Result:
    """A transcript from WebVTT or SRT, broken or not, with what was wrong with it.

    >>> transcript, _ = read_timed("WEBVTT\\n\\n00:01.000 --> 00:02.000\\n<v Ann>Hi <b>there</b> &amp; <v Bob>you")
    >>> transcript.cues
    (Cue(start=1.0, end=2.0, speaker='Ann', text='Hi there &'), Cue(start=1.0, end=2.0, speaker='Bob', text='you'))
    """
    cues: list[Cue] = []
    notes: list[Note] = []
    start = end = 0.0
    # what SRT files write for the place on the screen is text in WebVTT
    text = text if _HEADER.match(text) else _STYLE.sub("", text)
    for number, times, lines in _blocks(text.split("\n")):
        if times is not None:
            found = _ARROW.fullmatch(times)
            first, last = (read_time(found[1]), read_time(found[2])) if found else (None, None)
            if first is None:
                notes.append(Note(number, "a time that can't be read; its text has the time before it"))
                start = end
            else:
                start = first
            if last is None or last < start:
                notes += [Note(number, "a cue that ends before it begins")] if last is not None else []
                last = start
            end = last
        said = "\n".join(lines)
        if strange := sorted({name.lower() for name in _NAMED.findall(said)} - _KNOWN):
            notes.append(Note(number, f"removed <{strange[0]}>, which no transcript has"))
        cues += _voices(start, end, said)
        if len(cues) > MAX_CUES:
            return Transcript(()), [*notes, Note(number, f"more than {MAX_CUES:,} cues")]
    return _sorted(cues, notes)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, str | None, list[str]]]:
    """Line, line of times and lines of text of each cue; what stands before the first times has none."""
    at = 0
    count = len(lines)
    if lines and _HEADER.fullmatch(lines[0].removeprefix("\ufeff")):
        while at < count and lines[at].strip() and not _TIMES.match(lines[at]):
            at += 1
    number, times, own = at + 1, None, []  # type: int, str | None, list[str]
    fresh = True
    while at < count:
        line = lines[at]
        if fresh and _ASIDE.fullmatch(line):
            while at < count and lines[at].strip():
                at += 1
            continue
        if _TIMES.match(line):
            # the line above is the name of this cue: a number, or the first of its block
            yield number, times, own
            number, times, own = at + 1, line, []
        elif line.strip() and not (
            at + 1 < count and _TIMES.match(lines[at + 1]) and (fresh or line.strip().isdecimal())
        ):
            own.append(line)
        fresh = not line.strip()
        at += 1
    yield number, times, own


def _voices(start: float, end: float, text: str) -> Iterator[Cue]:
    parts = _VOICE.split(text)
    for speaker, said in zip(["", *parts[1::2]], parts[0::2], strict=True):
        words = _plain(said)
        if words:
            yield Cue(start, end, _plain(speaker), words)


def _plain(text: str) -> str:
    """One line of text without tags, its entities read, control characters as spaces."""
    bare = _TAG.sub("", text)
    bare = _ENTITY.sub(lambda found: html.unescape(found[0]), bare) if "&" in bare else bare
    return one_line(bare)


def _sorted(cues: list[Cue], notes: list[Note]) -> Result:
    ordered = sorted(cues, key=lambda cue: cue.start)
    if ordered != cues:
        notes.append(Note(1, "cues that are not in the order of their times; they are put in order"))
    return Transcript(tuple(ordered)), notes


def read_json(value: Any) -> Result | None:
    """A transcript from a Podcasting 2.0 JSON value (`segments` with `startTime`, `endTime`, `speaker`, `body`); None
    where it is none.

    >>> read_json({"segments": [{"speaker": "Ann", "startTime": 0.5, "endTime": 2, "body": "Hello"}]})[0].cues
    (Cue(start=0.5, end=2.0, speaker='Ann', text='Hello'),)
    """
    segments = value.get("segments") if isinstance(value, dict) else None
    if not isinstance(segments, list):
        return None
    cues: list[Cue] = []
    notes: list[Note] = []
    before = 0.0
    if len(segments) > MAX_CUES:
        return Transcript(()), [Note(1, f"more than {MAX_CUES:,} cues")]
    for number, segment in enumerate(segments, 1):
        body = segment.get("body", segment.get("text")) if isinstance(segment, dict) else None
        if not isinstance(body, str):
            notes.append(Note(1, f"segment {number} has no text"))
            continue
        start, end = read_seconds(segment.get("startTime")), read_seconds(segment.get("endTime"))
        if start is None:
            notes.append(Note(1, f"segment {number} has no time that can be read; it has the time before it"))
            start = before
        before = end if end is not None and end >= start else start
        speaker = segment.get("speaker")
        if words := one_line(body):
            cues.append(
                Cue(start, before, one_line(speaker)[:MAX_SPEAKER].strip() if isinstance(speaker, str) else "", words)
            )
    return _sorted(cues, notes)


def read_markdown(text: str) -> Result:
    """A transcript from text with stamps such as `[00:01:02]`, before or behind the speaker's name. A cue lasts to the
    next one.

    >>> read_markdown("**Ann** [00:00:05]: Hello *you*.\\n\\n[00:09] Bob: Hi.")[0].cues
    (Cue(start=5.0, end=9.0, speaker='Ann', text='Hello *you*.'), Cue(start=9.0, end=9.0, speaker='Bob', text='Hi.'))
    """
    notes: list[Note] = []
    found: list[tuple[float, str, list[str]]] = [(0.0, "", [])]
    for number, line in enumerate(text.split("\n"), 1):
        stamp = _STAMP.search(line[:200])
        seconds = read_time(stamp[1]) if stamp else None
        name = _BEFORE.fullmatch(line[: stamp.start()]) if stamp else None
        lead = line[: stamp.start()].strip(" \t#>*-") if stamp else ""
        if stamp is None or seconds is None or (lead and not name):
            if stamp and seconds is None:
                notes.append(Note(number, "a time that can't be read; it is kept as text"))
            found[-1][2].append(line.lstrip("#").strip() if line.startswith("#") else line)
            continue
        rest = line[stamp.end() :].lstrip(" :*-–—")
        speaker = name[1] if name and lead else ""
        if not speaker and (said := _SPEAKER.match(line[stamp.end() :])):
            speaker, rest = said[1] or said[2], line[stamp.end() + said.end() :]
        found.append((seconds, speaker, [rest]))
        if len(found) > MAX_CUES:
            return Transcript(()), [Note(number, f"more than {MAX_CUES:,} cues")]
    cues = [(start, speaker, words) for start, speaker, lines in found if (words := one_line(" ".join(lines)))]
    timed = sorted(cues, key=lambda cue: cue[0])
    if timed != cues:
        notes.append(Note(1, "cues that are not in the order of their times; they are put in order"))
    ends = [*(cue[0] for cue in timed[1:]), *(cue[0] for cue in timed[-1:])]
    return Transcript(tuple(Cue(s, e, speaker, t) for (s, speaker, t), e in zip(timed, ends, strict=True))), notes


def load_json(text: str) -> Any:
    """A JSON value; None where the text is none. Numbers that are too long and nesting that is too deep are no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
