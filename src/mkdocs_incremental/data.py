"""Front matter, tables of contents and anchors as text, and back: plain data, nothing in it is ever run."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from mkdocs.structure.toc import AnchorLink, TableOfContents


class NotDataError(Exception):
    """A value is of a kind that has no form as text here."""


def pack(value: Any) -> Any:
    """A value as JSON can hold it, every kind of value told apart. Raises NotDataError for kinds that YAML's plain
    types don't make.

    >>> pack({"tags": ["a", 1], "day": date(2020, 1, 2), 3: None})
    {'m': [['tags', {'l': ['a', 1]}], ['day', {'d': '2020-01-02'}], [3, None]]}
    """
    kind = type(value)
    if value is None or kind in (str, bool, int, float):
        return value
    if kind is list:
        return {"l": [pack(item) for item in value]}
    if kind is dict:
        return {"m": [[pack(key), pack(item)] for key, item in value.items()]}
    if kind is datetime:
        if value.tzinfo is not None and not value.tzname().startswith("UTC"):
            raise NotDataError(value)
        return {"t": value.isoformat()}
    if kind is date:
        return {"d": value.isoformat()}
    raise NotDataError(kind.__name__)


def unpack(value: Any) -> Any:
    """The value from what `pack` made of it.

    >>> unpack(pack({"tags": ["a", 1], "day": date(2020, 1, 2), 3: None}))
    {'tags': ['a', 1], 'day': datetime.date(2020, 1, 2), 3: None}
    """
    if not isinstance(value, dict):
        return value
    [(kind, inner)] = value.items()
    if kind == "l":
        return [unpack(item) for item in inner]
    if kind == "m":
        return {unpack(key): unpack(item) for key, item in inner}
    return datetime.fromisoformat(inner) if kind == "t" else date.fromisoformat(inner)


def toc_rows(items: Iterable[AnchorLink]) -> list[Any]:
    """A table of contents as lists: title, id, level, children."""
    return [[item.title, item.id, item.level, toc_rows(item.children)] for item in items]


def toc_of(rows: Iterable[Any]) -> TableOfContents:
    """The table of contents that `toc_rows` took apart, its first item marked as active as MkDocs does."""
    items = [_link(row) for row in rows]
    if items:
        items[0].active = True  # type: ignore[attr-defined]
    return TableOfContents(items)


def _link(row: Any) -> AnchorLink:
    title, id, level, children = row
    link = AnchorLink(title, id, level)
    link.children = [_link(child) for child in children]
    return link


def text_of(values: Mapping[str, Any]) -> str:
    """A mapping as JSON, short."""
    return json.dumps(values, separators=(",", ":"))
