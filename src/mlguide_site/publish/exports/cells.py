"""Cells of tables that spreadsheets open (CSV of RFC 4180), safe to open there."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection)."""


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table as UTF-8, its columns named in the first row, rows ended by CR LF; what a row lacks is empty."""
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="")
    writer.writeheader()
    writer.writerows({name: safe_cell(text) for name, text in row.items()} for row in rows)
    return file.getvalue().encode("utf-8", "replace")


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet shows as it is: with an apostrophe before what it would take for a formula.

    >>> safe_cell("=1+1"), safe_cell(" @x"), safe_cell("a=b")
    ("'=1+1", "' @x", 'a=b')
    """
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def joined(items: Iterable[str]) -> str:
    """A list in one cell, parted by a semicolon and a space."""
    return "; ".join(items)
