"""Values to canonical YAML, and note files from them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import yaml

from mlguide_site.content.codec.files import split_front_matter
from mlguide_site.content.codec.reading import MAX_FRONT_MATTER, read_yaml

_UNQUOTED = re.compile(r"[A-Za-z](?:[A-Za-z0-9_/ -]{0,500}[A-Za-z0-9_/-])?", re.A)
"""Texts that YAML reads as they are, unless they are one of its words; its own writer is slow."""
_BREAK = re.compile(r"[\n\x85\u2028\u2029]")
"""What YAML takes for the end of a line."""
_WORDS = frozenset("true false yes no on off null y n".split())


def dump_value(value: Any) -> str:
    """One value in YAML's flow style on one line, quoted only where it must be.

    >>> dump_value(["a", "b: c"]), dump_value("12:31:00"), dump_value(True)
    ("[a, 'b: c']", "'12:31:00'", 'true')
    """
    if isinstance(value, str) and _UNQUOTED.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    text = yaml.safe_dump(
        _plain(value), default_flow_style=True, allow_unicode=True, width=1_000_000, sort_keys=False
    ).rstrip("\n")
    text = text.removesuffix("\n...")
    return (
        text
        if not _BREAK.search(text)
        else yaml.safe_dump(_plain(value), default_style='"', default_flow_style=True, width=1_000_000).rstrip("\n")
    )


def _plain(value: Any) -> Any:
    """Only what YAML writes without tags: strings stay strings, records become mappings."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, date, datetime)):
        return value
    return str(value)


def dump_mapping(values: Mapping[str, Any]) -> str:
    """Lines `key: value` in the order given, each value in flow style."""
    return "".join(f"{dump_value(key)}: {dump_value(value)}\n" for key, value in values.items())


def dump_note(front_matter: Mapping[str, Any], body: str) -> str:
    """The canonical text of a note file: front matter, an empty line, the body ending in one line end.

    >>> dump_note({"id": "a-001", "title": "One"}, "Text")
    '---\\nid: a-001\\ntitle: One\\n---\\n\\nText\\n'
    """
    body = body.strip("\n")
    return f"---\n{dump_mapping(front_matter)}---\n" + (f"\n{body}\n" if body else "")


def set_field(text: str, key: str, value: Any, order: Sequence[str] = ()) -> str:
    """The text of a note file with one front matter field set and every other byte kept; None removes it.

    A new field stands behind the last that precedes it in `order`. Raises ContentError where the file can't be read.
    """
    mark, source = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    parts = split_front_matter(source, "")
    located = read_yaml(parts.yaml, "", limit=MAX_FRONT_MATTER)
    lines = lines_with_ends(source)
    newline = "\r\n" if lines[0].endswith("\r\n") else "\n"
    new = [f"{key}: {dump_value(value)}{newline}"] if value is not None else []
    extent = located.extent(key)
    if extent:
        lines[extent[0] + 1 : extent[1] + 1] = new
    elif new:
        before = set(order[: order.index(key)]) if key in order else set(located.value)
        ends = [
            end for name in located.value if name in before and (found := located.extent(name)) for end in found[1:]
        ]
        at = max(ends, default=0) + 1
        lines[at:at] = new
    return mark + "".join(lines)


def lines_with_ends(text: str) -> list[str]:
    """The lines of a text, each with its end: `\\n`, `\\r\\n` or `\\r`; other signs that Unicode calls ends are none.

    >>> lines_with_ends("a\\r\\nb\\n\\nc")
    ['a\\r\\n', 'b\\n', '\\n', 'c']
    """
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text) or [""]
