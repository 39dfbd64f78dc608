"""Tests of the notes of a podcast player."""

from mlguide_site.importers.player import notes_to_markdown


def test_an_item_that_ends_in_a_colon_contains_the_items_below() -> None:
    lines = ["Looms", "- Warp, weft:", "- Warp: held.", "- Weft: moved.", "- Reed: beats."]
    items = "- **Warp, weft:**\n    - **Warp:** held.\n    - **Weft:** moved.\n- **Reed:** beats."
    assert notes_to_markdown(lines) == f"## Looms\n\n{items}"
