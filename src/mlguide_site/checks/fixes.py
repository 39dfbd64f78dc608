"""Mistakes in YAML that can be fixed without asking: an item twice in a list, a slug that was renamed or misses one
letter; found as values, fixed as text, other bytes kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mlguide_site.content.files import decode, exclusive, resolve_inside, write_atomic
from mlguide_site.content.front_matter import split_front_matter
from mlguide_site.content.knowledge import KNOWLEDGE
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.content.yaml_edit import Edit, edited, lines_with_ends, replaced, without_items
from mlguide_site.content.yaml_read import MAX_KNOWLEDGE, Located, read_yaml
from mlguide_site.errors import ContentError, Problem, Severity
from mlguide_site.linking.folding import plain
from mlguide_site.model import Kind
from mlguide_site.model.catalog import Catalog

Where = tuple[str | int, ...]
_NAMES = ("aliases", "abbreviations", "authors")
_LISTS = (*_NAMES, "topics", "order", "see", "episodes", "former", "tools", "resources", "requires")
_SLUGS = {"topics": Kind.TOPIC, "parent": Kind.TOPIC, "see": Kind.TERM}
"""The fields of knowledge entries that name others, and of which kind."""
_NOTE_SLUGS = {"topics": Kind.TOPIC, "tools": Kind.TOOL, "resources": Kind.RESOURCE}
_IDS = ("requires", "order")
"""The fields of notes and entries that name episodes."""
MIN_SLUG = 5
"""Shorter slugs a letter apart are mostly two slugs."""
_REMEDY = "remove one, or let mlguide check --fix do it"


class Fix(NamedTuple):
    """A mistake and its fix at a path of keys and indexes: `new` replaces the scalar there; if it is None, the item is
    removed. `reported`: `check` lists it as a problem."""

    problem: Problem
    where: Where
    new: str | None
    reported: bool = True


def find_fixes(texts: Mapping[str, bytes], catalog: Catalog) -> tuple[Fix, ...]:
    """Every fix for the notes and knowledge files, passed by path; files that can't be read have none."""
    fixes: list[Fix] = []
    for path in sorted(texts):
        is_note = path.startswith("episodes/") and path.endswith(".md")
        if not is_note and path not in {f"knowledge/{name}.yml" for name in KNOWLEDGE}:
            continue
        try:
            text, before = yaml_of(path, texts[path])
            located = read_yaml(text, path, before + 1, MAX_KNOWLEDGE)
        except ContentError:
            continue
        for where in [()] if is_note else _entries(located.value, ()):
            for field in _LISTS:
                fixes += _twice(path, located, (*where, field))
            for field, kind in (_NOTE_SLUGS if is_note else _SLUGS).items():
                fixes += _unknown(path, located, (*where, field), kind, catalog)
            for field in _IDS:
                fixes += _unknown_episodes(path, located, (*where, field), catalog)
    return tuple(sorted(fixes, key=lambda fix: (fix.problem.path, fix.problem.span, fix.problem.message)))


def yaml_of(path: str, data: bytes) -> tuple[str, int]:
    """The YAML of a file, and the number of lines before it. Raises ContentError."""
    text = decode(data, path)
    if path.startswith("knowledge/"):
        return text, 0
    parts = split_front_matter(text, path)
    return parts.yaml, parts.yaml_line - 1


def _entries(values: object, where: Where) -> Iterator[Where]:
    """The paths of the entries of a knowledge file, nested ones too."""
    for slug, entry in values.items() if isinstance(values, dict) else ():
        yield (*where, slug)
        if isinstance(entry, dict):
            yield from _entries(entry.get("children"), (*where, slug, "children"))


def _items(located: Located, where: Where) -> list[tuple[Where, str]]:
    """The texts at a path: the one there, or those of the list there, each with its own path."""
    value: object = located.value
    for step in where:
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, str):
        return [(where, value)]
    items = enumerate(value) if isinstance(value, list) else ()
    return [((*where, at), item) for at, item in items if isinstance(item, str)]


def _twice(path: str, located: Located, where: Where) -> Iterator[Fix]:
    """Items that are in a list twice; the later ones are removed. Names that differ in typography only are the same."""
    seen: set[str] = set()
    for place, item in _items(located, where):
        same = " ".join(plain(item).split()) if where[-1] in _NAMES else item
        if same in seen:
            message = f'"{item}" is in "{where[-1]}" twice'
            yield Fix(Problem(path, located.find(place), message, _REMEDY, Severity.HINT), place, None)
        seen.add(same)


def _unknown(path: str, located: Located, where: Where, kind: Kind, catalog: Catalog) -> Iterator[Fix]:
    """Slugs of no entry: those that an entry had before, and those one letter from exactly one slug."""
    table = catalog.entries(kind)
    for place, item in _items(located, where):
        if item in table or (kind.value, item) in catalog.places:
            continue
        former = [slug for slug, entry in table.items() if item in entry.former]
        found = former if former else _one_letter_off(item, list(table))
        if len(found) == 1:
            yield _other_slug(path, located, place, item, found[0], bool(former))


def _unknown_episodes(path: str, located: Located, where: Where, catalog: Catalog) -> Iterator[Fix]:
    """Ids that an episode had before; a number one off is another episode, no mistake."""
    for place, item in _items(located, where):
        if item not in catalog.episodes:
            found = [id for id, file in catalog.episodes.items() if item in file.meta.former]
            if len(found) == 1:
                yield _other_slug(path, located, place, item, found[0], True)


def _other_slug(path: str, located: Located, where: Where, old: str, new: str, former: bool) -> Fix:
    """The fix of one slug written for another; one that is a letter off is an error already."""
    message = f'"{old}" is called "{new}" now' if former else f'"{old}" is a typo for "{new}"'
    problem = Problem(path, located.find(where), message, "write that, or let mlguide check --fix do it", Severity.HINT)
    return Fix(problem, where, new, former)


def _one_letter_off(slug: str, known: list[str]) -> list[str]:
    if len(slug) < MIN_SLUG or any(char.isdigit() for char in slug):
        return []
    near = process.extract(slug, known, scorer=OSA.distance, score_cutoff=2, limit=2)
    return [near[0][0]] if near and near[0][1] == 1 and len(near) == 1 else []


_ROUNDS = 4


class Fixed(NamedTuple):
    """The files that change, by path, and the mistakes that are fixed then."""

    files: Mapping[str, bytes]
    fixes: tuple[Fix, ...]


def fix_root(root: Path) -> tuple[Fix, ...]:
    """Apply every fix to a root; returns those that were applied. Raises ResourceError if the disk refuses."""
    with exclusive(root):
        files = read_root(root)
        fixed = fix_texts(files.texts)
        for path, data in sorted(fixed.files.items()):
            write_atomic(resolve_inside(root, path), data)
    return fixed.fixes


def fix_texts(texts: Mapping[str, bytes]) -> Fixed:
    """The files of a root with every fix, by path. One fix may need another: a corrected slug may then be in its list
    twice."""
    now = dict(texts)
    fixed: list[Fix] = []
    for _ in range(_ROUNDS):
        fixes = find_fixes(now, load(now, drafts=True).catalog)
        changed = False
        for path in sorted({fix.problem.path for fix in fixes}):
            mine = [fix for fix in fixes if fix.problem.path == path]
            after = _fixed(path, now[path], mine)
            if after is not None and after != now[path]:
                now[path] = after
                fixed += mine
                changed = True
        if not changed:
            break
    return Fixed({path: data for path, data in now.items() if data != texts[path]}, tuple(fixed))


def _fixed(path: str, data: bytes, fixes: Sequence[Fix]) -> bytes | None:
    """A file's bytes with some fixes; None if that can't be done without harm."""
    text, before = yaml_of(path, data)
    located = read_yaml(text, path, limit=MAX_KNOWLEDGE)
    meant = deepcopy(located.value)
    edits: list[Edit] = []
    lists: dict[Where, list[int]] = {}
    for fix in fixes:
        last = fix.where[-1]
        if fix.new is not None:
            edit = replaced(located.descend(fix.where)[-1][1], fix.new)
            if edit is None:
                return None
            edits.append(edit)
            _container(meant, fix.where)[last] = fix.new
        elif isinstance(last, int):
            lists.setdefault(fix.where[:-1], []).append(last)
    for where, gone in sorted(lists.items(), key=lambda item: str(item[0])):
        key, node = located.descend(where)[-1]
        found = without_items(text, key, node, gone) if key is not None else None
        if found is None:
            return None
        edits += found
        items = _container(meant, where)[where[-1]]
        kept = [item for at, item in enumerate(items) if at not in gone]
        if kept or not any(edit.whole for edit in found):
            _container(meant, where)[where[-1]] = kept
        else:
            del _container(meant, where)[where[-1]]
    changed = edited(text, edits)
    try:
        if read_yaml(changed, path).value != meant:
            return None
    except ContentError:
        return None
    return _put_back(data, before, text, changed)


def _container(values: Any, where: Where) -> Any:
    for step in where[:-1]:
        values = values[step]
    return values


def _put_back(data: bytes, before: int, text: str, changed: str) -> bytes | None:
    """A file with its YAML changed, and every other byte, line ends included, as it was; None where line ends of
    several kinds leave it open which a line has."""
    whole = data.decode("utf-8")
    if not before:
        return (whole[: len(whole) - len(text)] + changed).encode()
    lines = lines_with_ends(whole)
    count = text.count("\n") + 1
    ends = {line[len(line.rstrip("\r\n")) :] for line in lines[before : before + count]}
    if len(ends) != 1:
        return None
    (end,) = ends
    lines[before : before + count] = [f"{line}{end}" for line in changed.split("\n")]
    return "".join(lines).encode()


_LOOKS_ODD = re.compile(r"[ \t]#[^\s#]|[“„‟”‘‚’«»]")


def odd_values(texts: Mapping[str, bytes]) -> Iterator[Problem]:
    """A hint for each value in notes and knowledge files, passed by path, that YAML reads otherwise than it looks: cut
    off by a comment, or in typographic quotes."""
    for path in sorted(texts):
        try:
            text, before = yaml_of(path, texts[path])
            located = read_yaml(text, path, before + 1, MAX_KNOWLEDGE) if _LOOKS_ODD.search(text) else None
        except ContentError:
            continue
        for place, message, remedy in located.misread_values(text) if located else ():
            yield Problem(path, place, message, remedy, Severity.HINT)
