"""Notes as Markdown that reads as they did."""

import re
from collections.abc import Iterator, Sequence

from mlguide_site.importers.blocks import Block, Code, Group, Paragraph, Rule, text_lines
from mlguide_site.importers.fitting import FOLD_AT, Tally, fold_line, is_hopeless, part_paragraph
from mlguide_site.importers.inline_markdown import write_line
from mlguide_site.importers.plain import escape_start
from mlguide_site.markdown.limits import MAX_ALL_MARKS

MAX_HEADING = 1_000
MAX_CELLS = 20_000
_BULLETS, _DOTS = "-*", ".)"
_MARKS_AT_START = ("**", "[", "`", "~~", "*")


def to_markdown(blocks: Sequence[Block]) -> str:
    """The Markdown of blocks; headings begin at the second level."""
    return fit_markdown(blocks)[0]


def fit_markdown(blocks: Sequence[Block]) -> tuple[str, str]:
    """The Markdown of blocks, and which limit of a note it passes ("" for none)."""
    if is_hopeless(text_lines(blocks)):
        return "", f"they have more than {MAX_ALL_MARKS:,} marks"
    writer = _Writer(1 if any(_first_levels(blocks)) else 0)
    text = "\n".join(writer.blocks(blocks))
    writer.tally.take_body(text)
    return text, writer.tally.fault


def _first_levels(blocks: Sequence[Block]) -> Iterator[bool]:
    """Whether each heading is of the first level."""
    for block in blocks:
        if isinstance(block, Group):
            yield from _first_levels(block.children)
        elif isinstance(block, Paragraph) and block.level:
            yield block.level == 1


class _Writer:
    """Writes blocks as lines; `lower` is by how many levels headings sink."""

    def __init__(self, lower: int) -> None:
        self.lower = lower
        self.tally = Tally()

    def blocks(self, blocks: Sequence[Block], tight: bool = False) -> list[str]:
        """The lines of blocks, an empty one between two; none before a list where `tight`."""
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
            self.tally.tokens += 1
            self.tally.pieces += 1
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", block.text)), default=0))
            return [fence, *block.text.split("\n"), fence]
        if isinstance(block, Rule):
            self.tally.tokens += 1
            return ["---"]
        if block.kind in {"ul", "ol"}:
            return self.items(block, marker)
        if block.kind == "blockquote":
            self.tally.tokens += 2
            return [f"> {line}" if line else ">" for line in self.blocks(block.children)]
        if block.kind == "table":
            return self.table(block)
        return self.blocks(block.children)

    def paragraph(self, paragraph: Paragraph) -> list[str]:
        """A heading, or a paragraph with a backslash where a line breaks."""
        if paragraph.level:
            text = " ".join(write_line(line) for line in paragraph.lines)
            if len(text) <= MAX_HEADING:
                self.tally.take_paragraph(text)
                # hashes at its end would be taken for its own
                text = re.sub(r"(?<!\S)(#+)$", lambda found: "\\#" * len(found[1]), text)
                return [f"{'#' * min(6, paragraph.level + self.lower)} {text}"]
        out: list[str] = []
        for part in part_paragraph(Paragraph(paragraph.lines)):
            lines = [escape_start(write_line(line)) for line in part.lines]
            text = "\\\n".join(lines)
            self.tally.take_paragraph(text)
            if out:
                out.append("")
            out += [piece for line in text.split("\n") for piece in fold_line(line).split("\n")]
        return out

    def items(self, group: Group, marker: int) -> list[str]:
        """A list; what belongs to an item is indented to its first word."""
        self.tally.tokens += 2
        out: list[str] = []
        number = group.start
        for item in group.children:
            children = item.children if isinstance(item, Group) and item.kind == "li" else (item,)
            lines = self.blocks(tuple(block for block in children if not isinstance(block, Rule)), tight=True)
            if not lines:
                continue
            self.tally.tokens += 2
            sign = _BULLETS[marker] if group.kind == "ul" else f"{number}{_DOTS[marker]}"
            number += 1
            indent = " " * (len(sign) + 1)
            out.append(f"{sign} {lines[0]}")
            out += [indent + line if line else "" for line in lines[1:]]
        return out

    def table(self, table: Group) -> list[str]:
        """A table where each cell is a line and there are columns; what only looks like one as its blocks."""
        rows = [row.children for row in table.children if isinstance(row, Group) and row.kind == "tr"]
        width = max(map(len, rows), default=0)
        is_simple = len(rows) == len(table.children) and width > 1 and len(rows) * width <= MAX_CELLS
        if not is_simple or not all(_is_line(cell) for row in rows for cell in row):
            return self.blocks(tuple(_contents(table)))
        texts = [[self.cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in texts]
        if max(map(len, lines)) > FOLD_AT:
            return self.blocks(tuple(_contents(table)))
        self.tally.tokens += 8 + 2 * len(rows)
        for row in texts:
            for text in row:
                self.tally.take_paragraph(text)
        return [lines[0], f"|{' --- |' * width}", *lines[1:]]

    def cell(self, cell: Block) -> str:
        """The one line of a cell, or none."""
        paragraphs = cell.children if isinstance(cell, Group) else (cell,)
        return " ".join(
            write_line(line, cell=True) for block in paragraphs if isinstance(block, Paragraph) for line in block.lines
        )


def _is_line(cell: Block) -> bool:
    """Whether a cell holds one paragraph at most."""
    children = cell.children if isinstance(cell, Group) else (cell,)
    return len(children) <= 1 and all(isinstance(block, Paragraph) and not block.level for block in children)


def _contents(group: Group) -> Iterator[Block]:
    """What the cells of a table hold, and what stands beside them."""
    for block in group.children:
        if isinstance(block, Group) and block.kind in {"tr", "td"}:
            yield from _contents(block)
        else:
            yield block
