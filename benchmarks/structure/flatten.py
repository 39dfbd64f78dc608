"""Flattens notes: blocks become one line of text and the segments in it, from which a model learns or is measured."""

import random
from bisect import bisect_left
from collections.abc import Sequence

from benchmarks.structure.generate import Block
from mlguide_site.recovery.lattice import KINDS
from mlguide_site.recovery.words import Token, tokenize

Segments = list[tuple[int, int, int]]
_SIGNS = {"heading": ("##", ";##", "###"), "item": ("•", "-", "*"), "label": ("•", "-", "*")}


def flatten(blocks: Sequence[Block], signs: random.Random | None = None) -> tuple[str, list[int]]:
    """The text of blocks and the offset of each; with `signs`, some kinds of blocks have literal marks before them."""
    marked: dict[str, str] = {}
    if signs:
        bullet = signs.randrange(3)
        marked = {"heading": signs.choice(_SIGNS["heading"])} if signs.random() < 0.5 else {}
        if not marked or signs.random() < 0.5:
            marked |= {"item": _SIGNS["item"][bullet], "label": _SIGNS["label"][bullet]}
    text, offsets = "", []
    for kind, words in blocks:
        if text:
            text += " "
        if kind in marked and (kind != "heading" or not signs or signs.random() < 0.9):
            text += marked[kind] + " "
        offsets.append(len(text))
        text += " ".join(words.split())
    return text, offsets


def segments_of(blocks: Sequence[Block], offsets: Sequence[int], tokens: Sequence[Token]) -> Segments:
    """The segments of blocks in the tokens of their text: first token, token behind the last, kind."""
    starts = [token.start for token in tokens]
    firsts = [bisect_left(starts, offset) for offset in offsets]
    found: Segments = []
    for (kind, _), first, last in zip(blocks, firsts, [*firsts[1:], len(tokens)], strict=True):
        if first < last:
            found.append((first, last, KINDS.index(kind)))
    return found


def flat_example(blocks: Sequence[Block], signs: random.Random | None = None) -> tuple[list[Token], Segments]:
    """Tokens and segments of a note's blocks."""
    text, offsets = flatten(blocks, signs)
    tokens = tokenize(text)
    return tokens, segments_of(blocks, offsets, tokens)
