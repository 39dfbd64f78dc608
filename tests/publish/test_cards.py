"""Social cards: the right size, the same bytes, and words that fit."""

import io

import pytest
from PIL import Image

from mlguide_site.publish.cards import SIZE, card_png, wrapped


def opened(title: str, line: str) -> Image.Image:
    image = Image.open(io.BytesIO(card_png(title, line)))
    image.load()
    return image


def test_a_card_is_a_small_picture_of_the_usual_size() -> None:
    image = opened("Bridges", "Notes")
    assert (image.size, image.format) == (SIZE, "PNG")
    assert len(card_png("Bridges", "Notes")) < 40_000
    assert card_png("Bridges", "Notes") == card_png("Bridges", "Notes")
    assert len(image.getcolors() or []) > 3


@pytest.mark.parametrize("title", ["x" * 5000, "word " * 500, "", "機械学習", "\u202e\x00"])
def test_any_words_give_a_card(title: str) -> None:
    assert opened(title, title).size == SIZE


def test_long_words_are_cut_and_said_to_be() -> None:
    lines = wrapped("Donaudampfschifffahrtsgesellschaft " * 30, 84, 4).split("\n")
    assert len(lines) == 4
    assert lines[-1].endswith("…")
