"""Feeds of large series: a limited feed, and archives of older episodes (RFC 5005)."""

from dataclasses import replace

import pytest
from lxml import etree

from labels import Settings
from mlguide_site.publish.feeds import ITUNES, PODCAST
from mlguide_site.publish.machine_files import site_files
from pages.builder import make, note
from publish.namespace import faults

ADDRESS = "https://kb.example/"
SETTINGS = Settings("Wires", site_url=ADDRESS, items=3)
WIRE = {
    "title": "Harbour Wire",
    "order": "newest",
    "author": "Wire crew",
    "categories": ["News > Tech News", "Arts"],
    "explicit": True,
    "owner": {"name": "Wire crew", "email": "crew@wire.example"},
    "locked": True,
}


def files(count: int, fields: dict[str, object] = WIRE, **settings: object) -> dict[str, bytes]:
    """Return the feeds of a site with `count` episodes, by path."""
    base = make({"series": {"s": fields}}, [note(f"s-{at:03}", date=f"2024-01-{at:02}") for at in range(1, count + 1)])
    made = site_files(base.linked, replace(SETTINGS, **settings))
    return {path: make() for path, make in made.items() if "feed" in path}


def numbers(feed: bytes) -> list[int]:
    return [int(title.text[-3:]) for title in etree.fromstring(feed).iterfind("channel/item/title")]


def links(feed: bytes) -> dict[str, str]:
    found = etree.fromstring(feed).iterfind("channel/{http://www.w3.org/2005/Atom}link")
    return {link.get("rel"): link.get("href").removeprefix(ADDRESS) for link in found}


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, {"feed.xml": []}),
        (3, {"feed.xml": [3, 2, 1]}),
        (4, {"feed.xml": [4, 3, 2], "feed-1.xml": [3, 2, 1]}),
        (6, {"feed.xml": [6, 5, 4], "feed-1.xml": [3, 2, 1]}),
        (7, {"feed.xml": [7, 6, 5], "feed-2.xml": [6, 5, 4], "feed-1.xml": [3, 2, 1]}),
    ],
)
def test_older_episodes_are_in_archives(count, expected):
    made = files(count)
    for folder in ("", "episodes/s/"):
        assert {
            path: numbers(feed) for path, feed in made.items() if path.rpartition("/")[0] == folder.rstrip("/")
        } == {folder + path: found for path, found in expected.items()}
    assert all(faults(feed) == [] for feed in made.values())


def test_archives_are_linked_and_stay_the_same():
    made, later = files(7), files(9)
    assert links(made["feed.xml"]) == {"self": "feed.xml", "prev-archive": "feed-2.xml"}
    assert links(made["feed-2.xml"]) == {"self": "feed-2.xml", "current": "feed.xml", "prev-archive": "feed-1.xml"}
    assert links(made["feed-1.xml"]) == {"self": "feed-1.xml", "current": "feed.xml"}
    history = "channel/{http://purl.org/syndication/history/1.0}archive"
    assert [path for path, feed in made.items() if etree.fromstring(feed).find(history) is not None] == [
        path for path in made if "feed-" in path
    ]
    assert [path for path in made if "feed-" in path and made[path] != later[path]] == []
    guids = {etree.fromstring(made[path]).findtext(f"channel/{{{PODCAST}}}guid") for path in made if "/" not in path}
    assert len(guids) == 1


def test_feeds_without_a_limit_have_no_archive():
    assert sorted(files(9, items=0)) == ["episodes/s/feed.xml", "feed.xml"]
    assert len(numbers(files(9, items=0)["feed.xml"])) == 9


def channel(fields: dict[str, object]) -> etree._Element:
    return etree.fromstring(files(1, fields)["episodes/s/feed.xml"]).find("channel")


def test_a_feed_has_what_directories_require():
    found = channel(WIRE)
    categories = [
        [one.get("text") for one in top.iter(f"{{{ITUNES}}}category")]
        for top in found.iterfind(f"{{{ITUNES}}}category")
    ]
    assert categories == [["News", "Tech News"], ["Arts"]]
    assert found.findtext(f"{{{ITUNES}}}explicit") == "true"
    assert found.findtext(f"{{{ITUNES}}}type") == "episodic"
    owner = found.find(f"{{{ITUNES}}}owner")
    assert [one.text for one in owner] == ["Wire crew", "crew@wire.example"]
    locked = found.find(f"{{{PODCAST}}}locked")
    assert (locked.text, dict(locked.attrib)) == ("yes", {"owner": "crew@wire.example"})


def test_a_feed_has_defaults_for_what_directories_require():
    found = channel({"title": "Plain"})
    assert [one.get("text") for one in found.iterfind(f"{{{ITUNES}}}category")] == ["Education"]
    assert found.findtext(f"{{{ITUNES}}}explicit") == "false"
    assert found.find(f"{{{ITUNES}}}owner") is None
    assert found.find(f"{{{ITUNES}}}type") is None
    assert found.findtext(f"{{{PODCAST}}}locked") == "no"


def test_unofficial_feeds_do_not_claim_the_owner():
    found = channel(WIRE | {"unofficial": True})
    assert found.find(f"{{{ITUNES}}}owner") is None
    locked = found.find(f"{{{PODCAST}}}locked")
    assert (locked.text, dict(locked.attrib)) == ("yes", {})


def test_an_item_has_its_kind_and_its_other_recordings():
    video = {"url": "https://wire.example/1.mp4", "type": "video/mp4", "bytes": 90_000}
    trailer = note("s-trailer", type="trailer", audio={"url": "https://wire.example/1.mp3"}, alternates=[video])
    base = make({"series": {"s": WIRE}}, [trailer])
    feed = site_files(base.linked, SETTINGS)["feed.xml"]()
    item = etree.fromstring(feed).find("channel/item")
    assert item.findtext(f"{{{ITUNES}}}episodeType") == "trailer"
    other = item.find(f"{{{PODCAST}}}alternateEnclosure")
    assert dict(other.attrib) == {"type": "video/mp4", "length": "90000"}
    assert [source.get("uri") for source in other] == ["https://wire.example/1.mp4"]
    assert faults(feed) == []
