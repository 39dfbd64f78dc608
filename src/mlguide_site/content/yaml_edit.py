"""Writes YAML, and edits YAML text without changing other bytes.

`set_slug` replaces one slug. `add_all` adds lines to mappings, and checks that the result parses as expected."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableSequence, Sequence
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple

import yaml

from mlguide_site.content.files import has_lone_returns
from mlguide_site.content.yaml_read import Located, read_yaml
from mlguide_site.errors import ContentError, Span

Path = tuple[str, ...]
CHILDREN = "children"
MAX_TRIED = 5_000_000
"""Additions that can't all be made together are tested one by one if these tests read at most so many characters."""
_UNQUOTED = re.compile(r"[A-Za-z](?:[A-Za-z0-9_/ -]{0,500}[A-Za-z0-9_/-])?", re.A)
"""Matches texts that need no quotes, except booleans and null. They are written without PyYAML, which is slow."""
_LINE_END = re.compile(r"[\n\x85\u2028\u2029]")
_BOOLEANS_AND_NULL = frozenset("true false yes no on off null y n".split())
_UNTAGGED = (bool, int, float, date)  # types other than text and None that YAML writes without a tag
_EMPTY = r"(?:\[[ \t]*\]|\{[ \t]*\}|\"\"|''|)"


def dump_value(value: Any) -> str:
    """Return one value as a line of YAML in flow style."""
    if isinstance(value, str) and _UNQUOTED.fullmatch(value) and value.casefold() not in _BOOLEANS_AND_NULL:
        return value
    text = _dump(value, allow_unicode=True).removesuffix("\n...")
    return text if not _LINE_END.search(text) else _dump(value, default_style='"')


def dump_mapping(values: Mapping[str, Any]) -> str:
    """Return a line `key: value` for each item, with the value in flow style."""
    return "".join(f"{dump_value(key)}: {dump_value(value)}\n" for key, value in values.items())


def _dump(value: Any, **style: Any) -> str:
    plain = _plain(value, lambda one: one if one is None or isinstance(one, _UNTAGGED) else str(one))
    dumped: str = yaml.safe_dump(plain, default_flow_style=True, width=1_000_000, sort_keys=False, **style)
    return dumped.rstrip("\n")


def _plain(value: Any, scalar: Callable[[Any], Any]) -> Any:
    """Convert mappings to dictionaries with text keys, sequences to lists, and all other values with `scalar`."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item, scalar) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, scalar) for item in value]
    return scalar(value)


def plain_value(value: Any) -> Any:
    """Return a value as `read_yaml` would return it: all scalars except None are text."""
    return _plain(value, lambda one: one if one is None or isinstance(one, str) else dump_value(one))


def is_blank(value: Any) -> bool:
    """Return whether a value is empty."""
    return value is None or value in ("", [], {})


def is_blank_line(line: str, key: str) -> bool:
    """Return whether a line contains a key with an empty value and no comment."""
    return bool(re.fullmatch(rf"\s*[\"']?{re.escape(key)}[\"']?:[ \t]*{_EMPTY}[ \t\r]*", line))


def set_slug(lines: MutableSequence[str], place: Span, old: str, new: str) -> bool:
    """Replace a slug in the lines of a file. Quotes around it stay. Return False if the old slug isn't at `place`."""
    line = lines[place.line - 1]
    # columns don't count the byte-order mark
    start = place.column - 1 + (place.line == 1 and line.startswith("\ufeff"))
    is_quoted = line[start] in "'\""
    start += is_quoted
    if not line.startswith(old, start):
        return False
    lines[place.line - 1] = line[:start] + (new if is_quoted else dump_value(new)) + line[start + len(old) :]
    return True


def flat_entries(table: Any) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
    """Yield the slug, the fields and the path of every entry in a table, including nested children."""
    pending: list[tuple[Any, Path]] = [(table, ())]
    while pending:
        entries, where = pending.pop()
        for slug, values in entries.items() if isinstance(entries, Mapping) else ():
            own = values if isinstance(values, Mapping) else {}
            yield slug, own, (*where, slug)
            pending.append((own.get(CHILDREN), (*where, slug, CHILDREN)))


class Addition(NamedTuple):
    """The entries or fields to add to one mapping. `where` is the mapping's path of keys in the file. `order` lists
    field names in their order in the file. A field that already has a value is replaced only if `replace` is true."""

    where: Path
    fields: Mapping[str, Any]
    order: tuple[str, ...] = ()
    replace: bool = False


class _LineEdit(NamedTuple):
    """An edit that replaces `drop` lines from line `at` (counted from 0) with `lines`. `outer` is the nesting depth
    times -1. Edits at the same line are sorted by `outer` and `slug`, so that the innermost mapping comes first."""

    at: int
    outer: int
    slug: str
    lines: Sequence[str]
    drop: int = 0


def block_lines(fields: Mapping[str, Any], indent: str = "") -> list[str]:
    """Return a mapping as lines of YAML. Each item of a list and each key of a nested mapping is on a separate line."""
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
    """Add entries and fields to a knowledge file's text. Return the new text, and the additions that were rejected
    because they would damage the file. In a sorted file, new entries are inserted in order. Raises ContentError."""
    if not additions:
        return text, []
    located = read_yaml(text, path)
    if not located.value:
        # the file contains only comments, or an empty mapping that the new entries replace
        text = "".join(re.findall(r"^[ \t\r]*(?:#.*)?(?:\n|\Z)|#.*\n?", text, re.M))
        located = read_yaml(text, path)
    found = _added(text, located, additions, path)
    if found is not None:
        return found, []
    is_small = len(additions) * len(text) <= MAX_TRIED
    possible = [one for one in additions if _added(text, located, [one], path)] if is_small else []
    found = _added(text, located, possible, path)
    return (text, list(additions)) if found is None else (found, [one for one in additions if one not in possible])


def _added(text: str, located: Located, additions: Iterable[Addition], path: str) -> str | None:
    """Return the text with the additions, or None if the new text doesn't parse to the expected values."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if has_lone_returns(text):
        return None
    lines = text.split(newline)
    while lines and not lines[-1].strip():
        lines.pop()
    expected = deepcopy(located.value)
    edits: list[_LineEdit] = []
    keys: dict[Path, tuple[dict[str, Any], Sequence[str]]] = {}
    pending = list(additions)
    while pending:
        one = pending.pop(0)
        target = expected
        for key in one.where:
            target = target.get(key) if isinstance(target, dict) else None
        if not isinstance(target, dict) or (one.where and not target):
            return None
        if one.where not in keys:
            node = located.descend(one.where)[-1][1]
            pairs = node.value if isinstance(node, yaml.MappingNode) else ()
            marks = {name.value: name.start_mark for name, _ in pairs}
            names = sorted(marks)
            keys[one.where] = marks, names if names == list(marks) else ()
        for key, value in one.fields.items():
            if key == CHILDREN and one.where and target.get(CHILDREN):
                pending.append(Addition((*one.where, CHILDREN), value))
                continue
            edit = _edit(located, lines, *keys[one.where], one, key)
            if edit is None:
                return None
            edits.append(edit)
            target[key] = plain_value(value)
    edits.sort(key=lambda edit: edit[:3])
    for edit in reversed(edits):
        lines[edit.at : edit.at + edit.drop] = edit.lines
    if not text.strip():
        lines = lines[1:]
    changed = newline.join([*lines, ""])
    try:
        return changed if read_yaml(changed, path).value == expected else None
    except ContentError:
        return None


def _edit(
    located: Located, lines: Sequence[str], keys: Mapping[str, Any], names: Sequence[str], addition: Addition, key: str
) -> _LineEdit | None:
    """Return the edit that adds a key, or None if it would remove a value or comment. `keys` maps keys to positions.
    `names` contains the keys if they are sorted."""
    where, order = addition.where, addition.order
    column = min(mark.column for mark in keys.values()) if where else 0
    block = block_lines({key: addition.fields[key]}, " " * column)
    if where and (extent := located.extent((*where, key))):
        at, end = extent
        # don't replace lines that contain comments
        keep = not addition.replace or any("#" in line for line in lines[at:end])
        return None if keep and not is_blank_line(lines[at], key) else _LineEdit(at, -len(where), "", block, end - at)
    later = order[order.index(key) + 1 :] if key in order else ()
    if not where and not order:
        later = tuple(names[(at := bisect_right(names, key)) : at + 1])
    ends = (located.extent(where) or (0, 0))[1] if where else len(lines)
    start = at = min((keys[name].line for name in later if name in keys), default=ends)
    # a comment with more indentation than the keys belongs to the entry above it
    while at < ends and start and re.match(rf" {{0,{column}}}#", lines[start - 1]):
        start -= 1
    # a comment at the top of the file is about the file, not about the first entry
    at = start or at
    if not where:
        before, behind = bool(lines[at - 1].strip()) if at else not lines, at < len(lines)
        block = [*[""] * before, *block, *[""] * behind]
    return _LineEdit(at, -len(where), "" if where else key, block)
