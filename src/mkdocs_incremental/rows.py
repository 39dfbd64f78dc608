"""What is remembered of a page."""

from collections.abc import Iterable
from typing import NamedTuple


class Made(NamedTuple):
    """A page populated: read and turned into HTML that stands in no template yet."""

    path: str
    """Of its source in the folder of sources, with forward slashes."""
    source: str
    """The mark of its source file; empty where a plugin gave the text."""
    digest: str
    """Of the bytes of its source."""
    facts: str
    """Where it comes to stand: path in the site, address, whether it is a draft or the like."""
    files: str
    """Paths that were looked up among the files, one a line."""
    state: str
    """Title, front matter, table of contents and anchors, as JSON."""
    links: str
    """Links to anchors that may be missing, as JSON: path, anchor, the link as written."""
    messages: str
    """What was logged."""
    lasting: bool
    """Whether it may be taken from here while its source stays the same."""


class Drawn(NamedTuple):
    """A page rendered: what stands in the site."""

    output: str
    """The digest of its bytes; empty where the template gave none and no file is written."""
    reads: str
    """What the templates read of other pages and of the whole, one a line."""
    given: str
    """The digest of what plugins gave its template from other pages."""
    taken: str
    """What plugins took from it, as JSON."""
    messages: str
    """What was logged."""


class Row(NamedTuple):
    """A page."""

    made: Made
    drawn: Drawn
    anchors: str
    """What checking its links to anchors logged."""

    @property
    def path(self) -> str:
        """Of its source."""
        return self.made.path


def lines(text: str) -> Iterable[str]:
    """The lines of a text; of the empty text, none."""
    return text.split("\n") if text else ()
