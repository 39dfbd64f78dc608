"""Which episodes the teasers of a run are of, by their words and by their neighbours. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from mlguide_site.importers import Draft
from mlguide_site.merge.likeness import Likeness, compare, plain_words
from mlguide_site.merge.loose import (
    HEAD_WORDS,
    SURE_LEAD,
    SURE_WORDS,
    Candidates,
    Match,
    Run,
    is_teaser,
    possible,
    teaser_words,
)
from mlguide_site.merge.neighbours import NO_ORDER, Order, Side, ordered

SURE_RUN = 0.75
"""A teaser is of the episode that has so much of it in runs if no other has nearly as much."""
ALIKE_RUN = 0.6
LIKELY, LIKELIER = 0.35, 1.5
"""How like a teaser is to an episode that one neighbour speaks for, and how much more so than to any other."""
BETWEEN, BETWEEN_LIKELIER = 0.2, 1.1
"""The same where the neighbours on both sides do."""
NONE = Likeness()


def match_teasers(run: Run, candidates: Candidates, named: Mapping[int, Match]) -> dict[int, Match]:
    """The teasers whose words tell their episode, and those whose neighbours and words agree.

    `named` are those that are matched already; what is matched in the course of it helps with the rest.
    """
    return _Teasers(run, candidates, named).match()


class _Teasers:
    def __init__(self, run: Run, candidates: Candidates, named: Mapping[int, Match]) -> None:
        self.candidates = candidates
        self.spots = {id: one.spot for id, one in candidates.items()}
        self.open = {
            place: draft for place, draft in sorted(run.drafts.items()) if is_teaser(draft) and place not in named
        }
        places = list(self.open)
        texts = [teaser_words(self.open[place]) for place in places]
        words = {id: one.words for id, one in candidates.items()}
        self.likeness = dict(zip(places, compare(texts, words), strict=True))
        self.known = {place: id for place, id in run.taken.items() if id in candidates}
        self.known |= {
            place: found.id for place, found in named.items() if place in run.drafts and is_teaser(run.drafts[place])
        }

    def match(self) -> dict[int, Match]:
        found = {place: Match(id, "text") for place, id in self.alone().items()}
        anchors = self.known | {place: match.id for place, match in found.items()}
        way, contradicted = ordered(anchors, self.spots)
        for place in contradicted:
            found.pop(place, None)
            anchors.pop(place, None)
        while True:
            order = Order(way, anchors, self.spots)
            agreed = {
                place: id for place in self.open if place not in anchors and (id := self.beside(place, order, anchors))
            }
            agreed |= self.pairs(order, anchors)
            uses = Counter(agreed.values())
            agreed = {place: id for place, id in agreed.items() if uses[id] == 1}
            if not agreed:
                return found
            found |= {place: Match(id, "neighbours") for place, id in agreed.items()}
            anchors |= agreed

    def possible(self, place: int, id: str) -> bool:
        return possible(self.open[place], self.candidates[id])

    def alone(self) -> dict[int, str]:
        """The texts whose episode their own words tell beyond doubt."""
        best: dict[int, tuple[str, float]] = {}
        for place, likeness in self.likeness.items():
            runs = sorted(((like.run, id) for id, like in likeness.items()), reverse=True)
            if not runs or runs[0][0] < SURE_RUN or likeness[runs[0][1]].evidence < SURE_WORDS:
                continue
            rivals = [run for run, id in runs[1:] if self.possible(place, id)]
            if self.possible(place, runs[0][1]) and max(rivals, default=0.0) <= runs[0][0] - SURE_LEAD:
                best[place] = (runs[0][1], runs[0][0])
        taken = set(self.known.values())
        return {
            place: id
            for place, (id, run) in best.items()
            if id not in taken
            and all(
                other == place or likeness.get(id, NONE).run <= run - SURE_LEAD or not self.possible(other, id)
                for other, likeness in self.likeness.items()
            )
        }

    def beside(self, place: int, order: Order, anchors: Mapping[int, str]) -> str:
        """The episode that a text's neighbours and its words agree on; "" where they don't."""
        taken = set(anchors.values())
        likeness = {
            id: like for id, like in self.likeness[place].items() if id not in taken and self.possible(place, id)
        }
        ranked = [id for _, id in sorted((-like.words, id) for id, like in likeness.items())]
        alike = [id for id, like in likeness.items() if like.run >= ALIKE_RUN and like.evidence >= SURE_WORDS]
        spoken_for = [id for id in sorted(alike) if any(side.exact for side in order.sides(place, id) or ())]
        if len(alike) > 1:
            return spoken_for[0] if len(spoken_for) == 1 else ""
        first = likeness[ranked[0]].words if ranked else 0.0
        lead = first / max(0.001, likeness[ranked[1]].words) if len(ranked) > 1 else LIKELIER
        if ranked and (sides := order.sides(place, ranked[0])) and self.agrees(place, ranked[0], sides, first, lead):
            return ranked[0]
        if first < LIKELY:
            # an episode without notes of which both neighbours tell that it stands here
            bare = [id for id, one in self.candidates.items() if one.bare and id not in taken]
            told = [id for id in bare if self.possible(place, id) and _exact(order.sides(place, id) or ())]
            return told[0] if len(told) == 1 else ""
        return ""

    def pairs(self, order: Order, anchors: Mapping[int, str]) -> dict[int, str]:
        """Texts side by side that are likely of episodes side by side, and that no known text contradicts."""
        likely: dict[int, str] = {}
        for place, likeness in self.likeness.items():
            ranked = sorted(
                ((like.words, id) for id, like in likeness.items() if self.possible(place, id)), reverse=True
            )
            if place in anchors or not ranked or ranked[0][0] < LIKELY or ranked[0][1] in anchors.values():
                continue
            first, id = ranked[0]
            clear = len(ranked) < 2 or first >= LIKELIER * ranked[1][0]
            if clear and order.way != NO_ORDER and order.sides(place, id) is not None:
                likely[place] = id
        found: dict[int, str] = {}
        for place, id in likely.items():
            beside = Order(order.way, {place: id}, self.spots)
            sides = beside.sides(place + 1, likely[place + 1]) if place + 1 in likely else None
            if sides and sides[0].exact:
                found |= {place: id, place + 1: likely[place + 1]}
        return found

    def agrees(self, place: int, id: str, sides: Sequence[Side], words: float, lead: float) -> bool:
        if not all(side.fits for side in sides):
            return False
        if len(sides) == 2 and (_exact(sides) or (words >= BETWEEN and lead >= BETWEEN_LIKELIER)):
            return any(not side.missing for side in sides)
        # a number that the root lacks may be the one that the text is of
        sure = any(not side.missing for side in sides)
        titled = names_title(self.open[place], self.candidates[id].title)
        return sure and words >= LIKELY and lead >= (BETWEEN_LIKELIER if titled else LIKELIER)


def _exact(sides: Sequence[Side]) -> bool:
    return len(sides) == 2 and all(side.exact for side in sides)


def names_title(draft: Draft, title: str) -> bool:
    """Whether a text names a title of three words or more near its beginning."""
    words, wanted = teaser_words(draft)[:HEAD_WORDS], plain_words(title)
    size = len(wanted)
    return size >= 3 and any(words[at : at + size] == wanted for at in range(len(words) - size + 1))


def likest(run: Run, candidates: Candidates) -> dict[int, tuple[str, ...]]:
    """For each text of a run the episodes that are most like it, two at most, for a person to look at."""
    texts = [teaser_words(draft) for draft in run.drafts.values()]
    found = {}
    words = {id: one.words for id, one in candidates.items()}
    for (place, draft), likeness in zip(run.drafts.items(), compare(texts, words), strict=True):
        ranked = sorted(
            (-like.words, id)
            for id, like in likeness.items()
            if like.words >= BETWEEN and possible(draft, candidates[id])
        )
        found[place] = tuple(id for _, id in ranked[:2])
    return found
