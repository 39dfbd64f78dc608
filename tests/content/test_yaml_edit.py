"""Scalars change, and all else stays."""

from mlguide_site.content.yaml_edit import edited, replaced
from mlguide_site.content.yaml_read import read_yaml


def test_a_scalar_is_quoted_where_it_must_be():
    text = "a: {b: old}\n"
    node = read_yaml(text, "x.yml").descend(("a", "b"))[-1][1]
    edit = replaced(node, "no")
    assert edit
    assert edited(text, [edit]) == "a: {b: 'no'}\n"
