"""Tests of the openings of admonitions."""

from mlguide_site.markdown.parser import read_opening


def test_read_opening() -> None:
    assert read_opening("!!! mind: the gap") is None
    assert read_opening("!!! mind the gap") is None
    assert read_opening("!!! gap") == ("!!!", "gap", "Gap")
