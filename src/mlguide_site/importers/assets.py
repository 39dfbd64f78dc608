"""Detects the types of embedded files from their content, and names the files in an episode's folder."""

import re
from collections.abc import Mapping
from posixpath import basename, splitext
from urllib.parse import unquote

from mlguide_site.content.root import ASSET_SUFFIXES, TEXT_SUFFIXES
from mlguide_site.model.slugs import make_slug

NOTES = (".md", ".markdown")
_KINDS = {
    ".png": rb"\x89PNG\r\n\x1a\n",
    ".jpg": rb"\xff\xd8\xff",
    ".gif": rb"GIF8[79]a",
    ".webp": rb"RIFF.{4}WEBP",
    ".wav": rb"RIFF.{4}WAVE",
    ".pdf": rb"%PDF-",
    ".webm": rb"\x1aE\xdf\xa3",
    ".avif": rb".{4}ftypavi[fs]",
    ".m4a": rb".{4}ftypM4[AB] ",
    ".mp4": rb".{4}ftyp",
    ".opus": rb"OggS.{0,120}OpusHead",
    ".ogg": rb"OggS",
    ".mp3": rb"ID3|\xff[\xe2\xe3\xea\xeb\xf2\xf3\xfa\xfb].{2}",
}
"""Maps the suffix of each file type to a pattern for the first bytes of such files."""


def asset_suffix(name: str, data: bytes) -> str:
    """Return the file suffix for the type of `data`, or "" if the type isn't allowed. The content decides; only files
    that contain text are recognised by their name.

    >>> asset_suffix("a.png", b"GIF89a"), asset_suffix("a.png", b"<script>"), asset_suffix("a.csv", b"a,b")
    ('.gif', '', '.csv')
    """
    found = next((suffix for suffix, pattern in _KINDS.items() if re.match(pattern, data, re.S)), "")
    own = splitext(name)[1].lower()
    if not found and own in TEXT_SUFFIXES and b"\x00" not in data and data == data.decode("utf-8", "ignore").encode():
        found = own
    return found if found in ASSET_SUFFIXES else ""


def asset_name(name: str, data: bytes) -> str:
    """Return the name for a file in an episode's folder (slug and suffix), or "" if its type isn't allowed."""
    suffix = asset_suffix(name, data)
    return f"{make_slug(splitext(basename(name))[0], 'file')}{suffix}" if suffix else ""


def is_note(path: str) -> bool:
    """Check whether a file name has the suffix of a note."""
    return path.casefold().endswith(NOTES)


class Folder:
    """The files of a folder, found by path or name. If several files have the same name, the shortest path wins."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        deepest_first = sorted(files, key=lambda path: (path.count("/"), path), reverse=True)
        self._paths = {path.casefold(): path for path in deepest_first}
        self._names = {basename(path).casefold(): path for path in deepest_first}

    def find(self, name: str) -> str | None:
        """Return the path of the file that a link refers to, or None. The link may omit the suffix of a note."""
        plain = re.sub(r"^(?:\.{0,2}/)+", "", unquote(name).strip().replace("\\", "/")).casefold()
        paths = (self._paths.get(plain + end) or self._names.get(basename(plain) + end) for end in ("", *NOTES))
        return next(filter(None, paths), None)
