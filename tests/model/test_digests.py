"""Tests of digests."""

from mlguide_site.model.digests import digest


def test_digest() -> None:
    assert digest("one", 8) == "34f2ddaa8b7615c9"
