"""Front matter and YAML: text to values with places, and values to canonical text. What they mean is not known here.

Reading is string-first: every scalar comes out as `str` (or None where it is empty or `null`), so that `no`, `12:30`
and `010` stay what was written; the schema decides on types. Anchors, aliases, merge keys, tags and duplicate keys are
refused, as are documents over 64 KiB (front matter) or 8 MiB (knowledge), of more than 200,000 keys and values, or
nested deeper than 20.
"""

from mlguide_site.content.codec.files import FrontMatter, conflict_markers, decode, split_front_matter
from mlguide_site.content.codec.reading import (
    MAX_DEPTH,
    MAX_FRONT_MATTER,
    MAX_KNOWLEDGE,
    MAX_VALUES,
    Located,
    read_yaml,
    seen_key,
)
from mlguide_site.content.codec.writing import dump_mapping, dump_note, dump_value, set_field

__all__ = [
    "MAX_DEPTH",
    "MAX_FRONT_MATTER",
    "MAX_KNOWLEDGE",
    "MAX_VALUES",
    "FrontMatter",
    "Located",
    "conflict_markers",
    "decode",
    "dump_mapping",
    "dump_note",
    "dump_value",
    "read_yaml",
    "seen_key",
    "set_field",
    "split_front_matter",
]
