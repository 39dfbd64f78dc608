"""Where the finished site stands: engines build beside it, and only a finished tree takes its place."""

import os
import shutil
from pathlib import Path

from mlguide_site.errors import ContentError, Problem, ResourceError
from mlguide_site.model import Span
from mlguide_site.site_settings import site_fault

FRESH = "build/site"
"""Where an engine builds."""
OLD = "build/site.old"


def check_place(root: Path, site: Path) -> None:
    """Raises ContentError or ResourceError where a site may not stand in the folder `site` that the settings name."""
    if fault := site_fault(root, site):
        raise ContentError([Problem("mkdocs.yml", Span(), *fault)])
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise ResourceError(f"{site}: this is no folder of its own; move it away, the site is to stand there")


def exchange(fresh: Path, site: Path, old: Path) -> None:
    """Put a finished tree where the site stands; the old one goes only when the new one is in place."""
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        os.rename(site, old)
    else:
        site.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(fresh, site)
    except OSError:
        if old.exists():
            os.rename(old, site)
        raise
    shutil.rmtree(old, ignore_errors=True)
