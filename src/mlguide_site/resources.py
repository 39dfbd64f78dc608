"""What the package brings along: templates, theme overrides and assets. A root's own file of a name wins over ours."""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from mlguide_site.errors import ResourceError

TEMPLATES = "templates"
ASSETS = "assets/mlguide"
"""Where our assets stand in the folder of pages."""
_SUFFIXES = {
    "theme": frozenset({".html", ".svg", ".css", ".js", ".xml"}),
    "assets": frozenset({".css", ".js", ".svg", ".woff2", ".png", ".webp", ".ico", ".txt"}),
}


def packaged_templates() -> Path:
    """The folder of the packaged templates: inside the installed package, or of the checkout that it runs from."""
    inside = Path(__file__).parent / TEMPLATES
    return inside if inside.is_dir() else Path(__file__).parents[2] / TEMPLATES


def template_folders(root: Path) -> tuple[Path, ...]:
    """The folders in which templates are looked for, the root's own first. Raises ResourceError without ours."""
    packaged = packaged_templates()
    if not packaged.is_dir():
        raise ResourceError(f"{packaged}: the packaged templates are not there; install mlguide again")
    own = root / TEMPLATES
    return (own, packaged) if own.is_dir() and own.resolve() != packaged.resolve() else (packaged,)


def theme_files(root: Path) -> Mapping[str, bytes]:
    """The overrides of the engine's theme by path in its `custom_dir`. Raises ResourceError."""
    return _overlaid(root, "theme", "")


def asset_files(root: Path) -> Mapping[str, bytes]:
    """Styles, scripts and pictures of the site's look by path in the folder of pages. Raises ResourceError."""
    return _overlaid(root, "assets", f"{ASSETS}/")


def _overlaid(root: Path, name: str, prefix: str) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        for folder in reversed(template_folders(root)):
            for path in _files(folder / name, _SUFFIXES[name]):
                found[prefix + path.relative_to(folder / name).as_posix()] = path.read_bytes()
    except OSError as error:
        raise ResourceError(f"{error.filename or name}: {error.strerror or error}") from None
    return dict(sorted(found.items()))


def _files(folder: Path, suffixes: frozenset[str]) -> Iterator[Path]:
    """Regular files below a folder; links are not followed, dot files and other kinds of file are passed over."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in sorted(folder.iterdir()):
        mode = path.lstat().st_mode
        if path.name.startswith("."):
            continue
        if stat.S_ISDIR(mode):
            yield from _files(path, suffixes)
        elif stat.S_ISREG(mode) and path.suffix in suffixes:
            yield path
