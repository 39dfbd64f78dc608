"""What a body of notes may hold at most (`markup.limits`), and how long texts are written so that they stay within it.

Lines are broken at spaces and long paragraphs parted, at the ends of sentences where there are any: words stay as they
are. What can't be made to fit is said.
"""

import re
from collections.abc import Iterable, Iterator

from mlguide_site.importers.blocks import PLAIN, Line, Paragraph, Run, fold
from mlguide_site.importers.plain import ends_sentence
from mlguide_site.markdown import limits

FOLD_AT = 16_000
"""Longer lines are broken."""
PART_CHARACTERS, PART_MARKS, PART_DEPTH = 40_000, 2_800, 80
"""Paragraphs beyond one of these are parted."""
MAX_BODY = 960 * 1024
"""Bytes of a body: what is left of a note file beside its front matter."""
_LIGHT = 1_800
_BRACKETS = re.compile(r"[\[\]]")
_WORDS = re.compile(r"\S+\s*|\s+")
_STRETCHES = re.compile(r"\S.{0,240}[.!?…]\s+|\S.{0,240}(?:\s+|\Z)|\S+\s*|\s+", re.S)
_BREAK = Run("\n")


def fold_line(text: str) -> str:
    """A line of Markdown as several, none longer than 16,000 characters, where a space before a letter allows it; what
    is one word stays so.

    >>> fold_line("word " * 4000).count("\\n"), fold_line("x" * 20_000).count("\\n")
    (1, 0)
    """
    if len(text) <= FOLD_AT:
        return text
    parts, start = [], 0
    while len(text) - start > FOLD_AT:
        at = _fold_place(text, start, start + FOLD_AT)
        if at < 0:
            break
        parts.append(text[start:at])
        start = at + 1
    return "\n".join([*parts, text[start:]])


def _fold_place(text: str, start: int, end: int) -> int:
    """The last space of a stretch that may become a line end, one behind a sentence if its second half has any."""
    found = -1
    at = end
    while (at := text.rfind(" ", start + 1, at)) > 0:
        if not text[at + 1 : at + 2].isalpha() or text[at - 1] == "\\":
            continue
        if text[at - 1] in ".!?…":
            return at
        found = max(found, at)
        if found - at > FOLD_AT // 2:
            break
    if found < 0:
        # no place so far: the first one behind
        for match in re.compile(r"(?<!\\) (?=[^\W\d_])").finditer(text, end):
            return match.start()
    return found


def part_paragraph(paragraph: Paragraph) -> Iterator[Paragraph]:
    """A paragraph as several that are each within the limits, as far as spaces allow it."""
    if not _is_heavy(paragraph):
        yield paragraph
        return
    parts = list(_Parts(paragraph).all())
    if len(parts) == 1:
        yield paragraph
    else:
        yield from (Paragraph(part) for part in parts)


def _is_heavy(paragraph: Paragraph) -> bool:
    """Whether a paragraph may be beyond a limit: its text alone, or with the marks that are put to it."""
    size = marks = brackets = 0
    for line in paragraph.lines:
        marks += 2
        for text, style in line:
            size += len(text)
            marks += 2 * len(limits.MARKS.findall(text))
            brackets += text.count("[")
            if style != PLAIN:
                size += len(style.href) + 12
                marks += 8 + len(limits.MARKS.findall(style.href))
    return 2 * size > PART_CHARACTERS or marks > PART_MARKS or brackets > PART_DEPTH // 2


class _Parts:
    """Cuts a paragraph as it is read, a few words at a time."""

    def __init__(self, paragraph: Paragraph) -> None:
        self.paragraph = paragraph
        self.words: list[Run] = []
        self.sentence = 0
        """how many of the words end with a sentence"""
        self.size = self.marks = self.depth = 0

    def all(self) -> Iterator[tuple[Line, ...]]:
        """The lines of each part."""
        for number, line in enumerate(self.paragraph.lines):
            if number:
                self.add(_BREAK)
            for run in line:
                for stretch in _stretches(run.text):
                    piece = Run(stretch, run.style)
                    while self.words and self.is_full(piece):
                        yield self.cut()
                    self.add(piece)
        yield _lines(self.words)

    def is_full(self, word: Run) -> bool:
        """Whether a part would be too large with one more word."""
        return (
            self.size + len(word.text) > PART_CHARACTERS
            or self.marks + _weight(word) > PART_MARKS
            or (self.depth + word.text.count("[") > PART_DEPTH)
        )

    def add(self, word: Run) -> None:
        """A word more."""
        last = self.words[-1].style if self.words else None
        self.words.append(word)
        self.size += 2 * len(word.text)
        self.marks += _weight(word) + (0 if last == word.style else 8 + _marks(word.style.href))
        self.size += 0 if last == word.style else len(word.style.href) + 12
        for bracket in _BRACKETS.findall(word.text):
            self.depth = self.depth + 1 if bracket == "[" else max(0, self.depth - 1)
        if word is _BREAK:
            self.marks += 2
        if word is _BREAK or ends_sentence(word.text.strip() or "x"):
            self.sentence = len(self.words)

    def cut(self) -> tuple[Line, ...]:
        """The words so far, up to the end of the last sentence if that is in their second half."""
        at = self.sentence if 2 * self.sentence > len(self.words) else len(self.words)
        part, rest = self.words[:at], self.words[at:]
        self.words, self.sentence, self.size, self.marks, self.depth = [], 0, 0, 0, 0
        for word in rest:
            self.add(word)
        return _lines(part)


def _stretches(text: str) -> Iterator[str]:
    """A text in stretches of up to 240 characters that end with a sentence or a word; word by word among brackets."""
    for stretch in _STRETCHES.findall(text):
        if stretch.count("[") > PART_DEPTH // 4:
            yield from _WORDS.findall(stretch)
        else:
            yield stretch


def _weight(word: Run) -> int:
    return 2 * _marks(word.text)


def _marks(text: str) -> int:
    return len(limits.MARKS.findall(text))


def _lines(words: list[Run]) -> tuple[Line, ...]:
    lines: list[list[Run]] = [[]]
    for word in words:
        if word is _BREAK:
            lines.append([])
        else:
            lines[-1].append(word)
    return tuple(filter(None, map(fold, lines)))


def is_hopeless(texts: Iterable[str]) -> bool:
    """Whether lines hold more marks than any body may have, however they are written."""
    return sum(map(_marks, texts)) > limits.MAX_ALL_MARKS


class Tally:
    """What a body comes to while it is written; `fault` says which limit it passes, "" while none."""

    def __init__(self) -> None:
        self.tokens = self.pieces = 0
        self.fault = ""

    def refuse(self, message: str) -> None:
        """Note a fault; the first counts."""
        self.fault = self.fault or message

    def take_paragraph(self, text: str) -> None:
        """A paragraph, heading or cell as Markdown."""
        self.tokens += 3
        if len(text) <= _LIGHT and text.count("[") <= limits.MAX_NESTING:
            return
        if len(text) > limits.MAX_PARAGRAPH or _marks(text) > limits.MAX_MARKS:
            self.refuse("a paragraph is too long, or has too many marks, and can't be parted")
        depth = 0
        for bracket in _BRACKETS.findall(text):
            depth = depth + 1 if bracket == "[" else max(0, depth - 1)
            if depth > limits.MAX_NESTING:
                self.refuse(f"more than {limits.MAX_NESTING} brackets are open")
                break

    def take_body(self, text: str) -> None:
        """The whole, once it is written."""
        if len(text) > MAX_BODY or len(text.encode("utf-8", "replace")) > MAX_BODY:
            self.refuse(f"they are larger than {MAX_BODY // 1024} KiB as Markdown")
        if len(text) > limits.MAX_LINE and any(len(line) > limits.MAX_LINE for line in text.split("\n")):
            self.refuse(f"a line is longer than {limits.MAX_LINE:,} characters and can't be broken")
        if text.count("\n") > limits.MAX_LINES:
            self.refuse(f"they have more than {limits.MAX_LINES:,} lines")
        if self.tokens > limits.MAX_TOKENS or self.pieces > limits.MAX_PIECES:
            self.refuse("they have too many paragraphs, items, cells or pieces of code")
        if len(text) > limits.MAX_ALL_BRACKETS and text.count("[") > limits.MAX_ALL_BRACKETS:
            self.refuse(f"they have more than {limits.MAX_ALL_BRACKETS:,} links and brackets")
        if len(text) > limits.MAX_ALL_MARKS and _marks(text) > limits.MAX_ALL_MARKS:
            self.refuse(f"they have more than {limits.MAX_ALL_MARKS:,} marks")
