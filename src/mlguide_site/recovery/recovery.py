"""Structure of flattened notes: plain text in, Markdown out, with the places of which the model isn't sure."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from mlguide_site.recovery.chain import Floats
from mlguide_site.recovery.data import shipped
from mlguide_site.recovery.kinds import BODY, HEADING, ITEM, LABEL, MORE, PARAGRAPH, Found, Unsure
from mlguide_site.recovery.lattice import Lattice
from mlguide_site.recovery.listed import Part, find_lists, settled, told, words_of
from mlguide_site.recovery.markdown import Escaping, blocks_of, to_markdown
from mlguide_site.recovery.model import Model, rule, segment
from mlguide_site.recovery.signs import read_tokens
from mlguide_site.recovery.words import Token, ends_sentence

MAX_TOKENS = 8_000
"""Longer texts are cut at the end of a sentence and taken piece by piece, so that memory stays bounded."""
UNSURE = 0.6
NAMES = {HEADING: "heading", LABEL: "label", PARAGRAPH: "paragraph", ITEM: "item", BODY: "text", MORE: "text"}


class Recovered(NamedTuple):
    """Markdown of a flattened text, and the places to look at."""

    markdown: str
    unsure: tuple[Unsure, ...]


class Place(NamedTuple):
    """Something that begins in a text: offset of its first token, its count of tokens, and its kind's name."""

    offset: int
    size: int
    kind: str


def recover(
    text: str,
    phrases: Collection[tuple[str, str]] = (),
    model: Model | None = None,
    escaping: Escaping = Escaping(),  # noqa: B008 - the record is frozen
    doubting: Model | None = None,
) -> Recovered:
    """Markdown of a flattened text: the same words in the same order, literal marks of structure turned into it.

    A line end in `text` is a place where a block is known to end. `phrases` are pairs of words that the source writes
    side by side more than once. The model is the shipped one where none is given. Time grows with the text's length.
    How sure a place is, is what the model says, or the mean of what it and `doubting` say: a model that has learnt from
    notes like the text is sure of its mistakes, too.

    >>> text = "All is said. Glaze Chemistry Basics Silica: Makes the glass. Fluxes: Lower the melting point."
    >>> print(recover(text).markdown)
    All is said.
    <BLANKLINE>
    ## Glaze Chemistry Basics
    <BLANKLINE>
    - **Silica:** Makes the glass.
    - **Fluxes:** Lower the melting point.
    """
    segments: list[tuple[int, list[str]]] = []
    depths: dict[int, int] = {}
    unsure: list[Unsure] = []
    end = 0
    for tokens, parts, doubts in _segments(text, phrases, model or shipped().model, doubting):
        for one in parts:
            words, end = words_of(text, tokens, one, end)
            if one.depth:
                depths[len(segments)] = one.depth
            segments.append((one.kind, words))
        unsure.extend(doubts)
    return Recovered(to_markdown(blocks_of(segments, depths), escaping), tuple(unsure))


def find_places(
    text: str,
    phrases: Collection[tuple[str, str]] = (),
    model: Model | None = None,
) -> list[Place]:
    """What begins where in a flattened text, counted in its tokens (see `read_tokens`)."""
    places: list[Place] = []
    base = 0
    for tokens, parts, _ in _segments(text, phrases, model or shipped().model):
        for one in parts:
            if one.kind == MORE and places:
                places[-1] = places[-1]._replace(size=base + one.end - places[-1].offset)
            else:
                places.append(Place(base + one.start, one.end - one.start, NAMES[one.kind]))
        base += len(tokens)
    return [place for place in places if place.kind != "text"]


def _segments(
    text: str, phrases: Collection[tuple[str, str]], model: Model, doubting: Model | None = None
) -> Iterator[tuple[Sequence[Token], list[Part], list[Unsure]]]:
    for tokens in _pieces(read_tokens(text)):
        lists = find_lists(tokens)
        given = told(tokens, lists)
        seen = [token for _, token in given]
        ruled = rule(seen, phrases)
        found, likely = segment(model, ruled)
        if doubting is not None:
            likely += segment(doubting, ruled)[1]
            likely /= 2
        unsure = _unsure(seen, found, ruled.lattice, likely)
        sure = [(tokens[one.title].start, tokens[one.entries[-1].body].start) for one, _ in lists]
        doubts = [one for one in unsure if not any(first <= one.offset <= last for first, last in sure)]
        yield tokens, settled(found, [at for at, _ in given], tokens, lists), doubts


def _pieces(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = 0
    while start < len(tokens):
        end = min(start + MAX_TOKENS, len(tokens))
        if end < len(tokens):
            ends = (at for at in range(end, start + MAX_TOKENS // 2, -1) if ends_sentence(tokens[at - 1].text))
            end = next(ends, end)
        yield tokens[start:end]
        start = end


def _unsure(tokens: Sequence[Token], found: Sequence[Found], lattice: Lattice, likely: Floats) -> Iterator[Unsure]:
    """Places where what was taken is less than `UNSURE`."""
    count, reach, kinds = likely.shape
    starts = np.zeros((count, kinds))
    for step in range(1, min(reach, count - 1) + 1):
        starts[: count - step] += likely[step:, step - 1]
    taken = {one.start: one.kind for one in found}
    # text goes on where a sentence of it begins, or where nothing does
    starts[:, MORE] = 1 - starts[:, [HEADING, LABEL, PARAGRAPH, ITEM]].sum(axis=1)
    starts[:, BODY] = 0
    for at, place in enumerate(lattice.places[:-1].tolist()):
        kind = taken.get(place, MORE)
        kind = MORE if kind == BODY else kind
        confidence = float(starts[at, kind])
        if confidence < UNSURE:
            others = starts[at].copy()
            others[kind] = -1
            instead = int(others.argmax())
            yield Unsure(tokens[place].start, NAMES[kind], NAMES[instead], round(max(0.0, confidence), 3))
