"""Passes on what an engine logs, and turns what it raises into errors of ours: the settings, a hook, a theme override
or the disk, with the place."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.exceptions import Abort, MkDocsException

from mlguide_site.content.files import resource_error
from mlguide_site.content.site_settings import settings_problems
from mlguide_site.errors import (
    OWN_LOGGER,
    ContentError,
    Problem,
    ResourceError,
    Severity,
    SiteError,
    Span,
)


class EngineError(SiteError):
    """The engine failed; its messages were passed on already."""


class RefusedByDisk(ResourceError):
    """The disk refused; the engine's messages were passed on already."""


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
    """Pass on what the loggers below a name log meanwhile, from a level upwards."""
    logger, handler = logging.getLogger(name), _Lines(say, level)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def translated(root: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Raise what the engine, or a stage before it, raises meanwhile as SiteError; unexpected errors in code that is not
    the root's stay as they are."""
    try:
        yield
    except SiteError:
        raise
    except (Abort, MkDocsException) as error:
        raise refused(root, error, say) from None
    except OSError as error:
        raise resource_error(error.filename or root, error) from None
    except Exception as error:
        # the engine lets through what hooks, plugins and theme overrides raise
        raise diagnose(root, error) or error from None


def refused(root: Path, error: Exception, say: Callable[[str], None]) -> SiteError:
    """The engine's refusal, with its place in the settings where that is known; a refusal that the disk has caused is
    the disk's."""
    if not isinstance(error, Abort):  # which the engine has explained already
        if faults := settings_faults(root):
            return ContentError(faults)
        say(f"error: {' '.join(str(error).split())}")
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ResourceError):
        cause = cause.__cause__
    return RefusedByDisk() if cause else EngineError()


def diagnose(root: Path, error: Exception) -> SiteError | None:
    """An error raised in a hook or a theme override of the root as a problem with its place; else what is wrong with
    the settings; None if it is neither."""
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
    instead = "take it out of mkdocs.yml" if place.endswith(".py") else "remove it to have the packaged one back"
    message, remedy = f"this fails in the build: {what}", f"correct it, or {instead}"
    return ContentError([Problem(place, Span(line, 1), message, remedy)])


def settings_faults(root: Path) -> list[Problem]:
    """What is wrong with a root's `mkdocs.yml`, as far as it can be known without the engine. Raises ResourceError."""
    return [problem for problem in settings_problems(root) if problem.severity is Severity.ERROR]
