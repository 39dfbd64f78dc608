"""How a field of a record is written in a file, from the record's own types: what messages show."""

import re
from enum import EnumMeta
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from mlguide_site.content.codec import dump_value
from mlguide_site.model import Record
from mlguide_site.model.base import SLUG_PATTERN, Form
from mlguide_site.model.slugs import make_slug

_GROUPED = re.compile(r"[0-9]{1,3}(?:[,. '_\u00a0][0-9]{3}){1,5}")
_BETWEEN = re.compile(r"^-+|\s-+|,")
"""What stands between the items of a list that is none yet: a hyphen without its space, or a comma."""
_OPTIONAL = 2
"""So many of the keys that may be left out are shown."""
_SHOWN = 200
"""Characters of what was given that are repeated."""
_PLAIN = {int: "1", bool: "true", float: "1.5"}


def written(model: type[Record], loc: tuple[Any, ...], given: Any) -> str:
    """A remedy that shows how the field at a path is written, with what was given in the place where it fits."""
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
        # a list of plain values holds what was given, be it written as a list or not
        items = [part.strip() for part in _BETWEEN.split(str(given).strip("[] "))]
        return f"write {name}: [{', '.join(dump_value(part) for part in items if part)}]"
    if item is not None and loc[-1] == name and record_in(item) is not None and isinstance(given, dict):
        return f"write {name}: {_clipped(dump_value([given]))}"
    form = _form(of, tuple(field.metadata), given)
    if form == "[…]":
        return "write one line of text, in quotes where it holds a colon"
    if form == "…":
        return "write one line of text"
    return f"write {name}: {form}" if record_in(of) else f"write it as in {name}: {form}"


def _clipped(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def record_in(annotation: Any) -> Any:
    """The record that a type is, or has as its part; None where there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if (found := record_in(part)) is not None:
            return found
    return None


def _item(annotation: Any) -> Any:
    """What a list holds; None of a type that is no list."""
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0]
    return next((item for part in get_args(annotation) if (item := _item(part)) is not None), None)


def _form(annotation: Any, metadata: tuple[Any, ...], given: Any) -> str:
    shown = next((extra.example for extra in metadata if isinstance(extra, Form)), "")
    if shown:
        return shown
    if hasattr(annotation, "__metadata__"):
        return _form(annotation.__origin__, annotation.__metadata__, given)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _record(annotation, given)
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
    if annotation is int and isinstance(given, str) and _GROUPED.fullmatch(given):
        return re.sub(r"[^0-9]", "", given)
    return _PLAIN.get(annotation, "…")


def _record(model: type[BaseModel], given: Any) -> str:
    """A record in one line: the keys that it must have, and some that it may have."""
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    more = [name for name in model.model_fields if name not in needed][:_OPTIONAL]
    forms = {
        name: _form(model.model_fields[name].annotation, tuple(model.model_fields[name].metadata), None)
        for name in needed
    }
    # what takes any text is the last to be what was meant
    for name in sorted(needed, key=lambda name: forms[name] == "…"):
        if isinstance(given, str) and (value := _fitting(model.model_fields[name], given)):
            forms[name] = value
            break
    return f"{{{', '.join(f'{name}: {form}' for name, form in [*forms.items(), *((name, '…') for name in more)])}}}"


def _fitting(field: Any, given: str) -> str:
    """What was given, as the value of a field; empty where it can't be that."""
    for value in (given, make_slug(given, "")):
        if value != given and not any(getattr(one, "pattern", "") == SLUG_PATTERN for one in field.metadata):
            return ""
        try:
            TypeAdapter(field.rebuild_annotation()).validate_python(value)
        except ValidationError:
            continue
        return f'"{value}"' if ":" in value else dump_value(value)
    return ""
