"""Places in text files."""

from typing import NamedTuple


class Span(NamedTuple):
    """A place in a text file: line and column, both counted from 1, columns in characters."""

    line: int = 1
    column: int = 1
