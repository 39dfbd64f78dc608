"""Series that sources name, into the text of `knowledge/series.yml`: comments and what a person wrote stay."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from mlguide_site.codec import Located, dump_value, read_yaml
from mlguide_site.errors import ContentError, Problem, Severity
from mlguide_site.importers import SeriesDraft
from mlguide_site.model import Series, Span

PATH = "knowledge/series.yml"
KEY_ORDER: tuple[str, ...] = tuple(Series.model_fields)
_DEFAULTS = {"kind": "podcast"}


class SeriesChange(NamedTuple):
    """The file's new text, the ids of series that are new, what keys each got, and what could not be added."""

    text: str
    new: tuple[str, ...]
    added: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...]


def join_drafts(drafts: Iterable[SeriesDraft]) -> dict[str, dict[str, Any]]:
    """What several sources tell of each series: of each field the first that gives it; promotion of all, sorted."""
    joined: dict[str, dict[str, Any]] = {}
    for draft in drafts:
        fields = joined.setdefault(draft.id, {})
        for name, value in draft.fields.items():
            if name == "promotion":
                fields[name] = sorted({*fields.get(name, ()), *value})
            else:
                fields.setdefault(name, value)
    return {id: joined[id] for id in sorted(joined)}


def add_series(
    text: str, drafts: Mapping[str, Mapping[str, Any]], written: Mapping[str, Sequence[str]]
) -> SeriesChange:
    """The text of `series.yml` with new series, and with keys that existing ones lack.

    `written` tells which keys imports have added before: one of these that is gone was taken out by a person and stays
    out. Nothing that is there changes. Raises ContentError where the text is not valid YAML.
    """
    located = read_yaml(text, PATH)
    problems: list[Problem] = []
    new, added = [], {}
    for id, fields in sorted(drafts.items()):
        wanted = {
            k: fields[k] for k in KEY_ORDER if fields.get(k) not in (None, "", [], ()) and _DEFAULTS.get(k) != fields[k]
        }
        if id not in located.value:
            if not written.get(id):
                text = _insert_entry(text, located, id, wanted)
                new.append(id)
                added[id] = tuple(wanted)
        else:
            entry = located.value[id] or {}
            missing = {k: v for k, v in wanted.items() if k not in entry and k not in written.get(id, ())}
            # what the file says word for word as the source does counts as written by an import: one that was
            # interrupted before it could say so
            alike = [k for k in wanted if k not in written.get(id, ()) and k in entry and entry[k] == _plain(wanted[k])]
            changed = _insert_keys(text, located, id, missing) if missing and isinstance(entry, dict) else None
            if changed is not None or (alike and not missing):
                text, added[id] = changed or text, (*alike, *missing)
            elif missing:
                remedy = "add by hand what you want of it: " + "; ".join(
                    f"{k}: {dump_value(v)}" for k, v in missing.items()
                )
                problems.append(
                    Problem(PATH, located.find_key((id,)), f'more is known of series "{id}"', remedy, Severity.HINT)
                )
        located = read_yaml(text, PATH)
    return SeriesChange(text, tuple(new), added, tuple(problems))


def _lines(fields: Mapping[str, Any], indent: str) -> list[str]:
    """Lines of keys and values; a list of texts has an item a line."""
    lines = []
    for key, value in fields.items():
        if isinstance(value, (list, tuple)):
            lines += [f"{indent}{key}:", *(f"{indent}  - {dump_value(item)}" for item in value)]
        else:
            lines.append(f"{indent}{key}: {dump_value(value)}")
    return lines


def _insert_entry(text: str, located: Located, id: str, fields: Mapping[str, Any]) -> str:
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
    _verify(changed, {**located.value, id: fields}, id, fields)
    return changed


def _above_comments(lines: Sequence[str], at: int) -> int:
    """The line at which the comment right above a key begins; the head of the file is no such comment."""
    start = at
    while start and lines[start - 1].startswith("#"):
        start -= 1
    return start or at


def _insert_keys(text: str, located: Located, id: str, fields: Mapping[str, Any]) -> str | None:
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
            place.line - 1
            for name, place in places.items()
            if name in KEY_ORDER and KEY_ORDER.index(name) > KEY_ORDER.index(key)
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
            _verify(changed, {**located.value, id: values}, id, {key: value})
            text, located = changed, read_yaml(changed, PATH)
        except ContentError:
            return None
    return text


def _plain(value: Any) -> Any:
    """A value as it reads once written."""
    return read_yaml(f"value: {dump_value(value)}\n", PATH).value["value"]


def _verify(text: str, meant: Mapping[str, Any], id: str, new: Mapping[str, Any]) -> None:
    """Refuse a text that does not read as meant; only the new values are compared as written."""
    try:
        found = read_yaml(text, PATH).value
    except ContentError:
        found = {}
    plain = {k: _plain(v) for k, v in new.items()}
    whole = {key: (value if key != id else {**(value or {}), **plain}) for key, value in meant.items()}
    if {key: found[key] or {} for key in found} != {key: whole[key] or {} for key in whole}:
        lines = "; ".join(f"{k}: {dump_value(v)}" for k, v in new.items())
        remedy = f'add it by hand: "{id}" with {lines}'
        raise ContentError([Problem(PATH, Span(), f'series "{id}" can\'t be added without harm', remedy)])
