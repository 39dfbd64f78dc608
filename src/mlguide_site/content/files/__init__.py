"""Files on disk: decoded, written whole or not at all, inside one folder only, by one process at a time."""

from mlguide_site.content.files.disk import (
    conflict_markers,
    decode,
    decode_content,
    read_bytes,
    remove_file,
    resolve_inside,
    resource_error,
    write_atomic,
)
from mlguide_site.content.files.journal import LOCK, exclusive

__all__ = [
    "LOCK",
    "conflict_markers",
    "decode",
    "decode_content",
    "exclusive",
    "read_bytes",
    "remove_file",
    "resolve_inside",
    "resource_error",
    "write_atomic",
]
