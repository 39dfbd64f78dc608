"""The lines of one episode as its body: quotes, callouts and boxes, comments, code, and line ends that are breaks.

Lines stay as they are written wherever the site reads them alike. A callout of a vault (`> [!tip] Title`), a labelled
quote (`> NOTE: text`) and a box of HackMD (`:::info`) become admonitions.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

from mlguide_site.importers.notes.inline import MEDIA, InlineWriter, as_comment
from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.escape import unescape

MAX_DEPTH = 8
"""How deep quotes and boxes are read; what is deeper stays as it is written."""
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
_CALLOUT = re.compile(r"\[!([A-Za-z][\w-]{0,30})(?:\|[^\]\n]{0,60})?\]([-+]?)[ \t]*(.*)$")
_LABEL = re.compile(r"\**(NOTE|TIP|HINT|INFO|TODO|WARNING|CAUTION|IMPORTANT|DANGER|EXAMPLE)\**:\**[ \t]*(.*)$", re.I)
_GLUED = re.compile(r"((?:!\[\[[^\[\]\n]{1,500}\]\][ \t]*)+)(>.*)$")
BOX = re.compile(r"\s{0,3}:::\s*(info|success|warning|danger|spoiler)\b\s*(.*)$")
_WEB_LINK = re.compile(r"\[(.*)\]\(<?(https?:[^\s<>]*?)>?\)")
_END_BOX = re.compile(r"\s{0,3}:::\s*$")
_BLANK = Line(0, "")


def write_body(lines: Sequence[Line], writer: InlineWriter) -> str:
    """The body of the lines of one episode."""
    result, blank = list[str](), False
    for row in _rows(writer, lines, 0):
        # blocks of code keep their blank lines
        if not (blank and not row.text.strip() and not row.code):
            result.append(row.text)
        blank = not row.text.strip() and not row.code
    return "\n".join(result).strip("\n")


def opening(quote: str) -> tuple[str, str] | None:
    """The first line of the admonition that a line of a quote opens, and the text after its label ("" for none).

    >>> opening("NOTE: Mind the gap"), opening("[!tip]- Try this")
    (('!!! note', 'Mind the gap'), ('??? tip "Try this"', ''))
    >>> opening("[!saw] Teeth"), opening("Notes: none")
    (('!!! saw "Teeth"', ''), None)
    """
    if found := _CALLOUT.match(quote.strip()):
        return _titled({"-": "???", "+": "???+", "": "!!!"}[found[2]], found[1].casefold(), found[3]), ""
    found = _LABEL.match(quote.strip())
    if not found or not (found[1].isupper() or found[1].istitle()):
        return None
    return f"!!! {found[1].casefold()}", found[2]


def _titled(mark: str, kind: str, title: str) -> str:
    title = " ".join(title.replace('"', "'").split())
    return f"{mark} {kind}" + (f' "{title}"' if title else "")


def _rows(writer: InlineWriter, lines: Sequence[Line], depth: int) -> list[Line]:
    """The lines of one depth as they are written, with a backslash where a line end is a break."""
    lines, rows, at = list(_unglued(lines)), list[Line](), 0
    while at < len(lines):
        line, end = lines[at], at + 1
        if line.kind == "html":
            end = next((other for other in range(at, len(lines)) if lines[other].kind != "html"), len(lines))
            rows += _html(writer, lines[at:end])
        elif depth < MAX_DEPTH and line.quotes:
            end = _quote_end(lines, at)
            rows += _quote(writer, lines[at:end], depth)
        elif depth < MAX_DEPTH and line.kind == "text" and not writer.vault and (box := BOX.match(line.text)):
            end = _box_end(lines, at)
            mark, kind = ("???", "note") if box[1] == "spoiler" else ("!!!", box[1])
            inner = lines[at + 1 : end - bool(_END_BOX.match(lines[end - 1].text))]
            rows += _box(writer, _titled(mark, kind, writer.write(line.number, box[2])), inner, depth)
        elif line.code or line.kind == "maths":
            rows.append(line._replace(breaks=False))
        elif line.kind == "hidden":
            rows.append(Line(line.number, as_comment(line.text.strip().strip("%"))))
        else:
            text = _lead(line.text) + line.text.lstrip(" \t")
            rows.append(line._replace(text=writer.write(line.number, text)))
        at = end
    followed = zip(rows, [*rows[1:], _BLANK], strict=False)
    return [row._replace(text=row.text + "\\" * _breaks(row, after), breaks=False) for row, after in followed]


def _html(writer: InlineWriter, lines: Sequence[Line]) -> list[Line]:
    """A block of raw HTML, in which only tags that show something are changed. It is text where nothing else begins it:
    Markdown isn't read within HTML."""
    writer.line = lines[0].number
    # a tag may take several lines
    whole = MEDIA.sub(lambda tag: re.sub(r"\s*\n\s*", " ", tag[0]), "\n".join(line.text for line in lines))
    if MEDIA.sub("", whole.partition("\n")[0]).strip()[:1] == "<":
        # where a picture ends a table, its cells are no longer apart
        whole = re.sub(r"(</t[dh]>)(?=<)", r"\1 ", whole)
        whole = MEDIA.sub(lambda tag: _within_html(writer.media(tag[0])) if tag["media"] else "", whole)
        return [Line(0, text.rstrip()) for text in whole.split("\n")]
    texts = enumerate(whole.split("\n"))
    return [Line(0, writer.write(lines[at].number, text), breaks=True) for at, text in texts]


def _within_html(text: str) -> str:
    """What a tag shows, in raw HTML: a link as HTML; Markdown must be outside of it.

    >>> _within_html("[A &amp; b](<https://a.example/(1)>)"), _within_html("![x](asset:x.png)")
    ('<a href="https://a.example/(1)">A &amp; b</a>', '\\n\\n![x](asset:x.png)\\n\\n<div>')
    """
    if found := _WEB_LINK.fullmatch(text):
        return f'<a href="{escape(unescape(found[2]))}">{escape(unescape(found[1]))}</a>'
    return f"\n\n{text}\n\n<div>" if text else ""


def _quote(writer: InlineWriter, lines: Sequence[Line], depth: int) -> list[Line]:
    """The rows of a quote, or of the callout that it is."""
    lead = _lead(lines[0].text) if lines[0].listed else ""
    inner = [line._replace(text=_QUOTE.sub("", line.text, count=1), quotes=line.quotes - 1) for line in lines]
    first = inner[0]
    if not first.code and opening(first.text):
        text = (opening(first.text) or ("", ""))[1]
        # the title of a callout may hold links
        label = opening(first.text if text else writer.write(first.number, first.text)) or opening(first.text)
        body = [first._replace(text=text), *inner[1:]] if text else inner[1:]
        rows = _box(writer, label[0] if label else "", body, depth)
    else:
        rows = [
            row._replace(text=f"> {row.text}" if row.code else f"> {row.text}".rstrip())
            for row in _rows(writer, inner, depth + 1)
        ]
    return [row._replace(text=lead + row.text if row.text else "") for row in rows]


def _box(writer: InlineWriter, label: str, inner: Sequence[Line], depth: int) -> list[Line]:
    """The rows of an admonition."""
    rows = _rows(writer, inner, depth + 1)
    shown = [row._replace(text=f"    {row.text}" if row.text.strip() else "") for row in rows]
    return [_BLANK, Line(0, label), _BLANK, *shown, _BLANK]


def _breaks(row: Line, after: Line) -> bool:
    """Whether a line of a paragraph ends in a line break: all do but the last, those that have one
    already, and those that an indented line continues."""
    return (
        row.breaks
        and bool(after.text.strip())
        and not row.text.endswith(("\\", "<br>", "<br/>"))
        and not after.text.startswith("    ")
        and not after.text.lstrip().startswith(("<br>", "<br/>", "<!--"))
    )


def _unglued(lines: Sequence[Line]) -> Iterator[Line]:
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
