"""Values to records: pydantic's findings as problems with a place, and a remedy that shows how the field is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import EnumMeta
from itertools import groupby
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from mlguide_site.content.yaml_edit import dump_value
from mlguide_site.content.yaml_read import Located, seen_key
from mlguide_site.errors import Problem, suggestion
from mlguide_site.model import Record
from mlguide_site.model.base import SLUG_PATTERN, Form
from mlguide_site.model.slugs import make_slug

R = TypeVar("R", bound=Record)
Steps = tuple[str | int, ...]
_TITLES = {"name", "title", "term"}
"""The keys under which entries of one kind or another have their name."""
_MESSAGES = (
    ("tuple_type", "is not a list", ""),
    ("list_type", "is not a list", ""),
    ("string_too_long", "is longer than {max_length} characters", "shorten it"),
    ("string_too_short", "is shorter than {min_length} characters", ""),
    ("too_long", "has more than {max_length} items", "remove some"),
    ("greater_than_equal", "is less than {ge}", ""),
    ("less_than_equal", "is more than {le}", ""),
    ("string_pattern_mismatch", "is not well formed", ""),
    ("model", "is not keys with values", ""),
    ("dict", "is not keys with values", ""),
    ("int", "is not a whole number", ""),
    ("bool", "is neither true nor false", ""),
    ("date", "is not a date", ""),
    ("string", "is not plain text", ""),
    ("", "is not valid here", ""),
)
"""Words in pydantic's types of errors, with message and remedy; "" where an example is the remedy."""
_BRANCHES = {"date", "datetime", "literal", "str", "tuple"}
_GROUPED_DIGITS = re.compile(r"[0-9]{1,3}(?:[,. '_\u00a0][0-9]{3}){1,5}")
_LIST_SEPARATOR = re.compile(r"^-+|\s-+|,")
"""What separates items in a text that was meant as a list: a hyphen without its space, or a comma."""
_OPTIONAL_SHOWN = 2
_MAX_SHOWN = 200
_EXAMPLES = {int: "1", bool: "true", float: "1.5"}


def validate(
    model: type[R], values: Any, located: Located, path: str, where: Steps = ()
) -> tuple[R | None, list[Problem]]:
    """A record from plain values read at `where`; or None and every problem found, each with its place."""
    if values is None:
        values = {}
    if not isinstance(values, dict):
        message = f"{_named(where)} is not a mapping"
        return None, [Problem(path, located.find(where), message, _as_keys(model, values, where))]
    # an empty value is the same as a field left out
    given = {key: value for key, value in values.items() if value is not None or key not in model.model_fields}
    try:
        return model.model_validate(given), []
    except ValidationError as error:
        found = [(one, _problem(model, located, path, where, one)) for one in _one_per_place(error)]
    # a key that is missing because it is misspelt is reported once
    unknown = [(one, problem) for one, problem in found if one["type"] == "extra_forbidden"]
    meant = {text for one, problem in unknown for text in (problem.remedy, seen_key(str(one["loc"][-1])))}
    return None, [
        problem
        for one, problem in found
        if one["type"] != "missing" or not {f'did you mean "{one["loc"][-1]}"?', one["loc"][-1]} & meant
    ]


def _as_keys(model: type[Record], value: Any, where: Steps) -> str:
    """What to write instead of a text that should be keys with values: the keys that it names, if it does."""
    found = re.fullmatch(r"([A-Za-z_]+)[:\s]\s*(\S.*)", value) if isinstance(value, str) else None
    if found and found[1] in model.model_fields:
        return f"write {found[1]}: {_short(found[2])}"
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    if isinstance(value, str) and where and needed:
        return f"write {where[-1]}: {{{needed[0]}: {dump_value(_short(value))}}}"
    return 'write lines of the form "key: value"' + ", without a hyphen" * isinstance(value, list)


def _one_per_place(error: ValidationError) -> Iterator[Any]:
    """Pydantic's findings, of which each branch of a union has its own: the first of each place."""
    seen = set()
    for found in error.errors(include_url=False, include_input=True):
        place = tuple(step for at, step in enumerate(found["loc"]) if at == 0 or not _is_branch(step))
        if place not in seen:
            seen.add(place)
            yield found | {"loc": place}


def _is_branch(step: Any) -> bool:
    return isinstance(step, str) and ("[" in step or step in _BRANCHES)


def _problem(model: type[Record], located: Located, path: str, where: Steps, found: Any) -> Problem:
    """One finding as a problem."""
    kind, loc = found["type"], where + found["loc"]
    if kind == "extra_forbidden":
        return Problem(path, located.find_key(loc), *_unknown_key(model, found["loc"]))
    if kind == "missing":
        inline = located.is_inline(loc[:-1])
        remedy = f'add "{loc[-1]}: …" between the braces' if inline else f'add a line "{loc[-1]}: …"'
        return Problem(path, located.find(loc[:-1]), f'"{loc[-1]}" is missing', remedy)
    message, remedy = _invalid(kind, found)
    shown = "" if kind in {"tuple_type", "list_type", "too_long"} else f' "{_short(found["input"])}"'
    if kind in {"enum", "literal_error"}:
        message, shown = f'is "{_short(found["input"])}"', ""
    text = f"{_named(loc)}{shown} {message}"
    return Problem(path, located.find(loc), text, remedy or example(model, found["loc"], found["input"]))


def _invalid(kind: str, found: Any) -> tuple[str, str]:
    """What is wrong with a value, and what to do; "" where an example is the remedy."""
    limits: Mapping[str, Any] = found.get("ctx", {})
    if kind in {"enum", "literal_error"}:
        expected = str(limits["expected"]).replace(" or ", ", ").replace("'", "")
        return "", suggestion(str(found["input"]), expected.split(", "), f"use one of {expected}")
    if kind == "value_error":
        message, _, remedy = str(limits["error"]).partition("; ")
        return message, remedy or "correct it"
    if kind == "string_too_short" and limits["min_length"] == 1:
        return "is empty", ""
    message, remedy = next((message, remedy) for part, message, remedy in _MESSAGES if part in kind)
    if "a-z0-9-" in limits.get("pattern", ""):
        remedy = "use lower-case letters, digits and hyphens"
    return message.format(**limits), remedy


def _unknown_key(model: type[Record], loc: Steps) -> tuple[str, str]:
    """Message and remedy for a key that the record at its place doesn't have."""
    key = str(loc[-1])
    if (seen := seen_key(key)) != key:
        return f'the key "{seen}" holds an invisible character', "type the line again, with plain spaces"
    inner: Any = model
    for step in loc[:-1]:
        if isinstance(step, str) and step in inner.model_fields:
            inner = record_in(inner.model_fields[step].annotation) or inner
    known = sorted(set(inner.model_fields) - {"parent" if inner.__name__ == "Resource" else ""})
    same = _TITLES & set(known) if key in _TITLES else set()
    remedy = suggestion(key, known, f"known keys are {', '.join(known)}")
    return f'unknown key "{key}"', f'did you mean "{min(same)}"?' if len(same) == 1 else remedy


def _named(loc: Steps) -> str:
    """A path of keys and indexes in words.

    >>> _named(()), _named(("audio", "url")), _named(("topics", 0)), _named(("links", 1, "url"))
    ('the entry', '"audio.url"', 'item 1 of "topics"', '"url" of item 2 of "links"')
    """
    parts: list[str] = []
    for is_index, group in groupby(loc, key=lambda step: isinstance(step, int)):
        steps = list(group)
        parts += [f"item {int(step) + 1}" for step in steps] if is_index else [f'"{".".join(map(str, steps))}"']
    return " of ".join(reversed(parts)) or "the entry"


def _short(value: Any, most: int = 60) -> str:
    text = value if isinstance(value, str) else dump_value(value)
    return text if len(text) <= most else f"{text[: most - 3]}…"


def example(model: type[Record], loc: Sequence[Any], given: Any) -> str:
    """A remedy that shows how the field at a path is written, with the given value where it fits."""
    name, field = "", None
    inner: Any = model
    for step in loc:
        if isinstance(step, str) and inner is not None and step in inner.model_fields:
            name, field = step, inner.model_fields[step]
            inner = record_in(field.annotation) or inner
    if field is None:
        return 'write lines of the form "key: value"'
    of = Any if field.annotation is None else field.annotation
    item = _item(of)
    if item is not None and record_in(item) is None and not isinstance(given, (dict, list)):
        # the given text as a list of plain values
        items = [part.strip() for part in _LIST_SEPARATOR.split(str(given).strip("[] "))]
        return f"write {name}: [{', '.join(dump_value(part) for part in items if part)}]"
    if item is not None and loc[-1] == name and record_in(item) is not None and isinstance(given, dict):
        shown = dump_value([given])
        return f"write {name}: {shown if len(shown) <= _MAX_SHOWN else f'{shown[:_MAX_SHOWN]}…'}"
    form = _form(of, tuple(field.metadata), given)
    if form == "[…]":
        return "write one line of text, in quotes where it holds a colon"
    if form == "…":
        return "write one line of text"
    return f"write {name}: {form}" if record_in(of) else f"write it as in {name}: {form}"


def record_in(annotation: Any) -> Any:
    """The record that a type is, or contains; None if there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := record_in(part)) is not None), None)


def _item(annotation: Any) -> Any:
    """The type of a list's items; None for a type that is no list."""
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0]
    return next((item for part in get_args(annotation) if (item := _item(part)) is not None), None)


def _form(annotation: Any, metadata: tuple[Any, ...], given: Any) -> str:
    """A value of a type as written in YAML."""
    if shown := next((extra.example for extra in metadata if isinstance(extra, Form)), ""):
        return shown
    if hasattr(annotation, "__metadata__"):
        return _form(annotation.__origin__, annotation.__metadata__, given)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _record_form(annotation, given)
    if isinstance(annotation, EnumMeta):
        return str(next(iter(annotation)))
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return dump_value(parts[0])
    if origin is tuple:
        return f"[{_form(parts[0], (), given)}]"
    if origin is dict:
        return f"{{some-name: {_form(parts[1], (), given)}}}"
    if parts:
        return _form(parts[0], (), given)
    if annotation is int and isinstance(given, str) and _GROUPED_DIGITS.fullmatch(given):
        return re.sub(r"[^0-9]", "", given)
    return _EXAMPLES.get(annotation, "…")


def _record_form(model: type[BaseModel], given: Any) -> str:
    """A record in one line: its required keys and some optional ones, a given text in the place where it fits."""
    fields = model.model_fields
    needed = [name for name, field in fields.items() if field.is_required()]
    optional = [name for name in fields if name not in needed][:_OPTIONAL_SHOWN]
    forms = {name: _form(fields[name].annotation, tuple(fields[name].metadata), None) for name in needed}
    # a field that takes any text is the last that was meant
    for name in sorted(needed, key=lambda name: forms[name] == "…"):
        if isinstance(given, str) and (value := _fitting(fields[name], given)):
            forms[name] = value
            break
    return f"{{{', '.join(f'{name}: {form}' for name, form in [*forms.items(), *((name, '…') for name in optional)])}}}"


def _fitting(field: Any, given: str) -> str:
    """A given text as the value of a field; empty if it can't be."""
    for value in (given, make_slug(given, "")):
        if value != given and not any(getattr(one, "pattern", "") == SLUG_PATTERN for one in field.metadata):
            return ""
        try:
            TypeAdapter(field.rebuild_annotation()).validate_python(value)
        except ValidationError:
            continue
        return f'"{value}"' if ":" in value else dump_value(value)
    return ""
