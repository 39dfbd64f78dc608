"""The habits of writers of notes, by which generated notes differ from each other."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """The habits of one writer: shares of what is done, from 0 to 1, and what is always done."""

    written: float  # sections from the material
    outlined: float  # of the others, those with headings and labels from an outline; the rest is from the grammar
    prose: float  # sections of sentences instead of labelled items
    sentence_items: bool  # sentences of such sections are items, else one paragraph
    wordy: float  # further sentences in an item or paragraph of prose
    nested: float  # groups of labels under a label
    plain: float  # sections of plain items
    stops: float  # items that end in a full stop
    sentence_case: bool  # headings have one capital only
    numbered: bool
    roman: bool  # numbers are Roman
    sub: float  # headings under headings
    parts: float  # sections under a heading of their own
    swap: float  # headings and labels exchanged for others
    more: float  # further sentences behind written bodies
    long: float  # headings and labels of several words
    free: float  # headings of freer forms
    habit: float  # headings of one form
    framed: float  # notes whose sections have the same parts


def style(rng: random.Random) -> Style:
    """A writer's habits."""
    return Style(
        written=rng.choice([0.0, 0.3, 0.6, 0.9]),
        outlined=rng.choice([0.0, 0.5, 0.9]),
        prose=rng.choice([0.0, 0.1, 0.2, 0.4, 0.9]),
        sentence_items=rng.random() < 0.6,
        wordy=rng.choice([0.0, 0.0, 0.3, 0.6]),
        nested=rng.choice([0.0, 0.0, 0.1, 0.3]),
        plain=rng.choice([0.0, 0.0, 0.05, 0.2, 0.5]),
        stops=rng.choice([1.0, 1.0, 1.0, 0.5, 0.0]),
        sentence_case=rng.random() < 0.2,
        numbered=rng.random() < 0.09,
        roman=rng.random() < 0.4,
        sub=rng.choice([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 0.3, 0.6]),
        parts=rng.choice([0.0, 0.0, 0.0, 0.15, 0.4]),
        swap=rng.choice([0.0, 0.2, 0.4]),
        more=rng.choice([0.0, 0.3, 0.6]),
        long=rng.choice([0.0, 0.5, 0.9]),
        free=rng.choice([0.0, 0.0, 0.2, 0.6]),
        habit=rng.choice([0.0, 0.0, 0.0, 0.8]),
        framed=rng.choice([0.0, 0.0, 0.0, 0.5]),
    )
