"""Finds the files of a folder of notes by path or name."""

import re
from collections import defaultdict
from collections.abc import Mapping
from posixpath import basename, dirname
from unicodedata import normalize
from urllib.parse import unquote

NOTES = (".md", ".markdown", ".qmd", ".rmd")
SETTINGS = ".obsidian/app.json"  # Obsidian's settings of a vault
MAX_ALIKE = 100  # maximum number of files with the same name that are compared with a link
_SPACE = re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""A space other than ` `, such as a no-break space, which is easily typed on macOS."""


def is_note(path: str) -> bool:
    """Check whether a file name has the suffix of a note."""
    return path.casefold().endswith(NOTES)


def composed(address: str) -> str:
    """Return the path that a relative address means, in the form of `plain_name`."""
    return plain_name(unquote(address))


def plain_name(name: str) -> str:
    """Return the name of a file with composed letters and plain spaces, because the texts of notes are read so. On
    macOS, the letters of file names may be decomposed."""
    return normalize("NFC", _SPACE.sub(" ", name))


class Folder:
    """The files of a folder, found by path or name. Of several files with the same name, the least nested is found.
    `name` is the name of the folder; links may begin with the folders above it."""

    def __init__(self, files: Mapping[str, bytes], name: str = "") -> None:
        self.files, self._above = files, f"/{name.casefold()}/"
        self._paths: dict[str, str] = {}
        self._names = defaultdict[str, list[str]](list)
        for path in sorted(files, key=lambda path: (path.count("/"), path)):
            self._paths.setdefault(path.casefold(), path)
            self._names[basename(path).casefold()].append(path)
            if path.endswith("/index.md"):
                self._names[basename(dirname(path)).casefold()].append(path)

    def find(self, name: str) -> str | None:
        """Return the path of the file that a link refers to, or None. The link may omit the suffix of a note."""
        plain = re.sub(r"^(?:\.{0,2}/)+|/+$", "", composed(name).strip().replace("\\", "/")).casefold()
        plain = plain if plain in self._paths else plain.removesuffix("/index.md")
        inner = f"/{plain}".partition(self._above)[2]
        for end in ("", *NOTES):
            wanted = plain + end
            if path := self._paths.get(wanted) or self._paths.get(inner + end):
                return path
            # a link with folders doesn't mean a file of the same name in other folders
            ends = (f"/{wanted}", f"/{wanted}/index.md") if "/" in plain else ("",)
            paths = self._names.get(basename(wanted), ())[:MAX_ALIKE]
            if found := next((path for path in paths if f"/{path.casefold()}".endswith(ends)), None):
                return found
        return None
