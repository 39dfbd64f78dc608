"""Tests of reading YAML."""

import pytest
import yaml

from memory import traced
from mlguide_site.content.yaml_read import comments, read_yaml
from mlguide_site.errors import ContentError, Span


def test_comments() -> None:
    assert comments("a: # one\n  - 'b # c' # two\nd: >- # three\n  # e\n") == ["# one", "# two", "# three"]


def test_places_in_many_texts_need_little_memory() -> None:
    """Each text with a problem is parsed again, but only one syntax tree is kept."""
    text = f"a: {{b: c}}\nd: [{', '.join('e' * 1000)}]\n"
    found = [read_yaml(text, "x.yml") for _ in range(8)]
    for one in found:
        one.release(text)
    places, peak = traced(lambda: [one.find_key(("a", "b")) for one in found])
    assert {*places} == {Span(1, 5)}
    assert peak < 3 * traced(lambda: yaml.compose(text))[1]


@pytest.mark.parametrize("value", [r"\ud83e\uddf6", r"C:\data", r"\xg"])
def test_a_wrong_escape_is_not_called_an_open_quote(value: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_yaml(f'title: "{value}"', "a.yml")
    assert "write the character itself, or use single quotes" in str(caught.value)
