"""Tests of the outline of resources."""

from lxml import etree

from labels import Settings
from publish.show import ADDRESS, SETTINGS, published_files


def test_an_outline_of_nothing_is_left_out(linked) -> None:
    found = published_files(linked({"knowledge/series.yml": "a: {title: A}\n"}), Settings("S"))
    assert not [path for path in found if path.endswith(".opml")]
    assert b".opml" not in found["llms.txt"]


def test_the_tree_of_resources_is_there_and_told(show) -> None:
    found = published_files(show, SETTINGS)
    (book,) = etree.fromstring(found["resources.opml"]).iterfind("body/outline")
    assert book.get("text").startswith("The Book of Spans")
    assert f"[resources.opml]({ADDRESS}resources.opml)".encode() in found["llms.txt"]
