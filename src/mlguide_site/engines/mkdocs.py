"""MkDocs, driven as its own command line does it, with the site built beside the old one and put in its place whole."""

import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.commands.serve import serve as mkdocs_serve
from mkdocs.exceptions import Abort, MkDocsException

from mlguide_site.engines.configuration import site_settings
from mlguide_site.engines.faults import EngineError, blame, listening, refused
from mlguide_site.engines.places import FRESH, OLD, check_place, exchange
from mlguide_site.files import exclusive, resource_error

# the theme's notice of its successor is for whoever chooses an engine, not for each build
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


def build(root: Path, say: Callable[[str], None], strict: bool = False) -> tuple[Path, dict[str, float]]:
    """Build the site of a root into its `site_dir`; returns that and the seconds each stage took.

    Raises EngineError where the engine or a stage before it refuses, ResourceError where the disk does.

    The engine writes beside the site that stands; only a finished one takes its place, so a failed or interrupted build
    leaves the last good site as it was.
    """
    try:
        with listening("mkdocs", say, logging.WARNING), exclusive(root):
            return _build(root, strict)
    except (Abort, MkDocsException) as error:
        raise refused(root, error, isinstance(error, Abort), say) from None
    except OSError as error:
        raise resource_error(error.filename or root, error) from None
    except Exception as error:
        # hooks, plugins and theme overrides are other people's code, and the engine lets through what they raise
        raise blame(root, error) or error from None


def _build(root: Path, strict: bool) -> tuple[Path, dict[str, float]]:
    start = time.perf_counter()
    fresh = root / FRESH
    config = site_settings(root)
    config.strict = strict or config.strict
    site = Path(config.site_dir)
    config.site_dir = str(fresh)
    check_place(root, site)
    try:
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build(config)
        finally:
            config.plugins.on_shutdown()
        exchange(fresh, site, root / OLD)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    plugin = config.plugins.get("mlguide")
    seconds: dict[str, float] = dict(plugin.watch.seconds) if plugin else {}
    return site, seconds | {"engine": time.perf_counter() - start - sum(seconds.values())}


def serve(root: Path, say: Callable[[str], None], address: str | None, open_browser: bool) -> None:
    """Serve a preview that follows every edit, until interrupted. Raises EngineError, ResourceError."""
    try:
        with listening("mkdocs", say, logging.INFO):
            options: dict[str, Any] = {"dev_addr": address} if address else {}
            mkdocs_serve(config_file=str(root / "mkdocs.yml"), open_in_browser=open_browser, **options)
    except (Abort, MkDocsException) as error:
        if not isinstance(error, Abort):
            say(f"error: {error}")
        raise EngineError from None
    except OSError as error:
        raise resource_error(error.filename or address or root, error) from None
