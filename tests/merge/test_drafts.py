"""Tests of checked drafts."""

from mlguide_site.errors import shortened


def test_shortened() -> None:
    assert shortened(["a", "b"]) == "a, b"
    assert shortened([str(n) for n in range(40)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 30 more"
