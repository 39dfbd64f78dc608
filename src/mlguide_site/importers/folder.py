"""Finds the files of a folder of notes by path or name."""

import re
from collections.abc import Mapping
from posixpath import basename, dirname
from urllib.parse import unquote

NOTES = (".md", ".markdown")


def is_note(path: str) -> bool:
    """Check whether a file name has the suffix of a note."""
    return path.casefold().endswith(NOTES)


class Folder:
    """The files of a folder, found by path or name. Of several files with the same name, the least nested is found."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        deepest_first = sorted(files, key=lambda path: (path.count("/"), path), reverse=True)
        self._paths = {path.casefold(): path for path in deepest_first}
        bundles = {basename(dirname(path)).casefold(): path for path in deepest_first if path.endswith("/index.md")}
        self._names = bundles | {basename(path).casefold(): path for path in deepest_first}

    def find(self, name: str) -> str | None:
        """Return the path of the file that a link refers to, or None. The link may omit the suffix of a note."""
        plain = re.sub(r"^(?:\.{0,2}/)+|/+$", "", unquote(name).strip().replace("\\", "/")).casefold()
        plain = plain if plain in self._paths else plain.removesuffix("/index.md")
        paths = (self._paths.get(plain + end) or self._names.get(basename(plain) + end) for end in ("", *NOTES))
        return next(filter(None, paths), None)
