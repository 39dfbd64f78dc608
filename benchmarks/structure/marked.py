"""Hand-labelled notes: as flat texts with what begins in them, to measure on, and as blocks, to learn from."""

from benchmarks.structure.labelling import read_labels
from benchmarks.structure.sources import read_notes
from mlguide_site.recovery.lattice import BODY, HEADING, ITEM, LABEL, PARAGRAPH
from mlguide_site.recovery.notes import Blocks
from mlguide_site.recovery.recovery import Place
from mlguide_site.recovery.words import tokenize

KINDS = {"heading": HEADING, "label": LABEL, "paragraph": PARAGRAPH, "item": ITEM}
Marked = tuple[str, frozenset[Place]]
"""A flat text and what begins in it."""


def labelled(part: str) -> list[Marked]:
    """The hand-labelled notes of a part."""
    labels = read_labels(part)
    found = []
    for note in read_notes():
        if note.part == part and note.digest in labels:
            index = {token.start: at for at, token in enumerate(tokenize(note.text))}
            starts, offset = [], 0
            for word in note.text.split():
                starts.append(offset)
                offset += len(word) + 1
            places = set()
            for first, size, kind in labels[note.digest]:
                # literal marks are no tokens of the text
                size = sum(starts[at] in index for at in range(first, first + size))
                places.add(Place(index[starts[first]], size, kind))
            found.append((note.text, frozenset(places)))
    return found


def blocks_of(marked: Marked) -> Blocks:
    """The blocks of a labelled note; what nothing begins before is a paragraph, or the text of its label."""
    text, places = marked
    words = [token.text for token in tokenize(text)]
    ordered = sorted(places)
    ends = [place.offset for place in ordered[1:]] + [len(words)]
    blocks: Blocks = []
    if ordered and ordered[0].offset:
        blocks.append((PARAGRAPH, " ".join(words[: ordered[0].offset])))
    for place, end in zip(ordered, ends, strict=True):
        kind, start = KINDS[place.kind], place.offset
        if kind in (HEADING, LABEL):
            blocks.append((kind, " ".join(words[start : start + place.size])))
            start, kind = start + place.size, BODY if kind == LABEL else PARAGRAPH
        if start < end:
            blocks.append((kind, " ".join(words[start:end])))
    return blocks
