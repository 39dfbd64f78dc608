"""Values to records: pydantic's findings as problems with a place, and a remedy that shows how the field is written."""

from collections.abc import Mapping
from enum import EnumMeta
from itertools import groupby
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from mlguide_site.content.yaml_edit import dump_value
from mlguide_site.content.yaml_read import Located
from mlguide_site.errors import Problem, suggestion
from mlguide_site.model.base import Form, Record

R = TypeVar("R", bound=Record)
Steps = tuple[str | int, ...]
_MAPPING = 'write lines of the form "key: value", without a hyphen'
_MESSAGES = (
    ("tuple_type", "is not a list"),
    ("string_too_long", "is longer than {max_length} characters"),
    ("string_too_short", "is too short"),
    ("too_long", "has more than {max_length} items"),
    ("greater_than_equal", "is less than {ge}"),
    ("less_than_equal", "is more than {le}"),
    ("model", "is not keys with values"),
    ("dict", "is not keys with values"),
    ("int", "is not a whole number"),
    ("bool", "is neither true nor false"),
    ("string_type", "is not plain text"),
    ("", "is not well formed"),
)
"""Words in pydantic's types of errors, and what they mean; a new one is a row."""
_BRANCHES = {"date", "datetime", "literal", "str", "tuple"}
_EXAMPLES = {int: "1", bool: "true", str: '"one line of text"'}


def validate(
    model: type[R], values: Any, located: Located, path: str, where: Steps = ()
) -> tuple[R | None, list[Problem]]:
    """A record from plain values read at `where`; or None and every problem found, each with its place."""
    if values is None:
        values = {}
    if not isinstance(values, dict):
        return None, [Problem(path, located.find(where), f"{_named(where)} is not a mapping", _MAPPING)]
    # an empty value is the same as a field left out
    given = {key: value for key, value in values.items() if value is not None or key not in model.model_fields}
    try:
        return model.model_validate(given), []
    except ValidationError as error:
        # each branch of a union has findings of its own: the first of a place is reported
        found: dict[Steps, Any] = {}
        for one in error.errors(include_url=False, include_input=True):
            found.setdefault(tuple(step for at, step in enumerate(one["loc"]) if at == 0 or not _is_branch(step)), one)
        problems = {loc: _problem(model, located, path, where, loc, one) for loc, one in found.items()}
        # a key that is missing because it is misspelt is reported once
        remedies = {problem.remedy for problem in problems.values()}
        is_typo = {loc for loc in found if f'did you mean "{loc[-1]}"?' in remedies}
        return None, [problem for loc, problem in problems.items() if loc not in is_typo]


def _is_branch(step: Any) -> bool:
    return isinstance(step, str) and ("[" in step or step in _BRANCHES)


def _problem(model: type[Record], located: Located, path: str, where: Steps, loc: Steps, found: Any) -> Problem:
    """One finding as a problem."""
    kind, place = found["type"], where + loc
    limits: Mapping[str, Any] = found.get("ctx", {})
    given = found["input"] if isinstance(found["input"], str) else dump_value(found["input"])
    text = f'{_named(place)} "{given if len(given) <= 60 else f"{given[:57]}…"}"'
    if kind == "extra_forbidden":
        inner, _ = _field(model, loc[:-1])
        known = sorted({*inner.model_fields} - {"parent" if inner.__name__ == "Resource" else ""})
        remedy = suggestion(str(loc[-1]), known, f"known keys are {', '.join(known)}")
        return Problem(path, located.find_key(place), f'unknown key "{loc[-1]}"', remedy)
    if kind == "missing":
        return Problem(path, located.find(place[:-1]), f'"{loc[-1]}" is missing', f'add "{loc[-1]}: …"')
    if kind in {"enum", "literal_error"}:
        expected = str(limits["expected"]).replace(" or ", ", ").replace("'", "")
        remedy = suggestion(given, expected.split(", "), f"use one of {expected}")
        return Problem(path, located.find(place), f"{text} is not known here", remedy)
    if kind == "value_error":
        message, _, remedy = str(limits["error"]).partition("; ")
        return Problem(path, located.find(place), f"{text} {message}", remedy or "correct it")
    message = next(message for part, message in _MESSAGES if part in kind)
    remedy = "use lower-case letters, digits and hyphens" if "a-z0-9-" in limits.get("pattern", "") else ""
    if kind.endswith("too_long"):
        remedy = "shorten it"
    return Problem(path, located.find(place), f"{text} {message.format(**limits)}", remedy or _example(model, loc))


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


def _field(model: type[Record], loc: Steps) -> tuple[Any, Any]:
    """The record at a path of keys and indexes, or that which is nearest above it, and the last field on the way."""
    inner: Any = model
    field = None
    for step in loc:
        if isinstance(step, str) and step in inner.model_fields:
            field = inner.model_fields[step]
            inner = _record_in(field.annotation) or inner
    return inner, field


def _record_in(annotation: Any) -> Any:
    """The record that a type is, or contains; None if there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _record_in(part)) is not None), None)


def _example(model: type[Record], loc: Steps) -> str:
    """A remedy that shows how the field at a path is written."""
    _, field = _field(model, loc)
    name = next((step for step in reversed(loc) if isinstance(step, str)), "")
    return f"write it as in {name}: {_form(field.annotation, field.metadata)}" if field else _MAPPING


def _form(annotation: Any, metadata: Any = ()) -> str:
    """A value of a type as written in YAML."""
    if shown := next((extra.example for extra in metadata if isinstance(extra, Form)), ""):
        return shown
    if hasattr(annotation, "__metadata__"):
        return _form(annotation.__origin__, annotation.__metadata__)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields
        needed = {name: _form(one.annotation, one.metadata) for name, one in fields.items() if one.is_required()}
        return f"{{{', '.join(f'{name}: {form}' for name, form in needed.items())}}}"
    if isinstance(annotation, EnumMeta):
        return str(next(iter(annotation)))
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return dump_value(parts[0])
    if origin is tuple:
        return f"[{_form(parts[0])}]"
    if origin is dict:
        return f"{{some-name: {_form(parts[1])}}}"
    return _form(parts[0]) if parts else _EXAMPLES.get(annotation, "…")
