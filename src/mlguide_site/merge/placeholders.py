"""What `mlguide new` writes by itself: no person wrote it, so that an import may replace it."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from mlguide_site.merge.records import Base, FieldBase, dump_base, line_hashes, value_hash

BODY = "## Notes\n"
"""The body of a new note."""
FORMAT = "new"
"""The format of what is recorded of a new note: every source replaces it."""
ENTRY_FIELDS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "series": {"kind": "podcast"},
        "topic": {"summary": ""},
        "tool": {"category": "Other", "summary": ""},
        "resource": {"format": "other", "urls": [], "summary": ""},
        "term": {"definition": ""},
        "person": {"role": ""},
    }
)
"""The fields of a new entry of each kind beside its name."""
_EMPTY = r"(?:\[[ \t]*\]|\{[ \t]*\}|\"\"|''|)"


def new_record(series: str, day: date) -> bytes:
    """The record of a new note with a date that no person gave."""
    return dump_base(Base(series, {"date": FieldBase(FORMAT, value_hash(day))}))


def is_unfilled(base: Base) -> bool:
    """Whether a record is that of a new note that no import has filled."""
    return base.body is None and not base.keys and {found.format for found in base.fields.values()} <= {FORMAT}


def is_open(base: Base | None, front: Mapping[str, Any]) -> bool:
    """Whether a new note still has the date that no person gave, so that an import may decide which episode it is."""
    if base is None or not base.fields or not is_unfilled(base):
        return False
    return "date" in base.fields and base.fields["date"].hash == value_hash(front.get("date"))


def is_bare(body: str) -> bool:
    """Whether a body is empty or a new note's.

    >>> is_bare("\\n## Notes\\n"), is_bare("## Notes\\n\\nMine")
    (True, False)
    """
    return not body.strip() or line_hashes(body) == line_hashes(BODY)


def is_blank(value: Any) -> bool:
    """Whether a value is an empty one."""
    return value is None or value in ("", [], {})


def is_blank_line(line: str, key: str) -> bool:
    """Whether a line gives a key an empty value, and no comment.

    >>> is_blank_line("  urls: []", "urls"), is_blank_line("urls: [] # none yet", "urls")
    (True, False)
    """
    return bool(re.fullmatch(rf"\s*[\"']?{re.escape(key)}[\"']?:[ \t]*{_EMPTY}[ \t\r]*", line))


def blank_fields(front: Mapping[str, Any], yaml: str) -> frozenset[str]:
    """The fields of front matter with empty values; `yaml` is its text."""
    lines = yaml.split("\n")
    return frozenset(
        name for name, value in front.items() if is_blank(value) and any(is_blank_line(line, name) for line in lines)
    )
