"""Reads knowledge files, and generates their JSON Schemas (draft 2020-12) for editors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from mlguide_site.content.files import decode_content
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_read import Located, read_yaml
from mlguide_site.errors import Problem, Severity, Span, collected
from mlguide_site.model.base import SLUG_PATTERN, Record
from mlguide_site.model.records import EntryStatus, Episode, Person, Resource, Series, Suggestions, Term, Tool, Topic
from mlguide_site.model.slugs import is_slug, make_slug

KNOWLEDGE: Mapping[str, type[Record]] = {
    "series": Series,
    "topics": Topic,
    "tools": Tool,
    "resources": Resource,
    "glossary": Term,
    "people": Person,
}
"""Maps the name of each knowledge file to the model of its entries."""
PATHS: Mapping[str, str] = {model.__name__.lower(): f"knowledge/{name}.yml" for name, model in KNOWLEDGE.items()}
"""Maps each kind of entry to the path of its knowledge file."""
NAMING: Mapping[str, Mapping[str, str]] = {
    "episode": {"topics": "topic", "tools": "tool", "resources": "resource", "requires": "episode"},
    "series": {"start": "episode"},
    "topic": {"parent": "topic", "order": "episode", "terms": "term"},
    "tool": {"topics": "topic"},
    "resource": {"topics": "topic", "episodes": "episode"},
    "term": {"topics": "topic", "see": "term"},
}
"""For each kind of record: the fields that contain slugs or ids, and the kind of record that each field refers to. An
episode's field `people` isn't listed, because it contains records, not slugs."""
SUGGESTIONS = "knowledge/suggest.yml"  # the file with names that `mlguide suggest` must not propose
MAX_SERIES = 200
MAX_ENTRIES = 20_000  # maximum number of entries of any other kind
MAX_NAMES = 40_000  # maximum number of names, aliases and abbreviations in a file
MAX_PROBLEMS = 1_000
_SLUGS = "use lower-case letters, digits and hyphens, but no reserved file name"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`tables` maps file names and slugs to the valid entries. See `Catalog` for `places`, `uses` and `broken`."""

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[str, Span]] = field(default_factory=dict)
    uses: dict[tuple[str, str, str, int], Span] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read_knowledge(files: Mapping[str, bytes]) -> tuple[Knowledge, tuple[str, ...]]:
    """Read knowledge files. Return the valid entries, the problems, and the names that `suggest` must not propose."""
    found = Knowledge()
    for name in KNOWLEDGE:
        path = f"knowledge/{name}.yml"
        found.tables[name] = {}
        before = len(found.problems)
        if located := _parsed(path, files, found):
            _read_entries(found, name, located, (), located.value)
        most = MAX_SERIES if name == "series" else MAX_ENTRIES
        names = sum(number_of_names(entry.__dict__) for entry in found.tables[name].values())
        if len(found.tables[name]) > most or names > MAX_NAMES:
            limit = f"{most:,} {'series' if name == 'series' else 'entries'}"
            message = f"more than {limit if len(found.tables[name]) > most else f'{MAX_NAMES:,} names'}"
            found.problems.append(Problem(path, Span(), message, "split the knowledge base"))
            found.tables[name].clear()
            found.broken.add(path)
        if len(found.problems) > before + MAX_PROBLEMS:
            last = found.problems[before + MAX_PROBLEMS]
            message = f"more than {MAX_PROBLEMS:,} problems up to this line"
            found.problems[before + MAX_PROBLEMS :] = [Problem(path, last.span, message, "correct these first")]
    located = _parsed(SUGGESTIONS, files, found)
    record, problems = validate(Suggestions, located.value, located, SUGGESTIONS) if located else (None, [])
    found.problems.extend(problems)
    known = {SUGGESTIONS, *PATHS.values()}
    for path in sorted(path for path in files if path.startswith("knowledge/") and path not in known):
        remedy = f"move the entries into one of {', '.join(f'{name}.yml' for name in KNOWLEDGE)}"
        found.problems.append(Problem(path, Span(), "this file is not used", remedy, Severity.WARNING))
    return found, record.ignore if record else ()


def number_of_names(fields: Mapping[str, Any]) -> int:
    """Return the number of names of an entry: its title, aliases and abbreviations."""
    values = (fields.get(name) for name in ("aliases", "abbreviations"))
    return 1 + sum(len(value) for value in values if isinstance(value, (list, tuple)))


def _parsed(path: str, files: Mapping[str, bytes], found: Knowledge) -> Located | None:
    if path in files:
        with collected(found.problems):
            return read_yaml(decode_content(files[path], path), path)
        found.broken.add(path)
    return None


def _read_entries(
    found: Knowledge, name: str, located: Located, where: tuple[str, ...], values: Mapping[str, Any]
) -> None:
    """Read a mapping of slugs to entries. Nested resources become a flat table, with parents before children."""
    path, model = f"knowledge/{name}.yml", KNOWLEDGE[name]
    kind = model.__name__.lower()
    for slug, value in values.items():
        here = (*where, slug)
        place = located.find_key(here)
        if not is_slug(slug):
            remedy = f"{_SLUGS}; for example {make_slug(slug, 'some-name')}"
            found.problems.append(Problem(path, place, f'"{slug}" cannot be a slug', remedy))
            continue
        if slug in found.tables[name]:
            message = f'the slug "{slug}" is used twice, first on line {found.places[kind, slug][1].line}'
            found.problems.append(Problem(path, place, message, "rename one of the two"))
            continue
        children = value.pop("children", None) if model is Resource and isinstance(value, dict) else None
        entry, problems = validate(model, value, located, path, here)
        found.problems.extend(problems)
        found.places[kind, slug] = (path, place)
        if entry is None:
            found.broken.add(slug)
        else:
            found.tables[name][slug] = entry.model_copy(update={"parent": here[-3]}) if len(here) > 1 else entry
            if model is Topic:
                found.places["guide", slug] = (path, located.find_key((*here, "guide")))
            for reference in NAMING.get(kind, ()):
                given = value.get(reference) or ()
                count = 1 if isinstance(given, str) else len(given)
                places = {(kind, slug, reference, at): located.find((*here, reference, at)) for at in range(count)}
                found.uses.update(places)
        if isinstance(children, dict):
            _read_entries(found, name, located, (*here, "children"), children)
        elif children is not None:
            remedy = "write each child as some-name: {title: …}, not as a list item"
            span = located.find((*here, "children"))
            found.problems.append(Problem(path, span, '"children" is not a mapping', remedy))


def leave_out_drafts(tables: Mapping[str, dict[str, Any]]) -> set[str]:
    """Remove entries with `status: draft`, and the resources below them. Return the slugs of the removed entries."""
    hidden: set[str] = set()
    for name, table in tables.items():
        drafts = {slug for slug, entry in table.items() if getattr(entry, "status", None) is EntryStatus.DRAFT}
        if name == "resources":
            for slug, entry in table.items():  # parents come first
                drafts |= {slug} if entry.parent in drafts else set()
        for slug in drafts:
            del table[slug]
        hidden.update(drafts)
    return hidden


@cache
def schema_files() -> Mapping[str, str]:
    """Return the JSON Schemas by file name: `episode.schema.json`, and `<name>.schema.json` for each knowledge file."""
    episode = Episode.model_json_schema() | {"patternProperties": {"^x-": {}}}
    files = {"episode": episode, "suggest": {"title": SUGGESTIONS} | Suggestions.model_json_schema()}
    for name, model in KNOWLEDGE.items():
        references, schema = models_json_schema([(model, "validation")])
        files[name] = {
            "title": f"knowledge/{name}.yml",
            "type": ["object", "null"],
            "propertyNames": {"pattern": SLUG_PATTERN},
            "additionalProperties": references[model, "validation"],
            **schema,
        }
    return {f"{name}.schema.json": dump_schema(schema) for name, schema in sorted(files.items())}


def dump_schema(schema: Mapping[str, Any]) -> str:
    """Return a JSON Schema as the text of a file."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | {**schema}, indent=2, ensure_ascii=False) + "\n"
