"""Content of files: read as documented or refused with a place, and within limits. Rows 7 to 9, 20, 21, 34."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import FEED
from mlguide_site.content.load import load
from threats.desk import NOTE, Desk

PATH = "episodes/show/show-001.md"


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\nid: show-001\ntitle: One\n", ":4:1: the front matter is not closed"),
        ("---\n- id\n---\n", ":2:1: "),
        ("---\njust words\n---\n", ":2:1: "),
        ("---\nid: show-001\ntitle: One\ntitle: Two\n---\n", ':4:1: the key "title" '),
        ("---\nid: show-001\ntitle: [One\n---\n", ":"),
        ("Text alone\n", ":1:1: no front matter"),
    ],
    ids=["open", "list", "scalar", "twice", "broken", "none"],
)
def test_07_bad_front_matter_is_an_error_with_its_place(desk: Desk, text: str, says: str) -> None:
    desk.put(PATH, text)
    result = desk.run("check")
    assert result.status == 1
    assert f"{PATH}{says}" in result.errors


def test_07_a_byte_order_mark_is_read_past_and_kept(desk: Desk) -> None:
    desk.put(PATH, b"\xef\xbb\xbf---\r\nid: show-001\r\ntitle: One\r\ntopics: [b]\r\n---\r\n")
    desk.put("knowledge/topics.yml", "a: {name: Alpha, former: [b]}\n")
    desk.run("check", "--fix")
    assert desk.notes()["show-001.md"] == b"\xef\xbb\xbf---\r\nid: show-001\r\ntitle: One\r\ntopics: [a]\r\n---\r\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("date: 2024-02-30", ""),
        ("date: 0000-01-01", ""),
        ("duration: 99:99:99", ""),
        (f"season: {'9' * 5000}", ""),
        (f"x-own: {'[' * 20_000}{']' * 20_000}", "nested deeper than 20 levels"),
        ("audio: {url: 'https://a.example/1.mp3', type: audio/mpeg, bytes: 1e999}", ""),
    ],
    ids=["day", "year", "time", "digits", "deep", "infinite"],
)
def test_08_values_that_libraries_stumble_over_are_errors(desk: Desk, line: str, says: str) -> None:
    desk.put(PATH, f"---\nid: show-001\ntitle: One\n{line}\n---\n")
    result = desk.run("check")
    assert result.status == 1 and f"{PATH}:4:" in result.errors and says in result.errors


DEEP = """
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError
try:
    read_yaml("x-own: " + "[" * 100_000 + "]" * 100_000, "deep.yml")
except ContentError as error:
    print(error.problems[0])
"""


def test_08_no_depth_ends_the_program() -> None:
    # the library's recursion can't be stopped by an exception: without the check, the process would crash
    ran = subprocess.run([sys.executable, "-c", DEEP], capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and "deep.yml:1:" in ran.stdout and "nested deeper than 20 levels" in ran.stdout


def test_08_what_the_library_raises_is_an_error_of_the_file(desk: Desk) -> None:
    desk.put(PATH, "---\nid: show-001\ntitle: a\x01b\n---\n")
    result = desk.run("check")
    assert result.status == 1 and f"{PATH}:3:9: the invisible control character U+0001" in result.errors


@pytest.mark.parametrize("value", ["no", "12:30", "010", "1e3", "2024-01-01", "0x1F"])
def test_08_what_is_written_as_words_stays_words(value: str) -> None:
    files = {PATH: f"---\nid: show-001\ntitle: {value}\n---\n".encode(), "knowledge/series.yml": b"show: {title: S}\n"}
    assert load(files).catalog.episodes["show-001"].meta.title == value


@pytest.mark.parametrize(
    "lines",
    [
        "x-a: &a [1, 2]\nx-b: *a",
        "x-a: {<<: {b: 1}}",
        "x-a: !!python/object/apply:os.system [id]",
        "x-a: !own 1",
        f"x-a: {'y' * 70_000}",
        f"x-a: {'{b: ' * 21}1{'}' * 21}",
        "x-a: &a [z,z]\nx-b: &b [*a,*a]\nx-c: &c [*b,*b]\nx-d: [*c,*c]",
    ],
    ids=["alias", "merge", "python", "tag", "size", "depth", "laughs"],
)
def test_09_front_matter_has_no_anchors_tags_or_bombs(desk: Desk, lines: str) -> None:
    desk.put(PATH, f"---\nid: show-001\ntitle: One\n{lines}\n---\n")
    start = time.process_time()
    result = desk.run("check")
    assert result.status == 1 and f"{PATH}:" in result.errors
    assert time.process_time() - start < 5


def test_09_a_knowledge_file_has_no_more_values_than_memory_is_meant_for(desk: Desk) -> None:
    # one character each: a file within the size limit could contain two million values
    desk.put("knowledge/tools.yml", f"x: {{name: [{'a,' * 250_000}]}}\n")
    result = desk.run("check")
    assert result.status == 1 and "knowledge/tools.yml:1:" in result.errors
    assert "more than 200,000 keys and values" in result.errors


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("[" * 19_000, "more than 4,000 Markdown syntax characters"),
        ("<a " * 6_000, "more than 4,000 Markdown syntax characters"),
        ("[" * 101 + "]" * 101, "nested deeper than 100 levels"),
        ("".join(f"{'  ' * depth}- a\n" for depth in range(52)), "nested deeper than 100 levels"),
        ("word\n" * 12_001, "longer than 60,000 characters"),
        ("``` \n```\n" * 2_001, "more than 2,000 code blocks and raw HTML blocks"),
        ("<div>\n" * 2_001, "more than 2,000 tags"),
        ("a\n\n" * 27_000, "too many paragraphs, list items and table cells"),
        ("*a* _b_\n\n" * 26_000, "too many Markdown syntax characters"),
        ("[a](b.md)\n\n" * 20_001, "too many Markdown syntax characters"),
        ("a\n" * 40_001, "more than 40,000 lines"),
        ("a\n\n" * 100 + "> " * 300 + "a", "nested deeper than 100 levels"),
        ("- a\n" * 39_000, ""),
        ("<div>" * 3_900, ""),
        ("x" * 20_001, "longer than 20,000 characters"),
        ("word " * 220_000, "more than 1024 KiB"),
        ("*a _b " * 3_000, ""),
        ("`" * 9_999 + "a" + "`" * 9_998, ""),
    ],
    ids=[
        "brackets", "tags", "nested", "deep", "paragraph", "pieces", "html", "tokens", "all-marks", "all-brackets",
        "lines", "quotes", "items", "divs", "line", "size", "marks", "ticks",
    ],
)  # fmt: skip
def test_20_no_body_takes_long(desk: Desk, body: str, says: str) -> None:
    desk.put(PATH, f"---\nid: show-001\ntitle: One\n---\n\n{body}\n")
    start = time.process_time()
    result = desk.run("check")
    assert time.process_time() - start < 10
    if says:
        assert result.status == 1 and says in result.errors


def test_20_a_source_beyond_its_limit_is_refused(desk: Desk) -> None:
    source = desk.source("", "large.xml")
    with source.open("wb") as file:
        # a sparse file: it takes no space on disk, and must not be read
        file.truncate(65 * 2**20)
    result = desk.run("import", source)
    assert result.status == 1 and "larger than 64 MiB" in result.errors


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"---\nid: show-001\ntitle: One\n---\n\na\x00b\n", ":6:1: the file contains a NUL character"),
        (b"---\nid: show-001\ntitle: One\n---\n\ncaf\xe9\n", ":6:4: byte 0xe9 is not UTF-8"),
        ("---\nid: show-001\ntitle: One\n---\n\nText\n".encode("utf-16"), ":1:1: byte 0xff is not UTF-8"),
    ],
    ids=["nul", "latin-1", "utf-16"],
)
def test_21_text_is_utf_8_or_an_error_at_its_first_bad_byte(desk: Desk, data: bytes, says: str) -> None:
    desk.put(PATH, data)
    result = desk.run("check")
    assert result.status == 1 and f"{PATH}{says}" in result.errors


def test_21_separators_that_are_no_line_ends_move_no_line(desk: Desk) -> None:
    desk.put(PATH, "---\nid: show-001\ntitle: One\n---\n\na\u2028b\x85c\x0cd\n\n[x](nowhere.md)\n")
    assert f"{PATH}:8:5: " in desk.run("check").errors


def test_21_declared_encodings_of_feeds_are_read(desk: Desk) -> None:
    feed = (
        '<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><title>Show</title><item>'
        "<title>Caf\xe9</title><guid>1</guid><description>d\xe9j\xe0 vu</description></item></channel></rss>"
    )
    assert desk.run("import", desk.source(feed.encode("latin-1"))).status == 0
    (note,) = desk.notes().values()
    assert "Café".encode() in note and "déjà vu".encode() in note


def test_34_a_conflict_that_git_left_is_an_error_on_its_line(desk: Desk) -> None:
    desk.put(PATH, NOTE + "\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n")
    result = desk.run("check")
    assert result.status == 1
    assert f"{PATH}:8:1: a merge conflict" in result.errors and f"{PATH}:12:1: a merge conflict" in result.errors
    assert desk.run("build").status == 1


def test_34_a_conflict_in_settings_is_reported(desk: Desk) -> None:
    settings = (desk.root / "mkdocs.yml").read_text("utf-8")
    desk.put("mkdocs.yml", f"<<<<<<< HEAD\n{settings}=======\n>>>>>>> branch\n")
    assert "mkdocs.yml:1:1: a merge conflict is not resolved" in desk.run("check").errors


def test_34_after_a_conflict_in_series_no_transcript_is_called_useless(desk: Desk) -> None:
    desk.put(PATH.replace(".md", ".vtt"), "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nWords\n")
    assert desk.run("check").status == 0
    desk.put("knowledge/series.yml", "<<<<<<< HEAD\nshow: {title: Show}\n=======\n>>>>>>> branch\n")
    errors = desk.run("check").errors
    assert "a merge conflict" in errors and "no episode matches" not in errors


def test_34_headings_and_code_are_no_conflict(desk: Desk) -> None:
    desk.put(PATH, NOTE + "\nHeading\n=======\n\n```diff\n<<<<<<< HEAD\n=======\n>>>>>>> branch\n```\n")
    assert desk.run("check").status == 0


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://x.example/a.png", "gone.png"])
def test_21_a_cover_that_is_no_picture_of_the_series_is_reported(desk: Desk, address: str) -> None:
    desk.put("knowledge/series.yml", f"show: {{title: Show, prefix: SH, cover: '{address}'}}\n")
    assert f'knowledge/series.yml:1:1: the cover "{address}" does not exist' in desk.run("check").errors


def test_34_a_conflict_in_a_source_is_reported(desk: Desk) -> None:
    feed = FEED.replace("<item>", "<<<<<<< HEAD\n<item>", 1).replace("</channel>", ">>>>>>> other\n</channel>", 1)
    result = desk.run("import", desk.source(feed, "feed.xml"))
    assert "a merge conflict is not resolved" in result.errors


def test_08_a_title_in_capitals_is_read(desk: Desk) -> None:
    first, *items = FEED.split("<item>")
    shouted = [item.replace("title>", "TITLE>") for item in items]
    assert desk.run("import", desk.source("<item>".join([first, *shouted]), "feed.xml")).status == 0
    assert any(b"title: Hanging by a Cable" in data for data in desk.notes().values())


def test_21_an_outline_with_a_nul_is_refused(desk: Desk) -> None:
    outline = '<opml version="2.0"><body><outline text="Cro\0ss" url="https://s.example/"/></body></opml>'
    result = desk.run("import", desk.source(outline, "shelf.opml"))
    assert result.status == 1 and "contains a NUL character" in result.errors
