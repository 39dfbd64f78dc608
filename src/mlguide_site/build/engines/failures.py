"""Forwards an engine's log messages, and converts the engine's exceptions to SiteError."""

import logging
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from jinja2 import TemplateNotFound
from mkdocs.exceptions import Abort, MkDocsException

from mlguide_site.content.files import resource_error
from mlguide_site.content.resources import OWN_MAIN
from mlguide_site.content.site_settings import PATH, read_settings
from mlguide_site.errors import OWN_LOGGER, PACKAGED, Problem, ResourceError, SiteError, Span, content_error, visible
from mlguide_site.model.slugs import PAGES

_ANCHOR = re.compile(r"Doc file '(.+)' contains a link '(.+)', but the doc '(.+)' does not contain an anchor")


class EngineError(SiteError):
    """The engine failed, and the causes have already been printed."""


class _Lines(logging.Handler):
    def __init__(self, say: Callable[[str], None], level: int, root: Path) -> None:
        super().__init__(level)
        self._say, self._root = say, root

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if (found := _ANCHOR.match(message)) and (problem := _broken_anchor(self._root, *found.groups())):
            self._say(f"{problem} [warning]")
            return
        self._say(message if record.name == OWN_LOGGER else f"{record.levelname.lower()}: {' '.join(message.split())}")


def _broken_anchor(root: Path, page: str, href: str, target: str) -> Problem | None:
    """Return the problem of a link to a missing heading, with its place in the note or page that the user wrote."""
    end = href.rpartition("/")[2]
    for path in (f"{PAGES}{page}", page):
        if (root / path).is_file() and not (root / path).is_symlink():
            for number, line in enumerate((root / path).read_text("utf-8", "replace").splitlines(), 1):
                if (column := line.find(end)) >= 0:
                    remedy = f"write the anchor of a heading of the page {target}, or remove the anchor"
                    return Problem(path, Span(number, column + 1), f'broken anchor "{href}"', remedy)
    return None


@contextmanager
def listening(name: str, say: Callable[[str], None], level: int, root: Path) -> Iterator[None]:
    """Forward log records at `level` or above from a logger and its child loggers."""
    logger, handler = logging.getLogger(name), _Lines(say, level, root)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def translated(root: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Convert exceptions to SiteError, but unexpected ones only if a hook or theme override in the root raised them."""
    try:
        yield
    except SiteError:
        raise
    except (Abort, MkDocsException) as error:
        raise refused(error, say) from None
    except TemplateNotFound as error:  # a subclass of OSError, so this clause comes first
        missing = str(error.name)
        name = PurePosixPath(missing).stem
        lines = (root / PATH).read_text("utf-8", "replace").splitlines()
        if (line := next((number for number, text in enumerate(lines, 1) if name in text), None)) is None:
            raise diagnose(root, error) or EngineError() from None
        message = f'the theme has no file "{visible(missing)[:200]}"'
        raise content_error(PATH, message, "correct the name of the icon or service", Span(line)) from None
    except OSError as error:
        raise resource_error(error.filename or root, error) from None
    except Exception as error:
        # the engine doesn't catch exceptions of hooks, plugins and theme overrides
        raise diagnose(root, error) or error from None


def refused(error: Exception, say: Callable[[str], None]) -> SiteError:
    """Return the SiteError for an engine's exception: a ResourceError if the disk failed, or else an EngineError.
    The SiteError has no message, because the reason has been printed."""
    if not isinstance(error, Abort):  # the engine has already logged the reason for an Abort
        say(f"error: {' '.join(str(error).split())}")
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ResourceError):
        cause = cause.__cause__
    return ResourceError() if cause else EngineError()


def diagnose(root: Path, error: Exception) -> SiteError | None:
    """If a hook or theme override in the root raised the exception, return an error with the position in that file."""
    own = Path(__file__).parents[2]
    frames = [(Path(frame.filename), frame.lineno or 1) for frame in traceback.extract_tb(error.__traceback__)]
    if file := getattr(error, "filename", None):
        frames.append((Path(str(file)), getattr(error, "lineno", None) or 1))  # a template's syntax error
    found = [
        (_source(root, path.relative_to(root).as_posix()), line)
        for path, line in frames
        if path.is_relative_to(root) and not path.is_relative_to(own) and "site-packages" not in path.parts
    ]
    if not found:
        return None
    place, line = found[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    instead = "remove it from mkdocs.yml" if place.endswith(".py") else "remove it to use the packaged one"
    return broken(root, place, line, what, f"correct it, or {instead}")


def _source(root: Path, path: str) -> str:
    """Return the path of the file from which a file in `build/theme/` was made, relative to the root."""
    made = "build/theme/"
    if not path.startswith(made):
        return path
    name = path.removeprefix(made).replace(OWN_MAIN, "main.html")
    theme = read_settings(root)[0].value.get("theme")
    other = f"{theme.get('custom_dir')}/{name}" if isinstance(theme, Mapping) else ""
    return other if (root / other).is_file() and not other.startswith(made) else f"templates/theme/{name}"


def broken(root: Path, place: str, line: int, what: str, remedy: str) -> SiteError:
    """Return the error for a file that makes the build fail. `remedy` is for a file in the root, not a packaged one."""
    remedy = remedy if (root / place).exists() else PACKAGED
    return content_error(place, f"this file makes the build fail: {what}", remedy, Span(line))
