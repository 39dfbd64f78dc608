"""Times: when a transcript first names an entry, and the times within an episode that its notes name.

Notes write times as 12:34, [12:34] or (1:02:03). A time counts at the beginning of a paragraph, list item, table cell
or line, or where brackets hold nothing else. Within a paragraph that begins with one, later ones count as long as each
is later than the one before: that is how notes look whose lines were joined. What the episode is too short for, times
of day (12:30 pm), ratios and verses (16:9, John 3:16) don't count.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from mlguide_site.linking.linked import LinkedEpisode
from mlguide_site.markdown.document import Document, Insertion, Segment
from mlguide_site.model import Entry, Kind
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.transcript import Transcript

SHORT = 3
"""Names of up to so many characters count only in their own spelling: transcripts are full of short words."""
EntryKey = tuple[Kind, str]


def first_cues(transcript: Transcript, names: Iterable[tuple[EntryKey, str]]) -> dict[EntryKey, int]:
    """For each entry the second of the first cue in which one of its names begins, as a word of its own and in any
    case; entries that no cue names are left out."""
    texts = [cue.text.lower() for cue in transcript.cues]
    text, starts = " ".join(texts), [0, *accumulate(len(part) + 1 for part in texts)]
    first: dict[EntryKey, int] = {}
    for key, name in names:
        low = name.lower()
        at = text.find(low) if low.strip() else -1
        while at >= 0:
            end = at + len(low)
            cue = bisect_right(starts, at) - 1
            alone = not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum())
            if alone and (len(name) > SHORT or name in transcript.cues[cue].text):
                first[key] = min(cue, first.get(key, cue))
                break
            at = text.find(low, at + 1)
    return {key: int(transcript.cues[cue].start) for key, cue in first.items()}


def first_spoken(catalog: Catalog, episodes: Mapping[str, LinkedEpisode]) -> dict[str, dict[EntryKey, int]]:
    """For each episode that has a transcript, when it first names each entry that its notes name. Names that have rules
    are left out: what tells their senses apart is how people write, not how they speak."""
    table = {}
    for id, transcript in catalog.transcripts.items():
        if id in episodes:
            entries = [
                ((kind, slug), catalog.entries(kind)[slug])
                for kind, slugs in episodes[id].entries.items()
                for slug in slugs
                if slug in catalog.entries(kind)
            ]
            table[id] = first_cues(transcript, ((key, name) for key, entry in entries for name in _names(entry)))
    return table


def _names(entry: Entry) -> tuple[str, ...]:
    if getattr(entry, "match", ()):
        return ()
    return (title_of(entry), *getattr(entry, "aliases", ()), *getattr(entry, "abbreviations", ()))


LONGEST = 24 * 3600
"""Seconds that an episode whose length isn't known may last."""
_TIME = r"(?P<time>(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d))"
# nothing that makes a longer number or another kind of time of it
_END = (
    r"(?![\d:]|[.,]\d|\s?[-–—]\s?\d{1,3}(?![\d:])"
    r"|\s?(?:[ap]\.?\s?m\b|uhr\b|h\b|o['’]clock\b|(?:utc|gmt|[ecmp][sd]t|cet|cest|bst|ist|jst)\b))"
)
_FIRST = re.compile(rf"\s*(?:[-–—•·▪►▶*]\s?)?[\[(]?{_TIME}{_END}", re.IGNORECASE)
_HELD = re.compile(rf"[\[(]{_TIME}(?:\s?[-–—]\s?\d{{1,3}}:\d\d(?::\d\d)?)?[\])]", re.IGNORECASE)
_LATER = re.compile(rf"(?<![^\s\[(–—-]){_TIME}{_END}", re.IGNORECASE)
_OPENS = frozenset(["strong_open", "em_open"])
_MARKS = re.compile(r"\d:[0-5]\d")


class Stamp(NamedTuple):
    """A time in the notes: the index of its segment, where in it, and the second it means."""

    segment: int
    start: int
    end: int
    second: int


def stamps(document: Document, duration: int | None = None) -> Iterator[Stamp]:
    """The times that the notes of an episode name, in order; `duration` is its length in seconds, where known."""
    limit = LONGEST if duration is None else duration
    block, latest = -1, -1
    for at, segment in enumerate(document.segments):
        if segment.block != block:
            block, latest = segment.block, -1
        if not _MARKS.search(segment.text):
            continue
        taken: dict[int, Stamp] = {}
        first = _FIRST.match(segment.text) if _begins_line(document, segment) else None
        for found in (*([first] if first else ()), *_HELD.finditer(segment.text), *_LATER.finditer(segment.text)):
            stamp = _stamp(at, found, limit)
            is_held = found.re is not _LATER
            if stamp and (is_held or stamp.second > latest >= 0):
                taken.setdefault(stamp.start, stamp)
                latest = latest if found.re is _HELD else stamp.second
        yield from (taken[start] for start in sorted(taken))


def _begins_line(document: Document, segment: Segment) -> bool:
    """Whether nothing is before a segment in its block or, behind a hard break, in its line."""
    if not segment.offset:
        return True
    children = document.tokens[segment.token].children or []
    before = segment.child - 1
    while before >= 0 and children[before].type in _OPENS:
        before -= 1
    return before < 0 or children[before].type == "hardbreak" or children[before].content == "<br>"


def _stamp(segment: int, found: re.Match[str], limit: int) -> Stamp | None:
    hours, minutes, seconds = (int(found[name] or 0) for name in ("hours", "minutes", "seconds"))
    if found["hours"] and minutes > 59:
        return None
    second = hours * 3600 + minutes * 60 + seconds
    return Stamp(segment, found.start("time"), found.end("time"), second) if second <= limit else None


def stamp_links(
    document: Document, audio: str, duration: int | None, others: Mapping[int, list[Insertion]]
) -> dict[int, list[Insertion]]:
    """The links to set in an episode's notes, by index of segment, sorted: `others`, and those of its times, which lead
    to that second of its sound (Media Fragments URI 1.0, section 4.2.1) wherever no other link is."""
    table = {segment: list(links) for segment, links in others.items()}
    address = audio.partition("#")[0]
    for segment, start, end, second in stamps(document, duration):
        links = table.setdefault(segment, [])
        if all(end <= link.start or link.end <= start for link in links):
            links.append(Insertion(start, end, f"{address}#t={second}"))
    return {segment: sorted(links) for segment, links in table.items() if links}
