"""Blocks as Markdown that reads as they did, within the limits of a note (`limits`).

Long lines are broken at spaces and long paragraphs split at the ends of sentences; words stay as they are. What can't
be made to fit is reported.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from mlguide_site.markdown import limits
from mlguide_site.markdown.plain import ends_sentence, escape, escape_start, escaped_places
from mlguide_site.markdown.rich_text import PLAIN, Block, Code, Group, Line, Paragraph, Rule, Run, Style, fold

MAX_HEADING = 1_000
MAX_CELLS = 20_000
MAX_BODY = 960 * 1024
"""Bytes of a body: what is left of a note file beside its front matter."""
FOLD_AT = 16_000
"""Longer lines are broken."""
SPLIT_SIZE, SPLIT_BRACKETS = 80_000, 80
"""Paragraphs beyond one of these are split."""
_MARK_SIZE, _STYLE_SIZE = 56, 256
"""What a sign that may be Markdown and a change of style add to the size of a paragraph; a character adds 2."""
_BRACKETS = re.compile(r"[\[\]]")
_STRETCHES = re.compile(r"\S.{0,240}[.!?…]\s+|\S.{0,240}(?:\s+|\Z)|\S+\s*|\s+", re.S)
_WORDS = re.compile(r"\S+\s*|\s+")
_FOLD_PLACE = re.compile(r"(?<!\\) (?=[^\W\d_])")
_BREAK = Run("\n")
_BULLETS, _DOTS = "-*", ".)"
_STYLES = (("**", 1), ("*", 2), ("~~", 3))
"""The marks of styles, and their places in `Style`."""
_EDGE = "\x00"
_REFERENCE = re.compile(r"&(?=#?\w{1,32};)")


def blocks_to_markdown(blocks: Sequence[Block]) -> tuple[str, str]:
    """The Markdown of blocks, headings from the second level on; and which limit of a note it exceeds, "" for none."""
    writer = _Writer(1 if any(_first_levels(blocks)) else 0)
    text = "\n".join(writer.blocks(blocks))
    return text, _fault(text, writer)


def _first_levels(blocks: Sequence[Block]) -> Iterator[bool]:
    """Whether each heading is of the first level."""
    for block in blocks:
        if isinstance(block, Group):
            yield from _first_levels(block.children)
        elif isinstance(block, Paragraph) and block.level:
            yield block.level == 1


class _Writer:
    """Writes blocks as lines; `lower` is by how many levels headings sink. Counts what limits count."""

    def __init__(self, lower: int) -> None:
        self.lower = lower
        self.tokens = self.pieces = 0
        self.fault = ""

    def blocks(self, blocks: Sequence[Block], tight: bool = False) -> list[str]:
        """The lines of blocks with an empty one between two, but for one before a list where `tight`."""
        out: list[str] = []
        marker = 0
        last: Block | None = None
        for block in blocks:
            # two lists of a kind that follow each other would be read as one
            same = isinstance(block, Group) and isinstance(last, Group) and block.kind == last.kind in {"ul", "ol"}
            marker = 1 - marker if same else 0
            lines = self.block(block, marker)
            if not lines:
                continue
            if out and not (tight and isinstance(block, Group) and block.kind in {"ul", "ol"}):
                out.append("")
            out += lines
            last = block
        return out

    def block(self, block: Block, marker: int) -> list[str]:
        """The lines of a block."""
        if isinstance(block, Paragraph):
            return self.paragraph(block)
        if isinstance(block, Code):
            self.tokens += 1
            self.pieces += 1
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", block.text)), default=0))
            return [fence, *block.text.split("\n"), fence]
        if isinstance(block, Rule):
            self.tokens += 1
            return ["---"]
        if block.kind in {"ul", "ol"}:
            return self.items(block, marker)
        if block.kind == "blockquote":
            self.tokens += 2
            return [f"> {line}" if line else ">" for line in self.blocks(block.children)]
        if block.kind == "table":
            return self.table(block)
        return self.blocks(block.children)

    def paragraph(self, paragraph: Paragraph) -> list[str]:
        """A heading, or a paragraph with a backslash where a line breaks."""
        if paragraph.level:
            text = " ".join(map(write_line, paragraph.lines))
            if len(text) <= MAX_HEADING:
                self.count(text)
                # hashes at its end would be taken for its own
                text = re.sub(r"(?<!\S)(#+)$", lambda found: "\\#" * len(found[1]), text)
                return [f"{'#' * min(6, paragraph.level + self.lower)} {text}"]
        out: list[str] = []
        for lines in split_paragraph(paragraph):
            written = [escape_start(write_line(line)) for line in lines]
            self.count("\\\n".join(written))
            out += [""] if out else []
            for line in "\\\n".join(written).split("\n"):
                out += fold_line(line).split("\n")
        return out

    def items(self, group: Group, marker: int) -> list[str]:
        """A list; what belongs to an item is indented to its first word."""
        self.tokens += 2
        out: list[str] = []
        number = group.start
        for item in group.children:
            children = item.children if isinstance(item, Group) and item.kind == "li" else (item,)
            lines = self.blocks(tuple(block for block in children if not isinstance(block, Rule)), tight=True)
            if not lines:
                continue
            self.tokens += 2
            sign = _BULLETS[marker] if group.kind == "ul" else f"{number}{_DOTS[marker]}"
            number += 1
            indent = " " * (len(sign) + 1)
            out.append(f"{sign} {lines[0]}")
            out += [indent + line if line else "" for line in lines[1:]]
        return out

    def table(self, table: Group) -> list[str]:
        """A table whose cells are lines; any other as the blocks in it."""
        rows = [row.children for row in table.children if isinstance(row, Group) and row.kind == "tr"]
        width = max(map(len, rows), default=0)
        is_simple = len(rows) == len(table.children) and width > 1 and len(rows) * width <= MAX_CELLS
        if not is_simple or not all(_is_line(cell) for row in rows for cell in row):
            return self.blocks(tuple(_contents(table)))
        texts = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in texts]
        if max(map(len, lines)) > FOLD_AT:
            return self.blocks(tuple(_contents(table)))
        self.tokens += 8 + 2 * len(rows)
        for row in texts:
            for text in row:
                self.count(text)
        return [lines[0], f"|{' --- |' * width}", *lines[1:]]

    def count(self, text: str) -> None:
        """Count a paragraph, heading or cell, and check its limits."""
        self.tokens += 3
        if len(text) <= limits.MAX_MARKS and text.count("[") <= limits.MAX_NESTING:
            return
        if len(text) > limits.MAX_PARAGRAPH or len(limits.MARKS.findall(text)) > limits.MAX_MARKS:
            self.fault = self.fault or "a paragraph is too long, or has too many marks, and can't be split"
        depth = 0
        for bracket in _BRACKETS.findall(text):
            depth = depth + 1 if bracket == "[" else max(0, depth - 1)
            if depth > limits.MAX_NESTING:
                self.fault = self.fault or f"more than {limits.MAX_NESTING} brackets are open"
                return


def _is_line(cell: Block) -> bool:
    """Whether a cell holds one paragraph at most."""
    children = cell.children if isinstance(cell, Group) else (cell,)
    return len(children) <= 1 and all(isinstance(block, Paragraph) and not block.level for block in children)


def _cell(cell: Block) -> str:
    paragraphs = cell.children if isinstance(cell, Group) else (cell,)
    lines = (line for block in paragraphs if isinstance(block, Paragraph) for line in block.lines)
    return " ".join(write_line(line, cell=True) for line in lines)


def _contents(group: Group) -> Iterator[Block]:
    """What the cells of a table hold, and what is beside them."""
    for block in group.children:
        if isinstance(block, Group) and block.kind in {"tr", "td"}:
            yield from _contents(block)
        else:
            yield block


def _fault(text: str, writer: _Writer) -> str:
    """Which limit a body exceeds, "" for none."""
    if len(text) > MAX_BODY or len(text.encode("utf-8", "replace")) > MAX_BODY:
        return f"they are larger than {MAX_BODY // 1024} KiB as Markdown"
    if len(text) > limits.MAX_LINE and any(len(line) > limits.MAX_LINE for line in text.split("\n")):
        return f"a line is longer than {limits.MAX_LINE:,} characters and can't be broken"
    if text.count("\n") > limits.MAX_LINES:
        return f"they have more than {limits.MAX_LINES:,} lines"
    if writer.tokens > limits.MAX_TOKENS or writer.pieces > limits.MAX_PIECES:
        return "they have too many paragraphs, items, cells or pieces of code"
    if len(text) > limits.MAX_ALL_BRACKETS and text.count("[") > limits.MAX_ALL_BRACKETS:
        return f"they have more than {limits.MAX_ALL_BRACKETS:,} links and brackets"
    if len(text) > limits.MAX_ALL_MARKS and len(limits.MARKS.findall(text)) > limits.MAX_ALL_MARKS:
        return f"they have more than {limits.MAX_ALL_MARKS:,} marks"
    return writer.fault


def fold_line(text: str) -> str:
    """A line of Markdown as several, none longer than 16,000 characters, where a space before a letter allows it.

    >>> fold_line("word " * 4000).count("\\n"), fold_line("x" * 20_000).count("\\n")
    (1, 0)
    """
    parts, start = [], 0
    while len(text) - start > FOLD_AT:
        places = [found.start() for found in _FOLD_PLACE.finditer(text, start + FOLD_AT // 2, start + FOLD_AT)]
        after = _FOLD_PLACE.search(text, start + FOLD_AT) if not places else None
        if not places and not after:
            break
        sentences = [at for at in places if text[at - 1] in ".!?…"]
        at = (sentences or places)[-1] if places else after.start() if after else 0
        parts.append(text[start:at])
        start = at + 1
    return "\n".join([*parts, text[start:]])


def split_paragraph(paragraph: Paragraph) -> list[tuple[Line, ...]]:
    """The lines of a paragraph in parts that are each within the limits, as far as spaces allow it."""
    runs = [run for line in paragraph.lines for run in line]
    if sum([len(run.text) + len(run.style.href) for run in runs]) < SPLIT_SIZE // 100 and len(runs) < SPLIT_BRACKETS:
        return [paragraph.lines]
    total = sum(map(_size, runs)) + _MARK_SIZE * len(paragraph.lines)
    if 2 * total <= SPLIT_SIZE and 2 * sum(run.text.count("[") for run in runs) <= SPLIT_BRACKETS:
        return [paragraph.lines]
    parts: list[list[Run]] = [[]]
    size = depth = sentence = 0
    for word in _words(paragraph):
        part = parts[-1]
        own = _size(word) if not part or part[-1].style != word.style else _size(Run(word.text))
        opened = word.text.count("[")
        if part and (size + own > SPLIT_SIZE or depth + opened > SPLIT_BRACKETS):
            # up to the end of the last sentence, if that is in the second half
            at = sentence if 2 * sentence > len(part) else len(part)
            parts.append(part[at:])
            del part[at:]
            part = parts[-1]
            size, depth, sentence = sum(map(_size, part)), 0, 0
        part.append(word)
        size += own
        depth = max(0, depth + opened - word.text.count("]"))
        if word is _BREAK or ends_sentence(word.text.strip() or "x"):
            sentence = len(part)
    return [lines for part in parts if (lines := _lines(part))]


def _size(run: Run) -> int:
    """What a run counts in the size of a paragraph, with the marks that are put to it."""
    size = 2 * len(run.text) + _MARK_SIZE * (run.text == "\n" or len(limits.MARKS.findall(run.text)))
    if run.style == PLAIN:
        return size
    href = run.style.href
    return size + _STYLE_SIZE + 2 * len(href) + _MARK_SIZE // 2 * len(limits.MARKS.findall(href))


def _words(paragraph: Paragraph) -> Iterator[Run]:
    """The runs of a paragraph in stretches of up to 240 characters that end with a sentence or a word."""
    for number, line in enumerate(paragraph.lines):
        if number:
            yield _BREAK
        for text, style in line:
            for stretch in _STRETCHES.findall(text):
                for word in _WORDS.findall(stretch) if stretch.count("[") > SPLIT_BRACKETS // 4 else (stretch,):
                    yield Run(word, style)


def _lines(words: Sequence[Run]) -> tuple[Line, ...]:
    groups = (list(own) for is_break, own in groupby(words, key=lambda word: word is _BREAK) if not is_break)
    return tuple(filter(None, map(fold, groups)))


class _Piece(NamedTuple):
    """A run's style, and its Markdown without the marks of bold and the like."""

    style: Style
    shown: str


def write_line(line: Line, cell: bool = False) -> str:
    """The Markdown of a line; what only the beginning of a line gives a meaning is left to the caller. In the cell of a
    table a `|` is escaped.

    >>> write_line((Run("a "), Run("b*", Style(bold=True)), Run(" c", Style("https://a.example"))))
    'a **b\\\\*** [c](https://a.example)'
    """
    if len(line) == 1 and line[0].style == PLAIN:
        shown = escape(line[0].text)
        return shown.replace("|", "\\|") if cell else shown
    joined: list[Run] = []
    for run in line:
        # the backticks of pieces of code that touch each other would run together
        if joined and run.style.code and joined[-1].style.code and run.style.href == joined[-1].style.href:
            joined[-1] = Run(joined[-1].text + run.text, joined[-1].style)
        else:
            joined.append(run)
    return _links([_Piece(run.style, shown) for run, shown in zip(joined, _shown(joined, cell), strict=True)])


def _shown(line: Sequence[Run], cell: bool) -> Iterator[str]:
    """The texts of the runs, escaped as they stand beside each other, with marks between them or without."""
    parts = [_EDGE if run.style.code else run.text for run in line]
    glued, apart = escaped_places("".join(parts)), escaped_places(_EDGE.join(parts))
    at = 0
    for number, (run, text) in enumerate(zip(line, parts, strict=True)):
        if run.style.code:
            yield _code(run.text, cell)
        else:
            shown = text
            # a mark may follow a backslash at the end
            if glued or apart or text.endswith("\\"):
                places = {k for k in range(len(text)) if at + k in glued or at + k + number in apart}
                places |= {len(text) - 1} if text.endswith("\\") else set()
                shown = "".join("\\" + c if k in places else c for k, c in enumerate(text))
            yield shown.replace("|", "\\|") if cell else shown
        at += len(text)


def _code(text: str, cell: bool) -> str:
    """Inline code between as many backticks as it needs."""
    code = text.strip()
    if not code:
        return text
    code = code.replace("|", "\\|") if cell else code
    fence = "`" * (1 + max(map(len, re.findall("`+", code)), default=0))
    space = " " if code.startswith("`") or code.endswith("`") else ""
    before, after = _ends(text)
    return f"{before}{fence}{space}{code}{space}{fence}{after}"


def _ends(text: str) -> tuple[str, str]:
    """The white space at both ends of a text that isn't blank."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _links(pieces: Sequence[_Piece]) -> str:
    """Pieces of the same address as one link."""
    groups = [(href, list(own)) for href, own in groupby(pieces, key=lambda piece: piece.style.href)]
    firsts = ["[" if href else own[0].shown[:1] for href, own in groups]
    out: list[str] = []
    for (href, own), after in zip(groups, [*firsts[1:], ""], strict=True):
        if not href:
            text = _styled(own, 0, _last(out), after)
            # before a link it would make a picture of it
            out.append(text[:-1] + "\\!" if after == "[" and text.endswith("!") else text)
            continue
        text = _styled(own, 0, "[", "]")
        if text.strip():
            before, behind = _ends(text)
            target = _REFERENCE.sub("&amp;", href)
            target = f"<{target}>" if re.search(r"[()]", target) else target
            text = f"{before}[{text.strip()}]({target}){behind}"
        out.append(text)
    return "".join(out)


def _last(out: Sequence[str]) -> str:
    return next((text[-1] for text in reversed(out) if text), "")


def _styled(pieces: Sequence[_Piece], level: int, before: str, after: str) -> str:
    """Pieces with the marks of one kind of style and those within; `before` and `after` are the signs beside them."""
    if level == len(_STYLES) or not any(style.bold or style.italic or style.struck for style, _ in pieces):
        return "".join(piece.shown for piece in pieces)
    mark, place = _STYLES[level]
    groups = [(is_set, list(own)) for is_set, own in groupby(pieces, key=lambda piece: bool(piece.style[place]))]
    if len(groups) == 1 and not groups[0][0]:
        return _styled(pieces, level + 1, before, after)
    firsts = ["".join(piece.shown[:1] for piece in own)[:1] for _, own in groups]
    out: list[str] = []
    for (is_set, own), following in zip(groups, [*firsts[1:], after], strict=True):
        lead, trail = _last(out) or before, following or after
        if is_set:
            inner = _styled(own, level + 1, mark[0], mark[0])
            start, end = _ends(inner)
            bare = inner.strip()
            if bare and _is_read(start or lead, bare[0]) and _is_read(end or trail, bare[-1]):
                out.append(f"{start}{mark}{bare}{mark}{end}")
                continue
        out.append(_styled(own, level + 1, lead, trail))
    return "".join(out)


def _is_read(outer: str, inner: str) -> bool:
    """Whether a mark between two signs is read as one (CommonMark 0.31, 6.2): within it is a letter, or without it
    space or punctuation; and no mark touches another."""
    outer = outer[-1:]
    if outer and outer in "*~\\":
        return False
    if inner.isalnum() or not outer or outer.isspace():
        return True
    return not outer.isalnum() and (outer.isascii() or unicodedata.category(outer).startswith("P"))
