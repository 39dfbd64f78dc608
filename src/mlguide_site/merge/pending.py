"""Pending sources: copies of sources whose texts or files belong to no episode yet.

If a source such as a player's page or a transcript names no episode, the import keeps a copy of the source in
`.mlguide/pending/<format>-<digest>/NAME`. Each import reads the copy again, until all texts are matched with episodes.
The value of `--series`, if any, is added to the folder's name. A copy may be edited, renamed or deleted by hand. A
transcript that is named after an episode's id belongs to that episode.
"""

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
UNMATCHED_FORMATS = ("player", "transcript")
"""The formats of sources that may name no episode."""
MAX_NAME, MAX_SUFFIX = 180, 20
"""The limits for the file name of a copy: bytes before the suffix, and characters of the suffix."""
_KEY = re.compile(rf"({'|'.join(UNMATCHED_FORMATS)})-[0-9a-f]{{16}}(?:-([a-z0-9-]+))?")


class Matched(NamedTuple):
    """A text or file that was matched with an episode. `kind` is `teaser`, `notes`, `transcript` or `chapters`, and
    `by` is the reason for the match (`title`, `text` or `name`). `text` is "" for a file."""

    id: str
    source: str
    line: int
    kind: str
    by: str
    text: str = ""


class PendingText(NamedTuple):
    """A pending text or file: the path of the source's copy, the line in the source, the kind, and the text or name."""

    path: str
    line: int
    kind: str
    text: str


def pending_key(format: str, series: str, source: Source) -> str:
    """Return the name of the folder for a source that may become pending, or "" for a source in another format."""
    if format not in UNMATCHED_FORMATS:
        return ""
    name = short_digest(b"\n".join([pending_path("", source.name).encode("utf-8", "replace"), source.data]))
    return "-".join(filter(None, (format, name, series)))


def pending_path(key: str, name: str) -> str:
    """Return the path of a source's copy. The copy keeps the source's file name, which may identify the episode.

    >>> pending_path("transcript-1", "https://a.example/talks/MLA%2012.vtt?token=1")
    '.mlguide/pending/transcript-1/MLA 12.vtt'
    """
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
