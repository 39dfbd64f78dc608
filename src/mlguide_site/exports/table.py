"""Resources and glossary as a table (CSV of RFC 4180) and in full (JSON)."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from mlguide_site.catalog import Catalog
from mlguide_site.exports.tree import in_order
from mlguide_site.model import Resource

COLUMNS = (
    "kind slug parent title urls authors format importance difficulty engagement price topics episodes summary".split()
)
_FORMULA = ("=", "+", "-", "@")


def to_csv(catalog: Catalog) -> bytes:
    """A row for each resource and term, UTF-8, rows ended by CR LF. Lists are parted by a semicolon and a space; what
    a spreadsheet would take for a formula has an apostrophe before it.
    """
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for slug in in_order(catalog):
        writer.writerow(_cells("resource", slug, _resource_cells(catalog.resources[slug])))
    for slug, term in catalog.terms.items():
        cells = {"title": term.term, "topics": _joined(term.topics), "summary": term.definition}
        writer.writerow(_cells("term", slug, cells))
    return file.getvalue().encode()


def _resource_cells(resource: Resource) -> dict[str, str]:
    return {
        "parent": resource.parent or "",
        "title": resource.title,
        "urls": _joined(url.url for url in resource.urls),
        "authors": _joined(resource.authors),
        "format": _joined(resource.formats),
        "importance": resource.importance or "",
        "difficulty": resource.difficulty or "",
        "engagement": resource.engagement or "",
        "price": resource.price or "",
        "topics": _joined(resource.topics),
        "episodes": _joined(resource.episodes),
        "summary": resource.summary,
    }


def _cells(kind: str, slug: str, cells: dict[str, str]) -> dict[str, str]:
    whole = {"kind": kind, "slug": slug, **cells}
    return {name: f"'{text}" if text.startswith(_FORMULA) else text for name, text in whole.items()}


def _joined(items: Iterable[str]) -> str:
    return "; ".join(items)


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
