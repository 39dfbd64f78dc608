"""Which episodes the texts of a run are of, where these carry nothing that names one. Pure.

A text is matched by what a person said, by an address, number, title or date of its own, by its words, or because its
neighbours agree; a text that might as well be another episode's stays unknown.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from mlguide_site.importers import Draft
from mlguide_site.importers.addresses import find_addresses
from mlguide_site.importers.titles import read_number, read_prefix
from mlguide_site.merge.base import key_hash
from mlguide_site.merge.likeness import Likeness, compare, in_runs, plain_words
from mlguide_site.merge.match import plain_title
from mlguide_site.merge.neighbours import Spot, part_of, read_day

SURE_LEAD, SURE_WORDS = 0.2, 8
"""By how much an episode must lead the next, and how many words in runs a text must share with it."""
WHOLE_RUN, WHOLE_PART = 0.6, 0.8
"""Notes are of the episode that has so much of them, or that they have so much of."""
PLAUSIBLE = 0.5
"""Where an address or a day tells the episode: how much of the greatest likeness to any it must have."""
FEW_WORDS = 20
HEAD = 400
HEAD_WORDS = 60
FAR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An episode of the root that a text may be of: when it came, title, words of title, summary and notes (those that
    teasers gave aside), and the hashes that identify it."""

    id: str
    spot: Spot
    title: str
    words: tuple[str, ...]
    keys: frozenset[str]
    part: int | None

    @property
    def bare(self) -> bool:
        """Whether there is too little text to tell anything."""
        return len(self.words) < FEW_WORDS


class Match(NamedTuple):
    """The episode of a text, and what told it: `hand`, `address`, `number`, `title`, `date`, `text`, `neighbours`, or
    `earlier` where an earlier import did."""

    id: str
    by: str


@dataclass(frozen=True, slots=True)
class Run:
    """The texts of one source that aren't matched yet, by place; the episodes that people gave some of them (by place),
    and those of its texts that are matched."""

    drafts: Mapping[int, Draft]
    given: Mapping[int, str]
    taken: Mapping[int, str]


Candidates = Mapping[str, Candidate]


def match_named(run: Run, candidates: Candidates, prefixes: Mapping[str, str]) -> dict[int, Match]:
    """The texts that name their episode themselves. `prefixes` has the series by the prefix of its titles, in capitals.

    Two texts of a kind that name one episode name none.
    """
    titles: dict[str, list[str]] = defaultdict(list)
    addresses: dict[str, list[str]] = defaultdict(list)
    days: dict[date, list[str]] = defaultdict(list)
    numbers: dict[tuple[str, int], list[str]] = defaultdict(list)
    for id, one in sorted(candidates.items()):
        titles[plain_title(one.title)].append(id)
        for key in one.keys:
            addresses[key].append(id)
        if one.spot.day:
            days[one.spot.day].append(id)
        if one.spot.number is not None:
            numbers[one.spot.series, one.spot.number].append(id)

    likeness = _likeness(run, candidates)

    def speaks_of(place: int, id: str) -> bool:
        """Whether a text shares so much with an episode that an address or a day is no accident."""
        most = max((like.words for like in likeness[place].values()), default=0.0)
        shared = likeness[place].get(id, Likeness()).words
        return candidates[id].bare or 0 < shared >= PLAUSIBLE * most

    def by_address(place: int, draft: Draft) -> Iterable[str]:
        urls = {address.url for address in find_addresses(draft.body[:HEAD])}
        found = {id for url in urls for id in addresses.get(key_hash("address", url), ())}
        return [id for id in found if speaks_of(place, id)]

    def by_number(_place: int, draft: Draft) -> Iterable[str]:
        prefixed = read_prefix(draft.title)
        if prefixed and (series := prefixes.get(prefixed.prefix.upper())):
            return numbers.get((series, prefixed.number), ())
        number = read_number(draft.title).number
        return numbers.get((draft.series, number), ()) if draft.series and number is not None else ()

    def by_title(_place: int, draft: Draft) -> Iterable[str]:
        prefixed = read_prefix(draft.title)
        names = (draft.title, read_number(draft.title).title, prefixed.title if prefixed else "")
        return {id for name in names if name for id in titles.get(plain_title(name), ())}

    def by_date(place: int, draft: Draft) -> Iterable[str]:
        day = _day(draft)
        return [id for id in days.get(day, ()) if speaks_of(place, id)] if day else ()

    ways: tuple[tuple[str, Callable[[int, Draft], Iterable[str]]], ...] = (
        ("address", by_address),
        ("number", by_number),
        ("title", by_title),
        ("date", by_date),
    )
    result = {place: Match(id, "hand") for place, id in run.given.items() if id in candidates and place in run.drafts}
    for by, way in ways:
        found: dict[int, str] = {}
        for place, draft in run.drafts.items():
            ids = {id for id in way(place, draft) if possible(draft, candidates[id])} if place not in result else set()
            if len(ids) == 1:
                found[place] = ids.pop()
        uses = Counter((is_teaser(run.drafts[place]), id) for place, id in found.items())
        used = {(is_teaser(run.drafts[place]), match.id) for place, match in result.items()}
        for place, id in found.items():
            kind = is_teaser(run.drafts[place]), id
            if uses[kind] == 1 and kind not in used:
                result[place] = Match(id, by)
    return result


def _likeness(run: Run, candidates: Candidates) -> dict[int, dict[str, Likeness]]:
    texts = [teaser_words(draft) for draft in run.drafts.values()]
    found = compare(texts, {id: one.words for id, one in candidates.items()})
    return dict(zip(run.drafts, found, strict=True))


def match_notes(run: Run, candidates: Candidates) -> dict[int, Match]:
    """The notes in full whose episode has the same text, or a good part of it."""
    places = [place for place, draft in sorted(run.drafts.items()) if not is_teaser(draft)]
    texts = [plain_words(run.drafts[place].body) for place in places]
    words = {id: one.words for id, one in candidates.items()}
    found: dict[int, str] = {}
    for place, text, likeness in zip(places, texts, compare(texts, words), strict=True):
        scores: list[tuple[float, str]] = []
        for id, like in likeness.items():
            if like.evidence >= SURE_WORDS and possible(run.drafts[place], candidates[id]):
                other = words[id]
                part = len(in_runs(other, text)) / len(other) if len(other) >= FEW_WORDS else 0.0
                scores.append((max(like.run / WHOLE_RUN, part / WHOLE_PART), id))
        scores.sort(reverse=True)
        if scores and scores[0][0] >= 1 and (len(scores) < 2 or scores[1][0] < scores[0][0] - SURE_LEAD):
            found[place] = scores[0][1]
    return {place: Match(id, "text") for place, id in found.items() if list(found.values()).count(id) == 1}


def is_teaser(draft: Draft) -> bool:
    """Whether a draft only fills in what an episode lacks."""
    return draft.loose is not None and draft.loose.teaser


def with_lead(draft: Draft, promotions: Iterable[Sequence[str]]) -> Draft:
    """A teaser that knows how many of its first words are promotion, or what is left of it without its links.

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


def teaser_words(draft: Draft) -> list[str]:
    """The words of a teaser that tell something: without those that others begin with, and without a last one that was
    cut."""
    text = " ".join(draft.body.split()[draft.loose.lead if draft.loose else 0 :])
    words = plain_words(text)
    return words[:-1] if draft.truncated and text.rstrip(".… ")[-1:].isalnum() else words


def possible(draft: Draft, candidate: Candidate) -> bool:
    """Whether nothing contradicts that a text is of an episode: another part of several, another day or series."""
    if draft.series and draft.series != candidate.spot.series:
        return False
    said = part_of(draft.title, " ".join(teaser_words(draft)[:HEAD_WORDS]))
    if said is not None and candidate.part is not None and said != candidate.part:
        return False
    day = _day(draft)
    return day is None or candidate.spot.day is None or abs(day - candidate.spot.day) <= FAR


def _day(draft: Draft) -> date | None:
    return read_day(str(draft.fields.get("date") or ""))
