"""JSON with a line for each record: read at a glance, compared line by line, and written by the fast encoder, which
knows no indentation."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def records_json(fields: Mapping[str, Any]) -> bytes:
    """An object as UTF-8, each field on a line of its own, and of a list, or an iterator, each item; one line end at
    its end.

    No character of it is a tag's, whoever takes it for a page.

    >>> print(records_json({"name": "a < b", "items": [{"id": 1}, {"id": 2}], "none": []}).decode(), end="")
    {
    "name": "a \\u003c b",
    "items": [
    {"id": 1},
    {"id": 2}
    ],
    "none": []
    }
    """
    data = io.BytesIO()
    data.write(b"{")
    for at, (name, value) in enumerate(fields.items()):
        data.write((b",\n" if at else b"\n") + _line(name) + b": ")
        if isinstance(value, (list, Iterator)):
            # one after the other: of thousands of records as texts and as bytes there would be two copies in memory
            began = data.tell()
            for item in value:
                data.write((b",\n" if data.tell() > began else b"[\n") + _line(item))
            data.write(b"\n]" if data.tell() > began else b"[]")
        else:
            data.write(_line(value))
    data.write(b"\n}\n")
    return data.getvalue()


def _line(value: Any) -> bytes:
    return _text(value).replace("<", "\\u003c").encode("utf-8", "replace")


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have a value.

    >>> filled({"name": "A", "size": 0, "url": "", "items": []})
    {'name': 'A', 'size': 0}
    """
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def list_json(items: Sequence[Any]) -> str:
    """A list with a line for each item.

    >>> list_json([]), list_json(["a", "b"])
    ('[]', '[\\n"a",\\n"b"\\n]')
    """
    return "[\n" + ",\n".join(map(_text, items)) + "\n]" if items else "[]"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
