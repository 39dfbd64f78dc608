"""What an import remembers of what it wrote: hashes, the base of the next three-way merge. No text is kept.

A record is the file `.mlguide/imported/<id>.json`: for each front matter field the hash of its value and the format it
came from, for the body a hash per line, and hashes of what identified the episode in its sources.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, NamedTuple

from mlguide_site.content.codec import dump_value, read_yaml
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Doubt, Draft, Recovery

FOLDER = ".mlguide/imported"
VERSION = 1
FILL = "fill"
"""The format of what only fills in what is missing: any other source outdoes it."""


class FieldBase(NamedTuple):
    """What an import last wrote in a field: the format it came from, and the hash of the value."""

    format: str
    hash: str


class BodyBase(NamedTuple):
    """What an import last wrote as body: the format it came from, whether the source had cut it, a hash per line, how
    its structure was recovered where the source had none, and the hashes of lines that a person has confirmed."""

    format: str
    truncated: bool
    lines: tuple[str, ...]
    recovery: Recovery | None = None
    settled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Base:
    """The record of one episode of a series. `keys` holds hashes of all that identified it in its sources, `assets` by
    file name the hash of what an import wrote beside it."""

    series: str = ""
    fields: Mapping[str, FieldBase] = field(default_factory=lambda: MappingProxyType({}))
    body: BodyBase | None = None
    keys: frozenset[str] = frozenset()
    assets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def with_keys(self, keys: Iterable[str]) -> "Base":
        return replace(self, keys=self.keys | frozenset(keys))


def digest(text: str) -> str:
    """The hash of a text: 16 hexadecimal digits of BLAKE2b.

    >>> digest("one")
    '34f2ddaa8b7615c9'
    """
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def data_hash(data: bytes) -> str:
    """The hash of a file's bytes: 16 hexadecimal digits of BLAKE2b."""
    return blake2b(data, digest_size=8).hexdigest()


def value_hash(value: Any) -> str:
    """The hash of a front matter value, the same for a value to write and for what is read where it was written."""
    return digest(json.dumps(plain_value(value), sort_keys=True, ensure_ascii=True))


def plain_value(value: Any) -> Any:
    """A value as it reads once written to a file: scalars as text.

    >>> from datetime import date
    >>> plain_value([date(2026, 2, 26), True, {"a": 1}])
    ['2026-02-26', 'true', {'a': '1'}]
    """
    if isinstance(value, str) and value.isprintable():
        return value
    if _is_printable(value):
        return _as_written(value)
    return read_yaml(f"value: {dump_value(value)}\n", "").value["value"]


def _is_printable(value: Any) -> bool:
    """Whether a value is made of texts that are read just as they are written."""
    if isinstance(value, (list, tuple)):
        return all(map(_is_printable, value))
    if isinstance(value, Mapping):
        return all(map(_is_printable, (*value, *value.values())))
    return isinstance(value, str) and value.isprintable()


def _as_written(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_as_written(item) for item in value]
    return {key: _as_written(item) for key, item in value.items()} if isinstance(value, Mapping) else value


def line_hashes(body: str) -> tuple[str, ...]:
    """A hash for each line of a body; white space at a line's end makes no difference."""
    return tuple(digest(line.rstrip()) for line in body_lines(body))


def body_lines(body: str) -> Sequence[str]:
    """The lines of a body, empty ones at its ends aside."""
    body = body.strip("\n")
    return body.split("\n") if body.strip() else []


def key_hash(kind: str, value: str) -> str:
    """The hash of what identifies an episode, such as `guid` and its value."""
    return digest(f"{kind}\n{value}")


def plain_name(name: str) -> str:
    """A note's name as links between notes compare it.

    >>> plain_name("Long  Boards.md")
    'long boards'
    """
    return " ".join(name.removesuffix(".md").split()).casefold()


def name_keys(draft: Draft) -> tuple[str, ...]:
    """Hashes of what other notes may call a draft; they identify no episode."""
    return tuple(key_hash("name", name) for one in draft.names if (name := plain_name(one)))


def dump_base(base: Base) -> bytes:
    """A record as the bytes of its file: JSON, keys sorted, an entry a line."""
    value: dict[str, Any] = {
        "version": VERSION,
        "series": base.series,
        "fields": {name: list(found) for name, found in base.fields.items()},
        "keys": sorted(base.keys),
    }
    if base.body is not None:
        value["body"] = _body_values(base.body)
    if base.assets:
        value["assets"] = dict(base.assets)
    return (json.dumps(value, sort_keys=True, indent=1) + "\n").encode()


def _body_values(body: BodyBase) -> dict[str, Any]:
    value: dict[str, Any] = {"format": body.format, "lines": list(body.lines), "truncated": body.truncated}
    if body.recovery is not None:
        value["recovery"] = {
            "text": body.recovery.text,
            "model": body.recovery.model,
            "taught": body.recovery.taught,
            "doubts": [" ".join(map(str, doubt)) for doubt in body.recovery.doubts],
        }
    if body.settled:
        value["settled"] = sorted(body.settled)
    return value


def _body_base(value: Mapping[str, Any]) -> BodyBase:
    return BodyBase(
        str(value["format"]),
        bool(value["truncated"]),
        tuple(map(str, value["lines"])),
        _recovery(value["recovery"], len(value["lines"])) if "recovery" in value else None,
        frozenset(map(str, value.get("settled", ()))),
    )


def _recovery(value: Mapping[str, Any], lines: int) -> Recovery:
    doubts = []
    for text in value["doubts"]:
        line, column, taken, instead, sure = str(text).split()
        doubts.append(Doubt(int(line), int(column), taken, instead, int(sure)))
    if any(not 0 <= doubt.line < lines or doubt.column < 1 for doubt in doubts):
        raise ValueError("a doubt beyond the lines")
    return Recovery(str(value["text"]), str(value["model"]), int(value["taught"]), tuple(doubts))


def load_base(data: bytes, path: str) -> Base:
    """A record from the bytes of its file. Raises ContentError where they are none."""
    try:
        value = json.loads(data)
        if value["version"] != VERSION:
            raise ValueError("another version")
        fields = {str(name): FieldBase(*map(str, found)) for name, found in value["fields"].items()}
        body = value.get("body")
        return Base(
            str(value["series"]),
            fields,
            _body_base(body) if body else None,
            frozenset(map(str, value["keys"])),
            {str(name): str(found) for name, found in value.get("assets", {}).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "take the file from an earlier commit, or remove it to have the episode count as written by hand"
        raise ContentError([Problem(path, Span(), "not a record of an import", remedy)]) from None
