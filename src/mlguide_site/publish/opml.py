"""The tree of resources, and the feeds, as OPML 2.0 (http://opml.org/spec2.opml)."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from mlguide_site.config import Settings
from mlguide_site.importers import Context
from mlguide_site.importers.opml.outline import FIELDS, LINK, SERIES, SLUG, SPACE, own_item
from mlguide_site.importers.opml.resources import own_fields
from mlguide_site.importers.opml.text import NAMES, Vocabulary, tags_of, vocabulary
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model import Resource
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.knowledge import ResourceUrl
from mlguide_site.publish.channels import FEED, Channel, xml_text
from mlguide_site.publish.tables import below, plain_fields

_NUMBERED = re.compile(r"([a-z][a-z0-9-]{0,59})-[0-9]{3,5}")


def to_opml(catalog: Catalog) -> bytes:
    """The outline as UTF-8, ended by a line end."""
    known = vocabulary(Context(), _series(catalog))
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"mlguide": SPACE})
    root.set(SERIES, " ".join(sorted(known.series)))
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Resources"
    body = etree.SubElement(root, "body")
    children = below(catalog)
    waiting = [(slug, body) for slug in reversed(children.get("", ()))]
    while waiting:
        slug, above = waiting.pop()
        element = _outline(above, slug, catalog.resources[slug], known)
        waiting += [(child, element) for child in reversed(children.get(slug, ()))]
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _series(catalog: Catalog) -> set[str]:
    """What stands before the numbers of the episodes that resources name, where a tag can."""
    ids = {episode for resource in catalog.resources.values() for episode in resource.episodes}
    return {found[1] for id in ids if (found := _NUMBERED.fullmatch(id)) and found[1] not in NAMES}


def _outline(above: Any, slug: str, resource: Resource, known: Vocabulary) -> Any:
    """The element of a resource with its links, added to the one above it."""
    attributes = {"text": xml_text(" ".join([resource.title, *tags_of(resource, known.series)]))}
    if resource.summary:
        attributes["_note"] = xml_text(resource.summary)
    bare = resource.urls[0].url if len(resource.urls) == 1 and _is_bare(resource.urls[0]) else ""
    if bare:
        attributes |= {"type": "link", "url": xml_text(bare)}
    attributes[SLUG] = slug
    links = [] if bare else [_link(url) for url in resource.urls]
    if other := _difference(plain_fields(resource), attributes, links, known):
        attributes[FIELDS] = json.dumps(other, sort_keys=True)
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


def _difference(
    fields: Mapping[str, Any], attributes: Mapping[str, str], links: list[dict[str, str]], known: Vocabulary
) -> dict[str, Any]:
    """The fields that attributes and links would not be read back as; None for those that would be read, but are not
    there."""
    item = own_item(attributes, 1, known)
    found = own_fields(item, [own_item(link, 1, known) for link in links])
    try:
        read = plain_fields(Resource.model_validate(found))
    except ValueError:
        return {**dict.fromkeys(found), **fields}
    return {name: fields.get(name) for name in {*fields, *read} if fields.get(name) != read.get(name)}


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
