"""What others read: the catalog, or a part of it, as the bytes of a file. The tree of resources as OPML 2.0
(http://opml.org/spec2.opml) is here, the other formats have modules of their own."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from lxml import etree

from mlguide_site.content.site_settings import Origin
from mlguide_site.importers.opml import FIELDS, LINK, SLUG, SPACE
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.schema import Resource, ResourceUrl
from mlguide_site.publish.anki import apkg, deck_of
from mlguide_site.publish.feeds import xml_text
from mlguide_site.publish.tables import below, plain_fields, to_csv, to_json

RESOURCES = "resources.opml"


def to_opml(catalog: Catalog) -> bytes:
    """The outline as UTF-8, ended by a line end."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"mlguide": SPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Resources"
    body = etree.SubElement(root, "body")
    children = below(catalog)
    stack = [(slug, body) for slug in reversed(children.get("", ()))]
    while stack:
        slug, above = stack.pop()
        element = _outline(above, slug, catalog.resources[slug])
        stack += [(child, element) for child in reversed(children.get(slug, ()))]
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _outline(above: Any, slug: str, resource: Resource) -> Any:
    """The element of a resource with its links, added to the one above it."""
    attributes = {"text": xml_text(resource.title)}
    if resource.summary:
        attributes["_note"] = xml_text(resource.summary)
    is_bare = len(resource.urls) == 1 and not resource.urls[0].title and not resource.urls[0].price
    if is_bare:
        attributes |= {"type": "link", "url": xml_text(resource.urls[0].url)}
    fields = {name: value for name, value in plain_fields(resource).items() if name not in {"title", "summary"}}
    attributes |= {SLUG: slug, FIELDS: json.dumps(fields)}
    element = etree.SubElement(above, "outline", attributes)
    for url in () if is_bare else resource.urls:
        etree.SubElement(element, "outline", _link(url))
    return element


def _link(url: ResourceUrl) -> dict[str, str]:
    return {"text": xml_text(url.title or url.url), "type": "link", "url": xml_text(url.url), LINK: "true"}


EXPORTS: Mapping[str, Callable[[Catalog, Origin], bytes]] = MappingProxyType(
    {
        "anki": lambda catalog, origin: apkg(deck_of(catalog, origin)),
        "csv": lambda catalog, _: to_csv(catalog),
        "json": lambda catalog, _: to_json(catalog),
        "opml": lambda catalog, _: to_opml(catalog),
    }
)
"""The formats by name: `anki` the glossary as a deck, `csv` resources and glossary as a table, `json` both in full,
`opml` the tree of resources."""
