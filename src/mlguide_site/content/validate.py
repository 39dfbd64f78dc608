"""Values to records: pydantic's findings as problems with a place and a remedy."""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, TypeVar

from pydantic import ValidationError

from mlguide_site.content.codec import Located, dump_value, seen_key
from mlguide_site.content.forms import record_in, written
from mlguide_site.errors import Problem, suggestion
from mlguide_site.model import Record

R = TypeVar("R", bound=Record)
_ANEW = "type the line anew, with plain spaces"
_TITLES = {"name", "title", "term"}
"""What the keys are called that name things of one kind or another."""
_TOLD = {
    "model": "is not keys with values",
    "dict": "is not keys with values",
    "int": "is not a whole number",
    "bool": "is neither true nor false",
    "date": "is not a date",
    "string": "is not plain text",
}
"""What is wrong where pydantic's name of an error holds a word."""


def validate(
    model: type[R], values: Any, located: Located, path: str, where: tuple[str | int, ...] = ()
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
        found = [(one, _problem(model, located, path, where, one)) for one in _sensible(error)]
        # a key that is missing for being misspelt is told once
        unknown = [(one, problem) for one, problem in found if one["type"] == "extra_forbidden"]
        meant = {text for one, problem in unknown for text in (problem.remedy, seen_key(str(one["loc"][-1])))}
        return None, [
            problem
            for one, problem in found
            if one["type"] != "missing" or not {f'did you mean "{one["loc"][-1]}"?', one["loc"][-1]} & meant
        ]


def _as_keys(model: type[Record], value: Any, where: tuple[str | int, ...]) -> str:
    """What to write instead of a text where keys with values belong: the keys that it names, if it does."""
    found = re.fullmatch(r"([A-Za-z_]+)[:\s]\s*(\S.*)", value) if isinstance(value, str) else None
    if found and found[1] in model.model_fields:
        return f"write {found[1]}: {_short(found[2])}"
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    if isinstance(value, str) and where and needed:
        return f"write {where[-1]}: {{{needed[0]}: {dump_value(_short(value))}}}"
    return 'write lines of the form "key: value"' + ", without a hyphen" * isinstance(value, list)


def _sensible(error: ValidationError) -> Iterable[Any]:
    """Pydantic reports each branch of a union; one finding per place is enough."""
    seen = set()
    for found in error.errors(include_url=False, include_input=True):
        place = tuple(step for at, step in enumerate(found["loc"]) if at == 0 or not _is_branch(step))
        if place not in seen:
            seen.add(place)
            yield found | {"loc": place}


def _is_branch(step: Any) -> bool:
    return isinstance(step, str) and ("[" in step or step in {"date", "datetime", "literal", "str", "tuple"})


def _problem(model: type[Record], located: Located, path: str, where: tuple[str | int, ...], found: Any) -> Problem:
    loc = where + found["loc"]
    kind, name = found["type"], _named(loc)
    if kind == "extra_forbidden" and (seen := seen_key(str(loc[-1]))) != loc[-1]:
        message = f'an invisible character stands with the key "{seen}"'
        return Problem(path, located.find_key(loc), message, _ANEW)
    if kind == "extra_forbidden":
        known = sorted(_fields(model, found["loc"][:-1]))
        same = _TITLES & set(known) if loc[-1] in _TITLES else set()
        remedy = suggestion(str(loc[-1]), known, f"known keys are {', '.join(known)}")
        if len(same) == 1:
            remedy = f'did you mean "{min(same)}"?'
        return Problem(path, located.find_key(loc), f'unknown key "{loc[-1]}"', remedy)
    if kind == "missing":
        inline = located.is_inline(loc[:-1])
        remedy = f'add "{loc[-1]}: …" between the braces' if inline else f'add a line "{loc[-1]}: …"'
        return Problem(path, located.find(loc[:-1]), f'"{loc[-1]}" is missing', remedy)
    if kind in {"enum", "literal_error"}:
        expected = str(found["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
        remedy = suggestion(str(found["input"]), expected.split(", "), f"use one of {expected}")
        return Problem(path, located.find(loc), f'{name} is "{_short(found["input"])}"', remedy)
    if kind == "value_error":
        message, _, remedy = str(found["ctx"]["error"]).partition("; ")
        return Problem(path, located.find(loc), f'{name} "{_short(found["input"])}" {message}', remedy or "correct it")
    if kind in {"tuple_type", "list_type"}:
        return Problem(path, located.find(loc), f"{name} is not a list", written(model, found["loc"], found["input"]))
    if kind == "string_pattern_mismatch":
        remedy = (
            "use lower-case letters, digits and hyphens"
            if "a-z0-9-" in found["ctx"]["pattern"]
            else written(model, found["loc"], found["input"])
        )
        return Problem(path, located.find(loc), f'{name} "{_short(found["input"])}" is not well formed', remedy)
    if kind == "string_too_long":
        what = _told(kind, found["ctx"])
        return Problem(path, located.find(loc), f'{name} "{_short(found["input"])}" {what}', "shorten it")
    what, remedy = _told(kind, found.get("ctx", {})), written(model, found["loc"], found["input"])
    return Problem(path, located.find(loc), f'{name} "{_short(found["input"])}" {what}', remedy)


def _told(kind: str, limits: Mapping[str, Any]) -> str:
    """What is wrong with a value, in words of those who write the files."""
    if kind == "string_too_long":
        return f"is longer than {limits['max_length']} characters"
    if kind == "string_too_short":
        return "is empty" if limits["min_length"] == 1 else f"is shorter than {limits['min_length']} characters"
    if kind in {"greater_than_equal", "less_than_equal"}:
        return f"is less than {limits['ge']}" if "ge" in limits else f"is more than {limits['le']}"
    return next((what for part, what in _TOLD.items() if part in kind), "is not what stands here")


def _fields(model: Any, steps: tuple[Any, ...]) -> set[str]:
    """The keys that the record at a path of fields may have."""
    for step in steps:
        if not isinstance(step, str) or step not in model.model_fields:
            continue
        inner = record_in(model.model_fields[step].annotation)
        model = inner or model
    return set(model.model_fields) - {"parent" if model.__name__ == "Resource" else ""}


def _named(loc: tuple[str | int, ...]) -> str:
    """What stands at a path of keys and places in lists, counted from 0.

    >>> _named(()), _named(("audio", "url")), _named(("topics", 0)), _named(("links", 1, "url"))
    ('the entry', '"audio.url"', 'item 1 of "topics"', '"url" of item 2 of "links"')
    """
    parts: list[str] = []
    for is_place, steps in groupby(loc, key=lambda step: isinstance(step, int)):
        if is_place:
            parts.extend(f"item {int(step) + 1}" for step in steps)
        else:
            parts.append('"' + ".".join(map(str, steps)) + '"')
    return " of ".join(reversed(parts)) or "the entry"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else dump_value(value)
    return text if len(text) <= 60 else text[:57] + "…"
