"""What sources may hold and how they may change. Rows 10 to 12 and 22 to 25, 35."""

import re
from pathlib import Path

import pytest

from conftest import FEED
from threats.desk import NOTE, Desk

HEAD = '<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
ITEM = "<item><title>{}</title><guid>{}</guid><description>{}</description></item>"


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def feed(*items: tuple[str, str, str], more: str = "") -> str:
    return f"{HEAD}<title>Show</title>{more}{''.join(ITEM.format(*item) for item in items)}</channel></rss>"


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">',
        '<!ENTITY c SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "https://a.example/x.dtd"> %p; <!ENTITY c "x">',
    ],
    ids=["laughs", "file", "external"],
)
def test_10_a_feed_that_declares_entities_is_refused(desk: Desk, declared: str) -> None:
    text = feed(("One", "1", "&c;")).replace("<rss", f"<!DOCTYPE rss [{declared}]><rss", 1)
    told = desk.run("import", desk.source(text))
    assert told.status == 1 and "source.xml:1:1: the feed declares entities of its own" in told.errors
    assert desk.notes() == {}


@pytest.mark.parametrize(
    ("reference", "status"), [("&#x110000;", 1), ("&#xD800;", 1), ("&#99999999999;", 0), ("&#0;", 0), ("&#x1F;", 0)]
)
def test_11_references_to_no_character_raise_nothing(desk: Desk, reference: str, status: int) -> None:
    source = desk.source(feed(("One", "1", f"a {reference} b"), (f"Two {reference}", "2", "Text")))
    told = desk.run("import", source)
    assert told.status == status and len(desk.notes()) == (0 if status else 2)
    assert not status or "source.xml:1:" in told.errors
    assert not any(b"\x00" in data or b"\x1f" in data for data in desk.notes().values())


@pytest.mark.parametrize(
    "text",
    ["", "<!doctype html><html><body>Not found</body></html>", FEED[: len(FEED) * 2 // 3], feed(), f"{HEAD}<title>S"],
    ids=["empty", "page", "cut", "without-items", "head"],
)
def test_12_a_feed_that_is_none_writes_nothing(desk: Desk, text: str) -> None:
    for told in (desk.run("import", desk.source(text)), desk.run("import", desk.source(text), "--from", "feed")):
        assert told.status == 1 and "source.xml:" in told.errors
    assert desk.notes() == {}


def test_22_two_files_of_one_id_or_guid_are_told_with_both_names(desk: Desk) -> None:
    desk.put("episodes/show/show-001.md", NOTE.replace("title", "guid: same\ntitle"))
    desk.put("episodes/show/show-002.md", NOTE)
    desk.put("episodes/show/show-003.md", NOTE.replace("001", "003").replace("title", "guid: same\ntitle"))
    told = desk.run("check")
    assert told.status == 1
    first = "episodes/show/show-001.md"
    assert re.search(rf'show-002\.md:2:\d+: the id "show-001" is also that of {first}', told.errors)
    assert re.search(rf'show-003\.md:3:\d+: the guid "same" is also that of {first}', told.errors)


def test_22_an_import_never_writes_over_the_file_of_another(desk: Desk) -> None:
    mine = NOTE.replace("show-001", "show-001").replace("Text.", "My own words, of another thing.")
    desk.put("episodes/show/show-001.md", mine)
    numbered = feed(("One", "1", "Words of the feed.")).replace("<guid>", "<itunes:episode>1</itunes:episode><guid>")
    desk.run("import", desk.source(numbered), "--series", "show")
    assert b"My own words, of another thing." in desk.notes()["show-001.md"]


def test_23_a_feed_that_shrinks_deletes_nothing(desk: Desk) -> None:
    desk.run("import", desk.source(FEED))
    before = desk.notes()
    assert len(before) == 2
    shrunk = re.sub(r"<item>.*?</item>", "", FEED, count=1, flags=re.S)
    told = desk.run("import", desk.source(shrunk))
    assert told.status == 0 and desk.notes() == before
    assert "1 episode" in told.errors
    assert desk.run("import", desk.source(re.sub(r"<item>.*</item>", "", FEED, flags=re.S))).status == 1
    assert desk.notes() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("bridges-1<", "moved-1<"),
        lambda text: text.replace("<title>Hanging by a Cable", "<title>On Hanging by Cables"),
        lambda text: text.replace("https://bridges.example/audio/1.mp3", "https://cdn.example/a/1.mp3"),
        lambda text: re.sub(r"(<item>.*?</item>)(.*?)(<item>.*?</item>)", r"\3\2\1", text, flags=re.S),
    ],
    ids=["guid", "title", "enclosure", "order"],
)
def test_24_an_item_that_changes_its_marks_is_no_new_episode(desk: Desk, change) -> None:
    desk.run("import", desk.source(FEED))
    names = list(desk.notes())
    assert desk.run("import", desk.source(change(FEED))).status == 0
    assert list(desk.notes()) == names


@pytest.mark.parametrize("day", ["Mon, 99 Foo 0000 99:99:99 GMT", "9" * 400, "-1", "Thu, 01 Jan 0001 00:00:00 +9999"])
def test_25_an_absurd_date_leaves_the_item_without_one(desk: Desk, day: str) -> None:
    told = desk.run("import", desk.source(FEED.replace("Mon, 03 Mar 2025 06:00:00 GMT", day)))
    assert told.status == 0 and "date" in told.errors
    (note,) = (data for data in desk.notes().values() if b"Hanging" in data)
    assert b"\ndate:" not in note


def test_35_what_a_hand_changed_is_never_written_again(desk: Desk) -> None:
    desk.run("import", desk.source(FEED))
    (path,) = (desk.root / "episodes").rglob("*-001.md")
    edited = path.read_bytes().replace(b"Hanging by a Cable", b"My title").replace(b"Rock", b"Granite")
    path.write_bytes(edited)
    changed = FEED.replace("Hanging by a Cable", "Their title").replace("Rock", "Basalt")
    assert desk.run("import", desk.source(changed)).status == 0
    assert path.read_bytes() == edited


def test_35_an_import_that_says_nothing_new_touches_no_file(desk: Desk) -> None:
    source = desk.source(FEED)
    desk.run("import", source)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in desk.root.rglob("*") if path.is_file()}
    before = {path: state for path, state in before.items() if path.name != "lock"}
    desk.run("import", source)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in before} == before
