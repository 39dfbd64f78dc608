"""What the encoder learns from: notes as the pieces of their words, and what begins at each.

These are the notes that the segment weights learn from (`train`): labelled ones, those of `material/notes` and
`material/alike`, and generated ones.
"""

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.structure import train
from benchmarks.structure.cross_validate import FOLDS
from benchmarks.structure.flatten import flat_example
from benchmarks.structure.generate import Block
from benchmarks.structure.generate import notes as generated
from benchmarks.structure.marked import blocks_of
from mlguide_site.recovery.encoder import WINDOW
from mlguide_site.recovery.notes import Blocks
from mlguide_site.recovery.pieces import BEGIN, END, UNKNOWN, pieces_of
from mlguide_site.recovery.words import Token, tokenize

LEARNING = ("pieces", "words", "encoder_data")
CODE = ("encoder_notes", "train_encoder")
PIECES = 14_000
"""How many pieces are known, if not more: those that the notes have more than once, and the most frequent ones of the
base."""
GENERATED, SEED = 225, 7
LABELLED = 8
"""How often a labelled note is read in a pass."""
LINES = 0.2
"""In this share of notes some blocks begin on a line of their own."""
OVERLAP = 16
FEWEST = 20
"""Shorter ends of notes are not read."""


class Note(NamedTuple):
    """A flat note: its tokens, and for each the class of what begins there."""

    tokens: list[Token]
    classes: list[int]


class Window(NamedTuple):
    """What is read at once: pieces, their looks, and the class at each first piece of a word, -1 elsewhere."""

    numbers: list[int]
    looks: list[int]
    classes: list[int]


def digest() -> bytes:
    """SHA-256 of all that the encoder depends on: the material, and the code that generates, reads and learns."""
    code = [Path(__file__).with_name(f"{name}.py") for name in CODE]
    return train.digest_of([*code, *(train.PACKAGE / f"{name}.py" for name in LEARNING)])


def note_of(blocks: Blocks) -> Note | None:
    """The flat note of blocks; None where a block begins with what is no token."""
    text, offsets = "", []
    for _, words in blocks:
        text += " " if text else ""
        offsets.append(len(text))
        text += words
    tokens = tokenize(text)
    index = {token.start: at for at, token in enumerate(tokens)}
    classes = [0] * len(tokens)
    for offset, (kind, _) in zip(offsets, blocks, strict=True):
        if offset not in index:
            return None
        classes[index[offset]] = kind + 1
    return Note(tokens, classes)


def marked_note(seed: random.Random, blocks: Sequence[Block]) -> Note:
    """A generated note; one in twenty has literal marks."""
    tokens, segments = flat_example(blocks, seed if seed.random() < 0.05 else None)
    classes = [0] * len(tokens)
    for start, _, kind in segments:
        classes[start] = kind + 1
    return Note(tokens, classes)


def notes(fold: int | None) -> list[tuple[Note, int]]:
    """What is learnt from, each with how often it is read in a pass; without a fold of the labelled notes."""
    known = train.known()
    without = set() if fold is None else set(range(fold, len(known), FOLDS))
    signs = random.Random(SEED)
    found = [(note_of(blocks_of(note)), LABELLED) for at, note in enumerate(known) if at not in without]
    for folder in sorted(train.WHOLE):
        found += [(note_of(blocks), 1) for blocks in train.written(folder, without)]
    found += [(marked_note(signs, blocks), 1) for blocks in generated(GENERATED, SEED) if blocks]
    return [(note, count) for note, count in found if note]


def vocabulary_of(all_notes: Sequence[tuple[Note, int]], base: Sequence[str]) -> list[str]:
    """The pieces that are kept of the base: the special ones first."""
    numbers = {piece: at for at, piece in enumerate(base)}
    used = Counter(number for note, _ in all_notes for number in pieces_of(note.tokens, numbers).numbers)
    letters = {at for at, piece in enumerate(base) if len(piece.removeprefix("##")) == 1 and ord(piece[-1]) < 0x250}
    special = [numbers[BEGIN], numbers[END], numbers[UNKNOWN]]
    kept = ({at for at, count in used.items() if count > 1} | letters) - set(special)
    frequent = (at for at, piece in enumerate(base) if at not in kept and not piece.startswith("["))
    kept |= set(itertools.islice(frequent, max(0, PIECES - len(kept) - len(special))))
    return [base[at] for at in [*special, *sorted(kept)]]


def windows(all_notes: Sequence[tuple[Note, int]], vocabulary: Sequence[str], seed: random.Random) -> Iterator[Window]:
    """The windows of one pass, begun at random."""
    known = {piece: at for at, piece in enumerate(vocabulary)}
    for note, count in all_notes:
        for _ in range(count):
            tokens = note.tokens
            if seed.random() < LINES:
                tokens = [
                    token._replace(hard=token.hard or (at > 0 and kind > 0 and seed.random() < 0.5))
                    for at, (token, kind) in enumerate(zip(tokens, note.classes, strict=True))
                ]
            pieces = pieces_of(tokens, known)
            size = len(pieces.numbers)
            classes = [-1] * size
            for first, kind in zip(pieces.firsts, note.classes, strict=True):
                classes[first] = kind
            start = -seed.randrange(WINDOW // 2) if size > WINDOW else 0
            while start < size:
                part = slice(max(0, start), start + WINDOW)
                if len(pieces.numbers[part]) > FEWEST:
                    yield Window(pieces.numbers[part], pieces.looks[part], classes[part])
                start += WINDOW - OVERLAP
