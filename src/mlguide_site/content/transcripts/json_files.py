"""Transcripts in JSON (Podcasting 2.0, Whisper) and chapters (Podcasting 2.0, JSON Chapters 1.2)."""

import json
import re
from collections.abc import Sequence
from typing import Any

from mlguide_site.content.transcripts.timed import Result, put_in_order
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.transcript import MAX_CUES, Chapter, Cue, Note, Transcript, one_line, read_seconds, read_time

MAX_SPEAKER = 500
MAX_CHAPTERS = 5_000
MAX_TITLE = 500
VERSION = "1.2.0"
_NEXT = re.compile(r"[\s,]*")


def read_json(value: Any) -> Result | None:
    """A transcript from JSON, of Podcasting 2.0 (`segments` with `startTime`, `endTime`, `speaker`, `body`) or of
    Whisper (`segments` with `start`, `end`, `text`); None if it isn't one. Without a single time there are no cues.

    >>> read_json({"segments": [{"speaker": "Ann", "startTime": 0.5, "endTime": 2, "body": "Hello"}]})[0].cues
    (Cue(start=0.5, end=2.0, speaker='Ann', text='Hello'),)
    >>> read_json({"segments": [{"start": 0.5, "end": 2, "text": " Hello"}]})[0].cues
    (Cue(start=0.5, end=2.0, speaker='', text='Hello'),)
    """
    segments = value.get("segments") if isinstance(value, dict) else None
    if not isinstance(segments, list):
        return None
    cues: list[Cue] = []
    notes: list[Note] = []
    before, timed = 0.0, False
    starts = (_seconds(one, "startTime", "start") for one in segments if isinstance(one, dict))
    known = next((start for start in starts if start is not None), None)
    if len(segments) > MAX_CUES:
        return Transcript(()), [Note(1, f"more than {MAX_CUES:,} cues")]
    for number, segment in enumerate(segments, 1):
        body = segment.get("body", segment.get("text")) if isinstance(segment, dict) else None
        if not isinstance(body, str):
            notes.append(Note(1, f"segment {number} has no text", item=number - 1))
            continue
        start, end = _seconds(segment, "startTime", "start"), _seconds(segment, "endTime", "end")
        timed = timed or start is not None
        if start is None:
            neighbour = "before it" if timed else "of the first that has one"
            message = f"segment {number} has no time that can be read; it has the time {neighbour}"
            notes.append(Note(1, message, item=number - 1))
            start = before if timed else known or 0.0
        before = end if end is not None and end >= start else start
        speaker = segment.get("speaker")
        if words := one_line(body):
            cues.append(
                Cue(start, before, one_line(speaker)[:MAX_SPEAKER].strip() if isinstance(speaker, str) else "", words)
            )
    if cues and not timed:
        # all of it at the beginning would look like a transcript, and be none
        return Transcript(()), [Note(1, "no segment has a time that can be read")]
    return put_in_order(cues, notes)


def _seconds(segment: dict[str, Any], *names: str) -> float | None:
    """The time under the first of these names that a segment has: a number of seconds, or a text such as `00:01:02`."""
    value = next((segment[name] for name in names if segment.get(name) is not None), None)
    return read_time(value[:40]) if isinstance(value, str) else read_seconds(value)


def load_json(text: str) -> Any:
    """A JSON value; None if the text is none. Numbers that are too long and nesting that is too deep are no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def read_chapters(value: Any) -> tuple[tuple[Chapter, ...], list[Note]] | None:
    """Chapters by their start, and what was wrong with them; None if the value isn't JSON chapters."""
    entries = value.get("chapters") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        return None
    if len(entries) > MAX_CHAPTERS:
        return (), [Note(1, f"more than {MAX_CHAPTERS:,} chapters")]
    found: list[Chapter] = []
    notes: list[Note] = []
    for number, entry in enumerate(entries, 1):
        item = number - 1
        fields = entry if isinstance(entry, dict) else {}
        start, end = read_seconds(fields.get("startTime")), read_seconds(fields.get("endTime"))
        title = _line(fields.get("title"))
        if start is None or (not title and fields.get("toc") is not False):
            missing = "time that can be read" if start is None else "title"
            message = f"chapter {number} has no {missing}{f': {title[:60]}' if title else ''}"
            notes.append(Note(1, message, item=item))
            continue
        if end is not None and end < start:
            notes.append(Note(1, f"chapter {number} ends before it begins", item=item))
            end = None
        urls = {}
        for name in ("url", "img"):
            urls[name] = fields.get(name) if _is_web(fields.get(name)) else ""
            if fields.get(name) and not urls[name]:
                notes.append(Note(1, f"{name} of chapter {number} is no web address; it is left out", item=item))
        found.append(Chapter(start, end, title, str(urls["url"]), str(urls["img"]), fields.get("toc") is not False))
    return tuple(sorted(found, key=lambda chapter: chapter.start)), notes


def _line(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return one_line(text)[:MAX_TITLE].strip()


def _is_web(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 2000 and value[:4].casefold() == "http" and is_allowed_url(value)


def chapters_text(chapters: Sequence[Chapter]) -> str:
    """The text of a chapters file, always written the same way. Reading it gives the same chapters."""
    entries = []
    for chapter in chapters:
        fields: dict[str, Any] = {"startTime": chapter.start}
        fields |= {"endTime": chapter.end} if chapter.end is not None else {}
        fields |= {"title": chapter.title} if chapter.title else {}
        fields |= {name: value for name, value in (("url", chapter.url), ("img", chapter.img)) if value}
        entries.append(fields | ({} if chapter.toc else {"toc": False}))
    return json.dumps({"version": VERSION, "chapters": entries}, ensure_ascii=False, indent=1) + "\n"


def place_notes(notes: Sequence[Note], text: str, key: str) -> list[Note]:
    """Notes on elements of the list under a key of a JSON object, with their lines and columns in its text.

    >>> place_notes([Note(1, "odd", item=1)], '{"a": [1,\\n  2]}', "a")
    [Note(line=2, message='odd', column=3, item=1)]
    """
    wanted = {note.item for note in notes if note.item >= 0}
    places: dict[int, tuple[int, int]] = {}
    line, start = 1, 0
    for item, at in enumerate(_item_offsets(text, key) if wanted else ()):
        if item in wanted:
            line += text.count("\n", start, at)
            start = at
            places[item] = (line, at - text.rfind("\n", 0, at))
    return [
        note._replace(line=places[note.item][0], column=places[note.item][1]) if note.item in places else note
        for note in notes
    ]


def _item_offsets(text: str, key: str) -> list[int]:
    """The offsets of a list's items in the text of a JSON object."""
    offsets: list[int] = []
    begin = re.search(rf'"{key}"\s*:\s*\[', text)
    decoder = json.JSONDecoder()
    found = begin and _NEXT.match(text, begin.end())
    while found and text[found.end()] != "]":
        offsets.append(found.end())
        found = _NEXT.match(text, decoder.raw_decode(text, found.end())[1])
    return offsets
