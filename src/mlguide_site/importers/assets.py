"""Files that notes embed: what kind each is by its content, and its name beside an episode."""

import re
from collections.abc import Callable, Iterable, Mapping
from posixpath import basename, splitext
from urllib.parse import unquote

from mlguide_site.content.root import ASSET_SUFFIXES
from mlguide_site.model.slugs import make_slug

NOTES = (".md", ".markdown")
"""How the names of notes end."""
_TEXTS = (".csv", ".json", ".srt", ".txt", ".vtt")
_BRANDS = {b"avif": ".avif", b"avis": ".avif", b"M4A ": ".m4a", b"M4B ": ".m4a"}


def _box(data: bytes) -> str:
    """The suffix for an ISO media file (ISO/IEC 14496-12, "ftyp" box), by its brand."""
    return _BRANDS.get(data[8:12], ".mp4") if data[4:8] == b"ftyp" else ""


def _ogg(data: bytes) -> str:
    return (".opus" if b"OpusHead" in data[:128] else ".ogg") if data.startswith(b"OggS") else ""


def _riff(data: bytes) -> str:
    return {b"WEBP": ".webp", b"WAVE": ".wav"}.get(data[8:12], "") if data.startswith(b"RIFF") else ""


def _mp3(data: bytes) -> str:
    frame = len(data) > 3 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2
    return ".mp3" if data.startswith(b"ID3") or frame else ""


_STARTS = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"%PDF-", ".pdf"),
    (b"\x1aE\xdf\xa3", ".webm"),
)
_TESTS: tuple[Callable[[bytes], str], ...] = (_box, _ogg, _riff, _mp3)
_SAME = {".jpeg": ".jpg"}


def asset_suffix(name: str, data: bytes) -> str:
    """The suffix for a file by its content, "" where it may not be published. Only text goes by its name, and must be
    text then.

    >>> asset_suffix("a.png", b"GIF89a"), asset_suffix("a.png", b"<script>"), asset_suffix("a.csv", b"a,b")
    ('.gif', '', '.csv')
    """
    found = next((suffix for start, suffix in _STARTS if data.startswith(start)), "")
    found = found or next((suffix for test in _TESTS if (suffix := test(data))), "")
    own = splitext(name)[1].lower()
    if not found and own in _TEXTS and b"\x00" not in data:
        try:
            data.decode("utf-8")
            found = own
        except UnicodeDecodeError:
            return ""
    if _SAME.get(own, own) == found:
        found = own
    return found if found in ASSET_SUFFIXES else ""


def asset_name(name: str, data: bytes) -> str:
    """The name of a file beside an episode: a slug of its own, with the suffix of what it is; "" where it is refused.

    >>> asset_name("attachments/My picture (1).PNG", b"\\xff\\xd8\\xff\\xe0")
    'my-picture-1.jpg'
    """
    suffix = asset_suffix(name, data)
    return f"{make_slug(splitext(basename(name))[0], 'file')}{suffix}" if suffix else ""


def is_note(path: str) -> bool:
    """Whether the name of a file is that of a note."""
    return path.casefold().endswith(NOTES)


class Folder:
    """The files of a folder, found by path or by name as a vault does: the shortest path of that name wins."""

    def __init__(self, files: Mapping[str, bytes], suffixes: Iterable[str] = ()) -> None:
        """`suffixes` may be left out of a name that is looked up, such as `.md`."""
        self.files = files
        self._suffixes = tuple(suffixes)
        self._paths = {path.casefold(): path for path in sorted(files, reverse=True)}
        self._names: dict[str, str] = {}
        for path in sorted(files, key=lambda path: (path.count("/"), path)):
            self._names.setdefault(basename(path).casefold(), path)

    def find(self, name: str) -> str | None:
        """The path of the file that a note names; None where there is none."""
        for written in dict.fromkeys((name, unquote(name))):
            plain = re.sub(r"^(?:\.{0,2}/)+", "", written.strip().replace("\\", "/")).casefold()
            for ending in ("", *self._suffixes):
                if found := self._paths.get(plain + ending) or self._names.get(basename(plain) + ending):
                    return found
        return None
