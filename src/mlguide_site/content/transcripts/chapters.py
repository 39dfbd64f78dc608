"""Chapters of an episode (Podcasting 2.0 namespace, JSON Chapters 1.2)."""

import json
from collections.abc import Sequence
from typing import Any

from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.transcript import Chapter, Note, one_line, read_seconds

MAX_CHAPTERS = 5_000
MAX_TITLE = 500
VERSION = "1.2.0"


def read_chapters(value: Any) -> tuple[tuple[Chapter, ...], list[Note]] | None:
    """Chapters by their start, and what was wrong with them; None where the value is no JSON chapters."""
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
            said = f"chapter {number} has no {missing}{f': {title[:60]}' if title else ''}"
            notes.append(Note(1, said, item=item))
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
