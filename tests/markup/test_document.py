"""Tests of openings of notes."""

from mlguide_site.markdown.document import opening_of


def test_opening_of() -> None:
    assert opening_of(["Full notes at a.example/1. What stars are made of."], "Stars") == "What stars are made of."
    assert opening_of(["Hot stars."], "Stars") == "Hot stars."
