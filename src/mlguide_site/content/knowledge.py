"""Knowledge files to entries, and the JSON Schemas (draft 2020-12) of all files, by which editors complete and check.

Invalid entries are reported and left out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlguide_site.content.files import decode_content
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_read import Located, read_yaml, seen_key
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.model import EntryStatus, Episode, Person, Record, Resource, Series, Suggestions, Term, Tool, Topic
from mlguide_site.model.slugs import is_slug, make_slug

KNOWLEDGE: Mapping[str, type[Record]] = {
    "series": Series,
    "topics": Topic,
    "tools": Tool,
    "resources": Resource,
    "glossary": Term,
    "people": Person,
}
"""The knowledge files by name, and the model of their entries."""
MAX_PROBLEMS = 1_000
"""Problems of one file that are reported before the rest of it is skipped."""
SUGGESTIONS = "knowledge/suggest.yml"
"""The file of names that are not to be suggested as entries."""
_NAMING = ("parent", "order", "topics", "see", "episodes")
"""The fields in which entries name others."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of entries, by kind and slug, and of the names of others in them, as in a catalog."""

    entries: dict[tuple[str, str], tuple[str, Span]] = field(default_factory=dict)
    uses: dict[tuple[str, str, str, int], Span] = field(default_factory=dict)


def read_entries(
    name: str, files: Mapping[str, bytes], places: Places, problems: list[Problem], broken: set[str]
) -> dict[str, Any]:
    """The entries of one knowledge file by slug. Added to the arguments are their places, the problems, and the slugs
    of invalid entries; the path of a file that can't be read at all."""
    path = f"knowledge/{name}.yml"
    if path not in files:
        return {}
    try:
        located = read_yaml(decode_content(files[path], path), path)
    except ContentError as error:
        problems += error.problems
        broken.add(path)
        return {}
    reader = _Reader(KNOWLEDGE[name], located, path, places)
    reader.read(located.value, ())
    problems += reader.problems
    broken |= reader.broken
    return reader.table


class _Reader:
    """Validates the entries of one knowledge file."""

    def __init__(self, model: type[Record], located: Located, path: str, places: Places) -> None:
        self.model, self.located, self.path, self.places = model, located, path, places
        self.kind = model.__name__.lower()
        self.table: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.broken: set[str] = set()

    def read(self, values: Mapping[str, Any], where: tuple[str, ...]) -> None:
        """Read a mapping of slug to entry; resources are flattened, parents first."""
        fields = {slug for slug, value in values.items() if self.is_field(slug, value)}
        for slug, value in values.items():
            here = (*where, slug)
            place = self.located.find_key(here)
            if fields and (slug in fields or value is None):
                # fields next to an empty entry may be its own
                self.broken.add(slug)
                if slug in fields:
                    self.report_field(slug, place)
            elif len(self.problems) >= MAX_PROBLEMS:
                self.broken.add(slug)
                if len(self.problems) == MAX_PROBLEMS:
                    self.report(place, f"more than {MAX_PROBLEMS:,} problems before this", "correct those first")
            elif not is_slug(slug):
                allowed = "use lower-case letters, digits and hyphens, and no name that a system reserves"
                self.report(place, f'"{slug}" cannot be a slug', f"{allowed}, as in {make_slug(slug, 'some-name')}")
            elif slug in self.table:
                first = self.places.entries[self.kind, slug][1].line
                self.report(place, f'the slug "{slug}" is used twice, first on line {first}', "rename one of the two")
            else:
                self.read_entry(slug, value, here, place)

    def report(self, place: Span, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.path, place, message, remedy))

    def report_field(self, slug: str, place: Span) -> None:
        name = seen_key(slug)
        remedy = "indent it below its entry"
        if name != slug:
            remedy += ", with plain spaces: these are of another kind"
        self.report(place, f'"{name}" is no entry but says something of one', remedy)

    def is_field(self, slug: str, value: Any) -> bool:
        """Whether a key, by its name and value, is a field of an entry rather than an entry."""
        return seen_key(slug) in self.model.model_fields and value is not None and not isinstance(value, dict)

    def read_entry(self, slug: str, value: Any, here: tuple[str, ...], place: Span) -> None:
        children = value.get("children") if self.model is Resource and isinstance(value, dict) else None
        own = {key: item for key, item in value.items() if key != "children"} if children is not None else value
        entry, found = validate(self.model, own, self.located, self.path, here)
        self.problems += found
        if entry is not None:
            parent = here[-3] if len(here) > 1 else None
            self.table[slug] = entry.model_copy(update={"parent": parent}) if parent else entry
            self.places.entries[self.kind, slug] = (self.path, place)
            for name in _NAMING:
                value = own.get(name)
                for at in range(len(value) if isinstance(value, list) else isinstance(value, str)):
                    steps = (at,) if isinstance(value, list) else ()
                    self.places.uses[self.kind, slug, name, at] = self.located.find((*here, name, *steps))
        else:
            self.broken.add(slug)
        if isinstance(children, dict):
            self.read(children, (*here, "children"))
        elif children is not None:
            remedy = "write each child as some-name: {title: …}, without a hyphen"
            self.report(self.located.find((*here, "children")), '"children" is not a mapping', remedy)


def leave_out_drafts(tables: Mapping[str, dict[str, Any]]) -> set[str]:
    """Remove drafts from the tables of entries; returns their slugs. The children of a draft move to the top."""
    hidden: set[str] = set()
    for name, table in tables.items():
        drafts = [slug for slug, entry in table.items() if getattr(entry, "status", None) is EntryStatus.DRAFT]
        for slug in drafts:
            del table[slug]
        hidden.update(drafts)
        if name == "resources":
            orphans = {slug: entry for slug, entry in table.items() if entry.parent in drafts}
            table |= {slug: entry.model_copy(update={"parent": None}) for slug, entry in orphans.items()}
    return hidden


def read_ignored(files: Mapping[str, bytes], problems: list[Problem]) -> tuple[str, ...]:
    """The names that are never to be suggested."""
    if SUGGESTIONS not in files:
        return ()
    try:
        located = read_yaml(decode_content(files[SUGGESTIONS], SUGGESTIONS), SUGGESTIONS)
    except ContentError as error:
        problems += error.problems
        return ()
    record, found = validate(Suggestions, located.value, located, SUGGESTIONS)
    problems += found
    return record.ignore if record else ()


def schema_files() -> dict[str, str]:
    """File name to text: `episode.schema.json` for front matter, `<name>.schema.json` for each knowledge file."""
    files = {"episode.schema.json": _text(_schema(Episode) | {"patternProperties": {"^x-": {}}})}
    files["suggest.schema.json"] = _text({"title": SUGGESTIONS} | _schema(Suggestions))
    for name, model in KNOWLEDGE.items():
        entry = _schema(model)
        definitions = entry.pop("$defs", {})
        key = model.__name__
        inner = {"$ref": entry["$ref"]} if "$ref" in entry else {"$ref": f"#/$defs/{key}"}
        definitions.setdefault(key, entry)
        definitions[key].get("properties", {}).pop("parent", None) if name == "resources" else None
        files[f"{name}.schema.json"] = _text(
            {
                "title": f"knowledge/{name}.yml",
                "type": ["object", "null"],
                "propertyNames": {"pattern": "^[a-z0-9][a-z0-9-]{0,63}$"},
                "additionalProperties": inner,
                "$defs": definitions,
            }
        )
    return dict(sorted(files.items()))


def _schema(model: type[Record]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True, mode="validation")


def _text(schema: dict[str, Any]) -> str:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, indent=2, ensure_ascii=False, sort_keys=False) + "\n"
