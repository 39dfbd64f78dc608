"""Lists the types of files that may be published, detects the type of a file from its content, and names assets."""

import re
from posixpath import basename, splitext

from mlguide_site.content.drawings import is_drawing
from mlguide_site.content.transcript_formats import TRANSCRIPTS
from mlguide_site.model.slugs import make_slug

MEDIA_SUFFIXES = frozenset(".avif .gif .jpeg .jpg .m4a .mp3 .mp4 .ogg .opus .pdf .png .wav .webm .webp".split())
DATA_SUFFIXES = frozenset({".csv", ".json", ".txt"})
TEXT_SUFFIXES = DATA_SUFFIXES | TRANSCRIPTS.keys()
ASSET_SUFFIXES = MEDIA_SUFFIXES | TEXT_SUFFIXES
"""Suffixes of files that may be published. Browsers run no scripts in files of these types."""
DRAWING = ".svg"  # may be published if it has no active content
COVERS = ("cover.avif", "cover.gif", "cover.jpg", "cover.png", "cover.webp")
"""File names of covers. A series without the field `cover` uses the first of these files that exists in its folder."""
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
"""Maps suffixes to patterns that match the first bytes of a file."""


def asset_suffix(name: str, data: bytes) -> str:
    """Return the suffix of an allowed file type, or "". Media files are recognised by content, text files by name."""
    own = splitext(name)[1].lower()
    if own == DRAWING:
        return own if is_drawing(data) else ""
    is_text = own in TEXT_SUFFIXES and b"\x00" not in data and data == data.decode("utf-8", "ignore").encode()
    found = (suffix for suffix, pattern in _KINDS.items() if re.match(pattern, data, re.S))
    return next(found, own if is_text else "")


def asset_name(name: str, data: bytes) -> str:
    """Return a file name for an asset, made of a slug and a suffix, or "" if the file's type isn't allowed."""
    suffix = asset_suffix(name, data)
    return f"{make_slug(splitext(basename(name))[0], 'file')}{suffix}" if suffix else ""
