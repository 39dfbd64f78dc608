"""Exports resources and the glossary as CSV (RFC 4180), JSON, OPML 2.0 (http://opml.org/spec2.opml) and Anki decks."""

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from lxml import etree

from mlguide_site.content.site_settings import Origin
from mlguide_site.errors import Span
from mlguide_site.importers.opml import FIELDS, LINK, SLUG, SPACE
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Resource, Term
from mlguide_site.model.slugs import page_path
from mlguide_site.pages.pagination import tree, walk
from mlguide_site.publish.anki import apkg, deck_of
from mlguide_site.publish.feeds import xml_text

RESOURCES = "resources.opml"
_Entry = TypeVar("_Entry", Resource, Term)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""The characters that start a formula in a spreadsheet (OWASP, CSV Injection)."""
COLUMNS = (
    "kind slug parent title urls authors format importance difficulty engagement price topics episodes summary advice"
).split()
TERM_COLUMNS = "term abbreviations aliases definition topics see page".split()


def to_opml(catalog: Catalog) -> bytes:
    """Return the tree of resources as OPML in UTF-8, ending in a newline."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"mlguide": SPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Resources"
    body = etree.SubElement(root, "body")
    elements: dict[str, Any] = {}
    for slug in in_order(catalog):
        resource = _shown(catalog, catalog.resources[slug])
        elements[slug] = _outline(elements.get(resource.parent or "", body), slug, resource)
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _outline(parent: Any, slug: str, resource: Resource) -> Any:
    attributes = {"text": xml_text(resource.title)}
    if resource.summary:
        attributes["_note"] = xml_text(resource.summary)
    is_bare = len(resource.urls) == 1 and not resource.urls[0].title and not resource.urls[0].price
    if is_bare:
        attributes |= {"type": "link", "url": xml_text(resource.urls[0].url)}
    fields = {name: value for name, value in plain_fields(resource).items() if name not in {"title", "summary"}}
    attributes |= {SLUG: slug, FIELDS: json.dumps(fields)}
    element = etree.SubElement(parent, "outline", attributes)
    for url in () if is_bare else resource.urls:
        link = {"text": xml_text(url.title or url.url), "type": "link", "url": xml_text(url.url), LINK: "true"}
        etree.SubElement(element, "outline", link)
    return element


def _shown(catalog: Catalog, entry: _Entry) -> _Entry:
    """Return an entry without the names of drafts."""

    def shown(slugs: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
        return tuple(one for one in slugs if one in known or one not in catalog.broken)

    own = {"topics": shown(entry.topics, catalog.topics)}
    if isinstance(entry, Term):
        own["see"] = shown(entry.see, catalog.terms)
    else:
        own["episodes"] = shown(entry.episodes, catalog.episodes)
    return entry.model_copy(update=own)


def _row(columns: Sequence[str], entry: Resource | Term, **own: object) -> dict[str, str]:
    """Return the cells of an entry's row. Values in `own` replace the entry's fields. List items are joined by `; `."""
    values = {name: own.get(name, getattr(entry, name, "")) for name in columns}
    return {name: "; ".join(one) if isinstance(one, (list, tuple)) else str(one or "") for name, one in values.items()}


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a CSV table in UTF-8, with a header row and CR LF after each row."""
    file = io.StringIO()
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    writer.writerows({name: safe_cell(text) for name, text in row.items()} for row in rows)
    return file.getvalue().encode("utf-8", "replace")


def safe_cell(text: str) -> str:
    """Return a cell that spreadsheets show as text. If the text looks like a formula, an apostrophe precedes it."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def to_csv(catalog: Catalog) -> bytes:
    """Return a CSV table with a row for each resource and term."""
    rows = []
    for slug in in_order(catalog):
        one = _shown(catalog, catalog.resources[slug])
        urls = [url.url for url in one.urls]
        rows.append(_row(COLUMNS, one, kind="resource", slug=slug, format=one.formats, urls=urls))
    for slug, term in catalog.terms.items():
        rows.append(
            _row(COLUMNS, _shown(catalog, term), kind="term", slug=slug, title=term.term, summary=term.definition)
        )
    return csv_bytes(COLUMNS, rows)


def to_json(catalog: Catalog) -> bytes:
    """Return `{"resources": {slug: {…}}, "glossary": {slug: {…}}}` as JSON. `children` contains child resources."""
    resources: dict[str, Any] = {}
    by_slug: dict[str, dict[str, Any]] = {}
    for slug in in_order(catalog):
        resource = catalog.resources[slug]
        by_slug[slug] = plain_fields(_shown(catalog, resource))
        parent = by_slug.get(resource.parent or "")
        (resources if parent is None else parent.setdefault("children", {}))[slug] = by_slug[slug]
    glossary = {slug: plain_fields(_shown(catalog, term)) for slug, term in catalog.terms.items()}
    return (json.dumps({"resources": resources, "glossary": glossary}, ensure_ascii=False, indent=1) + "\n").encode()


def plain_fields(entry: Resource | Term) -> dict[str, Any]:
    """Return an entry's fields as JSON values, without `children`, `parent` and default values."""
    return entry.model_dump(mode="json", exclude_defaults=True, exclude_none=True, exclude={"children", "parent"})


def glossary_csv(catalog: Catalog, origin: Origin) -> bytes:
    """Return a CSV table of all terms. The column `page` is empty if the site has no address."""
    rows = []
    for slug, term in catalog.terms.items():
        topics = [catalog.topics[topic].name for topic in term.topics if topic in catalog.topics]
        see = [catalog.terms[other].term for other in term.see if other in catalog.terms]
        rows.append(_row(TERM_COLUMNS, term, topics=topics, see=see, page=origin.page(page_path("term", slug))))
    return csv_bytes(TERM_COLUMNS, rows)


def in_order(catalog: Catalog) -> Iterator[str]:
    """Return the slugs of all resources, parents first. The top level is sorted by slug. Children are in file order."""
    resources = catalog.resources

    def sort_key(slug: str) -> tuple[Span, str]:
        found = catalog.places.get(("resource", slug)) if resources[slug].parent in resources else None
        return found[1] if found else Span(), slug

    return (node.slug for node in walk(tree(resources, sort_key), ""))


EXPORTS: Mapping[str, Callable[[Catalog, Origin], bytes]] = {
    "anki": lambda catalog, origin: apkg(deck_of(catalog, origin)),
    "csv": lambda catalog, _: to_csv(catalog),
    "json": lambda catalog, _: to_json(catalog),
    "opml": lambda catalog, _: to_opml(catalog),
}
