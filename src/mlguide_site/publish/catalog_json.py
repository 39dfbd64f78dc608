"""`catalog.json`: the site as machines read it. Slugs and ids are stable, lists sorted, addresses site-relative."""

from typing import Any

from mlguide_site.config import Settings
from mlguide_site.linking.linked import Context, LinkedCatalog
from mlguide_site.model import Kind
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
