"""The resources of a catalog in the order in which exports name them."""

from collections.abc import Iterator, Mapping

from mlguide_site.errors import Span
from mlguide_site.model.catalog import Catalog


def below(catalog: Catalog) -> Mapping[str, tuple[str, ...]]:
    """The slugs of the resources under each, in the order of the file; those at the top, under "", by slug."""
    found: dict[str, list[str]] = {}
    for slug, resource in catalog.resources.items():
        parent = resource.parent if resource.parent in catalog.resources else None
        found.setdefault(parent or "", []).append(slug)
    nowhere = ("", Span())
    return {
        parent: tuple(sorted(slugs, key=lambda slug: (catalog.places.get(("resource", slug), nowhere)[1], slug)))
        if parent
        else tuple(sorted(slugs))
        for parent, slugs in found.items()
    }


def in_order(catalog: Catalog) -> Iterator[str]:
    """The slugs of all resources, each before those under it."""
    children = below(catalog)
    waiting = list(children.get("", ()))[::-1]
    while waiting:
        slug = waiting.pop()
        yield slug
        waiting += children.get(slug, ())[::-1]
