"""Tests of stems."""

from mlguide_site.linking.disambiguation import stems


def test_stems() -> None:
    assert sorted(stems(["planting", "plants", "with", "soil"])) == ["plant", "soil"]
