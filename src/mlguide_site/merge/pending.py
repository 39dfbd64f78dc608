"""Pending sources: copies of those whose texts or files belong to no episode yet.

A source that names no episode, such as a player's page or a transcript, is kept as a copy,
`.mlguide/pending/<format>-<digest>/NAME`, until all of it is matched with episodes: each import reads it again.
The value of `--series`, if given, follows the digest. The copy may be edited, renamed or deleted by hand: a
transcript named after an episode's id belongs to that episode.
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
"""The formats whose sources may name no episode."""
MAX_NAME, MAX_SUFFIX = 180, 20
"""Limits of the name of a copy: bytes before its suffix, and characters of the suffix."""
_KEY = re.compile(rf"({'|'.join(UNMATCHED_FORMATS)})-[0-9a-f]{{16}}(?:-([a-z0-9-]+))?")


class Matched(NamedTuple):
    """A text or file that was matched with an episode: its source and line, its kind (`teaser`, `notes`, `transcript`
    or `chapters`), the reason (`title`, `text` or `name`), and the text itself, "" for a file."""

    id: str
    source: str
    line: int
    kind: str
    by: str
    text: str = ""


class PendingText(NamedTuple):
    """A pending text or file: the file that holds it, its line in its source, its kind, and the text or name."""

    path: str
    line: int
    kind: str
    text: str


def pending_key(format: str, series: str, source: Source) -> str:
    """The name of the folder for a source that may become pending; "" for other formats."""
    if format not in UNMATCHED_FORMATS:
        return ""
    name = short_digest(b"\n".join([pending_path("", source.name).encode("utf-8", "replace"), source.data]))
    return "-".join(filter(None, (format, name, series)))


def pending_path(key: str, name: str) -> str:
    """The path of a copy. It keeps the part of the source's name that may identify the episode.

    >>> pending_path("transcript-1", "https://a.example/talks/MLA%2012.vtt?token=1")
    '.mlguide/pending/transcript-1/MLA 12.vtt'
    """
    path = unquote(urlsplit(name).path) if is_web_address(name) else name.replace("\\", "/")
    stem, suffix = os.path.splitext(re.sub(r"[^\w .,()&'+-]", "_", path.rstrip("/").rpartition("/")[2]).lstrip("."))
    short = stem.encode()[:MAX_NAME].decode("utf-8", "ignore")
    return f"{PENDING}/{key}/{short or 'source'}{suffix[:MAX_SUFFIX]}"


def load_pending(root: Path) -> dict[str, Loaded]:
    """The pending sources of a root by the names of their folders. Raises ResourceError if the disk refuses."""
    found: dict[str, Loaded] = {}
    for path in sorted((root / PENDING).glob("*/[!.]*")):
        name, key = path.parent.name, _KEY.fullmatch(path.parent.name)
        is_linked = any(one.is_symlink() for one in (path, path.parent, root / PENDING))
        if key and name not in found and path.is_file() and not is_linked:
            source = Source(path.relative_to(root).as_posix(), read_bytes(path))
            found[name] = Loaded(source, FORMATS[key[1]], series=key[2] or "", key=name, is_pending=True)
    return found
