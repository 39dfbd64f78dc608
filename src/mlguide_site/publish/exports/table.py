"""Resources and glossary as a table (CSV of RFC 4180) and in full (JSON)."""

import json
from collections.abc import Iterator
from typing import Any

from mlguide_site.model import Resource
from mlguide_site.model.catalog import Catalog
from mlguide_site.publish.exports.cells import csv_bytes, joined
from mlguide_site.publish.exports.tree import in_order

COLUMNS = (
    "kind slug parent title urls authors format importance difficulty engagement price topics episodes summary".split()
)


def to_csv(catalog: Catalog) -> bytes:
    """A row for each resource and term, UTF-8, rows ended by CR LF. Lists are parted by a semicolon and a space; what
    a spreadsheet would take for a formula has an apostrophe before it.
    """
    return csv_bytes(COLUMNS, _rows(catalog))


def _rows(catalog: Catalog) -> Iterator[dict[str, str]]:
    for slug in in_order(catalog):
        yield {"kind": "resource", "slug": slug, **_resource_cells(catalog.resources[slug])}
    for slug, term in catalog.terms.items():
        cells = {"title": term.term, "topics": joined(term.topics), "summary": term.definition}
        yield {"kind": "term", "slug": slug, **cells}


def _resource_cells(resource: Resource) -> dict[str, str]:
    return {
        "parent": resource.parent or "",
        "title": resource.title,
        "urls": joined(url.url for url in resource.urls),
        "authors": joined(resource.authors),
        "format": joined(resource.formats),
        "importance": resource.importance or "",
        "difficulty": resource.difficulty or "",
        "engagement": resource.engagement or "",
        "price": resource.price or "",
        "topics": joined(resource.topics),
        "episodes": joined(resource.episodes),
        "summary": resource.summary,
    }


def to_json(catalog: Catalog) -> bytes:
    """`{"resources": {slug: {…}}, "glossary": {slug: {…}}}`, resources nested under `children` as in their file."""
    resources: dict[str, Any] = {}
    own: dict[str, dict[str, Any]] = {}
    for slug in in_order(catalog):
        resource = catalog.resources[slug]
        own[slug] = plain_fields(resource)
        parent = own.get(resource.parent or "")
        (resources if parent is None else parent.setdefault("children", {}))[slug] = own[slug]
    glossary = {
        slug: term.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        for slug, term in catalog.terms.items()
    }
    value = {"resources": resources, "glossary": glossary}
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def plain_fields(resource: Resource) -> dict[str, Any]:
    """What a resource's fields say in plain values, those of the resources under it and what is not set aside."""
    return resource.model_dump(mode="json", exclude_defaults=True, exclude_none=True, exclude={"children", "parent"})
