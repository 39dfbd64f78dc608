"""Writes blocks as Markdown within the limits of a note (`limits`).

Long paragraphs are split between words, if possible after a sentence. A table with only text becomes a Markdown table.
In other tables, a row becomes one line if each of its cells is one line."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from mlguide_site.markdown import limits
from mlguide_site.markdown.block_records import PLAIN, Block, Code, Group, Line, Paragraph, Run, Style, fold
from mlguide_site.markdown.parser import parser
from mlguide_site.markdown.plain import escape, escape_start

MAX_COST = 12_000  # maximum cost of a paragraph, above which it is split; each character costs 1
_MARK_COST, _STYLE_COST = 4, 20  # additional costs of a Markdown syntax character, and of text with a style
_CHUNKS = re.compile(r"\S.{0,99}[.!?…]\s+|\S.{0,99}(?:\s+|\Z)|\S+\s*|\s+", re.S)
"""Matches a chunk of up to about 100 characters that ends after a sentence, or else after a word."""
_LISTS = frozenset(["ul", "ol"])
_REFERENCE = re.compile(r"&(?=#?\w{1,32};)")


def blocks_to_markdown(blocks: Sequence[Block]) -> tuple[str, str]:
    """Return the Markdown of blocks, and an error message, which is "" if the Markdown is within the limits."""
    text = "\n".join(block_lines(blocks))
    return text, _fault(text)


def _fault(text: str) -> str:
    if len(text) > limits.MAX_BODY_BYTES or len(text.encode("utf-8", "replace")) > limits.MAX_BODY_BYTES:
        return f"as Markdown, the notes are larger than {limits.MAX_BODY_BYTES // 1024} KiB"
    try:
        limits.check_source(text)
        # a small body can't exceed the limits that only the parser checks, so it isn't parsed
        is_small = len(text) <= limits.MAX_PARAGRAPH and text.count("[") <= limits.MAX_NESTING
        if not is_small or len(limits.MARKS.findall(text)) > limits.MAX_MARKS:
            parser().parse(text, {})
    except limits.LimitError as error:
        return error.message
    return ""


def block_lines(blocks: Iterable[Block], tight: bool = False) -> list[str]:
    """Return blocks as Markdown lines. Blank lines separate blocks, but if `tight` is true, none precedes a list."""
    out: list[str] = []
    for block in blocks:
        if lines := _block(block):
            is_list = isinstance(block, Group) and block.kind in _LISTS
            out += [""] if out and not (tight and is_list) else []
            out += lines
    return out


def _block(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return _paragraph(block)
    if isinstance(block, Code):
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", block.text)), default=0))
        return [fence, *block.text.split("\n"), fence]
    if block.kind in _LISTS:
        return _items(block)
    if block.kind == "table" and (lines := _table(block)):
        return lines
    if (cells := _cells(block)) and max(map(len, cells)) == 1:
        runs = [run for cell in cells for line in cell for run in (Run(" | "), *line)]
        return _paragraph(Paragraph((fold(runs[1:]),)))
    if block.kind == "blockquote":
        return [f"> {line}" if line else ">" for line in block_lines(block.children)]
    return block_lines(block.children)


def _paragraph(paragraph: Paragraph) -> list[str]:
    """Return the lines of a heading or paragraph. In a paragraph, a backslash marks a line break."""
    parts = split_paragraph(paragraph)
    if paragraph.level and len(parts) == 1:
        plain = " ".join(run.text for line in paragraph.lines for run in line)
        # the pages show other headings as paragraphs
        if len(plain) <= limits.MAX_HEADING and not re.match(r"\W*_", plain):
            # parsers remove `#` characters at the end of a heading
            text = " ".join(map(write_line, paragraph.lines))
            text = re.sub(r"(?<!\S)(#+)$", lambda found: "\\#" * len(found[1]), text)
            return [f"{'#' * paragraph.level} {text}"]
    texts = ("\\\n".join(escape_start(write_line(line)) for line in lines) for lines in parts)
    return "\n\n".join(texts).split("\n")


def _table(table: Group) -> list[str]:
    """Return the caption and rows of a Markdown table, with `<br>` as line break. Return [] if a row is very long, or
    if Markdown can't express the table (for example, a table with a single column)."""
    first = next((at for at, block in enumerate(table.children) if isinstance(block, Group)), 0)
    top, rows = table.children[first], list(map(_cells, table.children[first:]))
    width = len(rows[0])
    if len(rows) == 1 or width < 2 or any(len(row) != width for row in rows) or not any(map(any, rows)):
        return []
    written = [["<br>".join(map(write_line, cell)).replace("|", "\\|") for cell in row] for row in rows]
    if isinstance(top, Group) and any(isinstance(cell, Group) and cell.kind == "td" for cell in top.children):
        # a Markdown table must have a header row
        written.insert(0, [""] * width)
    written.insert(1, ["---"] * width)
    lines = [f"| {' | '.join(row)} |" for row in written]
    caption = block_lines(table.children[:first])
    return [*caption, *[""][: len(caption)], *lines] if all(_cost(Run(line)) <= MAX_COST for line in lines) else []


def _cells(row: Block) -> list[list[Line]]:
    """Return the lines of each cell of a table row, or [] if a cell contains a block that isn't a paragraph."""
    cells = row.children if isinstance(row, Group) and row.kind == "tr" else ()
    parts = [cell.children if isinstance(cell, Group) else (cell,) for cell in cells]
    if not all(isinstance(block, Paragraph) and not block.level for own in parts for block in own):
        return []
    return [[line for block in own if isinstance(block, Paragraph) for line in block.lines] for own in parts]


def _items(group: Group) -> list[str]:
    out: list[str] = []
    number = group.start
    for item in group.children:
        lines = block_lines(item.children if isinstance(item, Group) and item.kind == "li" else (item,), tight=True)
        if lines:
            marker = "- " if group.kind == "ul" else f"{number}. "
            out += [marker + lines[0], *(" " * len(marker) + line if line else "" for line in lines[1:])]
            number += 1
    return out


def split_paragraph(paragraph: Paragraph) -> list[tuple[Line, ...]]:
    """Split a paragraph at spaces, so that each part is within the limits."""
    if sum(_cost(run) + _MARK_COST for line in paragraph.lines for run in line) <= MAX_COST:
        return [paragraph.lines]
    parts: list[list[list[Run]]] = [[]]
    cost = 0
    for line in paragraph.lines:
        parts[-1].append([])
        cost += _MARK_COST
        for text, style in line:
            for chunk in (Run(one, style) for one in _CHUNKS.findall(text)):
                cost += _cost(chunk)
                if cost > MAX_COST:
                    parts.append([[]])
                    cost = _cost(chunk)
                parts[-1][-1].append(chunk)
    return [lines for part in parts if (lines := tuple(filter(None, map(fold, part))))]


def _cost(run: Run) -> int:
    text = run.text + run.style.href
    return len(text) + _MARK_COST * len(limits.MARKS.findall(text)) + _STYLE_COST * (run.style != PLAIN)


def write_line(line: Line) -> str:
    """Return the Markdown of a line. The caller must escape the start of the line (`escape_start`)."""
    if len(line) == 1 and line[0].style == PLAIN:
        return escape(line[0].text)
    last = len(line) - 1
    written = [_code(text) if style.code else escape(text, at == last) for at, (text, style) in enumerate(line)]
    runs = [Run(text, run.style) for text, run in zip(written, line, strict=True)]
    groups = [(href, list(own)) for href, own in groupby(runs, key=lambda run: run.style.href)]
    out = ""
    for at, (href, own) in enumerate(groups):
        if not href:
            out += _styled(own, out, "[" if at + 1 < len(groups) else "")
            continue
        inner = _styled(own, "[", "]")
        start, end = _ends(inner)
        if text := _trimmed(inner):
            if not start and out.endswith("!"):
                # escape `!`, because `![` would turn the link into an image
                out = out[:-1] + "\\!"
            target = _REFERENCE.sub("&amp;", href)
            out += f"{start}[{text}]({f'<{target}>' if re.search('[()]', target) else target}){end}"
        else:
            out += inner
    return out


def _code(text: str) -> str:
    """Return inline code between backticks. The code may itself contain shorter runs of backticks."""
    code = text.strip()
    if not code:
        return text
    fence = "`" * (1 + max(map(len, re.findall("`+", code)), default=0))
    space = " " if code.startswith("`") or code.endswith("`") else ""
    before, after = _ends(text)
    return f"{before}{fence}{space}{code}{space}{fence}{after}"


def _trimmed(text: str) -> str:
    """Return escaped text without spaces at its ends. A backslash before these spaces wasn't escaped."""
    text = text.strip()
    return text + "\\" * ((len(text) - len(text.rstrip("\\"))) % 2)


def _ends(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _styled(runs: Sequence[Run], before: str, after: str) -> str:
    """Join escaped runs. Add emphasis delimiters if parsers recognise them after `before` and before `after`."""
    out = ""
    for run, following in zip(runs, [*runs[1:], Run(after)], strict=True):
        marks, text = _marks(run.style), _trimmed(run.text)
        start, end = _ends(run.text)
        outer_end = end or _marks(following.style) or following.text
        if marks and text and _delimits((start or out or before)[-1:], text[0]) and _delimits(outer_end[:1], text[-1]):
            out += f"{start}{marks}{text}{marks}{end}"
        else:
            out += run.text
    return out


def _marks(style: Style) -> str:
    """Return the emphasis delimiter for a style: `~~` for strikethrough, even if the text is also bold or italic."""
    return "~~" if style.struck else "**" * style.bold + "*" * style.italic


def _delimits(outer: str, inner: str) -> bool:
    """Return whether parsers recognise an emphasis delimiter between two characters (CommonMark 0.31, section 6.2)."""
    if outer and outer in "*~\\":
        return False
    if inner.isalnum() or not outer or outer.isspace():
        return True
    return not outer.isalnum() and (outer.isascii() or unicodedata.category(outer).startswith("P"))
