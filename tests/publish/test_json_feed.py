"""JSON Feed: its required members, and nothing that the RSS feed doesn't tell."""

import json
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from mlguide_site.publish.channels import channels
from mlguide_site.publish.feeds import json_feed
from publish.show import ADDRESS, HOSTILE, SETTINGS

ADDRESSED = {"type": "string", "pattern": "^https?://"}
AUTHORS = {"type": "array", "minItems": 1, "items": {"type": "object", "minProperties": 1}}
LANGUAGE = {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"}
# jsonfeed.org, version 1.1: what must be there, and of what type each member is
FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": ADDRESSED,
        "feed_url": ADDRESSED,
        "description": {"type": "string"},
        "icon": ADDRESSED,
        "authors": AUTHORS,
        "language": LANGUAGE,
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_text"]}, {"required": ["content_html"]}],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": ADDRESSED,
                    "title": {"type": "string"},
                    "content_text": {"type": "string", "minLength": 1},
                    "summary": {"type": "string"},
                    "image": ADDRESSED,
                    "date_published": {
                        "type": "string",
                        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$",
                    },
                    "authors": AUTHORS,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "language": LANGUAGE,
                    "attachments": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["url", "mime_type"],
                            "additionalProperties": False,
                            "properties": {
                                "url": ADDRESSED,
                                "mime_type": {"type": "string", "pattern": "^[a-z]+/"},
                                "size_in_bytes": {"type": "integer"},
                                "duration_in_seconds": {"type": "integer"},
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture
def feeds(show) -> dict[str, dict]:
    """The feeds by path, as read."""
    return {channel.path: json.loads(json_feed(channel, SETTINGS)) for channel in channels(show, SETTINGS)}


def test_feeds_hold_to_the_format(feeds) -> None:
    for path, feed in feeds.items():
        assert [error.message for error in Draft202012Validator(FEED).iter_errors(feed)] == []
        assert feed["feed_url"] == f"{ADDRESS}{path}feed.json"


def test_an_item_tells_what_the_front_matter_does(feeds) -> None:
    newest, first = feeds["episodes/a/"]["items"][:2]
    assert first == {
        "id": "bridges-1",
        "url": f"{ADDRESS}episodes/a/a-001/",
        "title": "Title of a-001",
        "content_text": "Why a long span hangs.",
        "summary": "Why a long span hangs.",
        "image": f"{ADDRESS}episodes/a/one.png",
        "date_published": "2025-03-03T00:00:00Z",
        "authors": [{"name": "Ada Span"}],
        "tags": ["Cables"],
        "attachments": [
            {
                "url": "https://bridges.example/1.mp3",
                "mime_type": "audio/mpeg",
                "size_in_bytes": 29840000,
                "duration_in_seconds": 1865,
            }
        ],
    }
    assert newest["date_published"] == "2025-03-10T04:30:00Z"


def test_items_are_those_of_the_other_feed_and_hostile_words_stay_words(show, feeds) -> None:
    whole = channels(show, SETTINGS)[0]
    assert [item["id"] for item in feeds[""]["items"]] == [item.guid for item in whole.items]
    assert HOSTILE in [item["title"] for item in feeds[""]["items"]]
    assert all(urlsplit(item["url"]).netloc == "kb.example" for item in feeds[""]["items"])
