"""Converts plain values to records, and pydantic's errors to problems with a place and a remedy."""

from collections.abc import Mapping
from itertools import groupby, islice
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from mlguide_site.content.yaml_edit import dump_value
from mlguide_site.content.yaml_read import Located
from mlguide_site.errors import Problem, suggestion
from mlguide_site.model.base import SLUG_PATTERN, Record

R = TypeVar("R", bound=Record)
Steps = tuple[str | int, ...]
_MAPPING = 'write lines of the form "key: value", without "- "'
_MESSAGES = (
    ("tuple_type", "is not a list", 'write [{items}], or a line "- item" for each item'),
    ("string_too_long", "is longer than {max_length} characters", "shorten it"),
    ("string_too_short", "is too short", "write a longer text"),
    ("too_long", "has more than {max_length} items", "shorten it"),
    ("greater_than_equal", "is less than {ge}", "write a larger number"),
    ("less_than_equal", "is more than {le}", "write a smaller number"),
    ("model", "is not a mapping", "write {keys}"),
    ("dict", "is not a mapping", _MAPPING),
    ("int", "is not a whole number", "write only digits, as in 12"),
    ("bool", "is neither true nor false", "write true or false"),
    ("string_type", "is not plain text", "write one line of text, in quotes"),
)
_OTHER = ("is invalid", "write the {description}")  # the message and remedy for errors that aren't listed above
_SLUG = "use lower-case letters, digits and hyphens"
_BRANCHES = {"date", "datetime", "literal", "str", "tuple"}


def validate(
    model: type[R], values: Any, located: Located, path: str, where: Steps = ()
) -> tuple[R | None, list[Problem]]:
    """Validate the `values` at the path of keys `where`. Return the record and [], or None and all problems."""
    if values is None:
        values = {}
    if not isinstance(values, dict):
        return None, [Problem(path, located.find(where), f"{_named(where)} is not a mapping", _MAPPING)]
    # treat an empty value as a missing field
    given = {key: value for key, value in values.items() if value is not None or key not in model.model_fields}
    try:
        return model.model_validate(given), []
    except ValidationError as error:
        # each branch of a union reports its own errors; report only the first error at each place
        found: dict[Steps, Any] = {}
        for one in error.errors(include_url=False, include_input=True):
            steps = (step for step in one["loc"][1:] if "[" not in str(step) and step not in _BRANCHES)
            found.setdefault((*one["loc"][:1], *steps), one)
        problems = {loc: _problem(model, located, path, where, loc, one) for loc, one in found.items()}
        # report a misspelled key as unknown, and don't report the correct key as missing
        remedies = {problem.remedy for problem in problems.values()}
        is_typo = {loc for loc in found if f'did you mean "{loc[-1]}"?' in remedies}
        return None, [problem for loc, problem in problems.items() if loc not in is_typo]


def _start(value: Any, depth: int = 3) -> Any:
    """Return the start of a value, which is enough for a message, because writing a whole value may take minutes."""
    if depth and isinstance(value, Mapping):
        return {key: _start(one, depth - 1) for key, one in islice(value.items(), 30)}
    if isinstance(value, (list, Mapping)):
        return [_start(one, depth - 1) for one in value[:30]] if depth and isinstance(value, list) else "…"
    return value[:100] if isinstance(value, str) else value


def _problem(model: type[Record], located: Located, path: str, where: Steps, loc: Steps, found: Any) -> Problem:
    kind, place = found["type"], where + loc
    limits: Mapping[str, Any] = found.get("ctx", {})
    given = found["input"] if isinstance(found["input"], str) else dump_value(_start(found["input"]))
    text = f'{_named(place)} "{given if len(given) <= 60 else f"{given[:57]}…"}"'
    if kind == "extra_forbidden":
        inner, _ = _field(model, loc[:-1])
        known = sorted({*inner.model_fields} - {"parent" if inner.__name__ == "Resource" else ""})
        remedy = suggestion(str(loc[-1]), known, f"known keys are {', '.join(known)}")
        return Problem(path, located.find_key(place), f'unknown key "{loc[-1]}"', remedy)
    if kind == "missing":
        return Problem(path, located.find(place[:-1]), f'"{loc[-1]}" is missing', f'add "{loc[-1]}: …"')
    if kind in {"enum", "literal_error"}:
        known = str(limits["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        return Problem(path, located.find(place), f"{text} is not a known value", suggestion(given, known))
    if kind == "value_error":
        message, _, remedy = str(limits["error"]).partition("; ")
        return Problem(path, located.find(place), f"{text} {message}", remedy or "correct it")
    message, remedy = next((rest for part, *rest in _MESSAGES if part in kind), _OTHER)
    inner, field = _field(model, loc)
    names = [name for name, one in inner.model_fields.items() if one.is_required()] or inner.model_fields
    keys = f"{{{', '.join(f'{name}: …' for name in names)}}}"
    items = keys if field and _record_in(field.annotation) else "one, two"
    words = {"keys": keys, "items": items, "description": field and field.description}
    remedy = _SLUG if limits.get("pattern") == SLUG_PATTERN else remedy.format(**words)
    return Problem(path, located.find(place), f"{text} {message.format(**limits)}", remedy)


def _named(loc: Steps) -> str:
    """Return the name that messages use for the value at a path of keys and indexes, such as `item 1 of "topics"`."""
    parts: list[str] = []
    for is_index, group in groupby(loc, key=lambda step: isinstance(step, int)):
        steps = list(group)
        parts += [f"item {int(step) + 1}" for step in steps] if is_index else [f'"{".".join(map(str, steps))}"']
    return " of ".join(reversed(parts)) or "the entry"


def _field(model: type[Record], loc: Steps) -> tuple[Any, Any]:
    """Return the type of the innermost record on a path of keys and indexes, and the last field on the path."""
    inner: Any = model
    field = None
    for step in loc:
        if isinstance(step, str) and step in inner.model_fields:
            field = inner.model_fields[step]
            inner = _record_in(field.annotation) or inner
    return inner, field


def _record_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _record_in(part)) is not None), None)
