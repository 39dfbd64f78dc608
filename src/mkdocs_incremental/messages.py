"""Records log messages of MkDocs and its plugins while pages are read and rendered, and replays the messages later."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

LOGGER = "mkdocs"  # the logger of MkDocs and its plugins; a warning from this logger fails a strict build


class Message(NamedTuple):
    """A log message: the name of the logger, the level as in `logging`, and the text."""

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
    """Record all warnings and errors, and log them as usual."""
    logger, recorder = logging.getLogger(LOGGER), _Recorder(logging.WARNING)
    logger.addHandler(recorder)
    try:
        yield recorder.messages
    finally:
        logger.removeHandler(recorder)


@contextmanager
def diverted() -> Iterator[list[Message]]:
    """Record messages instead of logging them, but log the recorded messages if an exception ends the `with` block."""
    logger, recorder = logging.getLogger(LOGGER), _Recorder(logging.NOTSET)
    handlers, propagates = logger.handlers[:], logger.propagate
    logger.handlers[:], logger.propagate = [recorder], False
    unlogged = recorder.messages
    try:
        yield recorder.messages
        unlogged = []
    finally:
        logger.handlers[:], logger.propagate = handlers, propagates
        replay(unlogged)


def replay(messages: Iterable[Message]) -> None:
    """Log recorded messages."""
    for name, level, text in messages:
        logging.getLogger(name).log(level, text)
