"""What is logged while a page is made, kept so that it can be said again when the page needn't be made again."""

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from mkdocs_incremental.built import Message

LOGGER = "mkdocs"
"""The logger under which MkDocs and its plugins log, and whose warnings `strict` counts."""


class Ear(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, level: int = logging.NOTSET) -> None:
        super().__init__(level)
        self.heard: list[Message] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(Message(record.name, record.levelno, record.getMessage()))


@contextmanager
def diverted(into: list[Message]) -> Iterator[None]:
    """What is logged meanwhile goes into a list only, also where an error ends it."""
    logger, ear = logging.getLogger(LOGGER), Ear()
    handlers, propagates = logger.handlers[:], logger.propagate
    logger.handlers[:], logger.propagate = [ear], False
    try:
        yield
    finally:
        logger.handlers[:], logger.propagate = handlers, propagates
        into.extend(ear.heard)


@contextmanager
def overheard(level: int = logging.WARNING) -> Iterator[list[Message]]:
    """What is logged meanwhile, from a level on, is kept as well."""
    logger, ear = logging.getLogger(LOGGER), Ear(level)
    logger.addHandler(ear)
    try:
        yield ear.heard
    finally:
        logger.removeHandler(ear)


def say(messages: Iterable[Message]) -> None:
    """Log messages, as if for the first time."""
    for message in messages:
        logger = logging.getLogger(message.logger)
        if logger.isEnabledFor(message.level):
            logger.handle(logger.makeRecord(message.logger, message.level, "", 0, message.text, (), None))


def encode(messages: Iterable[Message]) -> str:
    """Messages as text; none as the empty text."""
    rows = [[message.logger, message.level, message.text] for message in messages]
    return json.dumps(rows, separators=(",", ":")) if rows else ""


def decode(text: str) -> tuple[Message, ...]:
    """Messages from their text."""
    return tuple(Message(*row) for row in json.loads(text)) if text else ()
