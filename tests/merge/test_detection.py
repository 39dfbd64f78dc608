"""Tests of format detection by content. Other files get a message with what they are and what to do."""

import pytest

from mlguide_site.errors import ContentError
from mlguide_site.importers import Source
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.merge.sources import detect

NOTES = "# Notes\n\n## Day 1\n\nCafé\n"


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (b"<rss version='2.0'><channel/></rss>", "feed"),
        (b"junk\n<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "feed"),
        (b'<opml version="2.0"><body/></opml>', "opml"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "transcript"),
        (b"[00:01] Ann: a\n[00:02] Bo: b\n[00:03] Ann: c\n", "transcript"),
        (b'{"chapters": [{"startTime": 1, "title": "a"}]}', "transcript"),
        (b'{"segments": [{"startTime": 1,', "transcript"),
        (NOTES.encode(), "obsidian"),
        (NOTES.encode("latin-1"), "obsidian"),
        (NOTES.encode("utf-16"), "obsidian"),
        (b"Today is day 3 of my learning log.\n\nFirstly, saws\n", "log"),
        (b"## Talk\n---\n---\n\nWords.\n", "hackmd"),
    ],
)
def test_formats_are_recognised_by_content(data: bytes, format: str) -> None:
    assert detect(Source("x.txt", data)).name == format


@pytest.mark.parametrize(
    ("name", "text", "format"),
    [
        ("hackmd.md", "# Club\n\n[TOC]\n\n## Vices\n\nOil them.\n", "hackmd"),
        ("notes.md", "# Club\n\n[TOC]\n\n## Vices\n\nOil them.\n", "obsidian"),
        ("notes.md", "# Club\n\n###### tags: `wood`\n", "hackmd"),
        ("notes.md", "# Club\n\n> [name=Ann] [time=Mon] Agreed.\n", "hackmd"),
        ("notes.md", "# Club\n\n![](https://pad.example/uploads/upload_1a.png)\n", "hackmd"),
        ("notes.md", "# Club\n\n![](https://pad.example/wp-content/uploads/1a.png)\n", "obsidian"),
        ("hackmd.md", "# Club\n\nSee [[Vices]], and [the pad](https://hackmd.io/abc).\n", "obsidian"),
        ("notes.md", "# Club\n\n```\n> [name=Ann]\n```\n", "obsidian"),
    ],
)
def test_notes_of_hackmd_are_told_from_those_of_a_vault(name: str, text: str, format: str) -> None:
    assert detect(Source(name, text.encode())).name == format


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Shed\n\nIt was painted.\n\n3 March 2024 - 2 h\n\nThen it rained.\n", False),
        ("Shed\n\nIt was painted.\n\n3 March 2024 - 2 h\n", False),
        ("Shed\n\nIt was painted.\n\n3 March 202442 min\n", False),
        ("Shed\n\n1 episode\n\nPaint\n\nIt was painted.\n\n3 March 2024 - 2 h\n", True),
        ("Shed\n\nEpisode 4: Paint\n\nIt was painted.\n\n3 March 2024 - 2 h\n", True),
        ("Paint\nDone.\n3 March 2024 - 2 h\nDoor\nDone.\n4 March 2024 - 1 h\n", True),
    ],
)
def test_one_line_of_a_date_and_a_length_is_no_listing(text: str, listed: bool) -> None:
    directory = next(one for one in IMPORTERS if one.name == "directory")
    assert directory.sniff(Source("x.txt", text.encode())) is listed


TEXT = "1:1: this is not text; save the text as a Markdown or text file in UTF-8, or unpack the archive first"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "1:1: the source is empty; check whether it was saved or downloaded completely"),
        (b" \n\n", "1:1: the source is empty; check whether it was saved or downloaded completely"),
        (b"\xef\xbb\xbf", "1:1: the source is empty; check whether it was saved or downloaded completely"),
        (b"%PDF-1.7\n%\xe2", TEXT),
        (b"PK\x03\x04\x00", TEXT),
        (b"\x89PNG\r\n\x1a\n", TEXT),
        (b"ID3\x03\x00", TEXT),
        (bytes(range(256)) * 9, TEXT),
        (NOTES.encode("utf-16-le"), TEXT),
        (b"plain\ncaf\xe9\n", "2:4: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"<!doctype html><title>x</title>", "1:1: this is an HTML page; give the address of the feed, or save"),
        (b"\n<HTML>\n<body>", "1:1: this is an HTML page; give the address of the feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "1:1: JSON Feed is not supported; give the"),
        (b"<?xml version='1.0'?><svg/>", "1:1: the format is not recognised; set it with --from (feed, "),
        (b'{"b": 1, "a": 2}', "1:1: the format is not recognised; set it with --from (feed, "),
        (b"import os\nprint(1)\n", "1:1: the format is not recognised; set it with --from (feed, "),
    ],
)
def test_what_is_no_source_is_told_what_it_is(data: bytes, expected: str) -> None:
    with pytest.raises(ContentError) as caught:
        detect(Source("x", data))
    [problem] = caught.value.problems
    assert str(problem).startswith(f"x:{expected}")


def test_every_format_says_what_it_is_recognised_by() -> None:
    assert [importer.name for importer in IMPORTERS if not importer.signs] == []
