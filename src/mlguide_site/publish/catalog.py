"""The file catalog.json: the site as programs read it, and its JSON Schema. Slugs and ids are stable, lists sorted."""

import json
from typing import Any

from mlguide_site.config import Settings
from mlguide_site.linking.linked import Context, LinkedCatalog
from mlguide_site.model import Difficulty, Importance, Kind, Pick, SeriesKind, Status
from mlguide_site.model.base import SLUG_PATTERN
from mlguide_site.model.slugs import page_path, page_url, parse_id
from mlguide_site.publish.records_json import records_json


def catalog_json(linked: LinkedCatalog, settings: Settings) -> bytes:
    """The text of `catalog.json`, UTF-8, one line end at its end."""
    catalog = linked.catalog
    fields = {
        "series": (_series(linked, name) for name in catalog.series),
        "episodes": (_episode(linked, id, settings) for id in linked.episodes),
        "topics": (_topic(linked, slug, settings) for slug in catalog.topics),
        "tools": (_tool(linked, slug, settings) for slug in catalog.tools),
        "resources": (_resource(linked, slug, settings) for slug in catalog.resources),
        "terms": (_term(linked, slug, settings) for slug in catalog.terms),
        "people": (_person(linked, slug, settings) for slug in catalog.people),
    }
    return records_json(fields)


def _url(kind: str, slug: str, settings: Settings, series: str = "") -> str:
    return page_url(page_path(kind, slug, series), settings.directories)


def _series(linked: LinkedCatalog, name: str) -> dict[str, Any]:
    series = linked.catalog.series[name]
    return {
        "id": name,
        "title": series.title,
        "kind": series.kind.value,
        "episodes": list(linked.catalog.by_series.get(name, ())),
        "missing": list(linked.catalog.missing(name)),
    }


def _episode(linked: LinkedCatalog, id: str, settings: Settings) -> dict[str, Any]:
    episode = linked.episodes[id]
    file, meta = episode.file, episode.file.meta
    key = parse_id(file.series, id)
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
        "url": _url("episode", id, settings, file.series),
        "topics": list(episode.entries.get(Kind.TOPIC, ())),
        "tools": list(episode.entries.get(Kind.TOOL, ())),
        "resources": list(episode.entries.get(Kind.RESOURCE, ())),
        "terms": list(episode.entries.get(Kind.TERM, ())),
        "people": _people(linked, id),
        "references": sorted({r.target for r in episode.references if r.target} - {id}),
        "referenced_by": sorted({context.episode for context in episode.referenced_by}),
        "related": [{"id": r.id, "because": [slug for _, slug in r.because]} for r in episode.related],
        "requires": sorted(need for need in meta.requires if need in linked.episodes),
    }


def _people(linked: LinkedCatalog, id: str) -> list[dict[str, Any]]:
    episode = linked.episodes[id]
    roles: dict[str, set[str]] = {slug: set() for slug in episode.entries.get(Kind.PERSON, ())}
    for role in episode.file.meta.people:
        roles.setdefault(role.person, set()).add(role.role)
    return [{"slug": slug, "role": role} for slug in sorted(roles) for role in sorted(roles[slug]) or ["mentioned"]]


def _ids(linked: LinkedCatalog, kind: Kind, slug: str) -> list[str]:
    return sorted(linked.episodes_of.get((kind, slug), ()))


def _topic(linked: LinkedCatalog, slug: str, settings: Settings) -> dict[str, Any]:
    catalog, topic = linked.catalog, linked.catalog.topics[slug]
    return {
        "slug": slug,
        "name": topic.name,
        "parent": topic.parent,
        "url": _url("topic", slug, settings),
        "episodes": _ids(linked, Kind.TOPIC, slug),
        "tools": sorted(name for name, tool in catalog.tools.items() if slug in tool.topics),
        "resources": sorted(name for name, resource in catalog.resources.items() if slug in resource.topics),
    }


def _mention(context: Context) -> dict[str, Any]:
    return {"episode": context.episode, "heading": context.heading, "text": context.sentence}


def _tool(linked: LinkedCatalog, slug: str, settings: Settings) -> dict[str, Any]:
    tool = linked.catalog.tools[slug]
    return {
        "slug": slug,
        "name": tool.name,
        "aliases": sorted(tool.aliases),
        "homepage": tool.homepage,
        "category": tool.category,
        "url": _url("tool", slug, settings),
        "episodes": _ids(linked, Kind.TOOL, slug),
        "mentions": [_mention(context) for context in linked.contexts.get((Kind.TOOL, slug), ())],
    }


def _resource(linked: LinkedCatalog, slug: str, settings: Settings) -> dict[str, Any]:
    resource = linked.catalog.resources[slug]
    prices = [resource.price, *(url.price for url in resource.urls)]
    return {
        "slug": slug,
        "title": resource.title,
        "url": _url("resource", slug, settings),
        "urls": [url.url for url in resource.urls],
        "format": resource.formats[0],
        "formats": list(resource.formats),
        "importance": resource.importance,
        "difficulty": resource.difficulty,
        "price": next((price for price in prices if price), None),
        "episodes": _ids(linked, Kind.RESOURCE, slug),
        "parent": resource.parent,
        "pick": resource.pick,
    }


def _term(linked: LinkedCatalog, slug: str, settings: Settings) -> dict[str, Any]:
    term = linked.catalog.terms[slug]
    return {
        "slug": slug,
        "term": term.term,
        "abbreviations": sorted(term.abbreviations),
        "definition": term.definition,
        "url": _url("term", slug, settings),
        "episodes": _ids(linked, Kind.TERM, slug),
    }


def _person(linked: LinkedCatalog, slug: str, settings: Settings) -> dict[str, Any]:
    return {
        "slug": slug,
        "name": linked.catalog.people[slug].name,
        "url": _url("person", slug, settings),
        "episodes": _ids(linked, Kind.PERSON, slug),
    }


DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

SLUG: Schema = {"$ref": "#/$defs/slug"}
SLUGS: Schema = {"type": "array", "items": SLUG}
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
WHOLE: Schema = {"type": "integer", "minimum": 0}
URL: Schema = {"type": "string", "description": "address relative to the site's root"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(values: Any) -> Schema:
    return {"enum": [str(value) for value in values]}


def _entries(**fields: Schema) -> Schema:
    return {"type": "array", "items": _entry(**fields)}


def _entry(**fields: Schema) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields)}


def catalog_schema() -> bytes:
    """The schema's text, UTF-8, one line end at its end. More fields may come, and readers pass over them."""
    lists = {
        "series": _entries(
            id=SLUG,
            title=TEXT,
            kind=_one_of(SeriesKind),
            episodes=SLUGS,
            missing={"type": "array", "items": WHOLE, "description": "numbers lacking between the first and the last"},
        ),
        "episodes": _entries(
            id=SLUG,
            series=TEXT,
            number=_or_null(WHOLE),
            season=_or_null(WHOLE),
            title=TEXT,
            date=_or_null({"type": "string", "description": "ISO 8601: a date, or date and time"}),
            duration=_or_null(WHOLE | {"description": "seconds"}),
            status=_one_of(Status),
            truncated={"type": "boolean"},
            summary=TEXT,
            url=URL,
            topics=SLUGS,
            tools=SLUGS,
            resources=SLUGS,
            terms=SLUGS,
            people={"type": "array", "items": _entry(slug=SLUG, role=TEXT)},
            references=SLUGS,
            referenced_by=SLUGS,
            related={"type": "array", "items": _entry(id=SLUG, because=SLUGS)},
            requires=SLUGS,
        ),
        "topics": _entries(
            slug=SLUG, name=TEXT, parent=_or_null(SLUG), url=URL, episodes=SLUGS, tools=SLUGS, resources=SLUGS
        ),
        "tools": _entries(
            slug=SLUG,
            name=TEXT,
            aliases=TEXTS,
            homepage=_or_null(TEXT),
            category=TEXT,
            url=URL,
            episodes=SLUGS,
            mentions={"type": "array", "items": _entry(episode=SLUG, heading=TEXT, text=TEXT)},
        ),
        "resources": _entries(
            slug=SLUG,
            title=TEXT,
            url=URL,
            urls=TEXTS,
            format=TEXT,
            formats=TEXTS,
            importance=_or_null(_one_of(Importance)),
            difficulty=_or_null(_one_of(Difficulty)),
            price=_or_null({"enum": ["free", "$", "$$", "$$$"]}),
            episodes=SLUGS,
            parent=_or_null(SLUG),
            pick=_or_null(_one_of(Pick)),
        ),
        "terms": _entries(slug=SLUG, term=TEXT, abbreviations=TEXTS, definition=TEXT, url=URL, episodes=SLUGS),
        "people": _entries(slug=SLUG, name=TEXT, url=URL, episodes=SLUGS),
    }
    schema = {
        "$schema": DRAFT,
        "title": "catalog.json of a site made with mlguide",
        **_entry(**lists),
        "$defs": {"slug": {"type": "string", "pattern": SLUG_PATTERN}},
    }
    return json.dumps(schema, ensure_ascii=False, indent=1).encode() + b"\n"
