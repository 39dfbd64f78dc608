"""Knowledge files to entries. What is broken is reported and left out. Limit: a file of 8 MiB."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlguide_site.content.files.disk import decode_content
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_read import Located, read_yaml, seen_key
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.model import EntryStatus, Person, Record, Resource, Series, Suggestions, Term, Tool, Topic
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
"""How many problems of one file are told before the rest of it is passed over."""
SUGGESTIONS = "knowledge/suggest.yml"
"""The file that says what is not to be suggested."""

_NAMING = ("parent", "order", "topics", "see", "episodes")
"""The fields in which entries name others."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where entries stand, by kind and slug, and where they name others, as in a catalog."""

    entries: dict[tuple[str, str], tuple[str, Span]] = field(default_factory=dict)
    uses: dict[tuple[str, str, str, int], Span] = field(default_factory=dict)


def read_entries(
    name: str, files: Mapping[str, bytes], places: Places, problems: list[Problem], broken: set[str]
) -> dict[str, Any]:
    """The entries of one knowledge file by slug. Their places, what is wrong with them, and the slugs of those that
    can't be read, are added to what is given; for a file of which nothing can be read, its path."""
    path = f"knowledge/{name}.yml"
    if path not in files:
        return {}
    try:
        located = read_yaml(decode_content(files[path], path), path)
    except ContentError as error:
        problems += error.problems
        broken.add(path)
        return {}
    reader = _Entries(KNOWLEDGE[name], located, path, places, problems)
    reader.read(located.value, ())
    broken |= reader.broken
    return reader.table


class _Entries:
    """Validates the entries of one knowledge file; gathers records, places and problems."""

    def __init__(
        self, model: type[Record], located: Located, path: str, places: Places, problems: list[Problem]
    ) -> None:
        self.model, self.located, self.path, self.places, self.problems = model, located, path, places, problems
        self.table: dict[str, Any] = {}
        self.broken: set[str] = set()
        self.told = len(problems)

    def read(self, values: Mapping[str, Any], where: tuple[str, ...]) -> None:
        """Read a mapping of slug to entry; resources are flattened, parents first."""
        fields = {slug for slug, value in values.items() if self.is_field(slug, value)}
        for slug, value in values.items():
            here = (*where, slug)
            place = self.located.find_key(here)
            if fields and (slug in fields or value is None):
                # what stands below an empty entry may be its own
                self.broken.add(slug)
                if slug in fields:
                    name = seen_key(slug)
                    message, remedy = f'"{name}" is no entry but says something of one', "indent it below its entry"
                    if name != slug:
                        remedy += ", with plain spaces: those that stand here are of another kind"
                    self.problems.append(Problem(self.path, place, message, remedy))
                continue
            if len(self.problems) - self.told >= MAX_PROBLEMS:
                self.broken.add(slug)
                message, remedy = f"more than {MAX_PROBLEMS:,} problems before this", "mend those first"
                if len(self.problems) - self.told == MAX_PROBLEMS:
                    self.problems.append(Problem(self.path, place, message, remedy))
                continue
            if not is_slug(slug):
                kept = "use lower-case letters, digits and hyphens, and no name that a system reserves"
                remedy = f"{kept}, as in {make_slug(slug, 'some-name')}"
                self.problems.append(Problem(self.path, place, f'"{slug}" cannot be a slug', remedy))
            elif slug in self.table:
                first = self.places.entries[_kind(self.model), slug][1].line
                message = f'the slug "{slug}" stands twice, first on line {first}'
                self.problems.append(Problem(self.path, place, message, "rename one of the two"))
            else:
                self.read_entry(slug, value, here, place)

    def is_field(self, slug: str, value: Any) -> bool:
        """Whether a key, by its name and value, belongs into an entry rather than being one."""
        return seen_key(slug) in self.model.model_fields and value is not None and not isinstance(value, dict)

    def read_entry(self, slug: str, value: Any, here: tuple[str, ...], place: Span) -> None:
        children = value.get("children") if self.model is Resource and isinstance(value, dict) else None
        own = {key: item for key, item in value.items() if key != "children"} if children is not None else value
        entry, found = validate(self.model, own, self.located, self.path, here)
        self.problems += found
        if entry is not None:
            parent = here[-3] if len(here) > 1 else None
            self.table[slug] = entry.model_copy(update={"parent": parent}) if parent else entry
            self.places.entries[_kind(self.model), slug] = (self.path, place)
            for name in _NAMING:
                value = own.get(name)
                for at in range(len(value) if isinstance(value, list) else isinstance(value, str)):
                    steps = (at,) if isinstance(value, list) else ()
                    self.places.uses[_kind(self.model), slug, name, at] = self.located.find((*here, name, *steps))
        else:
            self.broken.add(slug)
        if isinstance(children, dict):
            self.read(children, (*here, "children"))
        elif children is not None:
            place = self.located.find((*here, "children"))
            remedy = "write each child as some-name: {title: …}, without a hyphen"
            self.problems.append(Problem(self.path, place, '"children" is not a mapping', remedy))


def leave_out_drafts(tables: Mapping[str, dict[str, Any]]) -> set[str]:
    """Takes drafts out of the tables of entries; returns their slugs. What stands under a draft stays, at the top."""
    hidden: set[str] = set()
    for name, table in tables.items():
        drafts = [slug for slug, entry in table.items() if getattr(entry, "status", None) is EntryStatus.DRAFT]
        for slug in drafts:
            del table[slug]
        hidden.update(drafts)
        if name == "resources" and drafts:
            table |= {
                slug: entry.model_copy(update={"parent": None})
                for slug, entry in table.items()
                if entry.parent in drafts
            }
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


def _kind(model: type[Record]) -> str:
    return model.__name__.lower()
