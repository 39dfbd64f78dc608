"""A channel as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from typing import Any

from mlguide_site.config import Settings
from mlguide_site.publish.channels import JSON_FEED, Channel, Item, in_utc
from mlguide_site.publish.records_json import filled, records_json

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(channel: Channel, settings: Settings) -> bytes:
    """The feed of a channel: UTF-8, one line end at its end."""
    feed = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.address,
        "feed_url": settings.site_url + channel.path + JSON_FEED,
        "description": channel.description,
        "icon": channel.image,
        "authors": _authors(channel.author),
        "language": channel.language,
    }
    return records_json(filled(feed) | {"items": map(_item, channel.items)})


def _item(item: Item) -> dict[str, Any]:
    attachments = []
    if item.audio:
        audio = {"url": item.audio.url, "mime_type": item.audio.type, "size_in_bytes": item.audio.bytes}
        attachments.append(filled({**audio, "duration_in_seconds": item.seconds}))
    return filled(
        {
            "id": item.guid,
            "url": item.address,
            "title": item.title,
            "content_text": item.summary or item.title,
            "summary": item.summary,
            "image": item.image,
            "date_published": in_utc(item.date).isoformat().replace("+00:00", "Z") if item.date else "",
            "authors": _authors(item.author),
            "tags": list(item.topics),
            "language": item.language,
            "attachments": attachments,
        }
    )


def _authors(name: str) -> list[dict[str, str]]:
    return [{"name": name}] if name else []
