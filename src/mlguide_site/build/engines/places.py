"""Where the finished site stands: engines build beside it, and only a finished tree takes its place."""

from pathlib import Path

from mlguide_site.content.site_settings import site_fault
from mlguide_site.errors import ContentError, Problem, ResourceError, Span

FRESH = "build/site"
"""Where an engine builds."""
OLD = "build/site.old"


def check_place(root: Path, site: Path) -> None:
    """Raises ContentError or ResourceError where a site may not stand in the folder `site` that the settings name."""
    if fault := site_fault(root, site):
        raise ContentError([Problem("mkdocs.yml", Span(), *fault)])
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise ResourceError(f"{site}: this is no folder of its own; move it away, the site is to stand there")
