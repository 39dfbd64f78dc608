"""Passes on an engine's log, and turns its exceptions into our errors, with the place: settings, a hook, a theme
override or the disk."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.exceptions import Abort, MkDocsException

from mlguide_site.content.files import resource_error
from mlguide_site.content.site_settings import settings_problems
from mlguide_site.errors import OWN_LOGGER, ContentError, Problem, ResourceError, Severity, SiteError, Span


class EngineError(SiteError):
    """The engine failed; its messages were passed on already."""


class RefusedByDisk(ResourceError):
    """The disk failed; the engine's messages were passed on already."""


class _Lines(logging.Handler):
    """Passes log records on as lines of text."""

    def __init__(self, say: Callable[[str], None], level: int) -> None:
        super().__init__(level)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        self._say(message if record.name == OWN_LOGGER else f"{record.levelname.lower()}: {' '.join(message.split())}")


@contextmanager
def listening(name: str, say: Callable[[str], None], level: int) -> Iterator[None]:
    """Context manager: pass on the records of the loggers below a name, from a level upwards."""
    logger, handler = logging.getLogger(name), _Lines(say, level)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def translated(root: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Context manager: turn exceptions of the engine, or of a stage before it, into SiteError; unexpected errors
    outside the root's code are passed through."""
    try:
        yield
    except SiteError:
        raise
    except (Abort, MkDocsException) as error:
        raise refused(root, error, say) from None
    except OSError as error:
        raise resource_error(error.filename or root, error) from None
    except Exception as error:
        # the engine doesn't catch exceptions of hooks, plugins and theme overrides
        raise diagnose(root, error) or error from None


def refused(root: Path, error: Exception, say: Callable[[str], None]) -> SiteError:
    """The engine's error, with its place in the settings if that is known; an error that the disk caused is a
    ResourceError."""
    if not isinstance(error, Abort):  # which the engine has explained already
        if faults := settings_faults(root):
            return ContentError(faults)
        say(f"error: {' '.join(str(error).split())}")
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ResourceError):
        cause = cause.__cause__
    return RefusedByDisk() if cause else EngineError()


def diagnose(root: Path, error: Exception) -> SiteError | None:
    """An error raised in a hook or a theme override of the root as a problem with its place; else the problems of the
    settings; None if it is neither."""
    own = Path(__file__).parents[2]
    frames = [(Path(frame.filename), frame.lineno or 1) for frame in traceback.extract_tb(error.__traceback__)]
    if file := getattr(error, "filename", None):
        frames.append((Path(str(file)), getattr(error, "lineno", None) or 1))  # a template that can't be parsed
    found = [
        (path.relative_to(root).as_posix().replace("build/theme/", "templates/theme/", 1), line)
        for path, line in frames
        if path.is_relative_to(root) and not path.is_relative_to(own) and "site-packages" not in path.parts
    ]
    if not found:
        faults = settings_faults(root)
        return ContentError(faults) if faults else None
    place, line = found[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    instead = "remove it from mkdocs.yml" if place.endswith(".py") else "remove it to have the packaged one back"
    message, remedy = f"this fails in the build: {what}", f"correct it, or {instead}"
    return ContentError([Problem(place, Span(line, 1), message, remedy)])


def settings_faults(root: Path) -> list[Problem]:
    """The problems of a root's `mkdocs.yml` that can be found without the engine. Raises ResourceError."""
    return [problem for problem in settings_problems(root) if problem.severity is Severity.ERROR]
