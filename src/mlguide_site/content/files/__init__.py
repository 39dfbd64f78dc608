"""Files on disk: written whole or not at all, inside one folder only, by one process at a time."""

from mlguide_site.content.files.atomic import (
    read_bytes,
    remove_file,
    resolve_inside,
    resource_error,
    write_atomic,
)
from mlguide_site.content.files.lock import LOCK, exclusive

__all__ = [
    "LOCK",
    "exclusive",
    "read_bytes",
    "remove_file",
    "resolve_inside",
    "resource_error",
    "write_atomic",
]
