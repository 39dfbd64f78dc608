"""Items leave lists, scalars change, and all else stays."""

import pytest

from mlguide_site.content.yaml_edit import edited, replaced, without_items
from mlguide_site.content.yaml_read import read_yaml


def without(text: str, gone: list[int]) -> str | None:
    located = read_yaml(text, "x.yml")
    key, node = located.descend(("l",))[-1]
    edits = without_items(text, key, node, gone)
    return None if edits is None else edited(text, edits)


@pytest.mark.parametrize(
    ("text", "gone", "after"),
    [
        ("l: [a, b, c]  # x\n", [1], "l: [a, c]  # x\n"),
        ("l: [a, b, c]\n", [0, 1], "l: [c]\n"),
        ("l: [a, b, c]\n", [1, 2], "l: [a]\n"),
        ("l: [ 'a b' ,b]\n", [0, 1], "l: [ ]\n"),
        ("l:\n  - a\n  # why\n  - b\n", [0], "l:\n  # why\n  - b\n"),
        ("k: 1\nl:\n- a\n- b\n", [0, 1], "k: 1\n"),
        ("l:\n  - a  # why\n  - b\n", [0], None),
        ("l: [a,\n  b]\n", [0], None),
    ],
)
def test_items_leave(text, gone, after):
    assert without(text, gone) == after


def test_a_scalar_is_quoted_where_it_must_be():
    text = "a: {b: old}\n"
    node = read_yaml(text, "x.yml").descend(("a", "b"))[-1][1]
    edit = replaced(node, "no")
    assert edit
    assert edited(text, [edit]) == "a: {b: 'no'}\n"
