"""Markdown notes as lines: which of them are code, headings, and what stands between `---` lines at the top."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os.path import basename, splitext
from typing import Any, NamedTuple

from mlguide_site.content.codec import read_yaml
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers.base import Context, Source
from mlguide_site.importers.text import decode_text
from mlguide_site.importers.verbatim import HTML_START, html_lines, maths_lines
from mlguide_site.markdown.limits import MARKS
from mlguide_site.model.slugs import make_slug

MAX_BYTES = 4 * 1024 * 1024
MAX_LINES = 200_000
MAX_LINE = 60_000
MAX_SIGNS = 300_000
"""signs that may be Markdown, a line counting as two: what the time that notes take goes by"""
MAX_HEAD = 200
MAX_TAGS = 200
MAX_TITLE = 500
MAX_PARTS = 1_000
"""sessions or days in one file"""
MAX_SERIES_SLUG = 40
_FENCE = re.compile(r"(?:\s|>|[-+*]\s|\d{1,9}[.)]\s){0,40}(`{3,}|~{3,})")
_QUOTED = re.compile(r"(?:\s|[-+*]\s|\d{1,9}[.)]\s){0,40}>")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_KEY = re.compile(r"([A-Za-z][\w .-]{0,40}):(?:\s+(.*)|$)")
_RULE = re.compile(r"\s{0,3}-{3,}\s*$")
_ITEM = re.compile(r"\s*(?:[-+*]|\d{1,9}[.)])\s")
_BLOCK_START = re.compile(
    r"\s*(?:#{1,6}\s|>|\||```|~~~|!!!|\?\?\?|<!--|</?[A-Za-z][^>]*>\s*$|(?:[-*_]\s*){3,}$|=+\s*$|-+\s*$"
    rf"|(?i:{HTML_START}))"
)
_FOOTNOTE = re.compile(r"\s*\[\^[^\s\]]{1,999}\]:")
_INDENTED = re.compile(r"(?: {4}|\t)")
_SIDES = (False, True)


class Line(NamedTuple):
    """A line, its number in the source, and whether it belongs to a fenced block of code."""

    number: int
    text: str
    code: bool = False


class Heading(NamedTuple):
    """A heading's level and text."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """What front matter says: fields of all its blocks joined, the first of each name counting, lists of tags joined;
    the names of fields in which the blocks differ; and the index of the first line behind it."""

    fields: Mapping[str, Any]
    tags: tuple[str, ...]
    differing: tuple[str, ...]
    end: int


def read_lines(source: Source) -> list[Line] | Problem:
    """The lines of a text source, or the problem that keeps it from being read."""
    text = decode_text(source, MAX_BYTES)
    if isinstance(text, Problem):
        return text
    if text.count("\n") > MAX_LINES:
        return Problem(source.name, Span(MAX_LINES, 1), f"more than {MAX_LINES:,} lines", "split it")
    lines = mark_code(text.split("\n"))
    large = next((line.number for line in lines if len(line.text) > MAX_LINE), 0)
    if large:
        remedy = "break it into several, or put what it embeds into a file beside the notes"
        return Problem(source.name, Span(large, 1), f"the line is longer than {MAX_LINE:,} characters", remedy)
    return too_rich(source.name, lines) or lines


def too_rich(name: str, lines: Iterable[Line]) -> Problem | None:
    """The problem of a source whose lines hold too many signs of Markdown; those of code cost nothing."""
    if sum(2 + len(MARKS.findall(line.text)) for line in lines if not line.code) <= MAX_SIGNS:
        return None
    message = f"more than {MAX_SIGNS:,} signs that may be Markdown (a line counts as two)"
    return Problem(name, Span(), message, "split it, and import its parts one by one")


def mark_code(texts: Sequence[str]) -> list[Line]:
    """Lines with what stands between fences marked; a fence that nothing closes begins no code.

    >>> [line.code for line in mark_code(["a", "```", "b", "```", "~~~"])]
    [False, True, True, True, False]
    >>> [line.code for line in mark_code(["> ```", "> a", "b", "```", "> ```", "```"])]
    [False, False, False, True, True, True]
    """
    fences = [(found[1] if (found := _FENCE.match(text)) else "") for text in texts]
    ends = _fence_ends(texts, fences)
    code = [False] * len(texts)
    at = 0
    while at < len(texts):
        end = ends.get(at, at)
        if end > at:
            code[at : end + 1] = [True] * (end + 1 - at)
        at = end + 1
    return [Line(number, text, inside) for number, (text, inside) in enumerate(zip(texts, code, strict=True), 1)]


def _fence_ends(texts: Sequence[str], fences: Sequence[str]) -> dict[int, int]:
    """For each fence the line that closes it: the next of its kind and at least its length that nothing follows. One in
    a quote ends with the quote at the latest, and closes none outside.

    In one pass from behind: of the lines that may close, only those matter that are longer than all before them.
    """
    ends: dict[int, int] = {}
    closing: dict[tuple[str, bool], list[tuple[int, int]]] = {(sign, inside): [] for sign in "`~" for inside in _SIDES}
    for at in range(len(texts) - 1, -1, -1):
        quoted = bool(_QUOTED.match(texts[at]))
        if not quoted:
            for sign in "`~":
                closing[sign, True].clear()
        if not (fence := fences[at]):
            continue
        # the nearest stands last, and so the lengths fall
        known = closing[fence[0], quoted]
        place = bisect_right(known, -len(fence), key=lambda one: -one[1])
        if place:
            ends[at] = known[place - 1][0]
        if texts[at].rstrip().endswith(fence):
            while known and known[-1][1] <= len(fence):
                known.pop()
            known.append((at, len(fence)))
    return ends


def heading(line: Line) -> Heading | None:
    """The heading that a line is.

    >>> heading(Line(1, "## Two ##")), heading(Line(1, "#tag"))
    (Heading(level=2, text='Two'), None)
    """
    found = None if line.code else _HEADING.match(line.text)
    if not found:
        return None
    return Heading(len(found[1]), re.sub(r"(?:^|[ \t])#{1,100}$", "", (found[2] or "").strip()).strip())


def is_rule(line: Line) -> bool:
    """Whether a line is `---`."""
    return not line.code and bool(_RULE.match(line.text))


def read_head(lines: Sequence[Line]) -> Head:
    """The front matter of a note, where it has any, however many blocks there are of it."""
    at, fields, tags, differing = 0, dict[str, Any](), dict[str, None](), set[str]()
    while True:
        start = at
        while start < len(lines) and not lines[start].text.strip():
            start += 1
        if start == len(lines) or not _RULE.match(lines[start].text):
            break
        end = next((i for i in range(start + 1, min(start + MAX_HEAD, len(lines))) if _RULE.match(lines[i].text)), 0)
        block = [line.text for line in lines[start + 1 : end]]
        if not end or not _is_mapping(block):
            break
        found = _fields(block)
        for key, value in found.items():
            if key in fields and fields[key] != value:
                differing.add(key)
            fields.setdefault(key, value)
        tags |= dict.fromkeys(tag for key in ("tags", "tag") for tag in _plain_list(found.get(key)))
        at = end + 1
    rest = {key: value for key, value in fields.items() if key not in {"tags", "tag"}}
    return Head(rest, tuple(tags), tuple(sorted(differing)), at)


def too_many(name: str, tags: int, parts: Sequence[int], what: str) -> Problem | None:
    """The problem of a file with too many tags, or too many sessions or days (`what`), given by their lines."""
    if tags > MAX_TAGS:
        return Problem(name, Span(), f"more than {MAX_TAGS} tags in the front matter", "keep those that matter")
    if len(parts) > MAX_PARTS:
        return Problem(name, Span(parts[MAX_PARTS], 1), f"more than {MAX_PARTS:,} {what}", "split the file here")
    return None


def _is_mapping(block: Sequence[str]) -> bool:
    """Whether lines look like front matter: keys, and what belongs to them."""
    filled = [text for text in block if text.strip()]
    return bool(filled) and all(_KEY.match(t) or re.match(r"\s*-\s|\s+\S|#|\]|\}", t) for t in filled)


def _fields(block: Sequence[str]) -> dict[str, Any]:
    try:
        return {str(key).casefold(): value for key, value in read_yaml("\n".join(block), "").value.items()}
    except ContentError:
        # what is no YAML still has its lines
        found = [match for text in block if (match := _KEY.match(text))]
        return {match[1].casefold(): (match[2] or "").strip().strip("[]\"'") for match in found}


def _plain_list(value: Any) -> list[str]:
    """What is written as a list or as one text with commas."""
    items = value if isinstance(value, list) else str(value or "").split(",")
    found = [str(item or "").strip().lstrip("#").strip("[]\"' ") for item in items if not isinstance(item, dict)]
    return [item for item in found if item]


def head_text(head: Head, *keys: str) -> str:
    """The text of the first of these fields that has one, on one line."""
    for key in keys:
        value = head.fields.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
    return ""


def stem_title(name: str) -> str:
    """A title from a file's name: its words.

    >>> stem_title("notes/my_first-course.md")
    'my first course'
    """
    stem = splitext(basename(name.rstrip("/\\")))[0]
    return " ".join(re.sub(r"[_-]+", " ", stem).split())


def series_of(title: str, context: Context) -> str:
    """The id of the series that a title names: the one given, a known one of this title, or a new one."""
    if context.given:
        return context.given
    for series in context.series.values():
        if " ".join(series.title.casefold().split()) == " ".join(title.casefold().split()):
            return series.id
    slug = make_slug(title, "notes")
    while len(slug) > MAX_SERIES_SLUG and "-" in slug:
        slug = slug.rpartition("-")[0]
    return slug[:MAX_SERIES_SLUG].strip("-") or "notes"


def break_lines(texts: Sequence[str], code: Sequence[bool]) -> list[str]:
    """Lines of notes in which a line end is a line break, as Markdown that shows them so.

    >>> break_lines(["One", "two", "", "- a", "- b"], [False] * 5)
    ['One\\\\', 'two', '', '- a', '- b']
    >>> break_lines(["[^1]: One", "two", "[^2]: Three"], [False] * 3)
    ['[^1]: One\\\\', 'two', '[^2]: Three']
    """
    result = []
    kept = [any(ways) for ways in zip(code, maths_lines(texts, code), html_lines(texts, code), strict=True)]
    for at, text in enumerate(texts):
        after = texts[at + 1] if at + 1 < len(texts) else ""
        breaks = (
            not kept[at]
            and at + 1 < len(texts)
            and not kept[at + 1]
            and is_prose(text)
            and is_prose(after)
            and not _ITEM.match(after)
            and not _FOOTNOTE.match(after)
            and not text.rstrip().endswith(("\\", "<br>", "<br/>"))
            and not after.strip().startswith(("<br>", "<br/>"))
        )
        text = text if code[at] else text.rstrip()
        result.append(text + "\\" if breaks else text)
    return result


def is_prose(text: str) -> bool:
    """Whether a line is one of a paragraph, or begins an item that a paragraph may go on in."""
    if not text.strip() or "|" in text or _BLOCK_START.match(text):
        return False
    return not _INDENTED.match(text) or bool(_ITEM.match(text))
