"""When an episode's transcript first names what its notes name: the second at which a reader can hear it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate

from mlguide_site.linking.linked import LinkedEpisode
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
