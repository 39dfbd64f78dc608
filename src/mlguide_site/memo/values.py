"""Digests of values: two that have the same one are the same to whatever is made from them."""

import hashlib
import json
from collections.abc import Callable, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

ABSENT = "-"
"""The digest of what isn't there."""
_SIZE = 16


class Known:
    """A value that knows its own digest, so that nobody has to look into it."""

    __slots__ = ()

    @property
    def known_digest(self) -> str:
        """A digest of all that it holds."""
        raise NotImplementedError


def text_digest(text: str) -> str:
    """A digest of a text: 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).hexdigest()


def bytes_digest(data: bytes) -> str:
    """A digest of bytes: 32 hexadecimal digits."""
    return hashlib.blake2b(data, digest_size=_SIZE).hexdigest()


def value_digest(value: Any) -> str:
    """A digest of records, tuples, texts, numbers and mappings of them, in their order; sets are taken sorted.

    >>> value_digest((1, "a")) == value_digest((1, "a")), value_digest((1, "a")) == value_digest(("1", "a"))
    (True, False)
    """
    return text_digest(_encode(value))


def _plain(value: Any) -> Any:
    """A value that JSON has no form for, in one; its type is told where another's might look the same."""
    if isinstance(value, Known):
        return ["known", value.known_digest]
    if isinstance(value, BaseModel):
        return [type(value).__name__, value.__dict__]
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(getattr(value, field.name) for field in fields(value))]
    if isinstance(value, date):
        return [type(value).__name__, value.isoformat()]
    if isinstance(value, Mapping):
        # keys may be tuples; their order may be seen by whoever goes through the mapping
        return ["mapping", *map(list, value.items())]
    if isinstance(value, Set):
        return ["set", *sorted(value)]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    raise TypeError(f"no digest is made of {type(value).__name__}")


_encoder = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain)
_encode: Callable[[Any], str] = _encoder.encode
