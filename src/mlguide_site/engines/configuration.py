"""The settings of a root's site, `mkdocs.yml`, as MkDocs reads them; every engine is given what it says."""

from pathlib import Path

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from mlguide_site.errors import ContentError, Problem
from mlguide_site.model import Span


def site_settings(root: Path) -> MkDocsConfig:
    """The engine's settings. Raises ContentError where they would make a site without the root's pages."""
    for folder in ("pages", "theme"):
        # generated, and so deleted now and then; the engine wants them to be there before any stage runs
        (root / "build" / folder).mkdir(parents=True, exist_ok=True)
    config = load_config(config_file=str(root / "mkdocs.yml"))
    if "mlguide" not in config.plugins:
        message, remedy = 'the plugin "mlguide" is missing, so no page is made', 'add "  - mlguide" under "plugins:"'
        raise ContentError([Problem("mkdocs.yml", Span(), message, remedy)])
    if Path(config.docs_dir).resolve() != (root / "build" / "pages").resolve():
        message, remedy = '"docs_dir" is not the folder of generated pages', "set it: docs_dir: build/pages"
        raise ContentError([Problem("mkdocs.yml", Span(), message, remedy)])
    return config
