"""The tree of resources, and the feeds, as OPML 2.0 (http://opml.org/spec2.opml)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from mlguide_site.config import Settings
from mlguide_site.importers.opml.outline import FIELDS, LINK, SLUG, SPACE
from mlguide_site.importers.opml.text import tags_of
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model import Resource
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.knowledge import ResourceUrl
from mlguide_site.publish.channels import FEED, Channel, xml_text
from mlguide_site.publish.tables import below, plain_fields


def to_opml(catalog: Catalog) -> bytes:
    """The outline as UTF-8, ended by a line end."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"mlguide": SPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Resources"
    body = etree.SubElement(root, "body")
    children = below(catalog)
    waiting = [(slug, body) for slug in reversed(children.get("", ()))]
    while waiting:
        slug, above = waiting.pop()
        element = _outline(above, slug, catalog.resources[slug])
        waiting += [(child, element) for child in reversed(children.get(slug, ()))]
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _outline(above: Any, slug: str, resource: Resource) -> Any:
    """The element of a resource with its links, added to the one above it."""
    attributes = {"text": xml_text(" ".join([resource.title, *tags_of(resource)]))}
    if resource.summary:
        attributes["_note"] = xml_text(resource.summary)
    bare = resource.urls[0].url if len(resource.urls) == 1 and _is_bare(resource.urls[0]) else ""
    if bare:
        attributes |= {"type": "link", "url": xml_text(bare)}
    attributes[SLUG] = slug
    links = [] if bare else [_link(url) for url in resource.urls]
    attributes[FIELDS] = json.dumps(plain_fields(resource))
    element = etree.SubElement(above, "outline", attributes)
    for link in links:
        etree.SubElement(element, "outline", link)
    return element


def _is_bare(url: ResourceUrl) -> bool:
    return not url.title and not url.price


def _link(url: ResourceUrl) -> dict[str, str]:
    price = [f"#price:{url.price}"] if url.price else []
    text = xml_text(" ".join([url.title or url.url, *price]))
    return {"text": text, "type": "link", "url": xml_text(url.url), LINK: "true"}


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
