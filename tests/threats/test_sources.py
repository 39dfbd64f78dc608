"""Content and changes of sources. Rows 10 to 12 and 22 to 25, 35."""

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
    result = desk.run("import", desk.source(text))
    assert result.status == 1 and "source.xml:1:1: the feed declares its own entities" in result.errors
    assert desk.notes() == {}


@pytest.mark.parametrize(
    ("reference", "status"), [("&#x110000;", 0), ("&#xD800;", 0), ("&#99999999999;", 0), ("&#0;", 0), ("&#x1F;", 0)]
)
def test_11_references_to_no_character_raise_nothing(desk: Desk, reference: str, status: int) -> None:
    source = desk.source(feed(("One", "1", f"a {reference} b"), (f"Two {reference}", "2", "Text")))
    result = desk.run("import", source)
    assert result.status == status and len(desk.notes()) == (0 if status else 2)
    assert not status or "source.xml:1:" in result.errors
    assert not any(b"\x00" in data or b"\x1f" in data for data in desk.notes().values())


@pytest.mark.parametrize(
    "text",
    ["", "<!doctype html><html><body>Not found</body></html>", FEED[: FEED.index("</item>")], f"{HEAD}<title>S"],
    ids=["empty", "page", "cut-in-first-item", "head"],
)
def test_12_a_feed_that_is_none_writes_nothing(desk: Desk, text: str) -> None:
    for result in (desk.run("import", desk.source(text)), desk.run("import", desk.source(text), "--from", "feed")):
        assert result.status == 1 and "source.xml:" in result.errors
    assert desk.notes() == {}


def test_12_a_cut_feed_gives_its_complete_items_with_a_warning(desk: Desk) -> None:
    result = desk.run("import", desk.source(FEED[: FEED.rindex("</item>")]))
    assert result.status == 0 and "source.xml:" in result.errors and "[warning]" in result.errors
    assert len(desk.notes()) == FEED.count("<item>") - 1


def test_12_a_feed_without_items_writes_no_note(desk: Desk) -> None:
    result = desk.run("import", desk.source(feed()))
    assert result.status == 0 and "source.xml:" in result.errors and desk.notes() == {}


def test_22_two_files_of_one_id_or_guid_are_told_with_both_names(desk: Desk) -> None:
    desk.put("episodes/show/show-001.md", NOTE.replace("title", "guid: same\ntitle"))
    desk.put("episodes/show/show-002.md", NOTE)
    desk.put("episodes/show/show-003.md", NOTE.replace("001", "003").replace("title", "guid: same\ntitle"))
    result = desk.run("check")
    assert result.status == 1
    first = "episodes/show/show-001.md"
    assert re.search(rf'show-002\.md:2:\d+: the id "show-001" is also used by {first}', result.errors)
    assert re.search(rf'show-003\.md:3:\d+: the guid "same" is also used by {first}', result.errors)


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
    result = desk.run("import", desk.source(shrunk))
    assert result.status == 0 and desk.notes() == before
    assert "1 episode disappeared from the feed: bridges-and-tunnels-001; nothing is deleted" in result.errors
    result = desk.run("import", desk.source(re.sub(r"<item>.*</item>", "", FEED, flags=re.S)))
    assert result.status == 0 and "disappeared from the feed" in result.errors
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


MARKS = {
    "guid": ("bridges-1<", "moved-1<"),
    "address": ("https://bridges.example/cable", "https://elsewhere.example/one"),
    "enclosure": ("https://bridges.example/audio/1.mp3", "https://cdn.example/a/1.mp3"),
    "number": ("<itunes:episode>1</itunes:episode>", ""),
    "title": ("<title>Hanging by a Cable", "<title>On Ropes"),
    "date": ("Mon, 03 Mar 2025", "Wed, 05 Mar 2025"),
}
"""The identifiers of the first item, and the values that they may change to."""


@pytest.mark.parametrize("kept", ["guid", "address", "enclosure", "number", "title date", "title day"])
def test_24_one_mark_that_stays_is_enough(desk: Desk, kept: str) -> None:
    desk.run("import", desk.source(FEED))
    names, text = list(desk.notes()), FEED
    for mark, (before, after) in MARKS.items():
        assert before in text
        text = text if mark in kept else text.replace(before, after)
    # the next day in another time zone
    text = text.replace("Wed, 05 Mar 2025", "Tue, 04 Mar 2025") if kept == "title day" else text
    assert desk.run("import", desk.source(text)).status == 0
    assert list(desk.notes()) == names


def test_24_day_and_title_of_an_earlier_import_are_remembered(desk: Desk) -> None:
    item = "<item><title>Of Ropes</title><pubDate>Mon, 03 Mar 2025 06:00:00 GMT</pubDate><description>{}</description>"
    text = f"{HEAD}<title>Show</title>{item}</item></channel></rss>"
    desk.run("import", desk.source(text.format("Words.")))
    (path,) = (desk.root / "episodes").rglob("*.md")
    path.write_bytes(path.read_bytes().replace(b"Of Ropes", b"My own title").replace(b"2025-03-03", b"2025-04-01"))
    assert desk.run("import", desk.source(text.format("Words, and more of them."))).status == 0
    assert list(desk.notes()) == [path.name] and b"more of them" in path.read_bytes()


def test_24_with_none_of_them_it_is_another_episode(desk: Desk) -> None:
    desk.run("import", desk.source(FEED))
    text = FEED
    for before, after in MARKS.values():
        text = text.replace(before, after)
    desk.run("import", desk.source(text))
    assert len(desk.notes()) == 3


def test_24_the_order_of_items_makes_no_difference(desk: Desk) -> None:
    items = [
        f"<item><title>Talk</title><guid>talk-of-{day}</guid><pubDate>{day} Mar 2025</pubDate>"
        f"<description>Words of {day}.</description></item>"
        for day in (7, 3, 5)
    ]
    text = f"{HEAD}<title>Show</title>{{}}</channel></rss>"
    desk.run("import", desk.source(text.format("".join(items))))
    found = desk.notes()
    assert len(found) == 3
    (desk.folder / "other").mkdir()
    other = Desk(desk.folder / "other", desk.capture)
    other.run("import", other.source(text.format("".join(reversed(items)))))
    assert other.notes() == found


@pytest.mark.parametrize(
    "day",
    [
        "Mon, 01 Jan 2300 00:00:00 GMT",
        "1 January 1850",
        "Fri, 31 Feb 2025 10:00:00 GMT",
        "Mon, 99 Foo 0000 99:99:99 GMT",
        "9" * 400,
        "-1",
        "Thu, 01 Jan 0001 00:00:00 +9999",
    ],
)
def test_25_an_absurd_date_leaves_the_item_without_one(desk: Desk, day: str) -> None:
    result = desk.run("import", desk.source(FEED.replace("Mon, 03 Mar 2025 06:00:00 GMT", day)))
    assert result.status == 0 and '"Hanging by a Cable" has no valid date: ' in result.errors
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


def test_35_a_note_that_a_hand_deleted_stays_away(desk: Desk) -> None:
    desk.run("import", desk.source(FEED))
    (path,) = (desk.root / "episodes").rglob("*-001.md")
    path.unlink()
    result = desk.run("import", desk.source(FEED.replace("Rock", "Basalt")))
    assert result.status == 0
    assert not path.exists()


def test_35_an_import_that_says_nothing_new_touches_no_file(desk: Desk) -> None:
    source = desk.source(FEED)
    desk.run("import", source)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in desk.root.rglob("*") if path.is_file()}
    before = {path: state for path, state in before.items() if path.name != "lock"}
    desk.run("import", source)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in before} == before
