"""Examples of the functions in `mlguide_site.content.yaml_read`."""

from mlguide_site.content.yaml_read import quoted


def test_quoted() -> None:
    assert (quoted("Leeks: how"), quoted('the "best" leek')) == ('"Leeks: how"', "'the \"best\" leek'")
