"""When an episode's transcript first names what its notes name: the second at which a reader can hear it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from ahocorasick_rs import AhoCorasick

from mlguide_site.linking.linked import LinkedEpisode
from mlguide_site.model import Entry, Kind
from mlguide_site.model.catalog import Catalog, title_of
from mlguide_site.model.transcript import Transcript

SHORT = 3
"""Names of up to so many characters count only in their own spelling: transcripts are full of short words."""
EntryKey = tuple[Kind, str]


def first_said(transcript: Transcript, names: Iterable[tuple[EntryKey, str]]) -> dict[EntryKey, int]:
    """For each entry the second of the first cue in which one of its names begins, as a word of its own and in any
    case; those that nobody says are left out. Time grows with the length of the transcript."""
    patterns: dict[str, list[tuple[EntryKey, str]]] = {}
    for key, name in names:
        if name.strip():
            patterns.setdefault(name.lower(), []).append((key, name))
    texts = [cue.text.lower() for cue in transcript.cues]
    if not patterns or not texts:
        return {}
    text, starts, length = " ".join(texts), [], 0
    for part in texts:
        starts.append(length)
        length += len(part) + 1
    keys = list(patterns)
    found: dict[EntryKey, int] = {}
    for number, start, end in AhoCorasick(keys).find_matches_as_indexes(text, overlapping=True):
        if text[start - 1 : start].isalnum() or text[end : end + 1].isalnum():
            continue
        cue = transcript.cues[bisect_right(starts, start) - 1]
        for key, name in patterns[keys[number]]:
            if key not in found and (len(name) > SHORT or name in cue.text):
                found[key] = int(cue.start)
    return found


def said(catalog: Catalog, episodes: Mapping[str, LinkedEpisode]) -> dict[str, dict[EntryKey, int]]:
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
            table[id] = first_said(transcript, ((key, name) for key, entry in entries for name in _names(entry)))
    return table


def _names(entry: Entry) -> tuple[str, ...]:
    if getattr(entry, "match", ()):
        return ()
    return (title_of(entry), *getattr(entry, "aliases", ()), *getattr(entry, "abbreviations", ()))
