"""Pending sources: copies of sources with texts or files that don't match an episode yet.

A copy is in `.mlguide/pending/<format>-<digest>/NAME`, or `<format>-<digest>-<series>/NAME` for an import with
`--series`. Each import reads the copies again. People may edit, rename or delete the copies."""

import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from mlguide_site.content.files import read_bytes
from mlguide_site.importers import Source
from mlguide_site.importers.common.addresses import is_web_address
from mlguide_site.merge.sources import FORMATS, Loaded
from mlguide_site.model.digests import short_digest

PENDING = ".mlguide/pending"
UNMATCHED_FORMATS = ("player", "transcript")  # sources in these formats may not say which episode they belong to
MAX_NAME, MAX_SUFFIX = 180, 20  # maximum lengths of a copy's name without suffix, in bytes, and of the suffix
_KEY = re.compile(rf"({'|'.join(UNMATCHED_FORMATS)})-[0-9a-f]{{16}}(?:-([a-z0-9-]+))?")


class Matched(NamedTuple):
    """A text or file that was matched with an episode."""

    id: str
    source: str
    line: int
    kind: str  # `teaser`, `notes`, `transcript` or `chapters`
    by: str  # the reason for the match: `title`, `text` or `name`
    text: str = ""  # "" for a file


class PendingText(NamedTuple):
    """A text or file that matches no episode yet."""

    path: str  # the path of the source's copy
    line: int
    kind: str
    text: str  # the text, or the name of the file


def pending_key(format: str, series: str, source: Source) -> str:
    """Return the name of a source's folder in `.mlguide/pending/`, or "" if sources in `format` are never pending."""
    if format not in UNMATCHED_FORMATS:
        return ""
    name = short_digest(b"\n".join([pending_path("", source.name).encode("utf-8", "replace"), source.data]))
    return "-".join(filter(None, (format, name, series)))


def pending_path(key: str, name: str) -> str:
    """Return the path of a source's copy. The source's file name is kept, because it may identify the episode."""
    path = unquote(urlsplit(name).path) if is_web_address(name) else name.replace("\\", "/")
    stem, suffix = os.path.splitext(re.sub(r"[^\w .,()&'+-]", "_", path.rstrip("/").rpartition("/")[2]).lstrip("."))
    short = stem.encode()[:MAX_NAME].decode("utf-8", "ignore")
    return f"{PENDING}/{key}/{short or 'source'}{suffix[:MAX_SUFFIX]}"


def load_pending(root: Path) -> dict[str, Loaded]:
    """Load the pending sources of a root, by folder name. Raises ResourceError if the disk fails."""
    found: dict[str, Loaded] = {}
    for path in sorted((root / PENDING).glob("*/[!.]*")):
        name, key = path.parent.name, _KEY.fullmatch(path.parent.name)
        is_linked = any(one.is_symlink() for one in (path, path.parent, root / PENDING))
        if key and name not in found and path.is_file() and not is_linked:
            source = Source(path.relative_to(root).as_posix(), read_bytes(path))
            found[name] = Loaded(source, FORMATS[key[1]], series=key[2] or "", key=name, is_pending=True)
    return found
