"""Converts an episode's lines to Markdown: callouts (`> [!tip]`), `> NOTE: …` and `:::info` become admonitions."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from mlguide_site.importers.notes.inline import COMMENT, MEDIA, InlineWriter, as_comment, attributes_of
from mlguide_site.importers.notes.source import Line
from mlguide_site.importers.notes.template_tags import ATTRIBUTES
from mlguide_site.markdown.plain import escape_start

MAX_DEPTH = 8  # how deep HackMD admonitions may be nested; deeper ones aren't converted
_CALLOUT = re.compile(r"\s*\[!(?P<kind>[A-Za-z][\w-]{0,30})(?:\|[^\]\n]{0,60})?\](?P<fold>[-+]?)[ \t]*(?P<title>.*)$")
_LABEL = re.compile(
    r"\s*\**(?P<kind>NOTE|TIP|HINT|INFO|TODO|WARNING|CAUTION|IMPORTANT|DANGER|EXAMPLE)\**:\**[ \t]*(?P<text>.*)$", re.I
)
_BOX = re.compile(
    r"\s{0,3}:{3,9}\s*(?P<brace>\{(?P<before>(?:[^{}]{0,500}?\s)?)\.)?(?:callout-)?"
    r"(?P<kind>info|success|warning|danger|spoiler|details|note|tip|hint|attention|caution|important)(?![\w-])"
    r"(?(brace)(?P<given>[^{}]{0,500})\}\s*$)"
    rf"\s*(?:\[(?P<name>.{{0,300}})\](?=\s*(?:\{{{ATTRIBUTES}\s*)?$))?"
    rf"\s*(?P<attributes>\{{{ATTRIBUTES})?\s*(?P<title>.*)$"
)
_OTHER_BOX = re.compile(r"\s{0,3}:{3,9}\s*(?:(?P<div>\{[^{}]{0,500}\}\s*:*\s*$)|[A-Za-z{])")
"""A box that isn't converted; `div` is a division of Pandoc, such as `::: {.column}`, which a page doesn't show."""
_END_BOX = re.compile(r"\s{0,3}:{3,9}\s*$")
_MARKS = {"-": "???", "+": "???+", "": "!!!"}
_INDENT, _QUOTE = "    ", "> "
_BREAK = re.compile(r"(?:\\|<br/?>)$")
_NO_BREAK = re.compile(r"\s*$| {4}|\s*<(?:br/?>|!--)")
"""Matches a blank line, indented code, `<br>` or a comment. No hard line break is inserted before such a line."""
_UNSEEN = re.compile(r"\s*(?:$|<!--.*-->$|\[(?!\^)[^\[\]]+\]:\s)")
"""Matches a blank line, a comment or the definition of a link, which a page doesn't show."""
_NO_TITLE = re.compile(r"(?<!\\)\[|<[^<>\s]+[:@]")
"""Matches the start of a link, image or footnote, which the title of an admonition can't contain."""


class _Row(NamedTuple):
    """A line of a body. `prefix` is its indentation and `>` markers; `breaks` is true if it may need a hard break.
    `title` is None unless the line begins an admonition."""

    prefix: str
    text: str
    breaks: bool = False
    code: bool = False
    title: str | None = None


def write_body(lines: Sequence[Line], writer: InlineWriter, breaks: bool | None = True) -> str:
    """Return the Markdown body for the lines of one episode. If `breaks` is false, line breaks in paragraphs
    count as spaces, as in standard Markdown. If it is None, only the breaks between short lines are kept."""
    if not breaks:
        kept = (one.text.endswith("  ") or (breaks is None and one.short) for one in lines)
        lines = [one._replace(breaks=one.breaks and has_break) for one, has_break in zip(lines, kept, strict=True)]
    result, is_blank, rows = list[str](), False, _with_titles(_rows(lines, writer))
    for row, after in zip(rows, [*rows[1:], _Row("", "")], strict=False):
        is_break = row.breaks and bool(row.text) and not _BREAK.search(row.text) and not _NO_BREAK.match(after.text)
        text = row.prefix + row.text + "\\" * is_break
        # code blocks keep their blank lines
        if text.strip() or row.code or not is_blank:
            result.append(text if row.code and row.text else text.rstrip())
        is_blank = not text.strip() and not row.code
    return "\n".join(result).strip("\n")


def _rows(lines: Sequence[Line], writer: InlineWriter) -> Iterator[_Row]:
    """Yield the rows of a body. `boxes` and `quotes` contain the prefixes of open admonitions and of open quotes. The
    prefix of a box whose marks are text is None."""
    boxes, quotes, lead = list[str | None](), list[str](), ""
    for line in lines:
        text = re.sub(rf"^(?:[ \t]*>[ \t]?){{{line.quotes}}}", "", line.text)
        while len(quotes) > line.quotes:
            if quotes.pop() == _INDENT:
                yield _Row("".join(filter(None, (*boxes, lead, *quotes))), "")
        if not quotes:
            lead = _indentation(line.text) if line.quotes else ""
        while len(quotes) < line.quotes:
            prefix = "".join(filter(None, (*boxes, lead, *quotes)))
            is_inner = len(quotes) + 1 == line.quotes and not line.code
            label = _opening(text, line.number, writer) if is_inner else None
            if label:
                yield from (_Row(prefix, ""), _Row(prefix, label[0], title=label[1]), _Row(prefix, ""))
                text = label[2]
            quotes.append(_INDENT if label else _QUOTE)
        prefix = "".join(filter(None, (*boxes, lead, *quotes)))
        is_text = line.kind == "text" and not quotes
        if is_text and len(boxes) < MAX_DEPTH and (box := _BOX.match(text)):
            mark, kind = ("???", "note") if box["kind"] in {"spoiler", "details"} else ("!!!", box["kind"])
            given = box["before"] + box["given"] if box["brace"] else (box["attributes"] or "")[1:-1]
            title = attributes_of(" " + given.replace('\\"', "'")).get("title")
            title = " ".join(filter(None, (box["name"], title, box["title"])))
            row = _Row(prefix, f"{mark} {kind}", title=writer.write(line.number, title))
            yield from (_Row(prefix, ""), row)
            boxes.append(_INDENT)
            yield _Row("", "")
        # the end of a box that isn't converted is text
        elif is_text and boxes and _END_BOX.match(text) and boxes.pop() is not None:
            yield _Row("".join(filter(None, boxes)), "")
        elif is_text and (other := _OTHER_BOX.match(text)) and other["div"]:
            boxes.append("")
            yield _Row(prefix, "")
        elif line.kind == "html":
            writer.line = line.number
            # convert comments and media tags to Markdown, except tags that span several lines
            if writer.vault:
                text = COMMENT.sub(lambda found: as_comment(found[1]), text)
            if "src" in text:
                text = MEDIA.sub(lambda tag: f"\n\n{writer.media(tag[0])}\n\n", text)
            yield from (_Row(prefix, one.rstrip()) for one in text.split("\n"))
        elif line.code:
            yield _Row(prefix, text, code=True)
        else:
            if is_text and boxes and _OTHER_BOX.match(text):
                # a box that isn't converted ends before the box around it
                boxes.append(None)
            yield _Row(prefix, writer.write(line.number, _indentation(text) + text.lstrip(" \t")), line.breaks)


def _opening(text: str, number: int, writer: InlineWriter) -> tuple[str, str, str] | None:
    """Return the mark and kind of the admonition that a quoted line opens, its title, and the text after the label, or
    None."""
    if found := _CALLOUT.match(text):
        return f"{_MARKS[found['fold']]} {found['kind'].casefold()}", writer.write(number, found["title"]), ""
    found = _LABEL.match(text)
    return (f"!!! {found['kind'].casefold()}", "", found["text"]) if found else None


def _with_titles(rows: Iterable[_Row]) -> list[_Row]:
    """Write the titles of admonitions. A title becomes text if it contains a link, or if the admonition has no text. An
    admonition without title and text becomes its kind, because the site warns about an empty admonition."""
    result = list[_Row]()  # in reverse order
    for row in reversed(list(rows)):
        if row.title is not None:
            title, inner = " ".join(row.title.split()), row.prefix + _INDENT
            unseen = list(takewhile(lambda one: _UNSEEN.match(one.text), reversed(result)))
            has_text = len(unseen) < len(result) and result[-1 - len(unseen)].prefix.startswith(inner)
            if not _UNSEEN.match(title) and (_NO_TITLE.search(title) or not has_text):
                result += (_Row(inner, escape_start(title)), _Row(row.prefix, ""))
            elif has_text:
                row = row._replace(text=row.text + ' "{}"'.format(title.replace('"', "'")) * bool(title))
            else:
                row = row._replace(text=f"{row.text.split()[1].title()} {title}")
                # without the admonition, indented comments would be code
                outer = (one._replace(prefix=row.prefix) if one.text else one for one in reversed(unseen))
                result[len(result) - len(unseen) :] = outer
        result.append(row)
    return result[::-1]


def _indentation(text: str) -> str:
    return " " * len(text[: len(text) - len(text.lstrip(" \t"))].expandtabs(4))
