"""Digests of values: two that have the same one are the same to whatever is made from them."""

import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel

from mkdocs_incremental.signatures import digest

AT_ONCE = 64
"""So many values are told as one text: more would only fill the memory."""
ABSENT = "-"
"""The digest of what isn't there."""


class Known:
    """A value that knows its own digest, so that nobody has to look into it."""

    __slots__ = ()

    @property
    def known_digest(self) -> str:
        """A digest of all that it holds."""
        raise NotImplementedError


def text_digest(text: str) -> str:
    """A digest of a text: 32 hexadecimal digits."""
    return digest(text.encode("utf-8", "surrogatepass"))


def value_digest(value: Any) -> str:
    """A digest of records, tuples, texts, numbers and mappings of them, in their order; sets are taken sorted.

    >>> value_digest((1, "a")) == value_digest((1, "a")), value_digest((1, "a")) == value_digest(("1", "a"))
    (True, False)
    >>> value_digests([1, "a"]) == [value_digest(1), value_digest("a")]
    True

    Raises TypeError, ValueError where a value has no form to make one of.
    """
    return text_digest(_encode(value))


def value_digests(values: Sequence[Any]) -> list[str | None]:
    """The digests of many values; None of those that none can be made of. Much faster than one by one."""
    return [digest for at in range(0, len(values), AT_ONCE) for digest in _digests(values[at : at + AT_ONCE])]


def _digests(values: Sequence[Any]) -> list[str | None]:
    mark = ["\0"]
    try:
        # one call for all: what is slow is to begin
        told = _encode([part for value in values for part in (mark, value)])[1:-1].split('["\\u0000"],')[1:]
    except (TypeError, ValueError):
        told = []
    if len(told) != len(values):
        return [_digest_or_none(value) for value in values]
    last = len(told) - 1
    return [text_digest(text if at == last else text[:-1]) for at, text in enumerate(told)]


def _digest_or_none(value: Any) -> str | None:
    try:
        return value_digest(value)
    except (TypeError, ValueError):
        return None


def _plain(value: Any) -> Any:
    """A value that JSON has no form for, in one; its type is told where another's might look the same."""
    if isinstance(value, Known):
        return ["known", value.known_digest]
    if isinstance(value, BaseModel):
        return [type(value).__name__, value.__dict__]
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(getattr(value, name) for name in _field_names(type(value)))]
    if isinstance(value, date):
        return [type(value).__name__, value.isoformat()]
    if isinstance(value, Mapping):
        # keys may be tuples; their order may be seen by whoever goes through the mapping
        return ["mapping", *map(list, value.items())]
    if isinstance(value, Set):
        return ["set", *sorted(value)]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"no digest is made of {type(value).__name__}")


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


_encoder = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain)
_encode: Callable[[Any], str] = _encoder.encode
