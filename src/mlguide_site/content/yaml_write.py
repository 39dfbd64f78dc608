"""Values to canonical YAML: one line a key, quotes only where YAML needs them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import yaml

_UNQUOTED = re.compile(r"[A-Za-z](?:[A-Za-z0-9_/ -]{0,500}[A-Za-z0-9_/-])?", re.A)
"""Texts that YAML reads as they are, unless they are one of its words; YAML's own writer is slow."""
_LINE_END = re.compile(r"[\n\x85\u2028\u2029]")
_WORDS = frozenset("true false yes no on off null y n".split())


def dump_value(value: Any) -> str:
    """One value in YAML's flow style on one line.

    >>> dump_value(["a", "b: c"]), dump_value("12:31:00"), dump_value(True)
    ("[a, 'b: c']", "'12:31:00'", 'true')
    """
    if isinstance(value, str) and _UNQUOTED.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    text = _dump(value, allow_unicode=True).removesuffix("\n...")
    return text if not _LINE_END.search(text) else _dump(value, default_style='"')


def dump_mapping(values: Mapping[str, Any]) -> str:
    """Lines `key: value` in the order given, each value in flow style."""
    return "".join(f"{dump_value(key)}: {dump_value(value)}\n" for key, value in values.items())


def _dump(value: Any, **style: Any) -> str:
    dumped: str = yaml.safe_dump(_plain(value), default_flow_style=True, width=1_000_000, sort_keys=False, **style)
    return dumped.rstrip("\n")


def _plain(value: Any) -> Any:
    """Only what YAML writes without tags: strings stay strings, records become mappings."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, date, datetime)):
        return value
    return str(value)
