"""Examples of the functions in `mlguide_site.importers.directory`."""

from mlguide_site.importers.directory import looks_like_stamp


def test_looks_like_stamp() -> None:
    assert [looks_like_stamp(text) for text in ("Mercredi · 41 min", "41 min", "Bake for 20 min", "Time: 20 min")] == [
        True,
        True,
        False,
        False,
    ]
