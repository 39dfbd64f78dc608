"""Finds the first mentions of entries in a transcript, and links timestamps in notes to the audio.

A timestamp such as 12:34 or 1:02:03 must be in brackets, or at the start of a paragraph, list item, table cell or line.
In a paragraph that begins with a timestamp, later timestamps are also recognised if they increase, because an import
may have joined lines. Timestamps beyond the episode's duration, times of day, ratios and verses are ignored."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate

from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.linking.folding import is_word_part, lower, plain
from mlguide_site.markdown.document import Document, Insertion, Segment
from mlguide_site.model.catalog import title_of
from mlguide_site.model.records import Entry
from mlguide_site.model.transcript import Transcript

SHORT = 3  # maximum length of a name whose case must match; short names are often ordinary words
MAX_SPOKEN = 1_000  # maximum number of names
MAX_PLACES = 100  # maximum number of places of a word to try
LONGEST = 24 * 3600  # the latest possible timestamp in an episode of unknown duration, in seconds
_TIME = re.compile(
    r"(?<![^\s\[(–—-])(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?!:?\d|[.,]\d|\s?[-–—]\s?\d{1,3}(?![\d:])"
    r"|\s?(?:[ap]\.?\s?m\b|uhr\b|h\b|o['’]clock\b|(?:utc|gmt|[ecmp][sd]t|cet|cest|bst)\b))",
    re.IGNORECASE,
)
"""Matches a timestamp that isn't part of a longer number or of a time of day."""
_WORD = re.compile(r"\w+")
_BULLETS = " -–—•·▪►▶*[("
_INDENT = 8


def first_spoken(transcript: Transcript, entries: Mapping[EntryKey, Entry]) -> dict[EntryKey, int]:
    """Map each entry to the start, in seconds, of the first cue that names the entry. Entries that no cue names are
    omitted. Entries with `match` rules are also omitted, because the rules are for written text."""
    said = " ".join(cue.text for cue in transcript)
    small = lower(said)
    ends = list(accumulate(len(cue.text) + 1 for cue in transcript))
    free = {key: entry for key, entry in entries.items() if not getattr(entry, "match", ())}
    spoken = {key: (title_of(one), *one.aliases, *getattr(one, "abbreviations", ())) for key, one in free.items()}
    names = [(key, name) for key, own in spoken.items() for name in own][:MAX_SPOKEN]
    words = {name: list(_WORD.finditer(plain(lower(name)))) for _, name in names}
    places = {word[0]: list[int]() for found in words.values() for word in found}
    full = [0] * MAX_PLACES
    for word in _WORD.finditer(plain(small)):  # with vowel signs
        if len(known := places.get(word[0], full)) < MAX_PLACES:
            known.append(word.start())
    first: dict[EntryKey, int] = {}
    for key, name in names:
        if words[name]:
            rarest = min(words[name], key=lambda word: len(places[word[0]]))
            text, shown = (said, name) if len(name) <= SHORT else (small, lower(name))
            starts = (start - rarest.start() for start in places[rarest[0]])
            place = next((start for start in starts if _is_at(text, shown, start)), len(said))
            first[key] = min(place, first.get(key, place))
    return {key: int(transcript[bisect_right(ends, place)].start) for key, place in first.items() if place < len(said)}


def _is_at(text: str, name: str, at: int) -> bool:
    """Return whether a name begins at a position in a text, and is no part of a longer word."""
    if at < 0 or not text.startswith(name, at):
        return False
    after = text[at + len(name) : at + len(name) + 1]
    return not (text[at - 1 : at].isalnum() or (after and is_word_part(after)))


def timestamps(document: Document, duration: int | None = None) -> Iterator[tuple[int, int, int, int]]:
    """Yield a note's timestamps: segment index, start and end offset, time in seconds. Skip times after `duration`."""
    limit = LONGEST if duration is None else duration
    block, latest = -1, -1
    for at, segment in enumerate(document.segments):
        if segment.block != block:
            block, latest = segment.block, -1
        if segment.child < 0:
            continue
        text, begins_line = segment.text, _begins_line(document, segment)
        for found in _TIME.finditer(text):
            start, end = found.span()
            hours, minutes, seconds = (int(part or 0) for part in found.groups())
            second = hours * 3600 + minutes * 60 + seconds
            if second > limit or (found[1] and minutes > 59):
                continue
            opens_line = begins_line and start < _INDENT and not text[:start].strip(_BULLETS)
            in_brackets = text[max(0, start - 1) : start] in {"[", "("} and text[end : end + 1] in {"]", ")"}
            if opens_line or in_brackets or second > latest >= 0:
                yield at, start, end, second
                if opens_line or not in_brackets:
                    latest = second


def _begins_line(document: Document, segment: Segment) -> bool:
    if not segment.offset:
        return True
    children = document.tokens[segment.token].children or []
    before = segment.child - 1
    while before >= 0 and children[before].type in {"strong_open", "em_open"}:
        before -= 1
    return before < 0 or children[before].type == "hardbreak" or children[before].content == "<br>"


def timestamp_links(
    document: Document, audio: str, duration: int | None, others: Mapping[int, list[Insertion]]
) -> dict[int, list[Insertion]]:
    """Map segment indexes to the sorted links to insert in a note. These are `others`, which are sorted too, and links
    from timestamps that don't overlap them to positions in the audio (Media Fragments URI 1.0, section 4.2.1)."""
    table = {segment: list(links) for segment, links in others.items()}
    address = audio.partition("#")[0]
    for segment, start, end, second in timestamps(document, duration):
        # links in `others` never overlap each other, and timestamps never overlap each other
        before = others.get(segment, ())
        at = bisect_left(before, end, key=lambda link: link.start)
        if not at or before[at - 1].end <= start:
            table.setdefault(segment, []).append(Insertion(start, end, f"{address}#t={second}"))
    return {segment: sorted(links) for segment, links in table.items()}
