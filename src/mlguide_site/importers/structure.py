"""Structure of flattened notes: headings and labelled items, found by plain rules. The words stay as they are.

Text in, Markdown out. The text is cut into sentences; before a sentence may stand a heading (a run of words written
as a title) and a label (`Label:`). What the rules can't tell is left in its paragraph.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from mlguide_site.importers.plain import SECTION_NAMES, SMALL_WORDS, ends_sentence, escape, escape_line, starts_upper

MAX_LABEL = 8
MAX_HEADING = 9
MAX_LEAD_IN = 24

Pair = tuple[str, str]


class Piece(NamedTuple):
    """A part of the result: its kind (`heading`, `label`, `lead`, `text`) and its words."""

    kind: str
    words: tuple[str, ...]


def recover(text: str, phrases: Collection[Pair] = ()) -> str:
    """Markdown of a flattened text: the same words in the same order, with `##` headings and `- **Label:**` items.

    A line end in `text` is a place where a block is known to end. `phrases` are pairs of words (as in `word_pairs`)
    that the source writes side by side more than once: no heading ends between them.

    >>> print(recover("All is said. Doors and Hinges A door hangs on hinges. Steel: Strong. Brass: Pretty."))
    All is said.
    <BLANKLINE>
    ## Doors and Hinges
    <BLANKLINE>
    A door hangs on hinges.
    <BLANKLINE>
    - **Steel:** Strong.
    - **Brass:** Pretty.
    """
    chunks = [chunk.split() for chunk in text.split("\n") if chunk.split()]
    pieces: list[Piece] = []
    for number, chunk in enumerate(chunks):
        following = number + 1 < len(chunks)
        sentences = list(_sentences(chunk))
        for at, sentence in enumerate(sentences):
            only_rest = following and at == len(sentences) - 1 and len(sentence) <= MAX_LEAD_IN
            pieces.extend(_pieces(sentence, phrases, only_rest))
        pieces.append(Piece("break", ()))
    return _markdown(pieces)


def word_pairs(texts: Sequence[str]) -> frozenset[Pair]:
    """Pairs of neighbouring words, letter case kept, that stand more than once in the texts of a source."""
    seen: set[Pair] = set()
    twice: set[Pair] = set()
    for text in texts:
        words = text.split()
        for pair in itertools.pairwise(words):
            (twice if pair in seen else seen).add(pair)
    return frozenset(twice)


def _sentences(words: Sequence[str]) -> Iterator[Sequence[str]]:
    start = 0
    for at, word in enumerate(words):
        if ends_sentence(word) and (at + 1 == len(words) or not words[at + 1][0].islower()):
            yield words[start : at + 1]
            start = at + 1
    if start < len(words):
        yield words[start:]


def _pieces(words: Sequence[str], phrases: Collection[Pair], only_rest: bool) -> Iterator[Piece]:
    """A sentence cut into heading, label and text; `only_rest` is true where a known block ends with it."""
    label_end = _label_end(words)
    if label_end:
        start = _label_start(words[:label_end])
        if start:
            yield Piece("heading", tuple(words[:start]))
        yield Piece("label", tuple(words[start:label_end]))
        yield Piece("text", tuple(words[label_end:]))
        return
    heading = _heading_end(words, phrases)
    if heading:
        # a short block under the name of a section: what follows it is no longer of that section
        section = heading == 1 and only_rest
        yield Piece("lead" if section else "heading", tuple(words[:heading]))
    yield Piece("text", tuple(words[heading:]))


def _is_title_word(word: str) -> bool:
    return starts_upper(word) or word.casefold() in SMALL_WORDS or not any(c.isalnum() for c in word)


def _label_end(words: Sequence[str]) -> int:
    """Number of words up to the colon that ends a label; 0 where the sentence has no label."""
    depth = 0
    for at, word in enumerate(words[: MAX_LABEL + MAX_HEADING]):
        depth += word.count("(") - word.count(")")
        if word.endswith(":") and depth <= 0:
            ahead = words[: at + 1]
            plain = re.sub(r"\([^()]*\)", "", " ".join(ahead)).rstrip(": ").split()
            short = len(plain) <= 2 and (not plain or "/" not in plain[0])
            if at + 1 < len(words) and (short or all(map(_is_title_word, plain))):
                return at + 1
            return 0
    return 0


def _label_start(words: Sequence[str]) -> int:
    """Where, in a run of title words that ends in a colon, the label begins: up to three words are all label."""
    plain, depth = [], 0
    for at, word in enumerate(words):
        if not depth and not word.startswith("("):
            plain.append(at)
        depth += word.count("(") - word.count(")")
    if len(plain) <= 3:
        return 0
    start = plain[-2]
    # a small word joins what stands on its two sides
    while start in plain[1:] and _joined(words[start - 1], words[start]):
        start -= 1
    return start if start >= 2 else 0


def _joined(before: str, word: str) -> bool:
    """Whether no boundary can be between two words of a title: a small word or a comma holds them together."""
    return (
        before.casefold() in SMALL_WORDS
        or word.casefold() in SMALL_WORDS
        or not word[0].isalnum()
        or not (before[-1].isalnum() or before[-1] in ")?!.")
    )


def _heading_end(words: Sequence[str], phrases: Collection[Pair]) -> int:
    """Number of words of a heading that stands before a sentence; 0 where none does."""
    if words[0].casefold() in SECTION_NAMES and starts_upper(words[0]) and len(words) > 1 and starts_upper(words[1]):
        return 1
    run = 0
    while run < min(len(words), MAX_HEADING + 3) and _is_title_word(words[run]):
        run += 1
    if run < 2 or run == len(words) or not starts_upper(words[0]):
        return 0
    capitals = [at for at in range(1, run) if words[at][0].isupper() and words[at - 1][-1] not in ",-–—&/"]
    for at in capitals:
        # a small word with a capital inside a title begins a sentence, as does a word of the title said again
        if at <= MAX_HEADING and words[at].casefold() in SMALL_WORDS and words[at - 1].casefold() not in SMALL_WORDS:
            return at
    for at in reversed(capitals):
        if 2 <= at <= MAX_HEADING and words[at] in words[:at] and words[at - 1].casefold() not in SMALL_WORDS:
            return at
    for at in reversed(capitals):
        telling = sum(starts_upper(word) for word in words[:at]) >= 2
        pair = (words[at - 1], words[at])
        if 3 <= at <= MAX_HEADING and telling and not _joined(*pair) and pair not in phrases:
            return at
    return 0


def _markdown(pieces: Sequence[Piece]) -> str:
    """The pieces as Markdown blocks; text after a label belongs to its item."""
    blocks: list[tuple[str, str]] = []
    line: list[str] = []
    kind = "text"

    def close() -> None:
        if line:
            blocks.append((kind, " ".join(line)))
            line.clear()

    for piece in pieces:
        if piece.kind == "text":
            if piece.words:
                line.append((escape if line else escape_line)(" ".join(piece.words)))
            continue
        close()
        shown = escape(" ".join(piece.words))
        kind = "item" if piece.kind == "label" else "text"
        if piece.kind == "heading":
            # number signs at the end of a heading would be taken for its closing
            blocks.append(("heading", "## " + re.sub(r"(?<=\s)(?=#+$)", r"\\", shown)))
        elif piece.kind == "label":
            line.append(f"- **{shown}**")
        elif piece.kind == "lead":
            line.append(f"**{shown}**")
    close()
    parts = []
    for at, (sort, content) in enumerate(blocks):
        follows_item = at and sort == "item" and blocks[at - 1][0] == "item"
        parts.append(("" if not at else "\n" if follows_item else "\n\n") + content)
    return "".join(parts)
