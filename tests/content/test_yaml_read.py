"""Tests of reading YAML."""

from mlguide_site.content.yaml_read import comments


def test_comments() -> None:
    assert comments("a: # one\n  - 'b # c' # two\nd: >- # three\n  # e\n") == ["# one", "# two", "# three"]
