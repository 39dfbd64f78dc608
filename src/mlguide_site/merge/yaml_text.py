"""Changes to a YAML file of entries as text, so that comments and what a person wrote stay byte for byte.

Every change is read back: one that does not read as meant is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlguide_site.content.codec import Located, dump_value, read_yaml
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.merge.base import plain_value


def _lines(fields: Mapping[str, Any], indent: str) -> list[str]:
    """Lines of keys and values; a list of texts has an item a line."""
    lines = []
    for key, value in fields.items():
        if isinstance(value, (list, tuple)):
            lines += [f"{indent}{key}:", *(f"{indent}  - {dump_value(item)}" for item in value)]
        else:
            lines.append(f"{indent}{key}: {dump_value(value)}")
    return lines


def insert_entry(text: str, located: Located, id: str, fields: Mapping[str, Any], path: str) -> str:
    """The text with one more entry: before the first that sorts behind it, if the file is sorted, else at the end."""
    keys = list(located.value)
    after = next((key for key in keys if key > id), None) if keys == sorted(keys) else None
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    at = len(lines)
    if after is not None:
        at = _above_comments(lines, located.find_key((after,)).line - 1)
    while at and not lines[at - 1].strip():
        at -= 1
    before, behind = lines[:at], lines[at:]
    while behind and not behind[0].strip():
        behind.pop(0)
    entry = [f"{dump_value(id)}:", *_lines(fields, "  ")] if fields else [f"{dump_value(id)}: {{}}"]
    result = [*before, *([""] if before else []), *entry, "", *behind]
    if not behind:
        result = [*result[:-1], ""]
    changed = newline.join(result)
    _verify(changed, {**located.value, id: fields}, id, fields, path)
    return changed


def _above_comments(lines: Sequence[str], at: int) -> int:
    """The line at which the comment right above a key begins; the head of the file is no such comment."""
    start = at
    while start and lines[start - 1].startswith("#"):
        start -= 1
    return start or at


def insert_keys(
    text: str, located: Located, id: str, fields: Mapping[str, Any], order: Sequence[str], path: str
) -> str | None:
    """The text with keys added to an entry, each before the first that belongs behind it; None if that isn't safe."""
    entry = located.value[id]
    newline = "\r\n" if "\r\n" in text else "\n"
    values = dict(entry.items()) if entry else {}
    for key, value in fields.items():
        places = {name: located.find_key((id, name)) for name in values}
        columns = {place.column for place in places.values()}
        if (
            len(columns) != 1
            or min(columns) < 2
            or any(place.line <= located.find_key((id,)).line for place in places.values())
        ):
            return None
        lines = text.split(newline)
        indent = " " * (min(columns) - 1)
        later = [
            place.line - 1 for name, place in places.items() if name in order and order.index(name) > order.index(key)
        ]
        at = min(later, default=-1)
        if at < 0:
            extent = located.extent(id)
            at = min(extent[1], len(lines)) if extent else 0
            while at and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
                at -= 1
        else:
            while lines[at - 1].lstrip().startswith("#") and at - 1 > located.find_key((id,)).line - 1:
                at -= 1
        values[key] = value
        changed = newline.join([*lines[:at], *_lines({key: value}, indent), *lines[at:]])
        try:
            _verify(changed, {**located.value, id: values}, id, {key: value}, path)
            text, located = changed, read_yaml(changed, path)
        except ContentError:
            return None
    return text


def _verify(text: str, meant: Mapping[str, Any], id: str, new: Mapping[str, Any], path: str) -> None:
    """Refuse a text that does not read as meant; only the new values are compared as written."""
    try:
        found = read_yaml(text, path).value
    except ContentError:
        found = {}
    plain = {k: plain_value(v) for k, v in new.items()}
    whole = {key: (value if key != id else {**(value or {}), **plain}) for key, value in meant.items()}
    if {key: found[key] or {} for key in found} != {key: whole[key] or {} for key in whole}:
        lines = "; ".join(f"{k}: {dump_value(v)}" for k, v in new.items())
        remedy = f'add it by hand: "{id}" with {lines}'
        raise ContentError([Problem(path, Span(), f'"{id}" can\'t be added without harm', remedy)])


def replace_list(text: str, located: Located, id: str, key: str, values: Sequence[str], path: str) -> str | None:
    """The text with another list of texts, an item a line, in place of one; None where it isn't written so."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    place = located.find_key((id, key))
    at, indent = place.line - 1, " " * (place.column - 1)
    end = at + 1
    while end < len(lines) and lines[end].startswith(f"{indent}  - "):
        end += 1
    if lines[at] != f"{indent}{key}:" or end - at - 1 != len(located.value[id][key]):
        return None
    changed = newline.join([*lines[:at], *_lines({key: values}, indent), *lines[end:]])
    try:
        _verify(changed, {**located.value, id: {**located.value[id], key: list(values)}}, id, {key: values}, path)
    except ContentError:
        return None
    return changed
