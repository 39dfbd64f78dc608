"""Files that stand beside an episode's note, such as transcripts: to whom each belongs, and what is to be written."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from mlguide_site.errors import ContentError, Problem, Severity, Span
from mlguide_site.importers import FileDraft
from mlguide_site.merge.base import data_hash
from mlguide_site.model.slugs import parse_id

PATH = ".mlguide/imported/files.json"
SUFFIXES = (".vtt", ".chapters.json")
MIN_LIKENESS = 88
"""How like a title the name of a source must be, of 100 (both with their words sorted)."""
MIN_LEAD = 5
"""By how much the likest title must lead the next."""


class Named(NamedTuple):
    """An episode as a file may name it; `season` is what its note says, for not every id does."""

    id: str
    series: str
    title: str
    season: int | None = None

    @property
    def key(self) -> tuple[int | None, int | None]:
        """Season and number."""
        found = parse_id(self.series, self.id)
        if found is None or found.number is None:
            return None, None
        return self.season if found.season is None else found.season, found.number


class Incoming(NamedTuple):
    """A file that looks for its episode: the name of its source, or of the file in which it waits; what it is; the id
    of the episode that a person said, "" for none; and whether it has been waiting."""

    source: str
    draft: FileDraft
    chosen: str = ""
    waiting: bool = False


class Sidecars(NamedTuple):
    """The files to write by path, the hashes of what imports have written, what is to be said; and by the place of each
    incoming file the id of the episode that took it, "" where none is known, nothing where the matter is settled."""

    writes: Mapping[str, bytes]
    written: Mapping[str, str]
    problems: tuple[Problem, ...]
    taken: Mapping[int, str]


def place_files(
    files: Sequence[Incoming], episodes: Sequence[Named], present: Mapping[str, str], written: Mapping[str, str]
) -> Sidecars:
    """What becomes of files from several sources, those that have been waiting last. `present` tells the hash of each
    file that is there, `written` of each that an import wrote, both by path relative to the root.

    A file that an import wrote and nobody changed follows its source; one that a person wrote, changed or took away
    stays so. Of two sources for one file the first counts; one that was waiting then goes on to.
    """
    writes: dict[str, bytes] = {}
    record = dict(written)
    problems: list[Problem] = []
    done: dict[str, str] = {}
    taken: dict[int, str] = {}
    by_id, numbered = _indexes(episodes)
    for at, (source, draft, chosen, waiting) in enumerate(files):
        likely: Sequence[Named] = episodes
        if draft.series and draft.number is not None:
            likely = numbered.get((draft.series, draft.number), ())
        elif draft.number is None and (same := by_id.get(draft.title)) and draft.series in {"", same.series}:
            likely = [same]
        episode = by_id.get(chosen) if chosen else find_episode(draft, likely)
        if episode is None:
            taken[at] = ""
            if chosen:
                remedy = "write the id of one that is there"
                problems.append(Problem(source, Span(), f'no episode "{chosen}"', remedy, Severity.WARNING))
            continue
        path = f"episodes/{episode.series}/{episode.id}{draft.suffix}"
        own, now, then = data_hash(draft.data), present.get(path), written.get(path)
        if path in done:
            if done[path] == own:
                taken[at] = episode.id
            else:
                message = f"{path} has another source in this import, which counts"
                remedy = "import one of the two" if not waiting else f"remove {source}, or the other"
                problems.append(Problem(source, Span(), message, remedy, Severity.WARNING))
                taken |= {at: ""} if waiting else {}
            continue
        done[path] = own
        if now == own:
            record[path] = own
            taken[at] = episode.id
        elif now == then:
            writes[path] = draft.data
            record[path] = own
            taken[at] = episode.id
        else:
            what = "was deleted by hand; it isn't written again" if now is None else "was written by hand and stays"
            remedy = (
                "remove it, and its line in the record of imports, to have the source's"
                if now is None
                else ("remove it to have the source's")
            )
            problems.append(Problem(path, Span(), f"this file {what}", remedy, Severity.HINT))
            taken |= {at: ""} if waiting else {}
    return Sidecars(writes, dict(sorted(record.items())), tuple(problems), taken)


def _indexes(
    episodes: Sequence[Named],
) -> tuple[dict[str, Named], dict[tuple[str, int], list[Named]]]:
    """Episodes by id, and by series and number: a feed may have a file for each of thousands."""
    numbered: dict[tuple[str, int], list[Named]] = {}
    for one in episodes:
        if (number := one.key[1]) is not None:
            numbered.setdefault((one.series, number), []).append(one)
    return {one.id: one for one in reversed(episodes)}, numbered


def find_episode(draft: FileDraft, episodes: Sequence[Named]) -> Named | None:
    """The episode that a file's name means: the one whose id it is, else the one of its series and number, else the one
    with a title that is like it; None where there is none, or more than one."""
    mine = [one for one in episodes if not draft.series or one.series == draft.series]
    if draft.number is not None:
        found = _of_season([one for one in mine if one.key[1] == draft.number], draft.season)
        if len(found) == 1:
            return found[0]
        # several series have that number: the title tells which
        mine = found
    slug = re.sub(r"[\s_]+", "-", draft.title.casefold())
    if draft.number is None and (same := [one for one in mine if one.id == slug]):
        return same[0]
    scores = sorted(
        ((fuzz.token_sort_ratio(_words(draft.title), _words(one.title)), one.id) for one in mine), reverse=True
    )
    if not draft.title or not scores or scores[0][0] < MIN_LIKENESS:
        return None
    if len(scores) > 1 and scores[0][0] - scores[1][0] < MIN_LEAD:
        return None
    return next(one for one in mine if one.id == scores[0][1])


def _of_season(episodes: Sequence[Named], season: int | None) -> list[Named]:
    """Those of a season among episodes of one number. Where a file names none, those whose ids name none come first;
    where it names one, those of which nobody knows the season come last."""
    if season is None:
        unmarked = [one for one in episodes if (key := parse_id(one.series, one.id)) and key.season is None]
        return unmarked
    return [one for one in episodes if one.key[0] == season] or [one for one in episodes if one.key[0] is None]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def dump_files(written: Mapping[str, str]) -> bytes:
    """The record of written files as the bytes of its file."""
    return (json.dumps(dict(written), sort_keys=True, indent=1) + "\n").encode()


def load_files(data: bytes) -> dict[str, str]:
    """The record from the bytes of its file. Raises ContentError where they are none."""
    try:
        value: Any = json.loads(data)
        return {str(path): str(found) for path, found in value.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        remedy = "take the file from an earlier commit, or remove it"
        raise ContentError([Problem(PATH, Span(), "not a record of an import", remedy)]) from None
