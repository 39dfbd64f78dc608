"""Examples of the functions in `mlguide_site.content.assets`."""

from mlguide_site.content.assets import asset_suffix, is_drawing


def test_is_drawing() -> None:
    assert (
        is_drawing(b'<svg viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'),
        is_drawing(b'<svg onload="act()"></svg>'),
    ) == (True, False)


def test_asset_suffix() -> None:
    assert (asset_suffix("a.png", b"GIF89a"), asset_suffix("a.png", b"<script>"), asset_suffix("a.csv", b"a,b")) == (
        ".gif",
        "",
        ".csv",
    )
