"""Tests of links in plain text, in their common forms."""

import time
from collections.abc import Callable

import pytest

from mlguide_site.importers import Source
from mlguide_site.importers.folder import Folder
from mlguide_site.importers.notes.inline import InlineWriter, links_in
from mlguide_site.importers.notes.source import stem_title
from mlguide_site.importers.opml import read_text, sniff


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://a.example/b_(c).", ["https://a.example/b_(c)"]),
        ("(see https://a.example/b)", ["https://a.example/b"]),
        ("<A HREF='https://a.example'><b>Bold</b> text</A>", ["https://a.example"]),
        ("[a](https://a.example/x_(y)) [b](http://b.example 'no')", ["https://a.example/x_(y)"]),
        ('<a href="https://a.example/?b=1&amp;c=2">x</a>', ["https://a.example/?b=1&c=2"]),
        ("<a name='x'>no address</a> ![picture](https://a.example/p.png)", []),
        ('<a href="https://a.example">unclosed', []),
        ("ftp://a.example mail@b.example #tag", []),
    ],
)
def test_links_are_found(text: str, links: list[str]) -> None:
    found = read_text(text)[2]
    assert found[: len(links)] == links
    assert all("example" in url for url in found)


def seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


@pytest.mark.parametrize("part", ["<a href=x>", "[", "[a](", "https://", "<a ", "](", "((", "http://a(", "&amp;", "<"])
def test_hostile_text_takes_no_time(part: str) -> None:
    quarter, whole = (seconds(lambda size=size: read_text(part * size)) for size in (10_000, 40_000))
    assert whole < 8 * quarter + 1


@pytest.mark.parametrize(
    ("data", "expected"), [(b"<?xml version='1.0'?><!-- mine --><opml version='2.0'>", True), (b"<rss>", False)]
)
def test_an_outline_begins_with_its_element(data: bytes, expected: bool) -> None:
    assert sniff(Source("a", data)) is expected


@pytest.mark.parametrize(
    ("image", "link"),
    [
        ("![](https://a.example/x.png)", "[x.png](https://a.example/x.png)"),
        ("![A cat](https://a.example/x.png)", "[A cat](https://a.example/x.png)"),
    ],
)
def test_an_image_on_another_host_becomes_a_link(image: str, link: str) -> None:
    assert InlineWriter("a.md", Folder({})).write(1, image) == link


def test_a_file_name_becomes_a_title() -> None:
    assert stem_title("notes/my_first-course.md") == "my first course"


def test_links_in_markdown_are_web_links_without_images() -> None:
    line = "[A *b*](https://a.example/x_(y)) ![c](https://a.example/c.png) [d](/d)"
    assert links_in(line) == [("A b", "https://a.example/x_(y)")]
