"""Chapters that stand in a feed itself: Podlove Simple Chapters 1.2 (https://podlove.org/simple-chapters/)."""

import re
from collections.abc import Sequence

from mlguide_site.content.transcripts import Chapter, chapters_text
from mlguide_site.importers.base import FileDraft
from mlguide_site.importers.entries import MAX_TITLE, one_line, web_address
from mlguide_site.importers.feed_elements import Found, Names
from mlguide_site.model.slugs import episode_id
from mlguide_site.model.transcript import MAX_SECONDS, read_time

MAX_EACH = 1_000
MAX_ALL = 100_000
"""Chapters of one episode, and of all of a feed, that are taken."""
SUFFIX = ".chapters.json"
_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,9})?")


def read_start(text: str) -> float | None:
    """Where a chapter begins, in seconds, from a normal play time (RFC 2326, 3.6): hours, minutes and seconds, or
    seconds alone; None where it is none.

    >>> read_start("00:01:02.500"), read_start("1:02"), read_start("62.5"), read_start("soon")
    (62.5, 62.0, 62.5, None)
    """
    text = text.strip()[:40]
    if _SECONDS.fullmatch(text):
        seconds = round(float(text), 3)
        return seconds if seconds <= MAX_SECONDS else None
    return read_time(text)


def read_chapters(found: Found, names: Names, base: str, room: int = MAX_ALL) -> tuple[tuple[Chapter, ...], list[str]]:
    """The chapters among the children of an item, by their start, and what of them could not be taken, in words; at
    most `room` are read."""
    elements = [child for one in found.get("psc:chapters", ()) for child in one if names.of(child) == "psc:chapter"]
    if len(elements) > MAX_EACH:
        return (), [f"{len(elements):,} chapters, which are more than {MAX_EACH:,}"]
    if len(elements) > room:
        return (), [f"its chapters, for the feed has more than {MAX_ALL:,}"]
    chapters: list[Chapter] = []
    unread: list[str] = []
    for element in elements:
        start, title = read_start(str(element.get("start") or "")), one_line(element.get("title"))[:MAX_TITLE]
        if start is None or not title:
            what = f' "{title[:40]}" without a time' if title else " without a title"
            unread.append(f"a chapter{what}")
            continue
        link, picture = (web_address(element.get(name), base) for name in ("href", "image"))
        if (element.get("href") and not link) or (element.get("image") and not picture):
            unread.append(f'an address of the chapter "{title[:40]}"')
        chapters.append(Chapter(start, None, title, link, picture))
    return tuple(sorted(chapters, key=lambda chapter: chapter.start)), unread


def chapters_file(
    chapters: Sequence[Chapter], series: str, number: int | None, season: int | None, slug: str
) -> FileDraft:
    """The file of chapters that stands beside an episode's note. Its name says whose it is, as names of files do."""
    if number is None:
        name = title = episode_id(series, None, None, slug)
    else:
        name, title = f"{series} s{season} {number:03}" if season is not None else f"{series} {number:03}", ""
    return FileDraft(SUFFIX, chapters_text(chapters).encode(), series, number, season, title, name, series)
