"""Examples of the functions in `mlguide_site.content.yaml_edit`."""

from datetime import date

from mlguide_site.content.yaml_edit import block_lines, dump_value, is_blank_line, plain_value, set_slug
from mlguide_site.errors import Span


def test_dump_value() -> None:
    assert (dump_value(["a", "b: c"]), dump_value("12:31:00"), dump_value(True)) == (
        "[a, 'b: c']",
        "'12:31:00'",
        "true",
    )


def test_plain_value() -> None:
    assert (plain_value([date(2026, 2, 26), True, {"a": 1}])) == ["2026-02-26", "true", {"a": "1"}]


def test_set_slug() -> None:
    lines = ["a: ['b', c]"]
    assert (set_slug(lines, Span(1, 10), "c", "no"), set_slug(lines, Span(1, 5), "b", "x"), lines) == (
        True,
        True,
        ["a: ['x', 'no']"],
    )


def test_block_lines() -> None:
    assert (block_lines({"a": {"title": "A", "urls": ["https://a.example/"], "children": {"b": {"title": "B"}}}})) == [
        "a:",
        "  title: A",
        "  urls:",
        "    - https://a.example/",
        "  children:",
        "    b:",
        "      title: B",
    ]


def test_is_blank_line() -> None:
    assert (is_blank_line("  urls: []", "urls"), is_blank_line("urls: [] # none yet", "urls")) == (True, False)
