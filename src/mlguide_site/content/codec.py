"""Former address of `files`, `front_matter`, `yaml_read` and `yaml_write`, until every room imports those."""

from mlguide_site.content.files.disk import conflict_markers, decode
from mlguide_site.content.front_matter import FrontMatter, dump_note, set_field, split_front_matter
from mlguide_site.content.yaml_read import (
    MAX_DEPTH,
    MAX_FRONT_MATTER,
    MAX_KNOWLEDGE,
    MAX_VALUES,
    Located,
    read_yaml,
    seen_key,
)
from mlguide_site.content.yaml_write import dump_mapping, dump_value

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
