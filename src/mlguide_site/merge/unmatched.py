"""Which episodes the texts of a source are of that names none, such as a podcast player's page.

A text is matched by what a person wrote, by an address, number, title or date in it, or by the runs of words that it
shares with an episode. An ambiguous text is not matched: it is held in `.mlguide/pending/`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from mlguide_site.importers import Draft
from mlguide_site.importers.common.addresses import find_addresses
from mlguide_site.importers.common.titles import read_number, read_prefix
from mlguide_site.merge.matching import Known, plain_title, read_day
from mlguide_site.merge.records import key_hash

RUN = 3
"""How many neighbouring words make a run."""
COMMON_FROM, COMMON = 8, 0.25
"""Runs in more than this share of at least so many episodes say nothing."""
SURE, SURE_NOTES, SURE_WORDS, SURE_LEAD = 0.7, 0.5, 8, 0.2
"""Which share of a teaser, or of notes in full, an episode must have in runs, how many words these must hold, and by
how much it must lead every other episode."""
PLAUSIBLE = 0.5
"""An address or a date is trusted for episodes with so much of the greatest similarity to any."""
SIMILAR = 0.2
FEW_WORDS = 20
HEAD, HEAD_WORDS = 400, 60
FAR = timedelta(days=3)
_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}\)|https?://\S{1,2000}")
_WORD = re.compile(r"[^\W_]+")
_PART_NAMES = ("one two three four five six seven eight nine ten".split(), "i ii iii iv v vi vii viii ix x".split())
_PART = re.compile(r"\b(?:part|pt|teil|chapter|volume|vol)\.?\s{1,3}#?([0-9]{1,2}|[a-z]{1,5})\b", re.I)
_LAST = re.compile(r"(?:\s|#|\()([0-9]{1,2}|[IVX]{1,4})\)?\s*$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An episode that a text may be of. `words` are those of title, summary and notes, but for those that teasers gave;
    `part` tells which of several parts it is."""

    known: Known
    words: tuple[str, ...]
    part: int | None

    @property
    def day(self) -> date | None:
        return read_day(self.known.date)


Candidates = Mapping[str, Candidate]
Shares = Mapping[str, float]
"""By id of an episode, which share of a text's words it has in runs."""


class Match(NamedTuple):
    """The episode of a text, and why: `hand`, `address`, `number`, `title`, `date` or `text`."""

    id: str
    by: str


@dataclass(frozen=True, slots=True)
class Run:
    """The unmatched texts of one source by place, the episodes that a person gave some of them, and the episodes of its
    matched texts."""

    drafts: Mapping[int, Draft]
    given: Mapping[int, str]
    taken: Mapping[int, str]


def plain_words(text: str) -> list[str]:
    """The words of a text or a body as they are compared: small letters, no marks, no addresses.

    >>> plain_words("See **Docker's** [page](https://d.example/x), or https://a.example")
    ['see', 'docker', 's', 'page', 'or']
    """
    return _WORD.findall(_ADDRESS.sub(" ", text).casefold())


def _runs(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def in_runs(text: Sequence[str], other: Sequence[str]) -> list[int]:
    """The places of a text's words that are in runs of three or more words which another text has as well.

    >>> in_runs("a b c x d e f".split(), "a b c d e f".split())
    [0, 1, 2, 4, 5, 6]
    """
    known = frozenset(_runs(other))
    return sorted({at + step for at, run in enumerate(_runs(text)) if run in known for step in range(RUN)})


def compare(texts: Sequence[Sequence[str]], episodes: Mapping[str, Sequence[str]]) -> list[Shares]:
    """For each text the episodes that share a run with it, and which share of its words is in such runs. Runs that many
    episodes have don't count. Linear in the length of texts and notes.

    >>> compare(["a loom weaves cloth".split()], {"a": "how a loom weaves cloth on a frame".split(), "b": ["how"]})
    [{'a': 1.0}]
    """
    wanted = {run for text in texts for run in _runs(text)}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for id, words in sorted(episodes.items()):
        for run in wanted.intersection(_runs(words)):
            holders[run].append(id)
    most = COMMON * len(episodes) if len(episodes) >= COMMON_FROM else len(episodes)
    found: list[Shares] = []
    for text in texts:
        covered: dict[str, set[int]] = defaultdict(set)
        for at, run in enumerate(_runs(text)):
            ids = holders.get(run, ())
            for id in ids if len(ids) <= most else ():
                covered[id].update(range(at, at + RUN))
        found.append({id: round(len(places) / len(text), 6) for id, places in covered.items()})
    return found


def match_run(run: Run, candidates: Candidates, prefixes: Mapping[str, str]) -> dict[int, Match]:
    """The texts of a run whose episode is certain. `prefixes` has the series by the prefix of its titles, in capitals.

    No two texts of a kind (teasers, notes in full) are of one episode.
    """
    places = list(run.drafts)
    words = [text_words(run.drafts[place]) for place in places]
    shares = dict(zip(places, compare(words, {id: one.words for id, one in candidates.items()}), strict=True))
    found = {place: Match(id, "hand") for place, id in run.given.items() if id in candidates and place in run.drafts}
    for by, way in _ways(shares, candidates, prefixes):
        ids: dict[int, str] = {}
        for place, draft in run.drafts.items():
            possible = {id for id in way(place, draft) if is_possible(draft, candidates[id])}
            if len(possible) == 1:
                ids[place] = possible.pop()
        _take(found, by, ids, run)
    _take(found, "text", _by_words(run, shares, candidates), run)
    return found


def _take(found: dict[int, Match], by: str, ids: Mapping[int, str], run: Run) -> None:
    """Add matches to those found, unless another text of the kind is of the same episode."""
    used = {(is_teaser(run.drafts[place]), match.id) for place, match in found.items()}
    used |= {(True, id) for id in run.taken.values() if by == "text"}
    wanted = {at: (is_teaser(run.drafts[at]), id) for at, id in ids.items() if at not in found}
    uses = Counter(wanted.values())
    found |= {at: Match(one[1], by) for at, one in wanted.items() if uses[one] == 1 and one not in used}


def _ways(
    shares: Mapping[int, Shares], candidates: Candidates, prefixes: Mapping[str, str]
) -> tuple[tuple[str, Callable[[int, Draft], Iterable[str]]], ...]:
    """The ways in which a text names its episode, the surest first."""
    index: dict[object, list[str]] = defaultdict(list)
    for id, one in sorted(candidates.items()):
        known = one.known
        for key in {("title", plain_title(known.title)), ("number", known.series, known.number), one.day, *known.keys}:
            index[key].append(id)

    def is_plausible(place: int, id: str) -> bool:
        """Whether no other episode is so much more similar that an address or a date is an accident."""
        most = max(shares[place].values(), default=0.0)
        return len(candidates[id].words) < FEW_WORDS or shares[place].get(id, 0.0) >= PLAUSIBLE * most

    def by_address(place: int, draft: Draft) -> Iterable[str]:
        keys = {key_hash("address", address.url) for address in find_addresses(draft.body[:HEAD])}
        return [id for key in keys for id in index.get(key, ()) if is_plausible(place, id)]

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
        return [id for id in index.get(day, ()) if is_plausible(place, id)] if day else ()

    return ("address", by_address), ("number", by_number), ("title", by_title), ("date", by_date)


def _by_words(run: Run, shares: Mapping[int, Shares], candidates: Candidates) -> dict[int, str]:
    """The texts that an episode has most of, where no other episode and no other text of the kind comes near."""
    found: dict[int, str] = {}
    scores: dict[tuple[bool, str], list[float]] = defaultdict(list)
    for place, draft in run.drafts.items():
        kind = is_teaser(draft)
        ranked = sorted(
            ((share, id) for id, share in shares[place].items() if is_possible(draft, candidates[id])), reverse=True
        )
        for share, id in ranked:
            scores[kind, id].append(share)
        share, id = ranked[0] if ranked else (0.0, "")
        enough = share >= (SURE if kind else SURE_NOTES) and share * len(text_words(draft)) >= SURE_WORDS
        if enough and all(other <= share - SURE_LEAD for other, _ in ranked[1:2]):
            found[place] = id
    return {
        place: id
        for place, id in found.items()
        if sum(s > shares[place][id] - SURE_LEAD for s in scores[is_teaser(run.drafts[place]), id]) == 1
    }


def most_similar(run: Run, candidates: Candidates) -> dict[int, tuple[str, ...]]:
    """For each text the two episodes at most that are most similar to it, for a person to look at."""
    words = {id: one.words for id, one in candidates.items()}
    shares = compare([text_words(draft) for draft in run.drafts.values()], words)
    found = {}
    for (place, draft), own in zip(run.drafts.items(), shares, strict=True):
        near = [(-s, id) for id, s in own.items() if s >= SIMILAR and is_possible(draft, candidates[id])]
        found[place] = tuple(id for _, id in sorted(near)[:2])
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
    if draft.series and draft.series != candidate.known.series:
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
        word = found[1].casefold() if found else ""
        for names in _PART_NAMES:
            if word in names:
                return names.index(word) + 1
        if word.isascii() and word.isdigit() and 0 < int(word) <= 20:
            return int(word)
    return None
