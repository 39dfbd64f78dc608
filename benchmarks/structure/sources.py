"""The notes of the founding directory page, split into three thirds: development, measuring and the rest.

The split is fixed by this rule: the entries of each series (the letters before the number in the title) are put in
the order of the SHA-256 digests of their titles, and dealt in turn to `development`, `measuring` and `rest`. Nothing
is tuned on `measuring`. Where the page isn't beside the checkout, there are no entries.
"""

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from mlguide_site.importers.directory_page import parse_page

PAGE = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "000_4d1c88396ec92ff9.txt"
PARTS = ("development", "measuring", "rest")
_GLUED = re.compile(r"^S\d+ Ep \d+")


class Note(NamedTuple):
    """One entry's notes: the part it belongs to, its title, its text as one line, and the digest of that text."""

    part: str
    title: str
    text: str
    digest: str


def digest_of(text: str) -> str:
    """SHA-256 of a text whose runs of white space are single blanks, as hexadecimal digits."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def read_notes(page: Path = PAGE) -> list[Note]:
    """The page's notes with their parts, sorted by title; empty where the page is absent."""
    if not page.exists():
        return []
    series: dict[str, list[tuple[str, str, str]]] = {}
    for entry in parse_page(page.read_text("utf-8")).entries:
        title = _GLUED.sub("", entry.title)
        order = hashlib.sha256(title.encode()).hexdigest()
        series.setdefault(title.split()[0], []).append((order, title, " ".join(" ".join(entry.texts).split())))
    notes = []
    for entries in series.values():
        for at, (_, title, text) in enumerate(sorted(entries)):
            notes.append(Note(PARTS[at % len(PARTS)], title, text, digest_of(text)))
    return sorted(notes, key=lambda note: note.title)
