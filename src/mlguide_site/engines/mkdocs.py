"""MkDocs, driven as its own command line does it, with the site built beside the old one and put in its place whole."""

import logging
import os
import shutil
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.commands.serve import serve as mkdocs_serve
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, SiteError
from mlguide_site.files import exclusive, resource_error
from mlguide_site.model import Span
from mlguide_site.site_settings import settings_problems, site_fault

OWN_LOGGER = "mkdocs.plugins.mlguide"
"""The name under which the plugin logs; its lines are complete as they are."""


class EngineError(SiteError):
    """The engine refused; what it said was passed on already."""


class _Lines(logging.Handler):
    """Passes log records on as lines of text."""

    def __init__(self, say: Callable[[str], None], level: int) -> None:
        super().__init__(level)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        self._say(message if record.name == OWN_LOGGER else f"{record.levelname.lower()}: {message}")


def build(root: Path, say: Callable[[str], None], strict: bool = False) -> tuple[Path, dict[str, float]]:
    """Build the site of a root into its `site_dir`; returns that and the seconds each stage took.

    Raises EngineError where the engine or a stage before it refuses, ResourceError where the disk does.

    The engine writes beside the site that stands; only a finished one takes its place, so a failed or interrupted build
    leaves the last good site as it was.
    """
    handler = _listen(say, logging.WARNING)
    try:
        with exclusive(root):
            return _build(root, strict)
    except (Abort, MkDocsException) as error:
        raise _refused(root, error, say) from None
    except OSError as error:
        raise resource_error(error.filename or root, error) from None
    except Exception as error:
        # hooks, plugins and theme overrides are other people's code, and the engine lets through what they raise
        raise blame(root, error) or error from None
    finally:
        logging.getLogger("mkdocs").removeHandler(handler)


def _refused(root: Path, error: Exception, say: Callable[[str], None]) -> SiteError:
    """What the engine's refusal is told as: with its place in the settings where that is known."""
    faults = [problem for problem in settings_problems(root) if problem.severity is Severity.ERROR]
    if faults and not isinstance(error, Abort):
        return ContentError(faults)
    if not isinstance(error, Abort):
        say(f"error: {error}")
    return EngineError()


def blame(root: Path, error: Exception) -> SiteError | None:
    """What was raised in a hook or a theme override of the root as a problem with its place; else what is wrong with
    the settings; None where neither is to blame."""
    found: tuple[str, int] | None = None
    own = Path(__file__).parents[1]
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(root) and not path.is_relative_to(own) and "site-packages" not in path.parts:
            place = path.relative_to(root).as_posix()
            found = place.replace("build/theme/", "templates/theme/", 1), frame.lineno or 1
    if isinstance(error, TemplateSyntaxError) and (error.filename or "").startswith(str(root / "build/theme")):
        found = Path(str(error.filename)).relative_to(root / "build/theme").as_posix(), error.lineno
        found = f"templates/theme/{found[0]}", found[1]
    if found is None:
        faults = [problem for problem in settings_problems(root) if problem.severity is Severity.ERROR]
        return ContentError(faults) if faults else None
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    remedy = "correct it, or remove it to have the packaged one back"
    if found[0].endswith(".py"):
        remedy = "correct it, or take it out of mkdocs.yml"
    return ContentError([Problem(found[0], Span(found[1], 1), f"this fails in the build: {what}", remedy)])


def _settings(root: Path) -> MkDocsConfig:
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


def _build(root: Path, strict: bool) -> tuple[Path, dict[str, float]]:
    start = time.perf_counter()
    fresh = root / "build" / "site"
    config = _settings(root)
    config.strict = strict or config.strict
    site = Path(config.site_dir)
    config.site_dir = str(fresh)
    if fault := site_fault(root, site):
        raise ContentError([Problem("mkdocs.yml", Span(), *fault)])
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise ResourceError(f"{site}: this is no folder of its own; move it away, the site is to stand there")
    try:
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build(config)
        finally:
            config.plugins.on_shutdown()
        _exchange(fresh, site, root / "build" / "site.old")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    plugin = config.plugins.get("mlguide")
    seconds: dict[str, float] = dict(plugin.watch.seconds) if plugin else {}
    return site, seconds | {"engine": time.perf_counter() - start - sum(seconds.values())}


def serve(root: Path, say: Callable[[str], None], address: str | None, open_browser: bool) -> None:
    """Serve a preview that follows every edit, until interrupted. Raises EngineError, ResourceError."""
    handler = _listen(say, logging.INFO)
    try:
        options: dict[str, Any] = {"dev_addr": address} if address else {}
        mkdocs_serve(config_file=str(root / "mkdocs.yml"), open_in_browser=open_browser, **options)
    except (Abort, MkDocsException) as error:
        if not isinstance(error, Abort):
            say(f"error: {error}")
        raise EngineError from None
    except OSError as error:
        raise resource_error(error.filename or address or root, error) from None
    finally:
        logging.getLogger("mkdocs").removeHandler(handler)


def _listen(say: Callable[[str], None], level: int) -> logging.Handler:
    # the theme's notice of its successor is for whoever chooses an engine, not for each build
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    logger = logging.getLogger("mkdocs")
    handler = _Lines(say, level)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    return handler


def _exchange(fresh: Path, site: Path, old: Path) -> None:
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
