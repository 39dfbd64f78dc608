"""Outlines (OPML 2.0, opml.org/spec2.opml) that podcast players and outliners take: feeds to subscribe to, and the tree
of resources."""

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from mlguide_site.config import Settings
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.publish.channels import FEED, Channel
from mlguide_site.publish.exports.opml import to_opml
from mlguide_site.publish.fields import xml_text

FEEDS = "feeds.opml"
RESOURCES = "resources.opml"


def outlines(linked: LinkedCatalog, settings: Settings, told: Sequence[Channel]) -> Mapping[str, bytes]:
    """The outlines by path in the site; one of nothing is left out. `told` are the channels of the site."""
    found: dict[str, bytes] = {}
    if feeds := list(_feeds(linked, settings, told)):
        found[FEEDS] = _subscriptions(settings.site_name, feeds)
    if linked.catalog.resources:
        found[RESOURCES] = to_opml(linked.catalog)
    return found


def _feeds(linked: LinkedCatalog, settings: Settings, channels: Sequence[Channel]) -> Iterator[Mapping[str, str]]:
    """The feeds of the site, where it has an address, and of the shows that it is about, each once."""
    told = set()
    for channel in channels:
        feed = settings.site_url + channel.path + FEED
        told.add(feed)
        yield {"title": channel.title, "xmlUrl": feed, "htmlUrl": channel.address, "description": channel.description}
    for series in linked.catalog.series.values():
        if series.feed and series.feed not in told:
            told.add(series.feed)
            yield {"title": series.title, "xmlUrl": series.feed, "htmlUrl": series.home or ""}


def _subscriptions(title: str, feeds: list[Mapping[str, str]]) -> bytes:
    """A subscription list: UTF-8, ended by a line end."""
    root = etree.Element("opml", {"version": "2.0"})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = xml_text(title)
    body = etree.SubElement(root, "body")
    for feed in feeds:
        fields = {"type": "rss", "text": feed["title"], **feed}
        etree.SubElement(body, "outline", {name: told for name, value in fields.items() if (told := xml_text(value))})
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"
