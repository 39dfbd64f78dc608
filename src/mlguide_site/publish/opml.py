"""The tree of resources, and the feeds, as OPML 2.0 (http://opml.org/spec2.opml)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from mlguide_site.config import Settings
from mlguide_site.importers.opml.outline import FIELDS, LINK, SLUG, SPACE
from mlguide_site.importers.opml.tags import tags_of
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.schema import Resource, ResourceUrl
from mlguide_site.publish.feeds import Channel, xml_text
from mlguide_site.publish.tables import below, plain_fields


def to_opml(catalog: Catalog) -> bytes:
    """The outline as UTF-8, ended by a line end."""
    root, body = _document("Resources", {"mlguide": SPACE})
    children = below(catalog)
    stack = [(slug, body) for slug in reversed(children.get("", ()))]
    while stack:
        slug, above = stack.pop()
        element = _outline(above, slug, catalog.resources[slug])
        stack += [(child, element) for child in reversed(children.get(slug, ()))]
    return _written(root)


def _outline(above: Any, slug: str, resource: Resource) -> Any:
    """The element of a resource with its links, added to the one above it."""
    attributes = {"text": xml_text(" ".join([resource.title, *tags_of(resource)]))}
    if resource.summary:
        attributes["_note"] = xml_text(resource.summary)
    is_bare = len(resource.urls) == 1 and not resource.urls[0].title and not resource.urls[0].price
    if is_bare:
        attributes |= {"type": "link", "url": xml_text(resource.urls[0].url)}
    attributes |= {SLUG: slug, FIELDS: json.dumps(plain_fields(resource))}
    element = etree.SubElement(above, "outline", attributes)
    for url in () if is_bare else resource.urls:
        etree.SubElement(element, "outline", _link(url))
    return element


def _link(url: ResourceUrl) -> dict[str, str]:
    price = [f"#price:{url.price}"] if url.price else []
    text = xml_text(" ".join([url.title or url.url, *price]))
    return {"text": text, "type": "link", "url": xml_text(url.url), LINK: "true"}


FEEDS = "feeds.opml"
RESOURCES = "resources.opml"


def feeds_opml(linked: LinkedCatalog, settings: Settings, channels: Sequence[Channel]) -> bytes:
    """The outline of the feeds of a site with these channels."""
    root, body = _document(settings.site_name)
    for fields in _feeds(linked, channels).values():
        known = {name: text for name, value in fields.items() if (text := xml_text(value))}
        etree.SubElement(body, "outline", {"type": "rss", "text": known["title"], **known})
    return _written(root)


def _feeds(linked: LinkedCatalog, channels: Sequence[Channel]) -> Mapping[str, Mapping[str, str]]:
    """The feeds of the site, where it has an address, and of the shows that it is about, each once."""
    shows = {
        series.feed: {"title": series.title, "xmlUrl": series.feed, "htmlUrl": series.home or ""}
        for series in linked.catalog.series.values()
        if series.feed
    }
    own = {
        channel.feed: {
            "title": channel.title,
            "xmlUrl": channel.feed,
            "htmlUrl": channel.address,
            "description": channel.description,
        }
        for channel in channels
    }
    return own | {feed: fields for feed, fields in shows.items() if feed not in own}


def _document(title: str, spaces: Mapping[str, str] | None = None) -> tuple[Any, Any]:
    """An OPML document and its body."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap=spaces)
    etree.SubElement(etree.SubElement(root, "head"), "title").text = xml_text(title)
    return root, etree.SubElement(root, "body")


def _written(root: Any) -> bytes:
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"
