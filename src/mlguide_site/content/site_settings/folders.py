"""Where the site may stand, and what installed packages offer."""

import os
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from mlguide_site.errors import visible

_KEPT = frozenset("episodes knowledge templates schemas build src tests .git .github .mlguide .venv".split())
"""Folders of a root that are nobody's to empty."""


def site_fault(root: Path, site: Path) -> tuple[str, str] | None:
    """Why a folder can't be the site's, which every build empties, and what to do; None where it can."""
    top = root.resolve()
    try:
        place = site.resolve() if not site.is_symlink() else top / site.name
    except OSError:
        # no system has names as long as that
        return f'no folder can be called "{visible(str(site))[:80]}"', "write site_dir: site"
    if place == top or not place.is_relative_to(top):
        return f'the site\'s folder "{visible(str(site))[:80]}" is not in the root', "write site_dir: site"
    if place.relative_to(top).parts[0] in _KEPT:
        name = place.relative_to(top).parts[0]
        return f'the site\'s folder would take the place of "{name}"', "write site_dir: site"
    return None


def is_importable(name: str) -> bool:
    """Whether there is a module of a dotted name; nothing is imported to find out."""
    first, *rest = name.split(".")
    try:
        spec = find_spec(first) if first.isidentifier() else None
    except (ImportError, ValueError):
        return False
    folders = [Path(folder) for folder in (spec.submodule_search_locations or ())] if spec else []
    for part in rest:
        if any(os.path.isfile(folder / f"{part}.py") for folder in folders):
            return True
        folders = [folder / part for folder in folders if part.isidentifier() and os.path.isdir(folder / part)]
    return spec is not None and (not rest or bool(folders))


@cache
def installed(group: str) -> frozenset[str]:
    """The names under which installed packages offer something."""
    return frozenset(point.name for point in entry_points(group=group))
