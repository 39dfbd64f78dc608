"""Examples of the functions in `mlguide_site.content.assets`."""

from mlguide_site.content.assets import asset_suffix


def test_asset_suffix() -> None:
    assert (asset_suffix("a.png", b"GIF89a"), asset_suffix("a.png", b"<script>"), asset_suffix("a.csv", b"a,b")) == (
        ".gif",
        "",
        ".csv",
    )
