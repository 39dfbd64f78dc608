"""Outlines of feeds and resources."""

from lxml import etree

from labels import Settings
from publish.show import ADDRESS, SETTINGS, published_files


def subscriptions(data: bytes) -> list[dict[str, str]]:
    """The outlines of a subscription list."""
    root = etree.fromstring(data)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title")
    return [dict(node.attrib) for node in root.find("body")]


def test_the_feeds_of_the_site_and_of_the_shows_can_be_subscribed_to(show, linked) -> None:
    found = published_files(show, SETTINGS)
    told = subscriptions(found["feeds.opml"])
    feeds = [path for path in found if path.endswith("feed.xml")]
    assert sorted(outline["xmlUrl"] for outline in told) == sorted(ADDRESS + path for path in feeds)
    assert told[0] == {
        "type": "rss",
        "text": "Bridges & Tunnels",
        "title": "Bridges & Tunnels",
        "xmlUrl": f"{ADDRESS}feed.xml",
        "htmlUrl": ADDRESS,
        "description": "How crossings are built.",
    }
    shows = {
        "knowledge/series.yml": "a: {title: Bridges, feed: 'https://b.example/feed'}\nb: {title: Bare, kind: log}\n"
    }
    (one,) = subscriptions(published_files(linked(shows), Settings("S"))["feeds.opml"])
    assert one == {"type": "rss", "text": "Bridges", "title": "Bridges", "xmlUrl": "https://b.example/feed"}


def test_an_outline_of_nothing_is_left_out(linked) -> None:
    found = published_files(linked({"knowledge/series.yml": "a: {title: A}\n"}), Settings("S"))
    assert not [path for path in found if path.endswith(".opml")]
    assert b".opml" not in found["llms.txt"]


def test_the_tree_of_resources_is_there_and_told(show) -> None:
    found = published_files(show, SETTINGS)
    (book,) = etree.fromstring(found["resources.opml"]).iterfind("body/outline")
    assert book.get("text").startswith("The Book of Spans")
    assert f"[resources.opml]({ADDRESS}resources.opml)".encode() in found["llms.txt"]
