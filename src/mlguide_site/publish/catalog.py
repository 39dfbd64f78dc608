"""The file catalog.json, the site as programs read it, and its JSON Schema.

Slugs and ids are stable, lists sorted. A field of one name has one form in every list.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mlguide_site.config import Settings
from mlguide_site.linking.linked import LinkedCatalog, LinkedEpisode
from mlguide_site.model import Difficulty, Importance, Kind, Pick, SeriesKind, Status
from mlguide_site.model.base import SLUG_PATTERN
from mlguide_site.model.slugs import page_path, page_url, parse_id
from mlguide_site.pages.facets import PRICES, price_of
from mlguide_site.publish.records_json import records_json

Schema = dict[str, Any]


def _list(schema: Schema, **more: str) -> Schema:
    return {"type": "array", "items": schema, **more}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(values: Iterable[Any]) -> Schema:
    return {"enum": [str(value) for value in values]}


def _object(fields: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields)}


_SLUG: Schema = {"$ref": "#/$defs/slug"}
_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer", "minimum": 0}
_SLUGS, _TEXTS = _list(_SLUG), _list(_TEXT)
SCHEMAS: Mapping[str, Schema] = {
    **dict.fromkeys(["id", "slug"], _SLUG),
    **dict.fromkeys(["title", "name", "series", "summary", "category", "format", "term", "definition"], _TEXT),
    **dict.fromkeys(["episodes", "topics", "tools", "resources", "terms", "references"], _SLUGS),
    **dict.fromkeys(["referenced_by", "requires"], _SLUGS),
    **dict.fromkeys(["aliases", "urls", "formats", "abbreviations"], _TEXTS),
    "kind": _one_of(SeriesKind),
    "missing": _list(_WHOLE, description="numbers lacking between the first and the last"),
    "number": _or_null(_WHOLE),
    "season": _or_null(_WHOLE),
    "date": _or_null(_TEXT | {"description": "ISO 8601: a date, or date and time"}),
    "duration": _or_null(_WHOLE | {"description": "seconds"}),
    "status": _one_of(Status),
    "truncated": {"type": "boolean"},
    "url": _TEXT | {"description": "address relative to the site's root"},
    "people": _list(_object({"slug": _SLUG, "role": _TEXT})),
    "related": _list(_object({"id": _SLUG, "because": _SLUGS})),
    "parent": _or_null(_SLUG),
    "homepage": _or_null(_TEXT),
    "mentions": _list(_object({"episode": _SLUG, "heading": _TEXT, "text": _TEXT})),
    "importance": _or_null(_one_of(Importance)),
    "difficulty": _or_null(_one_of(Difficulty)),
    "price": _or_null(_one_of(PRICES)),
    "pick": _or_null(_one_of(Pick)),
}
"""The form of each field."""
FIELDS = {
    "series": "id title kind episodes missing",
    "episodes": "id series number season title date duration status truncated summary url topics tools resources terms"
    " people references referenced_by related requires",
    "topics": "slug name parent url episodes tools resources",
    "tools": "slug name aliases homepage category url episodes mentions",
    "resources": "slug title url urls format formats importance difficulty price episodes parent pick",
    "terms": "slug term abbreviations definition url episodes",
    "people": "slug name url episodes",
}
"""The fields of each list, in order."""
_KINDS = {
    "topics": Kind.TOPIC,
    "tools": Kind.TOOL,
    "resources": Kind.RESOURCE,
    "terms": Kind.TERM,
    "people": Kind.PERSON,
}
Record = dict[str, Any]


def catalog_json(linked: LinkedCatalog, settings: Settings) -> bytes:
    """The text of `catalog.json`, UTF-8, one line end at its end."""
    catalog = linked.catalog
    found: dict[str, Iterator[Record]] = {
        "series": (
            {
                "id": id,
                "title": series.title,
                "kind": series.kind.value,
                "episodes": list(catalog.by_series.get(id, ())),
                "missing": list(catalog.missing(id)),
            }
            for id, series in catalog.series.items()
        ),
        "episodes": (_episode(linked, settings, id, episode) for id, episode in linked.episodes.items()),
    }
    for name in _KINDS:
        found[name] = _entries(linked, settings, name)
    return records_json(found)


def _episode(linked: LinkedCatalog, settings: Settings, id: str, episode: LinkedEpisode) -> Record:
    file, meta = episode.file, episode.file.meta
    key = parse_id(file.series, id)
    roles: dict[str, set[str]] = {slug: set() for slug in episode.entries.get(Kind.PERSON, ())}
    for part in meta.people:
        roles.setdefault(part.person, set()).add(part.role)
    return {
        "id": id,
        "series": file.series,
        "number": file.number,
        "season": key.season if key and key.season is not None else meta.season,
        "title": meta.title,
        "date": meta.date.isoformat() if meta.date else None,
        "duration": meta.duration,
        "status": meta.status.value,
        "truncated": meta.truncated,
        "summary": meta.summary,
        "url": page_url(page_path("episode", id, file.series), settings.directories),
        **{name: episode.entries.get(_KINDS[name], ()) for name in ("topics", "tools", "resources", "terms")},
        "people": [
            {"slug": slug, "role": role} for slug in sorted(roles) for role in sorted(roles[slug]) or ["mentioned"]
        ],
        "references": sorted({one.target for one in episode.references if one.target} - {id}),
        "referenced_by": sorted({context.episode for context in episode.referenced_by}),
        "related": [{"id": one.id, "because": [slug for _, slug in one.because]} for one in episode.related],
        "requires": sorted(other for other in meta.requires if other in linked.episodes),
    }


def _entries(linked: LinkedCatalog, settings: Settings, name: str) -> Iterator[Record]:
    """The records of knowledge entries; a field without a rule of its own is the entry's."""
    kind, catalog = _KINDS[name], linked.catalog
    below: Mapping[str, Mapping[str, Any]] = {"tools": catalog.tools, "resources": catalog.resources}
    values: Mapping[str, Callable[[str, Any], Any]] = {
        "slug": lambda slug, _: slug,
        "url": lambda slug, _: page_url(page_path(kind.value, slug), settings.directories),
        "episodes": lambda slug, _: sorted(linked.episodes_of.get((kind, slug), ())),
        "aliases": lambda _, entry: sorted(entry.aliases),
        "abbreviations": lambda _, entry: sorted(entry.abbreviations),
        "urls": lambda _, entry: [url.url for url in entry.urls],
        "format": lambda _, entry: entry.formats[0],
        "price": lambda _, entry: price_of(entry) or None,
        "mentions": lambda slug, _: [
            {"episode": one.episode, "heading": one.heading, "text": one.sentence}
            for one in linked.contexts.get((kind, slug), ())
        ],
        "tools": lambda slug, _: sorted(id for id, one in below["tools"].items() if slug in one.topics),
        "resources": lambda slug, _: sorted(id for id, one in below["resources"].items() if slug in one.topics),
    }
    for slug, entry in catalog.entries(kind).items():
        yield {
            field: values[field](slug, entry) if field in values else getattr(entry, field)
            for field in FIELDS[name].split()
        }


def catalog_schema() -> bytes:
    """The schema's text, UTF-8, one line end at its end. More fields may come, and readers pass over them."""
    lists = {
        name: _list(_object({field: SCHEMAS[field] for field in fields.split()})) for name, fields in FIELDS.items()
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "catalog.json of a site made with mlguide",
        **_object(lists),
        "$defs": {"slug": {"type": "string", "pattern": SLUG_PATTERN}},
    }
    return json.dumps(schema, ensure_ascii=False, indent=1).encode() + b"\n"
