"""Converts the HTML that notebooks and GitHub write in Markdown: style sheets, tables of data frames, `<details>`."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mlguide_site.importers.notes.inline import bare_text
from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.blocks_from_html import parse_html
from mlguide_site.markdown.blocks_to_markdown import block_lines
from mlguide_site.markdown.fences import fenced

MAX_SUMMARY = 7  # maximum number of lines of a summary
_PART = re.compile(r" {0,3}<(?:(?P<style>style)\b[^<>]{0,200}|table\b[^<>]{0,200}\bdataframe\b[^<>]{0,200})>", re.I)
_DETAILS = re.compile(r"(</?details\b[^<>]{0,200}>)", re.I)
_HEADING = re.compile(r" {0,3}(?:(?P<hash>#{1,3})[ \t]|-{2,}[ \t]*$|=+[ \t]*$)")
_LINK = re.compile(r"\[[^\[\]]*\][(\[]")
_SUMMARY = re.compile(r"\s*<summary\b[^<>]{0,200}>(.{0,500}?)</summary>\s*", re.I)


class _Row(NamedTuple):
    """A line, or a part of a line beside a tag of `<details>`, which is `tag`."""

    line: Line
    is_code: bool
    tag: re.Match[str] | None


def without_html(lines: Sequence[Line], has_boxes: bool) -> list[Line]:
    """Leave out style sheets, which are above each table of a notebook, and convert the tables of data frames and, if
    `has_boxes` is true, the `<details>` elements, which become boxes. Code and unclosed elements stay."""
    # most notes have none of these, so that looking for code would be in vain
    kept = [*_with_tables(lines)] if any(_PART.match(line.text) for line in lines) else [*lines]
    has_details = has_boxes and any(_DETAILS.search(line.text) for line in kept)
    return [*_with_boxes(kept)] if has_details else kept


def _with_tables(lines: Sequence[Line]) -> Iterator[Line]:
    texts, at = [line.text for line in lines], 0
    code, ends = list(fenced(texts)), dict[str, list[int]]()
    for tag in ("</style>", "</table>"):
        ends[tag] = [number for number, text in enumerate(texts) if tag in text.lower()]
    while at < len(lines):
        found, first = None if code[at] else _PART.match(texts[at]), at
        tag = "</style>" if found and found["style"] else "</table>"
        later = ends[tag][bisect_left(ends[tag], first) :][:1] if found else []
        at = later[0] + 1 if later else first + 1
        if not later:
            yield lines[first]
            continue
        rest = texts[later[0]][texts[later[0]].lower().index(tag) + len(tag) :]
        html = "\n".join(texts[first:at]).removesuffix(rest)
        shown = ["", *block_lines(parse_html(html)), "", rest] if tag == "</table>" else [rest]
        yield from (lines[first]._replace(text=text) for text in shown)


def _with_boxes(lines: Sequence[Line]) -> Iterator[Line]:
    rows = list[_Row]()
    for is_code, line in zip(fenced([line.text for line in lines]), lines, strict=True):
        text = line.text.rstrip()
        is_tag = _DETAILS.match(text) or (text.lower().endswith("</details>") and "`" not in text)
        is_split = is_tag and not is_code and not text.startswith(" ")
        parts = filter(str.strip, _DETAILS.split(text)) if is_split else [line.text]
        rows += (
            _Row(line._replace(text=part), is_code, None if is_code else _DETAILS.fullmatch(part)) for part in parts
        )
    if not (boxes := _boxes(rows)):
        yield from lines
        return
    rows = [row if at in boxes else row._replace(tag=None) for at, row in enumerate(rows)]
    is_open = False  # whether the last tag is an opening tag, which a summary may follow
    for row, _, tag in _with_joined_summaries(rows):
        summary = _SUMMARY.match(row.text) if is_open else None
        if is_open and row.text.strip():
            marked = re.sub(r"</?code>", "`", summary[1], flags=re.I) if summary else ""
            title = re.sub(r"</?\w[^<>]*>", "", marked).strip()
            # a title can't have links
            shown = [bare_text(title), "", title] if _LINK.search(title) else [title]
            yield from (row._replace(text=text) for text in (f":::spoiler {shown[0]}".strip(), *shown[1:], ""))
            is_open = False
        if tag:
            is_open = tag[1][1] != "/"
            yield from (row._replace(text=text) for text in ([""] if is_open else ["", ":::", ""]))
        else:
            yield row._replace(text=row.text[summary.end() :]) if summary else row


def _boxes(rows: Sequence[_Row]) -> set[int]:
    """Return the positions of the tags of all `<details>` elements but those around a heading, where a note may be cut.
    The set is empty if an element isn't closed."""
    found, inner, has_heading, depth, before = set[int](), set[int](), False, 0, ""
    for at, row in enumerate(rows):
        if row.tag:
            depth += -1 if row.tag[1][1] == "/" else 1
            inner.add(at)
        heading = None if row.is_code else _HEADING.match(row.line.text)
        # below an empty line, `---` is a rule
        if heading and (heading["hash"] or before.strip()):
            has_heading = True
        before = row.line.text
        if depth < 0:
            return set()
        if not depth:
            found |= set() if has_heading else inner
            inner, has_heading = set(), False
    return set() if depth else found


def _with_joined_summaries(rows: Sequence[_Row]) -> Iterator[_Row]:
    """Join the lines of each summary, whose tags may be on lines of their own."""
    at = 0
    while at < len(rows):
        row, own = rows[at], [one.line.text.strip() for one in rows[at : at + MAX_SUMMARY]]
        is_start = not row.is_code and own[0].lower().startswith("<summary")
        count = next((n for n, text in enumerate(own, 1) if is_start and "</summary>" in text.lower()), 1)
        yield row._replace(line=row.line._replace(text=" ".join(own[:count]))) if count > 1 else row
        at += count
