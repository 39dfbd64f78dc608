"""Diagnoses why an engine failed: the settings, a hook, a theme override or the disk, with the place."""

import traceback
from collections.abc import Callable
from pathlib import Path

from jinja2 import TemplateSyntaxError
from mkdocs.exceptions import Abort, MkDocsException

from mlguide_site.content.files import resource_error
from mlguide_site.content.site_settings import settings_problems
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, SiteError, Span, one_line


class EngineError(SiteError):
    """The engine failed; its messages were passed on already."""


class RefusedByDisk(ResourceError):
    """The disk refused; the engine's messages were passed on already."""


def as_site_error(root: Path, error: Exception, say: Callable[[str], None]) -> SiteError | None:
    """What the engine, or a stage before it, raised as an error of ours; None for unexpected errors in code that is not
    the root's."""
    if isinstance(error, (Abort, MkDocsException)):
        return refused(root, error, isinstance(error, Abort), say)
    if isinstance(error, OSError):
        return resource_error(error.filename or root, error)
    # the engine lets through what hooks, plugins and theme overrides raise
    return diagnose(root, error)


def refused(root: Path, error: Exception, is_reported: bool, say: Callable[[str], None]) -> SiteError:
    """The engine's refusal, with its place in the settings where that is known. `is_reported` where the engine has
    already logged why; a refusal that the disk has caused is the disk's."""
    faults = settings_faults(root)
    if faults and not is_reported:
        return ContentError(faults)
    if not is_reported:
        say(f"error: {one_line(str(error))}")
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ResourceError):
        cause = cause.__cause__
    return RefusedByDisk() if cause else EngineError()


def diagnose(root: Path, error: Exception) -> SiteError | None:
    """An error raised in a hook or a theme override of the root as a problem with its place; else what is wrong with
    the settings; None where it is neither."""
    found: tuple[str, int] | None = None
    own = Path(__file__).parents[2]
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(root) and not path.is_relative_to(own) and "site-packages" not in path.parts:
            place = path.relative_to(root).as_posix()
            found = place.replace("build/theme/", "templates/theme/", 1), frame.lineno or 1
    if isinstance(error, TemplateSyntaxError) and (error.filename or "").startswith(str(root / "build/theme")):
        found = Path(str(error.filename)).relative_to(root / "build/theme").as_posix(), error.lineno
        found = f"templates/theme/{found[0]}", found[1]
    if found is None:
        faults = settings_faults(root)
        return ContentError(faults) if faults else None
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    remedy = "correct it, or remove it to have the packaged one back"
    if found[0].endswith(".py"):
        remedy = "correct it, or take it out of mkdocs.yml"
    return ContentError([Problem(found[0], Span(found[1], 1), f"this fails in the build: {what}", remedy)])


def settings_faults(root: Path) -> list[Problem]:
    """What is wrong with a root's `mkdocs.yml`, as far as it can be known without the engine. Raises ResourceError."""
    return [problem for problem in settings_problems(root) if problem.severity is Severity.ERROR]
