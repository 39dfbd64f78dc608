"""Loads structured notes as examples: flattened bodies of real shows, labelled entries of the founding page, and notes
written for training.

The labels of the founding page are in `labels.json.gz`. Its texts are read from the page itself, whose path the caller
provides.
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
    """The start of a block in a flat text: its kind, and its words or the words of its label."""

    kind: int
    start: int
    end: int


class Example(NamedTuple):
    """A flat text with its blocks, and the original Markdown, or "" if unknown."""

    text: str
    blocks: tuple[Block, ...]
    body: str


def read_shows(folder: Path) -> dict[str, list[Example]]:
    """Return the flattened notes of each show. Notes with fewer than `MIN_WORDS` words are skipped."""
    shows = {}
    for show in sorted(path for path in folder.iterdir() if path.is_dir()):
        notes = [flatten(path.read_text("utf-8")) for path in sorted(show.glob("*.md"))]
        shows[show.name] = [note for note in notes if len(note.text.split()) >= MIN_WORDS]
    return shows


def flatten(body: str) -> Example:
    """Flatten a Markdown body as a directory does: remove markup, addresses and line breaks."""
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
    """Return the number of words in the label of an item, or 0 if it has no label."""
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
    """Return whether a line is one bold run without a colon at its end. Such a line also counts as a heading."""
    filled = [one for one in pieces if one.type != "text" or one.content]
    if len(filled) < 3 or filled[0].type != "strong_open" or filled[-1].type != "strong_close":
        return False
    return not _text(filled).rstrip().endswith(":") and sum(one.type == "strong_open" for one in filled) == 1


def read_labelled(page: Path) -> dict[str, list[Example]]:
    """Return the labelled entries of the founding page by part: `development`, `measuring`, `rest`."""
    labels = json.loads(gzip.decompress(LABELS.read_bytes()))
    notes = (" ".join(text for _, text in entry.notes) for entry in parse_page(page.read_text("utf-8")).entries)
    texts = [" ".join(text.split()) for text in notes]
    digests = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    return {
        part: [
            Example(digests[digest], tuple(_labelled(places, len(digests[digest].split()))), "")
            for digest, places in sorted(notes.items())
        ]
        for part, notes in labels.items()
    }


def _labelled(places: Sequence[tuple[int, int, str]], size: int) -> Iterable[Block]:
    """Return the blocks at labelled places. A paragraph begins after a heading if no other block does."""
    starts = {at for at, _, _ in places}
    if 0 not in starts:
        yield Block(PARAGRAPH, 0, min(starts, default=size))
    for at, count, kind in places:
        yield Block(_KINDS[kind], at, at + count)
        if kind == "heading" and at + count < size and at + count not in starts:
            yield Block(PARAGRAPH, at + count, at + count + 1)


def read_written() -> list[Example]:
    """Return the notes that were written for training, in the style of the founding page."""
    return [flatten(body) for body in json.loads(lzma.decompress(WRITTEN.read_bytes()))]


def evenly(notes: Sequence[Example], most: int) -> list[Example]:
    """Return at most this many notes, evenly spread."""
    count = len(notes)
    return list(notes) if count <= most else [notes[(2 * at + 1) * count // (2 * most)] for at in range(most)]
