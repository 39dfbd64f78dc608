"""Entries and fields added to the text of a knowledge file, however deep they stand: every other byte stays.

All additions are made at once and read back; those that would not read as meant are left out, and said so.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from mlguide_site.content.codec import Located, dump_value, read_yaml
from mlguide_site.errors import ContentError
from mlguide_site.merge.base import plain_value
from mlguide_site.merge.scaffolded import is_blank_line

Path = tuple[str, ...]
CHILDREN = "children"
MAX_TRIED = 100


class Addition(NamedTuple):
    """What is to be added to the mapping at a path of keys: an entry to a table of entries, or fields to an entry.

    `order` names the keys in the order in which they stand; what it doesn't name stands last. A field that stands there
    already takes the place of its line, where that says nothing, or gives it one of the values in `instead`.
    """

    where: Path
    fields: Mapping[str, Any]
    order: tuple[str, ...] = ()
    instead: Mapping[str, Any] = MappingProxyType({})


class _Edit(NamedTuple):
    at: int
    rank: int
    key: str
    lines: tuple[str, ...]
    drop: int = 0


def block_lines(fields: Mapping[str, Any], indent: str = "") -> list[str]:
    """Lines of keys and values; a list of texts has an item a line, a mapping its own lines.

    >>> block_lines({"a": {"title": "A", "urls": ["https://a.example/"], "children": {"b": {"title": "B"}}}})
    ['a:', '  title: A', '  urls:', '    - https://a.example/', '  children:', '    b:', '      title: B']
    """
    lines: list[str] = []
    for key, value in fields.items():
        if isinstance(value, Mapping) and value:
            lines += [f"{indent}{dump_value(key)}:", *block_lines(value, indent + "  ")]
        elif isinstance(value, (list, tuple)) and value:
            lines += [f"{indent}{key}:", *(f"{indent}  - {dump_value(item)}" for item in value)]
        else:
            lines.append(f"{indent}{dump_value(key)}: {dump_value(value)}")
    return lines


def add_all(text: str, additions: Sequence[Addition], path: str) -> tuple[str, list[Addition]]:
    """A knowledge file's text with additions, and those that could not be made without harm.

    An entry goes before the first that sorts behind it where the table at the top is sorted, else to the end; below the
    top always to the end. Raises ContentError where the text isn't valid YAML.
    """
    located = read_yaml(text, path)
    if not located.value:
        # nothing but comments, or an empty mapping that the entries take the place of
        lines = text.splitlines(keepends=True)
        text = "".join(line for line in lines if line.lstrip().startswith("#") or not line.strip())
        located = read_yaml(text, path)
    found = _added(text, located, additions, path)
    if found is not None:
        return found, []
    if len(additions) > MAX_TRIED:
        return text, list(additions)
    sound = [one for one in additions if _added(text, located, [one], path) is not None]
    found = _added(text, located, sound, path)
    if found is None:
        return text, list(additions)
    return found, [one for one in additions if one not in sound]


def joined(additions: Sequence[Addition]) -> list[Addition]:
    """Additions to one entry as one; those at the top stay apart, so that one that fails spoils no other."""
    found: list[Addition] = []
    at: dict[Path, int] = {}
    for one in additions:
        if one.where and one.where in at:
            fields = dict(found[at[one.where]].fields)
            for key, value in one.fields.items():
                fields[key] = {**fields.get(key, {}), **value} if key == CHILDREN else value
            instead = {**found[at[one.where]].instead, **one.instead}
            found[at[one.where]] = one._replace(fields=fields, instead=instead)
        else:
            at[one.where] = len(found)
            found.append(one)
    return found


def _added(text: str, located: Located, additions: Iterable[Addition], path: str) -> str | None:
    """The text with additions; None where it would not read as meant."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    meant = deepcopy(located.value)
    edits: list[_Edit] = []
    for addition in additions:
        target = meant
        for key in addition.where:
            target = target.get(key) if isinstance(target, dict) else None
        own = _edits(addition, located, lines)
        if not isinstance(target, dict) or own is None:
            return None
        edits += own
        for key, value in addition.fields.items():
            if key == CHILDREN and isinstance(target.get(key), dict):
                target[key].update(plain_value(value))
            else:
                target[key] = plain_value(value)
    for edit in sorted(edits, key=lambda e: (e.at, e.rank, e.key), reverse=True):
        lines[edit.at : edit.at + edit.drop] = edit.lines
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not text.strip() and not lines[0].strip():
        lines.pop(0)
    changed = newline.join([*lines, ""])
    try:
        return changed if read_yaml(changed, path).value == meant else None
    except ContentError:
        return None


def _edits(addition: Addition, located: Located, lines: Sequence[str]) -> list[_Edit] | None:
    if not addition.where:
        return [_top_edit(located, lines, key, value) for key, value in addition.fields.items()]
    entry = located.value
    for key in addition.where:
        entry = entry.get(key) if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not entry:
        return None
    places = {key: located.find_key((*addition.where, key)) for key in entry}
    own = located.find_key(addition.where)
    columns = {place.column for place in places.values()}
    if len(columns) != 1 or min(columns) <= own.column or any(place.line <= own.line for place in places.values()):
        return None
    end = _end(located, addition.where)
    edits = []
    for key, value in addition.fields.items():
        if key == CHILDREN and entry.get(CHILDREN):
            child = next(iter(entry[CHILDREN]))
            place = located.find_key((*addition.where, CHILDREN, child))
            at = _end(located, (*addition.where, CHILDREN))
            edits.append(_Edit(at, len(addition.order), key, tuple(block_lines(value, " " * (place.column - 1)))))
            continue
        rank = addition.order.index(key) if key in addition.order else len(addition.order)
        block = tuple(block_lines({key: value}, " " * (min(columns) - 1)))
        if key in entry:
            at = places[key].line - 1
            said = f"{key}: {dump_value(addition.instead[key])}" if key in addition.instead else ""
            if not is_blank_line(lines[at], key) and lines[at].strip() != said:
                return None
            edits.append(_Edit(at, rank, key, block, 1))
            continue
        later = [places[name].line - 1 for name in entry if name in addition.order[rank + 1 :]]
        at = min(later, default=end)
        while later and lines[at - 1].lstrip().startswith("#") and at > own.line:
            at -= 1
        edits.append(_Edit(at, rank, key, block))
    return edits


def _end(located: Located, where: Path) -> int:
    """The line behind the last one of the value at a path, counted from 0; what is blank or comment behind it aside."""
    key, node = located.descend(where)[-1]
    while isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) and not node.flow_style and node.value:
        last = node.value[-1]
        key, node = last if isinstance(last, tuple) else (last, last)
    if node is None or key is None:
        return 0
    empty = isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style
    mark = (key if empty else node).end_mark
    return int(mark.line) + (1 if mark.column else 0)


def _top_edit(located: Located, lines: Sequence[str], slug: str, fields: Any) -> _Edit:
    keys = list(located.value)
    after = next((key for key in keys if key > slug), None) if keys == sorted(keys) else None
    block = block_lines({slug: fields})
    if after is not None:
        start = at = located.find_key((after,)).line - 1
        while start and lines[start - 1].startswith("#"):
            start -= 1
        # the head of the file is no comment on its first entry
        return _Edit(start or at, 0, slug, (*block, ""))
    at = len(lines)
    while at and not lines[at - 1].strip():
        at -= 1
    return _Edit(at, 0, slug, ("", *block))
