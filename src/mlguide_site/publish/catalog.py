"""Generates `catalog.json`, the site's data for other programs. The schema is `templates/catalog.schema.json`."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from mlguide_site.config import Settings
from mlguide_site.content.resources import packaged_templates
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.markdown.formulas import plain_formulas
from mlguide_site.model.catalog import TABLES
from mlguide_site.model.records import Kind, Resource, Tool
from mlguide_site.model.slugs import page_path, page_url, parse_id
from mlguide_site.pages.facets import price_of

PART = 5_000  # maximum number of episodes in `catalog.json` or in a part
_KINDS = {name: kind for kind, name in TABLES.items()}
Record = dict[str, Any]


@cache
def catalog_schema() -> bytes:
    """Return the schema in UTF-8, ending in a newline."""
    return (packaged_templates() / "catalog.schema.json").read_bytes()


@cache
def _fields(name: str) -> Sequence[str]:
    return list(json.loads(catalog_schema())["properties"][name]["items"]["required"])


def catalog_files(linked: LinkedCatalog, settings: Settings) -> Mapping[str, Callable[[], bytes]]:
    """Map the paths of `catalog.json` and of its parts to functions that generate these files. A large catalog has
    parts with `PART` episodes and their mentions of tools. In a hub, the parts are the catalogs of the shows."""
    if linked.catalog.sites:
        shows = [f"{folder}/catalog.json" for folder in linked.catalog.sites.values()]
        return {"catalog.json": partial(catalog_json, linked, settings, shows)}
    ids = list(linked.episodes)
    starts = range(0, len(ids), PART) if len(ids) > PART else ()
    parts = {
        f"catalog-{number}.json": dict.fromkeys(ids[start : start + PART]) for number, start in enumerate(starts, 1)
    }
    files = {name: partial(_part_json, linked, settings, part) for name, part in parts.items()}
    return {"catalog.json": partial(catalog_json, linked, settings, list(parts)), **files}


def _part_json(linked: LinkedCatalog, settings: Settings, ids: Collection[str]) -> bytes:
    mentions = ({"slug": slug, "mentions": _mentions(linked, slug, ids)} for slug in linked.catalog.tools)
    return records_json({"episodes": (_episode(linked, settings, id) for id in ids), "tools": mentions})


def catalog_json(linked: LinkedCatalog, settings: Settings, parts: Sequence[str] = ()) -> bytes:
    """Return `catalog.json` in UTF-8, ending in a newline. If `parts` names other files, those contain the episodes."""
    catalog = linked.catalog
    own, ids = {} if catalog.sites else catalog.by_series, dict.fromkeys(() if parts else linked.episodes)
    series = (
        {"id": id, "title": one.title, "kind": one.kind, "episodes": own.get(id, ()), "missing": catalog.missing(id)}
        for id, one in catalog.series.items()
    )
    lists = {"series": series, "episodes": (_episode(linked, settings, id) for id in ids)}
    entries = {name: _entries(linked, settings, name, ids) for name in _KINDS}
    return records_json(({"parts": list(parts)} if parts else {}) | lists | entries)


def _episode(linked: LinkedCatalog, settings: Settings, id: str) -> Record:
    episode = linked.episodes[id]
    file, meta = episode.file, episode.file.meta
    key = parse_id(file.series, id)
    roles = {**dict.fromkeys(episode.entries.get(Kind.PERSON, ()), ("mentioned",)), **linked.catalog.roles[id]}
    computed = {
        "series": file.series,
        "number": file.number,
        "season": key.season if key and key.season is not None else meta.season,
        "date": meta.date.isoformat() if meta.date else None,
        "notes_as_of": meta.notes_as_of.isoformat() if meta.notes_as_of else None,
        "url": page_url(file.page, settings.directories),
        **{name: episode.entries.get(_KINDS[name], ()) for name in ("topics", "tools", "resources", "terms")},
        "people": [
            {"slug": slug, "role": role}
            for slug in sorted(roles)
            if slug in linked.catalog.people
            for role in sorted({*roles[slug]})
        ],
        "references": sorted({one.target for one in episode.references if one.target} - {id}),
        "referenced_by": sorted(episode.referenced_by),
        "related": [{"id": one.id, "because": [slug for _, slug in one.because]} for one in linked.related[id]],
        "requires": sorted(other for other in meta.requires if other in linked.episodes),
    }
    return {name: computed[name] if name in computed else getattr(meta, name) for name in _fields("episodes")}


def _mentions(linked: LinkedCatalog, slug: str, ids: Collection[str]) -> list[Record]:
    return [
        {"episode": id, "heading": one.heading, "text": plain_formulas(one.sentence)}
        for id, contexts in linked.contexts.get((Kind.TOOL, slug), {}).items()
        if id in ids
        for one in contexts
    ]


def _by_topic(entries: Mapping[str, Tool | Resource]) -> Mapping[str, list[str]]:
    """Map topics to the sorted slugs of the entries that list them."""
    found = defaultdict[str, list[str]](list)
    for slug, entry in sorted(entries.items()):
        for topic in {*entry.topics}:
            found[topic].append(slug)
    return found


def _entries(linked: LinkedCatalog, settings: Settings, name: str, ids: Collection[str]) -> Iterator[Record]:
    """Yield the records of the list `name`, such as `tools`. Mentions in episodes outside `ids` are omitted."""
    kind, catalog = _KINDS[name], linked.catalog
    tools, resources = _by_topic(catalog.tools), _by_topic(catalog.resources)
    computed: Mapping[str, Callable[[str, Any], Any]] = {
        "slug": lambda slug, _: slug,
        "url": lambda slug, _: page_url(page_path(kind.value, slug), settings.directories),
        "episodes": lambda slug, _: [] if catalog.sites else sorted(linked.episodes_of.get((kind, slug), ())),
        "aliases": lambda _, entry: sorted(entry.aliases),
        "abbreviations": lambda _, entry: sorted(entry.abbreviations),
        "urls": lambda _, entry: [url.url for url in entry.urls],
        "format": lambda _, entry: entry.formats[0],
        "price": lambda _, entry: price_of(entry) or None,
        "mentions": lambda slug, _: _mentions(linked, slug, ids),
        "parent": lambda _, entry: entry.parent if entry.parent in catalog.entries(kind) else None,
        "tools": lambda slug, _: tools[slug],
        "resources": lambda slug, _: resources[slug],
    }
    for slug, entry in catalog.entries(kind).items():
        pages = catalog.show_pages(kind, slug).values()
        yield {
            field: computed[field](slug, entry) if field in computed else getattr(entry, field)
            for field in _fields(name)
        } | ({"pages": [page_url(one, settings.directories) for one in pages]} if pages else {})


def records_json(fields: Mapping[str, Any]) -> bytes:
    """Return an object as JSON in UTF-8, ending in a newline. Each field and each item of a list is on its own line.
    Each `<` is escaped, so that browsers find no tags if they read the JSON as HTML."""
    data = bytearray(b"{")
    for name, value in fields.items():
        data += b"\n" + _line(name) + b": "
        if isinstance(value, (list, Iterator)):
            # encoding item by item avoids holding thousands of records in memory twice, as text and as bytes
            data += b"["
            for item in value:
                data += b"\n" + _line(item) + b","
            data[-1:] = b"\n]" if data.endswith(b",") else b"[]"
        else:
            data += _line(value)
        data += b","
    data[-1:] = b"\n}\n"
    return bytes(data)


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").encode("utf-8", "replace")
