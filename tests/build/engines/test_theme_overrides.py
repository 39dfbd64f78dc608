"""Tests of the theme's overrides: they only use features that both Jinja and MiniJinja support."""

from collections.abc import Iterator

import jinja2
import pytest
from jinja2 import nodes

from mlguide_site.content.resources import packaged_templates

FUNCTIONS = {"super", "dict", "namespace", "range"}
FILTERS = set(
    "abs attr batch bool capitalize d default dictsort e escape first float groupby indent int items join last length"
    " list lower map max min reject rejectattr replace reverse round safe script_tag select selectattr slice sort "
    "string striptags sum title tojson trim unique upper url urlencode".split()
)
TESTS = set(
    "boolean defined divisibleby eq even false filter ge gt in integer iterable le lower lt mapping ne none number odd"
    " safe sameas sequence string test true undefined upper".split()
)
FOLDER = packaged_templates() / "theme"
OVERRIDES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))


def known_to_one(text: str) -> Iterator[str]:
    """Yield the features of a template that only one of the engines supports. Filters, tests and functions are allowed
    if the template checks whether they exist."""
    tree = jinja2.Environment(extensions=["jinja2.ext.loopcontrols"]).parse(text)
    macros = {node.name for node in tree.find_all(nodes.Macro)}
    asked = {
        id(inner)
        for node in tree.find_all(nodes.If)
        if isinstance(node.test, nodes.Test) and node.test.name in {"filter", "test"}
        for branch in (*node.body, *node.else_)
        for inner in (branch, *branch.find_all(nodes.Node))
    }
    functions = {
        node.node.name
        for node in tree.find_all(nodes.Test)
        if node.name == "defined" and isinstance(node.node, nodes.Name)
    }
    for node in tree.find_all((nodes.Call, nodes.Filter, nodes.Test)):
        if id(node) in asked:
            continue
        if isinstance(node, nodes.Call) and not (
            isinstance(node.node, nodes.Name) and node.node.name in FUNCTIONS | macros | functions
        ):
            yield f"{node.lineno}: a call of {getattr(node.node, 'attr', 'something')}"
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield f"{node.lineno}: the filter {node.name}"
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            yield f"{node.lineno}: the test {node.name}"


@pytest.mark.parametrize("name", OVERRIDES)
def test_every_engine_knows_what_an_override_uses(name: str) -> None:
    assert list(known_to_one((FOLDER / name).read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ page.url.split('/') }}", ["1: a call of split"]),
        ("{{ config.plugins.get('x') }}", ["1: a call of get"]),
        ("{{ page.title | truncate(3) }}", ["1: the filter truncate"]),
        ("{{ page is startingwith('x') }}", ["1: the test startingwith"]),
        ("{% if 'lines' is filter %}{{ x | lines }}{% else %}{{ x.splitlines() }}{% endif %}{{ super() | e }}", []),
    ],
)
def test_what_one_of_them_lacks_is_seen(text: str, expected: list[str]) -> None:
    assert list(known_to_one(text)) == expected
