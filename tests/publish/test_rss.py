"""Tests of the feeds: the content for podcast apps, and elements that follow their documentation."""

from datetime import datetime, timedelta, timezone

import feedparser
import pytest
from lxml import etree

from labels import Settings
from mlguide_site.pages.site import Site
from mlguide_site.publish.feeds import ITUNES, PODCAST, Channel, _untagged, channels, in_utc, rss
from pages.builder import make, note
from publish.namespace import faults
from publish.show import ADDRESS, HOSTILE, SETTINGS, published_files


@pytest.fixture
def feeds(show) -> dict[str, Channel]:
    """The channels by path."""
    return {channel.path: channel for channel in channels(Site(show, SETTINGS, str))}


def test_a_reader_finds_every_published_episode_newest_first(feeds) -> None:
    read = feedparser.parse(rss(feeds[""]))
    assert not read.bozo
    assert read.feed.title == "Bridges & Tunnels"
    titles = [entry.title for entry in read.entries]
    assert titles[:3] == ["Title of a-002", "Title of a-001", "Title of b-001"]
    # undated episodes last; later episodes of a series first
    assert sorted(titles[3:]) == sorted(["Title of a-trailer", HOSTILE])
    assert "Title of a-003" not in titles


def test_an_entry_tells_what_the_front_matter_does(feeds) -> None:
    entry = feedparser.parse(rss(feeds["episodes/a/"])).entries[1]
    assert (entry.id, entry.guidislink) == ("bridges-1", False)
    assert entry.link == f"{ADDRESS}episodes/a/a-001/"
    assert entry.summary == "Why a long span hangs."
    assert entry.published == "Mon, 03 Mar 2025 00:00:00 GMT"
    assert entry.enclosures == [{"href": "https://bridges.example/1.mp3", "type": "audio/mpeg", "length": "29840000"}]
    assert (entry.itunes_duration, entry.itunes_episode, entry.author) == ("00:31:05", "1", "Ada Span")
    assert entry.image.href == f"{ADDRESS}episodes/a/one.png"
    assert [tag.term for tag in entry.tags] == ["Cables"]


def items(channel: Channel) -> dict[str, etree._Element]:
    """Return the items in a channel's feed, by URL of the page."""
    found = etree.fromstring(rss(channel)).iter("item")
    return {item.findtext("link").removeprefix(ADDRESS): item for item in found}


def podcast(item: etree._Element) -> list[tuple[str, str, dict[str, str]]]:
    """Return the Podcasting 2.0 elements of an item: name, text and attributes."""
    return [(node.tag.partition("}")[2], node.text, dict(node.attrib)) for node in item.iterfind(f"{{{PODCAST}}}*")]


def test_transcripts_chapters_people_and_numbers_are_told_as_podcasting_2_has_them(feeds) -> None:
    found = items(feeds["episodes/a/"])
    person = {"href": f"{ADDRESS}people/mo/"}
    assert podcast(found["episodes/a/a-001/"]) == [
        ("episode", "1", {"display": "BR 001"}),
        ("transcript", None, {"url": f"{ADDRESS}episodes/a/a-001.vtt", "type": "text/vtt"}),
        ("chapters", None, {"url": f"{ADDRESS}episodes/a/a-001.chapters.json", "type": "application/json+chapters"}),
        ("person", "Mo Cable", {"role": "guest", **person}),
        ("person", "Mo Cable", {"role": "host", **person}),
    ]
    assert podcast(found["episodes/a/a-002/"]) == [
        ("episode", "2", {"display": "Two"}),
        ("season", "2", {"name": "Below"}),
        (
            "transcript",
            None,
            {"url": f"{ADDRESS}episodes/a/a-002.srt", "type": "application/x-subrip", "language": "de"},
        ),
        (
            "transcript",
            None,
            {"url": "https://bridges.example/2.vtt", "type": "text/vtt", "language": "en", "rel": "captions"},
        ),
        ("chapters", None, {"url": "https://bridges.example/2.chapters.json", "type": "application/json+chapters"}),
        ("soundbite", "The dive", {"startTime": "73", "duration": "60"}),
        ("soundbite", None, {"startTime": "300", "duration": "30"}),
        ("license", "cc-by-nc-4.0", {}),
    ]
    assert podcast(found["episodes/a/a-trailer/"]) == []


def test_every_podcast_element_is_as_its_page_documents_it(feeds) -> None:
    assert len(feeds) == 4
    for channel in feeds.values():
        assert faults(rss(channel)) == []


@pytest.mark.parametrize(
    ("channel", "item"),
    [
        ("<p:episode>1</p:episode>", ""),
        ("<p:tomato/>", ""),
        ("<p:medium>podcast</p:medium><p:medium>podcast</p:medium>", ""),
        ("<p:medium>soup</p:medium>", ""),
        ('<p:funding url="mailto:a@b.example">x</p:funding>', ""),
        ('<p:funding url="https://b.example/"/>', ""),
        ("<p:license>All rights reserved</p:license>", ""),
        (f"<p:person>{'x' * 129}</p:person>", ""),
        ("", '<p:transcript url="/a" type="text/vtt"/>'),
        ("", '<p:transcript url="https://a.example/"/>'),
        ("", '<p:transcript url="https://a.example/" type="text/vtt" lang="de"/>'),
        ("", "<p:season>1</p:season><p:season>2</p:season>"),
        ("", "<p:episode>one</p:episode>"),
        ("", f'<p:episode display="{"x" * 33}">1</p:episode>'),
        ("", '<p:chapters url="https://a.example/" type="application/json"/>'),
        ("", '<p:soundbite startTime="-1" duration="2"/>'),
        ("", "<other><p:season>1</p:season></other>"),
        ("", "<p:person/>"),
    ],
)
def test_the_check_of_elements_can_fail(channel: str, item: str) -> None:
    guid = "<p:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</p:guid>"
    feed = f'<rss xmlns:p="{PODCAST}"><channel><title>t</title>{guid}%s<item>%s<link>l</link></item></channel></rss>'
    assert faults((feed % ("", "")).encode()) == []
    assert faults((feed % (channel, item)).encode())


def test_a_channel_tells_of_its_series(feeds) -> None:
    channel = etree.fromstring(rss(feeds["episodes/a/"])).find("channel")
    assert channel.findtext("link") == f"{ADDRESS}episodes/a/"
    assert channel.findtext("copyright") == "CC BY 4.0"
    assert channel.findtext(f"{{{ITUNES}}}author") == "Ada Span"
    assert channel.find(f"{{{ITUNES}}}image").get("href") == f"{ADDRESS}episodes/a/cover.png"
    assert channel.findtext(f"{{{PODCAST}}}medium") == "podcast"
    assert channel.find("{http://www.w3.org/2005/Atom}link").get("href") == f"{ADDRESS}episodes/a/feed.xml"
    assert channel.find(f"{{{PODCAST}}}block") is None
    assert [element for element in podcast(channel) if element[0] != "medium"] == [
        ("locked", "no", {}),
        ("guid", "917393e3-1b1e-5cef-ace4-edaa54e1f810", {}),
        ("license", "cc-by-4.0", {}),
        ("funding", "Keep it up", {"url": "https://bridges.example/fund"}),
    ]


def test_notes_on_somebody_elses_show_are_kept_out_of_directories(feeds) -> None:
    for path in ("", "episodes/b/"):
        channel = etree.fromstring(rss(feeds[path])).find("channel")
        assert channel.findtext(f"{{{PODCAST}}}block") == "yes"
        assert channel.findtext(f"{{{ITUNES}}}block") == "Yes"
        assert channel.find(f"{{{PODCAST}}}license") is None


def test_a_series_without_episodes_has_a_feed_without_items(feeds) -> None:
    read = feedparser.parse(rss(feeds["episodes/c/"]))
    assert (read.bozo, read.feed.title, read.entries) == (False, "Empty", [])


def test_hostile_words_stay_words(feeds) -> None:
    data = rss(feeds["episodes/b/"])
    assert b"</script>" not in data
    assert b"]]>" not in data
    entry = feedparser.parse(data).entries[-1]
    assert (entry.title_detail.value, entry.id) == (HOSTILE, f"{ADDRESS}episodes/b/b-002/")


def test_what_xml_cannot_hold_is_left_out(show) -> None:
    settings = Settings("a\x00b\ufffe\ud800c", "\x1b[31m", ADDRESS)
    read = feedparser.parse(rss(channels(Site(show, settings, str))[0]))
    assert (read.bozo, read.feed.title, read.feed.description) == (False, "abc", "[31m")


def test_without_an_address_there_is_no_feed(show) -> None:
    found = published_files(show, Settings("S"))
    assert "llms.txt" in found
    assert not [path for path in found if "feed" in path]


def test_the_same_show_gives_the_same_bytes(show) -> None:
    assert published_files(show, SETTINGS) == published_files(show, SETTINGS)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2025, 3, 10, 6, 30), "2025-03-10T06:30:00+00:00"),
        (datetime(2025, 3, 10, 0, 30, 9, 7, timezone(timedelta(hours=2))), "2025-03-09T22:30:09+00:00"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "0001-01-01T00:00:00+00:00"),
    ],
)
def test_times_are_in_utc(value: datetime, expected: str) -> None:
    assert in_utc(value).isoformat() == expected


def test_only_signs_that_may_start_a_tag_are_escaped() -> None:
    assert [_untagged("a < b"), _untagged("The <audio> element")] == ["a < b", "The &lt;audio> element"]


def test_an_entry_has_a_limited_number_of_short_categories() -> None:
    topics = {f"t{at}": {"name": f"T{at:03} {'x' * 480}"} for at in range(150)}
    base = make(
        {"series": {"s": {"title": "S"}}, "topics": topics}, [note("s-001", topics=[*topics])], site_url=ADDRESS
    )
    [feed, *_] = channels(base.site)
    names = [one.text for one in etree.fromstring(rss(feed)).iterfind("channel/item/category")]
    assert len(names) == 100 and max(map(len, names)) <= 128 and names[0] == f"T000 {'x' * 122}…"
