"""Examples of the functions in `mlguide_site.importers.player`."""

from mlguide_site.importers.player import find_icons, shared_leads


def test_find_icons() -> None:
    assert (find_icons(["info_outlineA long tale.", "plain_text here", "play_arrowNext", "play_arrow"])) == (
        "play_arrow",
        "info_outline",
    )


def test_shared_leads() -> None:
    assert (shared_leads(["Get our app. Looms", "Get our app. Wheels", "Get our app! Dyes", "Felt"])) == [3, 3, 3, 0]
