"""A root's own notes change the model, the same way in any order; too few of them change nothing."""

import numpy as np
import pytest

from mlguide_site.recovery.adaptation import adapt
from mlguide_site.recovery.data import shipped
from mlguide_site.recovery.recovery import find_places
from mlguide_site.recovery.words import tokenize

TOPICS = (
    "wool flax silk hemp jute cotton nettle mohair alpaca ramie sisal kapok cashmere angora linen tow felt yarn".split()
)
THINGS = "spindle loom comb card reel shuttle frame needle hook dye mordant bath".split()


def note(at: int) -> str:
    topic, thing = TOPICS[at % len(TOPICS)], THINGS[at % len(THINGS)]
    other = THINGS[(at + 5) % len(THINGS)]
    return (
        f"What {topic} asks of a {thing}, and what it gives.\n\n"
        f"## the {topic} and its {thing}\n\nFirst came {topic}.\n\n"
        f"## a {other} for {topic}\n\nThen a {other} was made number {at}.\n\n"
        f"## the end of {topic}\n\nNobody knows why.\n"
    )


@pytest.fixture(scope="module")
def notes() -> list[str]:
    return [note(at) for at in range(30)]


def test_few_notes_teach_nothing(notes) -> None:
    assert adapt(notes[:20]) is shipped().model
    assert adapt(["Only a paragraph, without any structure."] * 40) is shipped().model


def test_the_order_of_notes_does_not_matter(notes) -> None:
    one, two = adapt(notes), adapt(notes[::-1])
    assert np.array_equal(one.weights, two.weights)
    assert np.array_equal(one.changes, two.changes)
    assert not np.array_equal(one.weights, shipped().model.weights)


def test_a_style_that_the_shipped_model_cannot_know_is_learnt(notes) -> None:
    text = " ".join(word for word in note(41).replace("##", "").split())
    tokens = [token.text for token in tokenize(text)]

    def headings(model) -> list[str]:
        places = find_places(text, (), model)
        return [" ".join(tokens[at : at + size]) for at, size, kind in places if kind == "heading"]

    wanted = [line[3:] for line in note(41).split("\n") if line.startswith("## ")]
    assert headings(None) != wanted
    assert headings(adapt(notes)) == wanted
