"""The file catalog.json, the site as programs read it, and its JSON Schema: one table of fields gives both.

Slugs and ids are stable, lists sorted.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mlguide_site.config import Settings
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model import Difficulty, Importance, Kind, Pick, SeriesKind, Status
from mlguide_site.model.base import SLUG_PATTERN
from mlguide_site.model.slugs import page_path, page_url, parse_id
from mlguide_site.pages.facets import PRICES, price_of
from mlguide_site.publish.records_json import records_json

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

SLUG: Schema = {"$ref": "#/$defs/slug"}
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
URL: Schema = {"type": "string", "description": "address relative to the site's root"}


def _list(schema: Schema, **more: str) -> Schema:
    return {"type": "array", "items": schema, **more}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(values: Iterable[Any]) -> Schema:
    return {"enum": [str(value) for value in values]}


def _object(fields: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields)}


SLUGS = _list(SLUG)
TEXTS = _list(TEXT)


class _Record(NamedTuple):
    """A series, episode or entry with all that its fields are read from."""

    linked: LinkedCatalog
    settings: Settings
    id: str
    entry: Any
    kind: Kind | None = None

    def url(self) -> str:
        kind, series = (self.kind.value, "") if self.kind else ("episode", self.entry.file.series)
        return page_url(page_path(kind, self.id, series), self.settings.directories)

    def episodes(self) -> list[str]:
        """The episodes that name an entry."""
        return sorted(self.linked.episodes_of.get((self.kind or Kind.TOPIC, self.id), ()))

    def members(self, entries: Mapping[str, Any]) -> list[str]:
        """The entries that belong to a topic."""
        return sorted(name for name, entry in entries.items() if self.id in entry.topics)

    def season(self) -> int | None:
        key = parse_id(self.entry.file.series, self.id)
        return key.season if key and key.season is not None else self.entry.file.meta.season

    def people(self) -> list[dict[str, str]]:
        """Who takes part in an episode or is mentioned in it."""
        roles: dict[str, set[str]] = {slug: set() for slug in self.entry.entries.get(Kind.PERSON, ())}
        for role in self.entry.file.meta.people:
            roles.setdefault(role.person, set()).add(role.role)
        return [{"slug": slug, "role": role} for slug in sorted(roles) for role in sorted(roles[slug]) or ["mentioned"]]

    def mentions(self) -> list[dict[str, str]]:
        """Where episodes name a tool."""
        found = self.linked.contexts.get((Kind.TOOL, self.id), ())
        return [{"episode": one.episode, "heading": one.heading, "text": one.sentence} for one in found]


Fields = dict[str, tuple[Schema, Callable[[_Record], Any]]]
_ID: Fields = {"id": (SLUG, lambda r: r.id)}
_SLUG: Fields = {"slug": (SLUG, lambda r: r.id)}
_NAMED: Fields = _SLUG | {"name": (TEXT, lambda r: r.entry.name)}
_PAGE: Fields = {"url": (URL, lambda r: r.url()), "episodes": (SLUGS, lambda r: r.episodes())}
SERIES: Fields = _ID | {
    "title": (TEXT, lambda r: r.entry.title),
    "kind": (_one_of(SeriesKind), lambda r: r.entry.kind.value),
    "episodes": (SLUGS, lambda r: list(r.linked.catalog.by_series.get(r.id, ()))),
    "missing": (
        _list(WHOLE, description="numbers lacking between the first and the last"),
        lambda r: list(r.linked.catalog.missing(r.id)),
    ),
}
EPISODE: Fields = _ID | {
    "series": (TEXT, lambda r: r.entry.file.series),
    "number": (_or_null(WHOLE), lambda r: r.entry.file.number),
    "season": (_or_null(WHOLE), lambda r: r.season()),
    "title": (TEXT, lambda r: r.entry.file.meta.title),
    "date": (
        _or_null(TEXT | {"description": "ISO 8601: a date, or date and time"}),
        lambda r: r.entry.file.meta.date.isoformat() if r.entry.file.meta.date else None,
    ),
    "duration": (_or_null(WHOLE | {"description": "seconds"}), lambda r: r.entry.file.meta.duration),
    "status": (_one_of(Status), lambda r: r.entry.file.meta.status.value),
    "truncated": ({"type": "boolean"}, lambda r: r.entry.file.meta.truncated),
    "summary": (TEXT, lambda r: r.entry.file.meta.summary),
    "url": (URL, lambda r: r.url()),
    "topics": (SLUGS, lambda r: r.entry.entries.get(Kind.TOPIC, ())),
    "tools": (SLUGS, lambda r: r.entry.entries.get(Kind.TOOL, ())),
    "resources": (SLUGS, lambda r: r.entry.entries.get(Kind.RESOURCE, ())),
    "terms": (SLUGS, lambda r: r.entry.entries.get(Kind.TERM, ())),
    "people": (_list(_object({"slug": SLUG, "role": TEXT})), lambda r: r.people()),
    "references": (SLUGS, lambda r: sorted({one.target for one in r.entry.references if one.target} - {r.id})),
    "referenced_by": (SLUGS, lambda r: sorted({context.episode for context in r.entry.referenced_by})),
    "related": (
        _list(_object({"id": SLUG, "because": SLUGS})),
        lambda r: [{"id": one.id, "because": [slug for _, slug in one.because]} for one in r.entry.related],
    ),
    "requires": (SLUGS, lambda r: sorted(id for id in r.entry.file.meta.requires if id in r.linked.episodes)),
}
TOPIC: Fields = (
    _NAMED
    | {"parent": (_or_null(SLUG), lambda r: r.entry.parent)}
    | _PAGE
    | {
        "tools": (SLUGS, lambda r: r.members(r.linked.catalog.tools)),
        "resources": (SLUGS, lambda r: r.members(r.linked.catalog.resources)),
    }
)
TOOL: Fields = (
    _NAMED
    | {
        "aliases": (TEXTS, lambda r: sorted(r.entry.aliases)),
        "homepage": (_or_null(TEXT), lambda r: r.entry.homepage),
        "category": (TEXT, lambda r: r.entry.category),
    }
    | _PAGE
    | {"mentions": (_list(_object({"episode": SLUG, "heading": TEXT, "text": TEXT})), lambda r: r.mentions())}
)
RESOURCE: Fields = _SLUG | {
    "title": (TEXT, lambda r: r.entry.title),
    "url": _PAGE["url"],
    "urls": (TEXTS, lambda r: [url.url for url in r.entry.urls]),
    "format": (TEXT, lambda r: r.entry.formats[0]),
    "formats": (TEXTS, lambda r: r.entry.formats),
    "importance": (_or_null(_one_of(Importance)), lambda r: r.entry.importance),
    "difficulty": (_or_null(_one_of(Difficulty)), lambda r: r.entry.difficulty),
    "price": (_or_null(_one_of(PRICES)), lambda r: price_of(r.entry) or None),
    "episodes": _PAGE["episodes"],
    "parent": (_or_null(SLUG), lambda r: r.entry.parent),
    "pick": (_or_null(_one_of(Pick)), lambda r: r.entry.pick),
}
TERM: Fields = (
    _SLUG
    | {
        "term": (TEXT, lambda r: r.entry.term),
        "abbreviations": (TEXTS, lambda r: sorted(r.entry.abbreviations)),
        "definition": (TEXT, lambda r: r.entry.definition),
    }
    | _PAGE
)
PERSON: Fields = _NAMED | _PAGE
LISTS: Mapping[str, tuple[Kind | None, Fields]] = {
    "series": (None, SERIES),
    "episodes": (None, EPISODE),
    "topics": (Kind.TOPIC, TOPIC),
    "tools": (Kind.TOOL, TOOL),
    "resources": (Kind.RESOURCE, RESOURCE),
    "terms": (Kind.TERM, TERM),
    "people": (Kind.PERSON, PERSON),
}


def catalog_json(linked: LinkedCatalog, settings: Settings) -> bytes:
    """The text of `catalog.json`, UTF-8, one line end at its end."""

    def records(name: str) -> Iterator[dict[str, Any]]:
        kind, fields = LISTS[name]
        entries: Mapping[str, Any] = linked.episodes if name == "episodes" else linked.catalog.series
        for id, entry in (linked.catalog.entries(kind) if kind else entries).items():
            record = _Record(linked, settings, id, entry, kind)
            yield {field: value(record) for field, (_, value) in fields.items()}

    return records_json({name: records(name) for name in LISTS})


def catalog_schema() -> bytes:
    """The schema's text, UTF-8, one line end at its end. More fields may come, and readers pass over them."""
    lists = {
        name: _list(_object({field: schema for field, (schema, _) in fields.items()}))
        for name, (_, fields) in LISTS.items()
    }
    schema = {
        "$schema": DRAFT,
        "title": "catalog.json of a site made with mlguide",
        **_object(lists),
        "$defs": {"slug": {"type": "string", "pattern": SLUG_PATTERN}},
    }
    return json.dumps(schema, ensure_ascii=False, indent=1).encode() + b"\n"
