"""Tests of import records."""

from mlguide_site.merge.records import note_name


def test_note_name() -> None:
    assert note_name("Long  Boards.md") == "long boards"
