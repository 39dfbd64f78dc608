"""Tests of edits in knowledge files: all comments are kept."""

import pytest

from mlguide_site.content.yaml_edit import Addition, add_all

NEW = Addition((), {"loom": {"name": "Loom"}})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}  # ask Jo\n", "# ask Jo\n"),
        ("# Tools\n\n{ # one\n  # two\n} # three\n", "# Tools\n\n# one\n  # two\n# three\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_beside_an_empty_mapping_stay(text: str, expected: str, newline: str) -> None:
    found, left_out = add_all(text.replace("\n", newline), [NEW], "tools.yml")
    entry = "loom:\n  name: Loom\n"
    assert found == f"{expected}\n{entry}".replace("\n", newline)
    assert not left_out
