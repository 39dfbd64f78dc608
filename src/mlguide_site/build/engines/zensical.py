"""Zensical, which runs no plugins and no hooks: our stages run before it, what finishes a site runs after it.

It gets a project folder of its own. In it each page's file stands in the folder of the page's address, for Zensical
takes addresses in raw HTML as seen from the file, where MkDocs leaves them as the browser sees them.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from mkdocs_incremental.output import exchange
from mlguide_site.build.built import Built
from mlguide_site.build.engines import Pipeline, Run
from mlguide_site.build.engines.children import run_module
from mlguide_site.build.engines.configuration import OLD, check_place, settings_of, settings_warnings, site_settings
from mlguide_site.build.engines.diagnosis import EngineError, refused
from mlguide_site.build.engines.zensical_settings import zensical_settings
from mlguide_site.build.progress import stage
from mlguide_site.config import Settings
from mlguide_site.content.files import exclusive, resource_error, write_atomic
from mlguide_site.errors import ContentError, Problem, Severity, Span

FOLDER = "build/zensical"
"""The project folder: pages, theme overrides, settings, Zensical's cache, and the site until it is finished."""
SETTINGS = "zensical.yml"
INDEX = "search.json"
"""An index for Zensical's own search, written even where that is off."""
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
_ISSUE = re.compile(r"(?:Warning|Error): (.{1,500})")
_PLACE = re.compile(r"\W{0,20}\[ (.{1,500}:\d{1,9}:\d{1,9}) \]")
_RAISED = re.compile(r"(?:[A-Za-z]{1,60}\.){0,9}[A-Z][A-Za-z]{0,60}(?:Error|Exception): (.+)")
_TEMPLATE = re.compile(r"(.{1,400}) \(in ([\w./-]{1,200}):(\d{1,6})\)")


def build(root: Path, pipeline: Pipeline, run: Run) -> tuple[Path, dict[str, float]]:
    """Build the site of a root into its `site_dir`; returns that and the seconds of the engine's stages.

    Raises ContentError for content and theme overrides that are wrong, EngineError where the engine refuses otherwise,
    ResourceError where the disk does. The site that stands gives way only to a finished one.
    """
    try:
        with exclusive(root):
            return _build(root, pipeline, run), {}
    except MkDocsException as error:
        raise refused(root, error, False, run.say) from None
    except OSError as error:
        raise resource_error(error.filename or root, error) from None


def _build(root: Path, pipeline: Pipeline, run: Run) -> Path:
    config = site_settings(root)
    settings = settings_of(config, config.plugins["mlguide"].config)
    # with one file for each address, a page's file stands beside it already
    settings = replace(settings, own_folders=settings.directories)
    site, folder = Path(config.site_dir), root / FOLDER
    fresh = folder / "site"
    check_place(root, site)
    folder.mkdir(parents=True, exist_ok=True)
    strict = run.strict or bool(config.strict)

    def make(built: Built, finish: Callable[[Path], None]) -> None:
        problems = [*settings_warnings(root), *built.problems]
        warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
        for problem in warnings:
            run.say(str(problem))
        if strict and warnings:
            run.say(f"error: {len(warnings)} warning(s), and the build is strict; nothing was built")
            raise EngineError
        shutil.rmtree(fresh, ignore_errors=True)
        _run(root, config, settings, strict, run.say)
        if "search" not in config.plugins and "material/search" not in config.plugins:
            (fresh / INDEX).unlink(missing_ok=True)
        finish(fresh)
        exchange(fresh, site, root / OLD)

    try:
        pipeline(root, settings, make, run.job(site, FOLDER))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return site


@stage("engine")
def _run(root: Path, config: MkDocsConfig, settings: Settings, strict: bool, say: Callable[[str], None]) -> None:
    features = [str(name) for name in config.theme.get("features") or ()]
    if not settings.site_url:
        # as in our plugin: pages are loaded in place only where the site's address is known
        features = [name for name in features if name != "navigation.instant"]
    text = zensical_settings(root, features, settings.site_licence)
    write_atomic(root / FOLDER / SETTINGS, text.encode())
    hearer = Hearer(say)
    # its cache knows nothing of versions, and of templates only when they were changed: each build begins afresh
    arguments = ["build", "--clean", "--config-file", str(root / FOLDER / SETTINGS), *(["--strict"] if strict else [])]
    status = run_module("zensical", arguments, root, hearer.hear, {"NO_COLOR": "1"})
    if status:
        raise hearer.failure(status)


class Hearer:
    """Takes the engine's lines: issues are passed on, each in one line, all else only tells how it ended."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._issue = ""
        self._last = ""
        self._raised = ""

    def hear(self, line: str) -> None:
        line = _COLOUR.sub("", line)
        if found := _ISSUE.match(line):
            self._issue = found[1]
        elif self._issue and (found := _PLACE.match(line)):
            self._say(f"warning: {found[1]}: {self._issue}")
            self._issue = ""
        elif found := _RAISED.match(line):
            self._raised = found[1]
        if line.strip():
            self._last = line.strip()

    def failure(self, status: int) -> ContentError | EngineError:
        """What the engine's end with a status is told as."""
        if found := _TEMPLATE.fullmatch(self._raised):
            message = f"this fails in the build: {found[1]}"
            remedy = "correct it, or remove it to have the packaged one back; Zensical knows filters, but no methods"
            return ContentError([Problem(f"templates/theme/{found[2]}", Span(int(found[3]), 1), message, remedy)])
        self._say(f"error: Zensical ended with status {status}: {self._raised or self._last}")
        return EngineError()
