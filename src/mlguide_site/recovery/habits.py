"""What words do in English documentation: which ones stand side by side, and which begin or end headings and sentences.

The statistics were counted in the documentation of many packages; they are numbers, no
text of it is here. The file: the eight bytes `MLGHABT1`, then, compressed with zlib, three 32-bit counts (words, pairs,
words read; all is little-endian) and the size of the list of words in bytes, the list (a word a line, sorted), for each
word a byte with eight times the binary logarithm of how often it was read and a 16-bit number with its `PLACES`, three
bits each; then, for the pairs that are written side by side more often than chance has it, the 31-bit numbers of the
pairs, sorted, as differences, byte by byte of all, and a byte each with how much more often.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from mlguide_site.recovery.words import number_of

Ints = NDArray[np.int64]
NAME = "habits.bin"
PLACES = 5
"""Of a word: how much it is at home at the beginning of headings, at their end, as a heading by itself, at the
beginning of sentences and at their end: from 1 (hardly) to 5 (much), 0 where too little was read of it."""
UNREAD, UNSEEN, APART, LOOSE, FIRST_BOUND = range(5)
"""How two words cohere: nothing is known; rare words never seen together; common words never seen together, or less
often than chance has it; and from `FIRST_BOUND` on more often: up to 4, 16, 64 times, and more."""
BOUNDS = (4, 16, 64)
LEVELS = FIRST_BOUND + len(BOUNDS) + 1
FAINT = 0.3
"""What is added to counts and expected counts, so that a pair met once says little."""
_MAGIC = b"MLGHABT1"
_HEADER = struct.Struct("<IIII")
_MAX_SIZE = 1 << 26


@dataclass(frozen=True, slots=True)
class Habits:
    """Row of each word; for each row the binary logarithm of its count and its places; pairs (sorted) and levels."""

    rows: dict[str, int]
    logs: NDArray[np.float32]
    places: NDArray[np.uint8]
    pairs: NDArray[np.uint32]
    levels: NDArray[np.uint8]
    read: int


def pack(habits: Habits) -> bytes:
    """The file of habits; `unpack` gives them back, counts as exactly as a step of an eighth of a logarithm."""
    words = "\n".join(habits.rows).encode()
    logs = np.rint(habits.logs * 8).astype("<u1")
    shifts = 3 * np.arange(PLACES)
    places = (habits.places.astype(np.uint16) << shifts).sum(axis=1).astype("<u2")
    steps = np.diff(habits.pairs.astype(np.int64), prepend=0).astype("<u4")
    planes = steps.view(np.uint8).reshape(-1, 4).T
    header = _HEADER.pack(len(habits.rows), len(habits.pairs), habits.read, len(words))
    parts = (words, logs, places, np.ascontiguousarray(planes), habits.levels.astype("<u1"))
    body = b"".join(part if isinstance(part, bytes) else part.tobytes() for part in parts)
    return _MAGIC + zlib.compress(header + body, 9)


def unpack(data: bytes) -> Habits:
    """The habits in a file; ValueError where it isn't one."""
    if data[:8] != _MAGIC:
        raise ValueError("not a file of habits")
    body = zlib.decompressobj().decompress(data[8:], _MAX_SIZE)
    words, pairs, read, size = _HEADER.unpack_from(body)
    if len(body) != _HEADER.size + size + 3 * words + 5 * pairs:
        raise ValueError("not a whole file of habits")
    at = _HEADER.size
    rows = {word: row for row, word in enumerate(body[at : at + size].decode().split("\n"))}
    at += size
    logs = np.frombuffer(body, "<u1", words, at).astype(np.float32) / np.float32(8)
    packed = np.frombuffer(body, "<u2", words, at + words)
    at += 3 * words
    planes = np.frombuffer(body, np.uint8, 4 * pairs, at).reshape(4, -1).T
    steps = np.ascontiguousarray(planes).view("<u4").ravel()
    levels = np.frombuffer(body, "<u1", pairs, at + 4 * pairs)
    places = ((packed[:, None] >> (3 * np.arange(PLACES))) & 7).astype(np.uint8)
    return Habits(rows, logs, places, np.cumsum(steps, dtype=np.int64).astype(np.uint32), levels, read)


@cache
def shipped() -> Habits:
    """The habits that come with the package."""
    return unpack(files("mlguide_site.recovery").joinpath("data", NAME).read_bytes())


def rows_of(words: Sequence[str], habits: Habits) -> Ints:
    """The row of each bare word; -1 where nothing is known of it."""
    get = habits.rows.get
    return np.array([get(word.replace("’", "'"), -1) for word in words], np.int64)


def coherence(words: Sequence[str], habits: Habits) -> Ints:
    """How each of some bare words coheres with the one before it: a level below `LEVELS`; the first with nothing.

    >>> levels = coherence("the neural network lower".split(), shipped())
    >>> bool(levels[2] > FIRST_BOUND), bool(levels[3] < FIRST_BOUND)
    (True, True)
    """
    result = np.zeros(len(words), np.int64)
    rows = rows_of(words, habits)
    at = np.flatnonzero((rows[1:] >= 0) & (rows[:-1] >= 0)) + 1
    if not len(at):
        return result
    expected = np.exp2(habits.logs[rows[at]] + habits.logs[rows[at - 1]] - np.log2(max(1, habits.read)))
    result[at] = np.where(expected < FAINT, UNSEEN, np.where(expected > 3 * FAINT, APART, LOOSE))
    numbers = np.array([number_of(f"{words[one - 1]} {words[one]}") for one in at.tolist()], np.uint32)
    found = np.minimum(np.searchsorted(habits.pairs, numbers), max(0, len(habits.pairs) - 1))
    if len(habits.pairs):
        same = habits.pairs[found] == numbers
        result[at[same]] = habits.levels[found[same]]
    return result


def places(words: Sequence[str], habits: Habits) -> Ints:
    """The places of bare words, a row each; zeros where nothing is known of one."""
    rows = rows_of(words, habits)
    result = np.zeros((len(words), PLACES), np.int64)
    result[rows >= 0] = habits.places[rows[rows >= 0]]
    return result
