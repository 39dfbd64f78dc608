"""Slips that can be mended without asking: what stands twice in a list, an alias that says nothing new, a slug that has
another name now or misses one letter, blanks at the ends of lines."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from mlguide_site.content.codec import MAX_FRONT_MATTER, Located, decode, read_yaml, split_front_matter
from mlguide_site.content.knowledge import KNOWLEDGE
from mlguide_site.errors import ContentError, Problem, Severity, Span
from mlguide_site.linking.names.folding import plain
from mlguide_site.linking.names.patterns import named
from mlguide_site.linking.names.spelling import Spelling, spellings
from mlguide_site.model import Kind
from mlguide_site.model.catalog import Catalog

Where = tuple[str | int, ...]
KIND_OF = {"topics": Kind.TOPIC, "tools": Kind.TOOL, "resources": Kind.RESOURCE, "glossary": Kind.TERM} | {
    "people": Kind.PERSON
}
_LISTS = ("aliases", "abbreviations", "authors", "topics", "order", "see", "episodes", "former", "tools", "resources")
_NAMES = frozenset(["aliases", "abbreviations", "authors"])
_NOTE_LISTS = ("topics", "tools", "resources", "requires", "former")
MIN_SLUG = 5
"""Shorter slugs a letter apart are mostly two slugs."""


class Slip(NamedTuple):
    """Something to mend at a path of keys and indexes: `new` takes the place of the scalar there, or, being None, the
    item goes; with no path, blanks at the ends of lines go. `shown`: `check` says it as a problem of its own."""

    problem: Problem
    where: Where
    new: str | None
    shown: bool = True


def find_slips(texts: Mapping[str, bytes], catalog: Catalog) -> tuple[Slip, ...]:
    """Every slip in the notes and knowledge files, given by path; files that can't be read have none."""
    slips: list[Slip] = []
    for path in sorted(texts):
        name = path.removeprefix("knowledge/").removesuffix(".yml")
        if path == f"knowledge/{name}.yml" and name in KNOWLEDGE:
            slips += _in_knowledge(path, name, texts[path], catalog)
        elif path.startswith("episodes/") and path.endswith(".md"):
            slips += _in_note(path, texts[path], catalog)
    return tuple(sorted(slips, key=lambda slip: (slip.problem.path, slip.problem.span, slip.problem.message)))


def yaml_of(path: str, data: bytes) -> tuple[str, int]:
    """The YAML of a file, and how many lines stand before it. Raises ContentError."""
    text = decode(data, path)
    if path.startswith("knowledge/"):
        return text, 0
    parts = split_front_matter(text, path)
    return parts.yaml, parts.yaml_line - 1


def _in_note(path: str, data: bytes, catalog: Catalog) -> Iterator[Slip]:
    try:
        text, before = yaml_of(path, data)
        located = read_yaml(text, path, before + 1, MAX_FRONT_MATTER)
    except ContentError:
        return
    yield from _blanks(path, text, before)
    for field in _NOTE_LISTS:
        yield from _twice(path, located, (field,))
    kinds = {"topics": Kind.TOPIC, "tools": Kind.TOOL, "resources": Kind.RESOURCE}
    for field, kind in kinds.items():
        yield from _unknown(path, located, (field,), kind, catalog)
    yield from _unknown_episodes(path, located, ("requires",), catalog)


def _in_knowledge(path: str, name: str, data: bytes, catalog: Catalog) -> Iterator[Slip]:
    try:
        text, _ = yaml_of(path, data)
        located = read_yaml(text, path)
    except ContentError:
        return
    yield from _blanks(path, text, 0)
    for where in _entries(located.value, ()):
        for field in _LISTS:
            yield from _twice(path, located, (*where, field))
        if name in KIND_OF:
            yield from _empty_aliases(path, located, where, KIND_OF[name], catalog)
            yield from _unknown(path, located, (*where, "topics"), Kind.TOPIC, catalog)
            yield from _unknown(path, located, (*where, "see"), Kind.TERM, catalog)
            yield from _unknown(path, located, (*where, "parent"), Kind.TOPIC, catalog)
            yield from _unknown_episodes(path, located, (*where, "order"), catalog)


def _entries(values: object, where: Where) -> Iterator[Where]:
    """The paths of the entries of a knowledge file, nested ones too."""
    for slug, entry in values.items() if isinstance(values, dict) else ():
        yield (*where, slug)
        if isinstance(entry, dict):
            yield from _entries(entry.get("children"), (*where, slug, "children"))


def _value(located: Located, where: Where) -> object:
    value: object = located.value
    for step in where:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _twice(path: str, located: Located, where: Where) -> Iterator[Slip]:
    """Items that a list has twice; the later ones go. Names are the same whatever their apostrophes and hyphens."""
    items = _value(located, where)
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return
    seen: dict[str, int] = {}
    for at, item in enumerate(items):
        same = " ".join(plain(item).split()) if where[-1] in _NAMES else item
        if seen.setdefault(same, at) != at:
            message = f'"{item}" stands twice in "{where[-1]}"'
            problem = Problem(path, located.find((*where, at)), message, _MEND, Severity.HINT)
            yield Slip(problem, (*where, at), None)


_MEND = "remove one, or let mlguide check --fix do it"


def _empty_aliases(path: str, located: Located, where: Where, kind: Kind, catalog: Catalog) -> Iterator[Slip]:
    """Aliases without which the same is found: the name itself, or a spelling of it that counts as strictly."""
    slug = str(where[-1])
    entry = catalog.entries(kind).get(slug)
    aliases = _value(located, (*where, "aliases"))
    if entry is None or not isinstance(aliases, list) or getattr(entry, "match", None):
        # rules may be for one spelling only
        return
    names = named(kind, slug, entry).names
    kept = [name for name in names if name not in aliases]
    for at, alias in enumerate(aliases):
        if not isinstance(alias, str):
            continue
        if alias not in aliases[:at] and _is_covered(alias, kept, kind):
            message = f'the alias "{alias}" only repeats a spelling of "{names[0]}"'
            problem = Problem(path, located.find((*where, "aliases", at)), message, _MEND, Severity.HINT)
            yield Slip(problem, (*where, "aliases", at), None)
        else:
            kept.append(alias)


def _is_covered(alias: str, names: Iterable[str], kind: Kind) -> bool:
    """Whether other names have every spelling that an alias adds, and as their own the alias itself."""
    own = " ".join(plain(alias).split())
    if not any(" ".join(plain(name).split()) == own for name in names):
        return False
    known: dict[str, Spelling] = {}
    for name in names:
        for spelling in spellings(name, kind):
            known.setdefault(spelling.text, spelling)
    return all(
        (other := known.get(spelling.text)) is not None and other[2:] == spelling[2:]
        for spelling in spellings(alias, kind)
    )


def _unknown(path: str, located: Located, where: Where, kind: Kind, catalog: Catalog) -> Iterator[Slip]:
    """Slugs of no entry: those that an entry had before, and those one letter from exactly one slug."""
    table = catalog.entries(kind)
    value = _value(located, where)
    items = [(where, value)] if isinstance(value, str) else []
    if isinstance(value, list):
        items = [((*where, at), item) for at, item in enumerate(value) if isinstance(item, str)]
    for place, item in items:
        if item in table or (kind.value, item) in catalog.places:
            continue
        former = [slug for slug, entry in table.items() if item in entry.former]
        found = former if former else _one_letter_off(item, list(table))
        if len(found) == 1:
            yield _other_slug(path, located, place, item, found[0], bool(former))


def _unknown_episodes(path: str, located: Located, where: Where, catalog: Catalog) -> Iterator[Slip]:
    """Ids that an episode had before; a number one off is another episode, no slip."""
    value = _value(located, where)
    for at, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, str) and item not in catalog.episodes:
            found = [id for id, file in catalog.episodes.items() if item in file.meta.former]
            if len(found) == 1:
                yield _other_slug(path, located, (*where, at), item, found[0], True)


def _other_slug(path: str, located: Located, where: Where, old: str, new: str, former: bool) -> Slip:
    """The slip of writing one slug for another; one that is a letter off is an error of its own already."""
    message = f'"{old}" is called "{new}" now' if former else f'"{old}" is a slip for "{new}"'
    problem = Problem(path, located.find(where), message, "write that, or let mlguide check --fix do it", Severity.HINT)
    return Slip(problem, where, new, former)


def _one_letter_off(slug: str, known: list[str]) -> list[str]:
    if len(slug) < MIN_SLUG or any(char.isdigit() for char in slug):
        return []
    near = process.extract(slug, known, scorer=OSA.distance, score_cutoff=2, limit=2)
    return [near[0][0]] if near and near[0][1] == 1 and len(near) == 1 else []


def _blanks(path: str, text: str, before: int) -> Iterator[Slip]:
    """Blanks at the ends of lines of YAML, where they mean nothing."""
    lines = text.split("\n")
    wrong = [at for at, line in enumerate(lines) if (bare := line.removesuffix("\r")) != bare.rstrip(" \t")]
    if wrong and _means_same(text, without_blanks(text), path):
        column = len(lines[wrong[0]].rstrip()) + 1
        message = f"blanks at the end of {len(wrong)} line{'s' if len(wrong) > 1 else ''}"
        remedy = "remove them, or let mlguide check --fix do it"
        yield Slip(Problem(path, Span(wrong[0] + before + 1, column), message, remedy, Severity.HINT), (), None)


def without_blanks(text: str) -> str:
    """A text without blanks at the ends of its lines.

    >>> without_blanks("a: b \\r\\nc: d\\t\\n")
    'a: b\\r\\nc: d\\n'
    """
    lines = [line.removesuffix("\r").rstrip(" \t") + "\r" * line.endswith("\r") for line in text.split("\n")]
    return "\n".join(lines)


def _means_same(one: str, other: str, path: str) -> bool:
    try:
        return bool(read_yaml(one, path).value == read_yaml(other, path).value)
    except (ContentError, yaml.YAMLError):
        return False
