"""Passes on what an engine logs, and turns what it raises into errors of ours."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mlguide_site import errors as terminal

OWN_LOGGER = terminal.OWN_LOGGER


class _Lines(logging.Handler):
    """Passes log records on as lines of text."""

    def __init__(self, say: Callable[[str], None], level: int) -> None:
        super().__init__(level)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        self._say(message if record.name == OWN_LOGGER else f"{record.levelname.lower()}: {terminal.one_line(message)}")


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
    except Exception as error:
        # imported only now: with it comes much that a build without a fault doesn't need
        from mlguide_site.build.engines.diagnosis import as_site_error  # noqa: PLC0415

        raise as_site_error(root, error, say) or error from None
