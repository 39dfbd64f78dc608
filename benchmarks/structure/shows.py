"""Structured notes as examples: bodies of real shows, flattened here; the founding page's labelled entries; and notes
that were written for learning.

The labels of the founding page are in `labels.json.gz`; its texts are read from the page itself, which a caller names.
"""

import gzip
import hashlib
import json
import lzma
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token as Piece

from mlguide_site.importers.directory import parse_page
from mlguide_site.recovery.features import MAX_LABEL
from mlguide_site.recovery.markdown import HEADING, ITEM, LABEL, PARAGRAPH
from mlguide_site.recovery.tokens import ends_colon, ends_sentence

LABELS = Path(__file__).parent / "labels.json.gz"
WRITTEN = Path(__file__).parent / "written.json.xz"
MIN_WORDS = 60
_MARKDOWN = MarkdownIt("commonmark")
_KINDS = {"heading": HEADING, "item": ITEM, "label": LABEL, "paragraph": PARAGRAPH}


class Block(NamedTuple):
    """What begins in a flat text: its kind, and the white-space separated words of it, or of its label."""

    kind: int
    start: int
    end: int


class Example(NamedTuple):
    """A flat text with its blocks, and the Markdown that it was made of ("" where that is unknown)."""

    text: str
    blocks: tuple[Block, ...]
    body: str


def read_shows(folder: Path) -> dict[str, list[Example]]:
    """The notes of each show, flattened; those with fewer than `MIN_WORDS` words are left out."""
    shows = {}
    for show in sorted(path for path in folder.iterdir() if path.is_dir()):
        notes = [flatten(path.read_text("utf-8")) for path in sorted(show.glob("*.md"))]
        shows[show.name] = [note for note in notes if len(note.text.split()) >= MIN_WORDS]
    return shows


def flatten(body: str) -> Example:
    """A Markdown body as a directory shows it: without markup, addresses and line ends."""
    plain = re.sub(r"<[A-Za-z/!][^>]*>", " ", re.sub(r"^(?:export|import) .*$", "", body, flags=re.M))
    words: list[str] = []
    blocks: list[Block] = []
    kind = PARAGRAPH
    for token in _MARKDOWN.parse(plain):
        if token.type in ("list_item_open", "heading_open"):
            kind = ITEM if token.type == "list_item_open" else HEADING
        elif token.type in ("inline", "fence", "code_block"):
            own = (_text(token.children or ()) if token.type == "inline" else token.content).split()
            if kind == PARAGRAPH and token.type == "inline" and _is_bold(token.children or ()):
                kind = HEADING
            if own:
                size = _label(own) if kind == ITEM else 0
                blocks.append(Block(LABEL if size else kind, len(words), len(words) + (size or len(own))))
                words += own
            kind = PARAGRAPH
    return Example(" ".join(words), tuple(blocks), body)


def _label(words: Sequence[str]) -> int:
    """How many words the label of an item has; 0 where it has none."""
    for at, word in enumerate(words[:MAX_LABEL]):
        if ends_colon(word):
            return at + 1
        if ends_sentence(word):
            return 0
    return 0


def _text(pieces: Iterable[Piece]) -> str:
    shown = {"softbreak": " ", "hardbreak": " "}
    return "".join(one.content if one.type in ("text", "code_inline") else shown.get(one.type, "") for one in pieces)


def _is_bold(pieces: Sequence[Piece]) -> bool:
    """Whether a line is one bold run without a colon at its end, which is a heading too."""
    filled = [one for one in pieces if one.type != "text" or one.content]
    if len(filled) < 3 or filled[0].type != "strong_open" or filled[-1].type != "strong_close":
        return False
    return not _text(filled).rstrip().endswith(":") and sum(one.type == "strong_open" for one in filled) == 1


def read_labelled(page: Path) -> dict[str, list[Example]]:
    """The labelled entries of the founding page by part: `development`, `measuring`, `rest`."""
    labels = json.loads(gzip.decompress(LABELS.read_bytes()))
    texts = [" ".join(" ".join(entry.texts).split()) for entry in parse_page(page.read_text("utf-8")).entries]
    digests = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    return {
        part: [
            Example(digests[digest], tuple(_labelled(places, len(digests[digest].split()))), "")
            for digest, places in sorted(notes.items())
        ]
        for part, notes in labels.items()
    }


def _labelled(places: Sequence[tuple[int, int, str]], size: int) -> Iterable[Block]:
    """The blocks of labelled places, and the paragraph that begins behind a heading where nothing else does."""
    starts = {at for at, _, _ in places}
    if 0 not in starts:
        yield Block(PARAGRAPH, 0, min(starts, default=size))
    for at, count, kind in places:
        yield Block(_KINDS[kind], at, at + count)
        if kind == "heading" and at + count < size and at + count not in starts:
            yield Block(PARAGRAPH, at + count, at + count + 1)


def read_written() -> list[Example]:
    """Notes that were written for learning, in the manner of the founding page."""
    return [flatten(body) for body in json.loads(lzma.decompress(WRITTEN.read_bytes()))]


def evenly(notes: Sequence[Example], most: int) -> list[Example]:
    """At most so many notes, evenly spread."""
    count = len(notes)
    return list(notes) if count <= most else [notes[(2 * at + 1) * count // (2 * most)] for at in range(most)]
