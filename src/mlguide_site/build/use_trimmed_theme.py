"""Replaces the theme's files with trimmed files on sites that use only features that the trimmed files support.

`make theme` (in `trim_theme/`) trims the files of one theme release. With other releases, sites use the originals."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from mlguide_site.build.outputs import Output
from mlguide_site.content.resources import packaged_templates
from mlguide_site.content.site_settings import theme_folder

FEATURES = frozenset(
    "navigation.tabs navigation.tabs.sticky navigation.instant navigation.instant.prefetch navigation.top toc.follow "
    "content.code.copy header.autohide".split()
)
"""The theme's features that work with the trimmed files."""
EXTRA = frozenset("generator hub notice short_name social".split())  # settings under `extra` for the trimmed files
PLUGINS = frozenset({"mlguide"})
TRIMMED = "trimmed"  # the folder of the trimmed files, in the folder of packaged templates
SOURCE = "source.json"  # a JSON file with the theme's release, and with the digest of each original file by path


def trimmed_theme() -> Mapping[str, Output]:
    """Return the trimmed files by path, or an empty mapping if another release of the theme is installed."""
    folder, theme = packaged_templates() / TRIMMED, theme_folder()
    if theme is None or not (folder / SOURCE).is_file():
        return {}
    originals: dict[str, str] = json.loads((folder / SOURCE).read_bytes())["originals"]
    if any(file_digest(theme / path) != digest for path, digest in originals.items()):
        return {}
    return {path: Output(f"trimmed {digest}", (folder / path).read_bytes) for path, digest in originals.items()}


def file_digest(path: Path) -> str:
    """Return the SHA-256 digest of a file, or "" if there is no file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
