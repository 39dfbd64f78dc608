"""Examples of the functions in `mlguide_site.checks.stats`."""

from mlguide_site.checks.stats import _table


def test_table() -> None:
    assert (list(_table([["Tool", "Uses"], ["Docker", 12]]))) == ["Tool    Uses", "Docker  12"]
