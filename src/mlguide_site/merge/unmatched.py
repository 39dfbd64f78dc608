"""Which episodes the texts of a run are of, where their source names none.

A text is matched by what a person wrote, by an address, number, title or date in it, by its words, or by its place
between texts that are matched. An ambiguous text is not matched: it is held in `.mlguide/pending/`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import NamedTuple

from mlguide_site.importers import Draft
from mlguide_site.importers.common.addresses import find_addresses
from mlguide_site.importers.common.titles import read_number, read_prefix
from mlguide_site.merge.likeness import Likeness, compare, in_runs, plain_words
from mlguide_site.merge.matching import plain_title, read_day
from mlguide_site.merge.records import key_hash

SURE_LEAD, SURE_WORDS = 0.2, 8
"""By how much an episode must lead the next, and how many words in runs a text must share with it."""
SURE_RUN, WHOLE_RUN, WHOLE_PART = 0.75, 0.6, 0.8
"""A teaser is of the episode that has so much of it; notes in full are of the one that has so much of them, or that
they have so much of."""
LIKELY, LIKELIER = 0.35, 1.1
"""How similar a teaser is to the next episode after that of a matched neighbour, and how much more than to others."""
PLAUSIBLE = 0.5
"""An address or a date is trusted for episodes with so much of the greatest likeness to any."""
FEW_WORDS = 20
HEAD, HEAD_WORDS = 400, 60
FAR = timedelta(days=3)
_PART_NAMES = ("one two three four five six seven eight nine ten".split(), "i ii iii iv v vi vii viii ix x".split())
_PART = re.compile(r"\b(?:part|pt|teil|chapter|volume|vol)\.?\s{1,3}#?([0-9]{1,2}|[a-z]{1,5})\b", re.I)
_LAST = re.compile(r"(?:\s|#|\()([0-9]{1,2}|[IVX]{1,4})\)?\s*$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An episode that a text may be of. `words` are those of title, summary and notes, but for those that teasers gave;
    `keys` the hashes that identify it; `part` which of several parts it is."""

    id: str
    series: str
    number: int | None
    day: date | None
    title: str
    words: tuple[str, ...]
    keys: frozenset[str]
    part: int | None


Candidates = Mapping[str, Candidate]


class Match(NamedTuple):
    """The episode of a text, and why: `hand`, `address`, `number`, `title`, `date`, `text`, `neighbours`, or `earlier`
    for a match of an earlier import."""

    id: str
    by: str


@dataclass(frozen=True, slots=True)
class Run:
    """The unmatched texts of one source by place, the episodes that a person gave some of them, and the episodes of its
    matched texts."""

    drafts: Mapping[int, Draft]
    given: Mapping[int, str]
    taken: Mapping[int, str]


def match_run(run: Run, candidates: Candidates, prefixes: Mapping[str, str]) -> dict[int, Match]:
    """The texts of a run whose episode is certain. `prefixes` has the series by the prefix of its titles, in capitals.

    No two texts of a kind (teasers, notes in full) are of one episode.
    """
    words = {id: one.words for id, one in candidates.items()}
    likeness = dict(zip(run.drafts, compare([text_words(draft) for draft in run.drafts.values()], words), strict=True))
    found = {place: Match(id, "hand") for place, id in run.given.items() if id in candidates and place in run.drafts}
    for by, way in _ways(likeness, candidates, prefixes):
        ids = {place: _only(way(place, draft), draft, candidates) for place, draft in run.drafts.items()}
        _take(found, by, ids, run)
    full = {place: _of_notes(draft, likeness[place], candidates) for place, draft in run.drafts.items()}
    _take(found, "text", {place: id for place, id in full.items() if not is_teaser(run.drafts[place])}, run)
    _take(found, "text", _of_teasers(run, likeness, candidates), run)
    while _take(found, "neighbours", _of_neighbours(run, found, likeness, candidates), run):
        pass
    return found


def _take(found: dict[int, Match], by: str, ids: Mapping[int, str | None], run: Run) -> bool:
    """Add matches to those found, unless another text of the kind is of the same episode; whether there were any."""
    used = {(is_teaser(run.drafts[place]), match.id) for place, match in found.items()}
    used |= {(True, id) for id in run.taken.values() if by in ("text", "neighbours")}
    wanted = {at: (is_teaser(run.drafts[at]), id) for at, id in ids.items() if id and at not in found}
    uses = Counter(wanted.values())
    new = {at: Match(id, by) for at, (kind, id) in wanted.items() if uses[kind, id] == 1 and (kind, id) not in used}
    found |= new
    return bool(new)


def _only(ids: Iterable[str], draft: Draft, candidates: Candidates) -> str | None:
    possible = {id for id in ids if is_possible(draft, candidates[id])}
    return possible.pop() if len(possible) == 1 else None


def _ways(
    likeness: Mapping[int, Mapping[str, Likeness]], candidates: Candidates, prefixes: Mapping[str, str]
) -> tuple[tuple[str, Callable[[int, Draft], Iterable[str]]], ...]:
    """The ways in which a text names its episode, the surest first."""
    index: dict[object, list[str]] = defaultdict(list)
    for id, one in sorted(candidates.items()):
        keys = {("title", plain_title(one.title)), ("number", one.series, one.number), ("day", one.day), *one.keys}
        for key in keys:
            index[key].append(id)

    def shares(place: int, id: str) -> bool:
        """Whether a text shares so much with an episode that an address or a date is no accident."""
        most = max((like.words for like in likeness[place].values()), default=0.0)
        shared = likeness[place].get(id, Likeness()).words
        return len(candidates[id].words) < FEW_WORDS or 0 < shared >= PLAUSIBLE * most

    def by_address(place: int, draft: Draft) -> Iterable[str]:
        keys = {key_hash("address", address.url) for address in find_addresses(draft.body[:HEAD])}
        return [id for key in keys for id in index.get(key, ()) if shares(place, id)]

    def by_number(_place: int, draft: Draft) -> Iterable[str]:
        prefixed = read_prefix(draft.title)
        if prefixed and (series := prefixes.get(prefixed.prefix.upper())):
            return index.get(("number", series, prefixed.number), ())
        number = read_number(draft.title).number
        return index.get(("number", draft.series, number), ()) if draft.series and number is not None else ()

    def by_title(_place: int, draft: Draft) -> Iterable[str]:
        prefixed = read_prefix(draft.title)
        names = (draft.title, read_number(draft.title).title, prefixed.title if prefixed else "")
        return [id for name in names if name for id in index.get(("title", plain_title(name)), ())]

    def by_date(place: int, draft: Draft) -> Iterable[str]:
        day = read_day(draft.fields.get("date"))
        return [id for id in index.get(("day", day), ()) if shares(place, id)] if day else ()

    return ("address", by_address), ("number", by_number), ("title", by_title), ("date", by_date)


def _of_notes(draft: Draft, likeness: Mapping[str, Likeness], candidates: Candidates) -> str | None:
    """The episode that has the text of notes in full, or a good part of it."""
    text = plain_words(draft.body)
    scores: list[tuple[float, str]] = []
    for id, like in likeness.items():
        if like.evidence >= SURE_WORDS and is_possible(draft, candidates[id]):
            other = candidates[id].words
            part = len(in_runs(other, text)) / len(other) if len(other) >= FEW_WORDS else 0.0
            scores.append((max(like.run / WHOLE_RUN, part / WHOLE_PART), id))
    scores.sort(reverse=True)
    clear = scores and scores[0][0] >= 1 and (len(scores) < 2 or scores[1][0] < scores[0][0] - SURE_LEAD)
    return scores[0][1] if clear else None


def _of_teasers(
    run: Run, likeness: Mapping[int, Mapping[str, Likeness]], candidates: Candidates
) -> dict[int, str | None]:
    """The teasers whose words identify their episode: it has most of the text, and no other episode and no other teaser
    comes near."""
    found: dict[int, str | None] = {}
    best: dict[str, list[float]] = defaultdict(list)
    for place, likes in likeness.items():
        draft = run.drafts[place]
        if not is_teaser(draft):
            continue
        runs = sorted(
            ((like.run, id) for id, like in likes.items() if is_possible(draft, candidates[id])), reverse=True
        )
        for score, id in runs:
            best[id].append(score)
        clear = len(runs) == 1 or (runs and runs[1][0] <= runs[0][0] - SURE_LEAD)
        if clear and runs[0][0] >= SURE_RUN and likes[runs[0][1]].evidence >= SURE_WORDS:
            found[place] = runs[0][1]
    for place, taken in found.items():
        if taken and sum(score > likeness[place][taken].run - SURE_LEAD for score in best[taken]) > 1:
            found[place] = None
    return found


def _of_neighbours(
    run: Run, found: Mapping[int, Match], likeness: Mapping[int, Mapping[str, Likeness]], candidates: Candidates
) -> dict[int, str | None]:
    """The teasers next to matched ones that are of the next episodes: the texts of a page are of consecutive episodes.

    Between two matched texts, as many texts as the root has episodes there are these episodes. Beside one matched text
    the next episode must also be the likeliest by its words.
    """
    anchors = {place: id for place, id in run.taken.items() if id in candidates}
    anchors |= {place: match.id for place, match in found.items() if is_teaser(run.drafts[place])}
    order = sorted(
        (one for one in candidates.values() if one.day), key=lambda one: (one.day, one.series, one.number or 0, one.id)
    )
    rank = {one.id: at for at, one in enumerate(order)}
    places = [place for place in sorted(anchors) if anchors[place] in rank]
    steps = [(a, b, rank[anchors[b]] - rank[anchors[a]]) for a, b in pairwise(places)]
    way = -1 if sum(step < 0 for _, _, step in steps) * 2 >= len(steps) else 1
    result: dict[int, str | None] = {}

    def agrees(place: int, id: str) -> bool:
        draft = run.drafts.get(place)
        return draft is not None and is_teaser(draft) and is_possible(draft, candidates[id])

    for a, b, step in steps:
        between = {at: order[rank[anchors[a]] + way * (at - a)].id for at in range(a + 1, b) if step * way == b - a}
        if all(agrees(at, id) for at, id in between.items()):
            result |= between
    taken = set(anchors.values())
    for anchor in places:
        for side in (-1, 1):
            place, at = anchor + side, rank[anchors[anchor]] + way * side
            if place in anchors or place in result or not 0 <= at < len(order) or not agrees(place, order[at].id):
                continue
            id, likes = order[at].id, likeness[place]
            rivals = [like.words for other, like in likes.items() if other not in {*taken, id} and agrees(place, other)]
            own = likes[id].words if id in likes and _is_next(candidates, anchors[anchor], id) else 0.0
            if own >= LIKELY and own >= LIKELIER * max(rivals, default=0.0):
                result[place] = id
    return result


def _is_next(candidates: Candidates, one: str, other: str) -> bool:
    """Whether no number that the root lacks is between two episodes."""
    a, b = candidates[one], candidates[other]
    return a.series != b.series or None in (a.number, b.number) or abs((a.number or 0) - (b.number or 0)) == 1


def likest(run: Run, candidates: Candidates) -> dict[int, tuple[str, ...]]:
    """For each text the two episodes at most that are most similar to it, for a person to look at."""
    words = {id: one.words for id, one in candidates.items()}
    found = {}
    likes = compare([text_words(draft) for draft in run.drafts.values()], words)
    for (place, draft), likeness in zip(run.drafts.items(), likes, strict=True):
        near = [id for id, like in likeness.items() if like.words >= SURE_LEAD and is_possible(draft, candidates[id])]
        found[place] = tuple(id for _, id in sorted((-likeness[id].words, id) for id in near)[:2])
    return found


def is_teaser(draft: Draft) -> bool:
    """Whether a draft only fills in what an episode lacks."""
    return draft.loose is not None and draft.loose.teaser


def with_lead(draft: Draft, promotions: Iterable[Sequence[str]]) -> Draft:
    """A teaser with the number of its first words that are promotion, or what is left of it without its links.

    >>> from mlguide_site.importers import Loose
    >>> teaser = Draft("", None, None, "", {}, "to weave at home! How looms work.", loose=Loose(1, True))
    >>> with_lead(teaser, [plain_words("Get our book to weave at home")]).loose.lead
    4
    """
    if not is_teaser(draft) or draft.loose is None:
        return draft
    tokens = [plain_words(token) for token in draft.body.split()]
    flat = [word for words in tokens for word in words]
    known = {at for promotion in promotions for at in in_runs(flat, promotion)}
    first = next((at for at in range(len(flat)) if at not in known), len(flat))
    ends = accumulate(len(words) for words in tokens)
    lead = sum(1 for end in ends if end <= first) if first else 0
    return replace(draft, loose=replace(draft.loose, lead=max(lead, draft.loose.lead)))


def text_words(draft: Draft) -> list[str]:
    """The words of a text, without those that other texts begin with and without a last one that was cut."""
    text = " ".join(draft.body.split()[draft.loose.lead if draft.loose else 0 :])
    words = plain_words(text)
    return words[:-1] if draft.truncated and text.rstrip(".… ")[-1:].isalnum() else words


def is_possible(draft: Draft, candidate: Candidate) -> bool:
    """Whether nothing contradicts that a text is of an episode: another part of several, another date or series."""
    if draft.series and draft.series != candidate.series:
        return False
    part = part_of(draft.title, " ".join(text_words(draft)[:HEAD_WORDS]))
    if part is not None and candidate.part is not None and part != candidate.part:
        return False
    day = read_day(draft.fields.get("date"))
    return day is None or candidate.day is None or abs(day - candidate.day) <= FAR


def part_of(title: str, text: str = "") -> int | None:
    """Which of several parts a title names, else the beginning of its text.

    >>> part_of("Looms II"), part_of("Looms (Part 2)"), part_of("Looms", "Part two of looms"), part_of("Looms in 2024")
    (2, 2, 2, None)
    """
    for found in (_PART.search(title), _LAST.search(title), _PART.search(text)):
        if found is None:
            continue
        word = found[1].casefold()
        for names in _PART_NAMES:
            if word in names:
                return names.index(word) + 1
        if word.isascii() and word.isdigit() and 0 < int(word) <= 20:
            return int(word)
    return None
