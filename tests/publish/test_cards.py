"""Tests of social cards: their size, reproducible bytes, and texts that fit."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from labels import Settings
from mlguide_site.publish.social_cards import HOME, SIZE, Card, card_of, card_png, cards, drawable, wrapped
from publish.show import SETTINGS


def opened(card: Card) -> Image.Image:
    image = Image.open(io.BytesIO(card_png(card)))
    image.load()
    return image


def test_a_card_is_a_small_picture_of_the_usual_size() -> None:
    card = Card("Bridges", "Notes", "#8ab6ff")
    image = opened(card)
    assert (image.size, image.format) == (SIZE, "PNG")
    assert len(card_png(card)) < 40_000
    assert card_png(card) == card_png(card)
    assert len(image.getcolors() or []) > 3


def test_each_series_has_a_card_and_pages_name_only_those(show) -> None:
    made = cards(show.catalog, SETTINGS)
    names = [path.rpartition("/")[2] for path in made]
    assert names == ["home.png", "series-a.png", "series-b.png", "series-c.png"]
    pages = [
        "index.md",
        "search/index.md",
        "tools/x.md",
        "episodes/index.md",
        "episodes/page/2.md",
        "episodes/a/a-001.md",
    ]
    assert {card_of(page, show.catalog, "S") for page in pages} <= set(made)
    assert cards(show.catalog, Settings("S")) == {}


def test_a_title_that_cannot_be_drawn_has_no_card(show) -> None:
    settings = replace(SETTINGS, site_name="機械学習")
    assert sorted(cards(show.catalog, settings)) == sorted({*cards(show.catalog, SETTINGS)} - {HOME})
    assert card_of("tools/x.md", show.catalog, "機械学習") == ""
    assert card_of("episodes/a/a-001.md", show.catalog, "機械学習").endswith("series-a.png")


@pytest.mark.parametrize("title", ["x" * 5000, "word " * 500, "", "機械学習", "\u202e\x00"])
def test_any_words_give_a_card(title: str) -> None:
    assert opened(Card(title, title, "#8ab6ff")).size == SIZE


def test_long_words_are_cut_and_said_to_be() -> None:
    lines = wrapped("Donaudampfschifffahrtsgesellschaft " * 30, 84, 4).split("\n")
    assert len(lines) == 4
    assert lines[-1].endswith("…")


def test_drawable() -> None:
    assert drawable("Größe & C++") == "Größe & C++"
    assert drawable("機械学習") == "" == drawable("A \u2282 B")
    assert drawable("Wool \U0001f3a7 & warp \u2713") == "Wool & warp"
    assert drawable("C\u266f in depth") == ""
    assert drawable("Wool \u21d2 yarn") == "Wool yarn"
    assert drawable("\U0001f469\u200d\U0001f4bb Looms") == "Looms"
