"""What a build returns, what the cache keeps of each page, and the log messages that belong to it."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

LOGGER = "mkdocs"
"""The logger of MkDocs and its plugins, whose warnings `strict` counts."""


class Message(NamedTuple):
    """A logged line: name of the logger, level as in `logging`, text."""

    logger: str
    level: int
    text: str


@dataclass(frozen=True)
class BuildResult:
    """A finished build."""

    site: Path
    full: bool
    """Whether every page was rendered."""
    reason: str
    """Why every page was rendered, in one line; empty after an incremental build."""
    written: frozenset[str]
    """Paths in the site of the files that were written, with forward slashes."""
    removed: frozenset[str]
    """Paths in the site of files of the last build that are no longer made."""
    messages: tuple[Message, ...]
    """Every warning and error, those of unchanged pages included, in MkDocs' order."""
    seconds: Mapping[str, float]
    """Seconds by stage."""


class PageRecord(NamedTuple):
    """What the cache keeps of one page: plain text, so nothing in it is ever run."""

    path: str
    """Of the source in `docs_dir`, with forward slashes."""
    signature: str
    """Of the source file; empty where a plugin generated the text."""
    digest: str
    """Of the bytes of the source."""
    target: str
    """Path in the site, address, inclusion level and edit address; see `target_of`."""
    lookups: str
    """Paths that were looked up among the files, one a line."""
    title: str
    """As JSON."""
    meta: str
    """The front matter as JSON; empty where JSON can't express it."""
    anchors: str
    """The anchors of the page, as JSON."""
    links: str
    """Links to anchors that may be missing, as JSON: path, anchor, link as written."""
    reusable: bool
    """Whether the page need not be read again while its source and what it looked up stay the same."""
    messages: str = ""
    """Messages logged while the page was read; see `encode`."""
    is_empty: bool = False
    """Whether the template rendered nothing, so that no file is written."""
    reads: str = ""
    """What its template read of other pages and of the site, one a line; see `tracking`."""
    entries: str = ""
    """What it adds to search indexes, as JSON."""
    render_messages: str = ""
    anchor_messages: str = ""

    @property
    def output(self) -> str:
        """The path of the page in the site."""
        return self.target.split("|", 1)[0]


class _Recorder(logging.Handler):
    def __init__(self, level: int = logging.NOTSET) -> None:
        super().__init__(level)
        self.messages: list[Message] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(Message(record.name, record.levelno, record.getMessage()))


@contextmanager
def recorded(level: int = logging.WARNING) -> Iterator[list[Message]]:
    """Record messages while they are logged as usual."""
    logger, recorder = logging.getLogger(LOGGER), _Recorder(level)
    logger.addHandler(recorder)
    try:
        yield recorder.messages
    finally:
        logger.removeHandler(recorder)


@contextmanager
def diverted() -> Iterator[list[Message]]:
    """Record messages instead of logging them; where an error ends the block, they are logged after all."""
    logger, recorder = logging.getLogger(LOGGER), _Recorder()
    handlers, propagates = logger.handlers[:], logger.propagate
    logger.handlers[:], logger.propagate = [recorder], False
    failed = True
    try:
        yield recorder.messages
        failed = False
    finally:
        logger.handlers[:], logger.propagate = handlers, propagates
        if failed:
            replay(recorder.messages)


def replay(messages: Iterable[Message]) -> None:
    """Log recorded messages."""
    for message in messages:
        logger = logging.getLogger(message.logger)
        if logger.isEnabledFor(message.level):
            logger.handle(logger.makeRecord(message.logger, message.level, "", 0, message.text, (), None))


def encode(messages: Iterable[Message]) -> str:
    """Messages as JSON; the empty text for none."""
    rows = list(messages)
    return json.dumps(rows, separators=(",", ":")) if rows else ""


def decode(text: str) -> tuple[Message, ...]:
    """Messages from what `encode` returned."""
    return tuple(Message(*row) for row in json.loads(text)) if text else ()
