"""The lines of one episode as its body: quotes, callouts and boxes, comments, code, and line ends that are breaks.

Lines stay as they are written wherever the site reads them alike. A callout of a vault (`> [!tip] Title`), a labelled
quote (`> NOTE: text`) and a box of HackMD (`:::info`) become admonitions.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mlguide_site.importers.assets import Folder
from mlguide_site.importers.notes.inline import MEDIA, Body, InlineWriter, as_comment
from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.blocks import KINDS

MAX_DEPTH = 8
"""How deep quotes and boxes are read; what is deeper stays as it is written."""
_INDENT = "    "
_TABS = re.compile(r"[ \t]*\t[ \t]*(?=\S)")
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
_CALLOUT = re.compile(r"\[!([A-Za-z][\w-]{0,30})(?:\|[^\]\n]{0,60})?\]([-+]?)[ \t]*(.*)$")
_LABEL = re.compile(r"\**(NOTE|TIP|HINT|INFO|TODO|WARNING|CAUTION|IMPORTANT|DANGER|EXAMPLE)\**:\**[ \t]*(.*)$", re.I)
_GLUED = re.compile(r"((?:!\[\[[^\[\]\n]{1,500}\]\][ \t]*)+)(>.*)$")
BOX = re.compile(r"\s{0,3}:::\s*(info|success|warning|danger|spoiler)\b\s*(.*)$")
_END_BOX = re.compile(r"\s{0,3}:::\s*$")


class _Row(NamedTuple):
    """A line as it is written; `breaks` where its paragraph goes on, `code` where blank lines count."""

    text: str
    breaks: bool = False
    code: bool = False


_BLANK = _Row("")


def write_body(lines: Sequence[Line], name: str, folder: Folder, place: str = "", vault: bool = False) -> Body:
    """The body of the lines of one episode; for the arguments see `InlineWriter`."""
    writer = InlineWriter(name, folder, place, vault)
    result, blanks = list[str](), 0
    for row in _Blocks(writer).rows(lines, 0):
        blanks = blanks + 1 if not row.text.strip() and not row.code else 0
        if blanks <= 2:
            result.append(row.text)
    writer.body.text = "\n".join(result).strip("\n")
    return writer.body


def opening(quote: str) -> tuple[str, str] | None:
    """The first line of the admonition that a line of a quote opens, and the text after its label ("" for none).

    >>> opening("NOTE: Mind the gap"), opening("[!tip]- Try this")
    (('!!! note', 'Mind the gap'), ('??? tip "Try this"', ''))
    >>> opening("[!saw] Teeth"), opening("Notes: none")
    (('!!! note "saw: Teeth"', ''), None)
    """
    if found := _CALLOUT.match(quote.strip()):
        kind, title = found[1].casefold(), found[3]
        if kind not in KINDS:
            kind, title = "note", f"{found[1]}: {title}" if title else found[1]
        return _titled({"-": "???", "+": "???+", "": "!!!"}[found[2]], kind, title), ""
    found = _LABEL.match(quote.strip())
    if not found or not (found[1].isupper() or found[1].istitle()):
        return None
    return f"!!! {found[1].casefold()}", found[2]


def _titled(mark: str, kind: str, title: str) -> str:
    title = " ".join(title.replace('"', "'").split())
    return f"{mark} {kind}" + (f' "{title}"' if title else "")


class _Blocks:
    """Writes the lines of one depth as rows; lines of text go through `inline`."""

    def __init__(self, inline: InlineWriter) -> None:
        self.inline = inline

    def rows(self, lines: Sequence[Line], depth: int) -> list[_Row]:
        """The rows of lines, with a backslash where a line end is a break."""
        lines = list(_as_written(lines))
        rows, at, boxed = list[_Row](), 0, False
        while at < len(lines):
            end, new, is_box = self.block(lines, at, depth)
            rows += [_BLANK] * (is_box or (boxed and bool(new[0].text.strip())))
            rows += new
            at, boxed = end, is_box
        followed = zip(rows, [*rows[1:], _BLANK], strict=False)
        return [_Row(f"{row.text}\\" if _breaks(row, after) else row.text, code=row.code) for row, after in followed]

    def block(self, lines: Sequence[Line], at: int, depth: int) -> tuple[int, list[_Row], bool]:
        """The index after the block that begins at a line, its rows, and whether it is a box."""
        line = lines[at]
        if line.kind == "html":
            end = next((index for index in range(at, len(lines)) if lines[index].kind != "html"), len(lines))
            return end, self.html(lines[at:end]), False
        if depth < MAX_DEPTH and line.quotes:
            end = _quote_end(lines, at)
            rows, is_box = self.quote(lines[at:end], depth)
            lead = _lead(line.text) if line.listed else ""
            return end, [row._replace(text=lead + row.text if row.text else "") for row in rows], is_box
        if depth < MAX_DEPTH and line.kind == "text" and not self.inline.vault and (box := BOX.match(line.text)):
            end = _box_end(lines, at)
            mark, kind = ("???", "note") if box[1] == "spoiler" else ("!!!", box[1])
            inner = lines[at + 1 : end - 1 if _END_BOX.match(lines[end - 1].text) else end]
            return end, self.box(_titled(mark, kind, self.inline.write(line.number, box[2])), inner, depth), True
        return at + 1, [self.plain(line)], False

    def plain(self, line: Line) -> _Row:
        """A line that opens nothing."""
        if line.code or line.kind == "maths":
            return _Row(line.text, code=line.code)
        if line.kind == "hidden":
            return _Row(as_comment(line.text.strip().strip("%")))
        return _Row(self.inline.write(line.number, _expanded(line.text)).rstrip(), line.breaks)

    def html(self, lines: Sequence[Line]) -> list[_Row]:
        """A block of raw HTML, in which only tags that show something are changed. It is text where nothing else
        begins it: Markdown isn't read within HTML."""
        # a tag may take several lines
        whole = MEDIA.sub(lambda tag: re.sub(r"\s*\n\s*", " ", tag[0]), "\n".join(line.text for line in lines))
        texts = whole.split("\n")
        if MEDIA.sub("", texts[0]).strip()[:1] == "<":
            made = (self.inline.html(lines[at].number, text).rstrip() for at, text in enumerate(texts))
            return [_Row(row) for text in made for row in text.split("\n")]
        return [_Row(self.inline.write(lines[at].number, text).rstrip(), True) for at, text in enumerate(texts)]

    def quote(self, lines: Sequence[Line], depth: int) -> tuple[list[_Row], bool]:
        """The rows of a quote, and whether it is a callout."""
        inner = [line._replace(text=_QUOTE.sub("", line.text, count=1), quotes=line.quotes - 1) for line in lines]
        if inner[0].code or opening(inner[0].text) is None:
            rows = self.rows(inner, depth + 1)
            return [row._replace(text=f"> {row.text}" if row.code else f"> {row.text}".rstrip()) for row in rows], False
        result = list[_Row]()
        # a second label with a text begins a box of its own
        texts = ["" if line.code else (opening(line.text) or ("", ""))[1] for line in inner]
        starts = [at for at, text in enumerate(texts) if text or not at]
        for start, end in zip(starts, [*starts[1:], len(inner)], strict=True):
            text, shown = texts[start], inner[start].text
            # the title of a callout may hold links
            label, _ = (
                opening(shown if text else self.inline.write(inner[start].number, shown)) or opening(shown) or ("", "")
            )
            first = [inner[start]._replace(text=text)] if text else []
            result += [_BLANK] * bool(result)
            result += self.box(label, [*first, *inner[start + 1 : end]], depth)
        return result, True

    def box(self, label: str, inner: Sequence[Line], depth: int) -> list[_Row]:
        """The rows of an admonition."""
        rows = self.rows(inner, depth + 1)
        shown = [row._replace(text=_INDENT + row.text if row.text.strip() else "") for row in rows]
        return [_Row(label), _BLANK, *shown]


def _breaks(row: _Row, after: _Row) -> bool:
    """Whether a line of a paragraph ends in a line break: all do but the last, those that have one
    already, and those that an indented line continues."""
    return (
        row.breaks
        and bool(after.text.strip())
        and not row.text.endswith(("\\", "<br>", "<br/>"))
        and not after.text.startswith(_INDENT)
        and not after.text.lstrip().startswith(("<br>", "<br/>", "<!--"))
    )


def _as_written(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines with a quote on a line of its own where embeds come before it."""
    for line in lines:
        if line.kind == "text" and (found := _GLUED.match(line.text)):
            yield line._replace(text=found[1].rstrip(), breaks=False)
            yield line._replace(text=found[2], quotes=1)
        else:
            yield line


def _quote_end(lines: Sequence[Line], start: int) -> int:
    """The index after the quote that begins in a line; in a list it ends with its indentation."""
    own, end = len(_lead(lines[start].text)), start + 1
    while end < len(lines) and lines[end].quotes and not (lines[end].listed and len(_lead(lines[end].text)) < own):
        end += 1
    return end


def _box_end(lines: Sequence[Line], start: int) -> int:
    """The index after the box of HackMD that begins in a line."""
    depth = 0
    for at in range(start, len(lines)):
        if lines[at].kind == "text":
            depth += bool(BOX.match(lines[at].text)) - bool(_END_BOX.match(lines[at].text))
            if depth == 0:
                return at + 1
    return len(lines)


def _lead(text: str) -> str:
    """The white space that a line begins with, as spaces."""
    return " " * len(text[: len(text) - len(text.lstrip(" \t"))].expandtabs(4))


def _expanded(text: str) -> str:
    """Tabs before the first word as four spaces each.

    >>> _expanded("\\t\\t- a"), _expanded("  \\t- b")
    ('        - a', '    - b')
    """
    found = _TABS.match(text)
    return text[: found.end()].expandtabs(4) + text[found.end() :] if found else text
