"""Tests of the notes of a podcast player."""

import pytest

from mlguide_site.importers import Source
from mlguide_site.importers.player import notes_to_markdown, sniff


@pytest.mark.parametrize(("icon", "is_page"), [("play_arrow", True), ("graphic_eq", True), ("train_test", False)])
def test_days_with_icons_of_players_are_a_page(icon: str, is_page: bool) -> None:
    text = "".join(f"{icon}\nDay {day}: Knots\nOf knots and...\n" for day in (1, 2))
    assert sniff(Source("page.txt", text.encode())) == is_page


def test_an_item_that_ends_in_a_colon_contains_the_items_below() -> None:
    lines = ["Looms", "- Warp, weft:", "- Warp: held.", "- Weft: moved.", "- Reed: beats."]
    items = "- **Warp, weft:**\n    - **Warp:** held.\n    - **Weft:** moved.\n- **Reed:** beats."
    assert notes_to_markdown(lines) == f"## Looms\n\n{items}"
