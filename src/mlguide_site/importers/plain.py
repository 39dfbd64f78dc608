"""The old name of `markdown.plain`."""

from mlguide_site.markdown.plain import (
    SECTION_NAMES,
    SMALL_WORDS,
    ends_sentence,
    escape,
    escape_line,
    escape_start,
    escaped_places,
    paragraphs,
    starts_upper,
    text_ends_whole,
)

__all__ = [
    "SECTION_NAMES",
    "SMALL_WORDS",
    "ends_sentence",
    "escape",
    "escape_line",
    "escape_start",
    "escaped_places",
    "paragraphs",
    "starts_upper",
    "text_ends_whole",
]
