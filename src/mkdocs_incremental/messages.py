"""Log messages of MkDocs and its plugins: recorded while pages are read and rendered, and logged again later."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

LOGGER = "mkdocs"
"""The logger of MkDocs and its plugins, whose warnings `strict` counts."""


class Message(NamedTuple):
    """A logged line: name of the logger, level as in `logging`, text."""

    logger: str
    level: int
    text: str


class _Recorder(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.messages: list[Message] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(Message(record.name, record.levelno, record.getMessage()))


@contextmanager
def recorded() -> Iterator[list[Message]]:
    """Record warnings and errors while they are logged as usual."""
    logger, recorder = logging.getLogger(LOGGER), _Recorder(logging.WARNING)
    logger.addHandler(recorder)
    try:
        yield recorder.messages
    finally:
        logger.removeHandler(recorder)


@contextmanager
def diverted() -> Iterator[list[Message]]:
    """Record messages instead of logging them; if an error ends the block, they are logged."""
    logger, recorder = logging.getLogger(LOGGER), _Recorder(logging.NOTSET)
    handlers, propagates = logger.handlers[:], logger.propagate
    logger.handlers[:], logger.propagate = [recorder], False
    try:
        yield recorder.messages
    except BaseException:
        logger.handlers[:], logger.propagate = handlers, propagates
        replay(recorder.messages)
        raise
    logger.handlers[:], logger.propagate = handlers, propagates


def replay(messages: Iterable[Message]) -> None:
    """Log recorded messages."""
    for name, level, text in messages:
        logger = logging.getLogger(name)
        if logger.isEnabledFor(level):
            logger.handle(logger.makeRecord(name, level, "", 0, text, (), None))
