"""What an engine says and why it fails, told as the project tells everything: lines, and problems with their places."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import TemplateSyntaxError
from mkdocs.exceptions import Abort, MkDocsException

from mlguide_site import terminal
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, SiteError
from mlguide_site.files import resource_error
from mlguide_site.model import Span
from mlguide_site.site_settings import settings_problems

OWN_LOGGER = terminal.OWN_LOGGER


class EngineError(SiteError):
    """The engine refused; what it said was passed on already."""


class RefusedByDisk(ResourceError):
    """The disk stood in an engine's way; what it said was passed on already."""


class _Lines(logging.Handler):
    """Passes log records on as lines of text."""

    def __init__(self, say: Callable[[str], None], level: int) -> None:
        super().__init__(level)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        self._say(message if record.name == OWN_LOGGER else f"{record.levelname.lower()}: {message}")


@contextmanager
def listening(name: str, say: Callable[[str], None], level: int) -> Iterator[None]:
    """What the loggers below a name say meanwhile is passed on, from a level upwards."""
    logger, handler = logging.getLogger(name), _Lines(say, level)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def translated(root: Path, say: Callable[[str], None]) -> Iterator[None]:
    """What the engine, or a stage before it, raises meanwhile comes out as the project tells it: as SiteError, but for
    what is raised in code that is neither the root's nor foreseen."""
    try:
        yield
    except (Abort, MkDocsException) as error:
        raise refused(root, error, isinstance(error, Abort), say) from None
    except OSError as error:
        raise resource_error(error.filename or root, error) from None
    except Exception as error:
        # hooks, plugins and theme overrides are other people's code, and the engine lets through what they raise
        raise blame(root, error) or error from None


def refused(root: Path, error: Exception, said: bool, say: Callable[[str], None]) -> SiteError:
    """What the engine's refusal is told as: with its place in the settings where that is known. `said` where the engine
    has told already why it gives up; where the disk is at the bottom of it, it is the disk's."""
    faults = settings_faults(root)
    if faults and not said:
        return ContentError(faults)
    if not said:
        say(f"error: {error}")
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ResourceError):
        cause = cause.__cause__
    return RefusedByDisk() if cause else EngineError()


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
