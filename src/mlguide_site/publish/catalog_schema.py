"""The JSON Schema (draft 2020-12) of `catalog.json`: the contract with its readers. Every entry has every field."""

import json
from typing import Any

from mlguide_site.model import Difficulty, Importance, Pick, SeriesKind, Status
from mlguide_site.model.base import SLUG_PATTERN

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
