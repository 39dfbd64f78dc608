"""Lines of notes: limits, code, front matter."""

import pytest

from mlguide_site.errors import Problem
from mlguide_site.importers import Context, KnownSeries, Source
from mlguide_site.importers.sections import (
    MAX_BYTES,
    MAX_LINE,
    MAX_LINES,
    MAX_SIGNS,
    break_lines,
    mark_code,
    read_head,
    read_lines,
    series_of,
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the source is empty"),
        (b"a" * (MAX_BYTES + 1), "larger than 4 MiB"),
        (b"a\n" * (MAX_LINES + 1), "more than 200,000 lines"),
        (b"a\n" + b"b" * (MAX_LINE + 1), "the line is longer than 60,000 characters"),
        (b"a" + b"\n" * (MAX_SIGNS // 2), "more than 300,000 signs that may be Markdown"),
        (b"*" * MAX_LINE + b"\n" + b"[" * MAX_LINE + b"\n" + (b"|" * MAX_LINE + b"\n") * 3, "more than 300,000 signs"),
        (b"a\x00", "a NUL character"),
        (b"a\xff", "0xff is not UTF-8"),
    ],
)
def test_what_is_beyond_a_limit_is_one_problem(data: bytes, says: str) -> None:
    found = read_lines(Source("a.md", data))
    assert isinstance(found, Problem) and says in found.message


def test_code_counts_for_no_signs() -> None:
    lines = b"a" + b"\n" * (MAX_SIGNS // 2 - 1)
    assert len(read_lines(Source("a.md", lines))) == MAX_SIGNS // 2
    assert isinstance(read_lines(Source("a.md", lines + b"*")), Problem)
    assert len(read_lines(Source("a.md", lines[:-9] + b"\n```\n***\n```\n"))) < MAX_SIGNS // 2


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["```", "a", "```", "b"], "xxx."),
        (["````", "```", "````"], "xxx"),
        (["```", "~~~", "```"], "xxx"),
        (["- ```py", "  a", "  ```"], "xxx"),
        (["```", "a"], ".."),
        (["~~~~", "```", "a", "```"], ".xxx"),
        (["```", "a", "```", "```", "b"], "xxx.."),
    ],
)
def test_code_is_what_stands_between_fences(texts: list[str], code: str) -> None:
    assert "".join("x" if line.code else "." for line in mark_code(texts)) == code


@pytest.mark.parametrize(
    ("text", "fields", "tags", "end"),
    [
        ("---\ntitle: A\ntags: [b, ' c']\n---\nText", {"title": "A"}, ("b", "c"), 4),
        ("\n---\ntitle: A\n---\n\n---\ntitle: B\ntags: b, d\n---\n", {"title": "A"}, ("b", "d"), 9),
        ("---\ntitle: [broken\n---\n", {"title": "broken"}, (), 3),
        ("---\n---\n# A", {}, (), 0),
        ("---\nJust text\n---\n", {}, (), 0),
        ("---\ntitle: open", {}, (), 0),
        ("# A\n---\ntitle: B\n---", {}, (), 0),
    ],
)
def test_front_matter(text: str, fields: dict[str, str], tags: tuple[str, ...], end: int) -> None:
    head = read_head(mark_code(text.split("\n")))
    assert (dict(head.fields), head.tags, head.end) == (fields, tags, end)


@pytest.mark.parametrize(
    ("texts", "broken"),
    [
        (["a", "b"], ["a\\", "b"]),
        (["# a", "b"], ["# a", "b"]),
        (["a", "## b"], ["a", "## b"]),
        (["- a", "b", "- c"], ["- a\\", "b", "- c"]),
        (["a", "---"], ["a", "---"]),
        (["| a |", "|---|"], ["| a |", "|---|"]),
        (["a<br>", "b"], ["a<br>", "b"]),
        (["a  ", "> b"], ["a", "> b"]),
        (["    a", "    b"], ["    a", "    b"]),
        (["a", "<details>b", "c", "", "e", "f"], ["a", "<details>b", "c", "", "e\\", "f"]),
        (["a", "<!-- b -->"], ["a", "<!-- b -->"]),
        (["a", "<b>b</b> c"], ["a\\", "<b>b</b> c"]),
        (["$$", "a", "b", "$$"], ["$$", "a", "b", "$$"]),
        (["$$ a", "b $$", "c", "d"], ["$$ a", "b $$", "c\\", "d"]),
        (["$$", "a", "b"], ["$$\\", "a\\", "b"]),
    ],
)
def test_line_ends_are_breaks_in_paragraphs_only(texts: list[str], broken: list[str]) -> None:
    assert break_lines(texts, [False] * len(texts)) == broken


def test_the_series_of_a_title() -> None:
    known = {"x": KnownSeries("x", "Evening  Talks")}
    assert series_of("evening talks", Context(known)) == "x"
    assert series_of("evening talks", Context(known, "y")) == "y"
    assert (
        series_of("A Very Long Title of a Series That Goes On and On", Context())
        == "a-very-long-title-of-a-series-that-goes"
    )
    assert series_of("???", Context()) == "notes"
