"""A note as lines: its front matter, and what each line is by the syntax tree of the text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os.path import basename, splitext
from typing import Any, NamedTuple

from markdown_it.token import Token

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Context, Source
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.markdown.limits import MARKS
from mlguide_site.markdown.parse import parser
from mlguide_site.model.slugs import make_slug

MAX_BYTES = 4 * 1024 * 1024
MAX_LINES = 200_000
MAX_LINE = 60_000
MAX_SIGNS = 300_000
"""Characters that may be Markdown; a line counts as three. They decide how long reading takes."""
MAX_HEAD = 200
MAX_TAGS = 200
MAX_TITLE = 500
MAX_PARTS = 1_000
"""Sessions or days in one file."""
MAX_SERIES_SLUG = 40
MAX_MATHS = 200
_FENCE = re.compile(r"(?:\s|>|[-+*]\s|\d{1,9}[.)]\s){0,40}(`{3,}|~{3,})([^\n]*)")
_ATX = re.compile(r"\s{0,3}#{1,6}(?:[ \t]+|$)")
_KEY = re.compile(r"([A-Za-z][\w .-]{0,40}):(?:\s+(.*)|$)")
_RULE = re.compile(r"\s{0,3}-{3,}\s*$")
_QUOTES = re.compile(r"(?:[ \t]*>)+")
_FAULTS = (RecursionError, RuntimeError, LookupError, ValueError, TypeError, AttributeError)
_KINDS = {"fence": "fence", "code_block": "code", "html_block": "html", "table_open": "table", "hr": "rule"}


class Line(NamedTuple):
    """A line and its number in the source.

    `kind` is `text`, `fence`, `code` (indented), `html`, `table`, `rule`, `maths` or `hidden`; `level` is that of a
    heading, 0 for none. `quotes` counts the quotes that the line is in, `breaks` is true where its paragraph continues
    on the next line, and `listed` where it belongs to a list.
    """

    number: int
    text: str
    kind: str = "text"
    level: int = 0
    quotes: int = 0
    breaks: bool = False
    listed: bool = False

    @property
    def code(self) -> bool:
        return self.kind in {"fence", "code"}

    @property
    def heading(self) -> str:
        """The text of a heading, "" for any other line."""
        return re.sub(r"\s+#+\s*$", "", self.text[found.end() :]).strip() if (found := self._atx()) else ""

    def _atx(self) -> re.Match[str] | None:
        return _ATX.match(self.text) if self.level else None


@dataclass(frozen=True, slots=True)
class Head:
    """Front matter: the fields of all its blocks (the first of each name counts) and their tags; the names of fields
    in which blocks differ; and the index of the first line after it."""

    fields: Mapping[str, Any]
    tags: tuple[str, ...]
    differing: tuple[str, ...]
    end: int

    def text(self, *keys: str) -> str:
        """The text of the first of these fields that has one, on one line."""
        values = (self.fields.get(key) for key in keys)
        return next((" ".join(value.split()) for value in values if isinstance(value, str) and value.strip()), "")


class Text(NamedTuple):
    """A note to be cut: its name, its front matter (read, and as lines), its other lines, and what is known."""

    name: str
    head: Head
    top: Sequence[Line]
    lines: Sequence[Line]
    context: Context


class Remark(NamedTuple):
    """Something to report about a line: what is wrong, and what to do; a warning, or a hint."""

    line: int
    message: str
    remedy: str
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """An episode within a note: its title, lines and first line in the source, and its number and season if it has
    them. `slug` is what its id is made of where that is not the title, `heading` the text of its heading, which other
    notes may link to, and `fields` and `tags` are those of its front matter that the note's text says."""

    title: str
    lines: tuple[Line, ...]
    line: int
    number: int | None = None
    season: int | None = None
    slug: str = ""
    heading: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """A note cut into episodes: the lines before the first one, the episodes, and what is to be reported. `title` is
    that of the series where the note's text says it, `plain` true where the text isn't Markdown."""

    before: tuple[Line, ...]
    parts: tuple[Part, ...]
    remarks: tuple[Remark, ...] = ()
    title: str = ""
    plain: bool = False


def read_lines(source: Source) -> list[Line] | Problem:
    """The lines of a source, not parsed yet; or the problem that keeps it from being read."""
    text = decode_text(source, MAX_BYTES)
    if isinstance(text, Problem):
        return text
    if text.count("\n") > MAX_LINES:
        return Problem(source.name, Span(MAX_LINES, 1), f"more than {MAX_LINES:,} lines", "split it")
    lines = [Line(number, one) for number, one in enumerate(text.split("\n"), 1)]
    if large := next((line.number for line in lines if len(line.text) > MAX_LINE), 0):
        remedy = "break it into several, or put what it embeds into a file beside the notes"
        return Problem(source.name, Span(large, 1), f"the line is longer than {MAX_LINE:,} characters", remedy)
    return too_rich(source.name, [line.text for line in lines]) or lines


def too_rich(name: str, texts: Sequence[str]) -> Problem | None:
    """The problem of a source with too many characters that may be Markdown; fenced code doesn't count."""
    if sum(3 + len(MARKS.findall(text)) + text.count(">") for text in without_fences(texts)) <= MAX_SIGNS:
        return None
    message = f"more than {MAX_SIGNS:,} signs that may be Markdown (a line counts as three)"
    return Problem(name, Span(), message, "split it, and import its parts one by one")


def fenced(texts: Sequence[str]) -> list[bool]:
    """Which lines are of fenced code, found without parsing: quick, for guessing a format and for limits. A fence in a
    quote ends with the quote.

    >>> fenced(["a", "```py", "b", "```", "c", "> ~~~", "> d", "e"])
    [False, True, True, True, False, True, True, False]
    """
    found, fence, in_quote = list[bool](), "", False
    for text in texts:
        mark = _FENCE.match(text) if "```" in text or "~~~" in text else None
        if fence and in_quote and not text.lstrip().startswith(">"):
            fence = ""
        if fence:
            found.append(True)
            fence = "" if mark and mark[1].startswith(fence) and not mark[2].strip() else fence
            continue
        opens = mark is not None and not (mark[1][0] == "`" and "`" in mark[2])
        fence, in_quote = (mark[1], ">" in mark[0][: mark.start(1)]) if mark and opens else ("", False)
        found.append(opens)
    return found


def without_fences(texts: Sequence[str]) -> list[str]:
    """The lines outside of fenced code."""
    return [text for text, code in zip(texts, fenced(texts), strict=True) if not code]


def is_rule(text: str) -> bool:
    """Whether a line is `---`."""
    return bool(_RULE.match(text))


def read_head(lines: Sequence[Line]) -> Head:
    """The front matter at the beginning of a note, however many blocks there are of it."""
    at, fields, tags, differing = 0, dict[str, Any](), dict[str, None](), set[str]()
    while True:
        start = next((index for index in range(at, len(lines)) if lines[index].text.strip()), len(lines))
        if start == len(lines) or not is_rule(lines[start].text):
            break
        ends = range(start + 1, min(start + MAX_HEAD, len(lines)))
        end = next((index for index in ends if is_rule(lines[index].text)), 0)
        block = [line.text for line in lines[start + 1 : end]]
        filled = [text for text in block if text.strip()]
        if not filled or not all(_KEY.match(text) or re.match(r"\s*-\s|\s+\S|#|\]|\}", text) for text in filled):
            break
        found = _fields(block)
        differing |= {key for key, value in found.items() if fields.get(key, value) != value}
        fields = found | fields
        tags |= dict.fromkeys(tag for key in ("tags", "tag") for tag in _plain_list(found.get(key)))
        at = end + 1
    rest = {key: value for key, value in fields.items() if key not in {"tags", "tag"}}
    return Head(rest, tuple(tags), tuple(sorted(differing)), at)


def _fields(block: Sequence[str]) -> dict[str, Any]:
    try:
        return {str(key).casefold(): value for key, value in read_yaml("\n".join(block), "").value.items()}
    except ContentError:
        # what is no YAML still has its lines
        found = [match for text in block if (match := _KEY.match(text))]
        return {match[1].casefold(): (match[2] or "").strip().strip("[]\"'") for match in found}


def _plain_list(value: Any) -> list[str]:
    """A list, or one text with commas."""
    items = value if isinstance(value, list) else str(value or "").split(",")
    found = [str(item or "").strip().lstrip("#").strip("[]\"' ") for item in items if not isinstance(item, dict)]
    return [item for item in found if item]


def parse_lines(lines: Sequence[Line], comments: bool = False) -> list[Line]:
    """The lines with what the syntax tree says of them. A heading that is underlined becomes one with `#`; lines of
    `%%comments%%` are hidden where there are `comments`.

    >>> [(line.text, line.kind) for line in parse_lines([Line(1, "A"), Line(2, "==="), Line(3, "    b")])]
    [('# A', 'text'), ('    b', 'code')]
    """
    texts = [line.text for line in lines]
    kinds, levels = ["text"] * len(lines), [0] * len(lines)
    quotes, breaks, listed = [0] * len(lines), [False] * len(lines), [False] * len(lines)
    headings: list[Token] = []
    for token in _tokens(texts):
        if token.map is None:
            continue
        start, end = token.map
        if token.type in _KINDS:
            kinds[start:end] = [_KINDS[token.type]] * (end - start)
        elif token.type == "paragraph_open":
            breaks[start : end - 1] = [True] * (end - 1 - start)
        elif token.type == "blockquote_open":
            quotes[start:end] = [count + 1 for count in quotes[start:end]]
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            listed[start:end] = [True] * (end - start)
        elif token.type == "heading_open":
            headings.append(token)
    dropped = _mark_headings(headings, texts, kinds, levels, breaks)
    _mark_maths(texts, kinds)
    if comments:
        _mark_hidden(texts, kinds)
    found = []
    for at, line in enumerate(lines):
        if at not in dropped:
            marks = _QUOTES.match(texts[at]) if quotes[at] else None
            quoted = min(quotes[at], marks[0].count(">")) if marks else 0
            found.append(Line(line.number, texts[at], kinds[at], levels[at], quoted, breaks[at], listed[at]))
    return found


def _tokens(texts: Sequence[str]) -> Sequence[Token]:
    """The blocks of a text; none where it can't be parsed."""
    tokens: list[Token] = []
    try:
        parser().block.parse("\n".join(texts), parser(), {}, tokens)
    except _FAULTS:
        return ()
    return tokens


def _mark_headings(
    headings: Sequence[Token], texts: list[str], kinds: list[str], levels: list[int], breaks: list[bool]
) -> set[int]:
    """Give headings their levels, and return the indexes of the lines that only underline them. A heading of several
    lines is none, nor is a line above two rules: these separate sessions."""
    dropped = set[int]()
    for token in headings:
        start, end = token.map or (0, 0)
        if token.markup.startswith("#"):
            levels[start] = 0 if token.level else len(token.markup)
            continue
        # the tree ends before blank lines that follow
        under = next(at for at in range(end - 1, start, -1) if texts[at].strip())
        below = next((at for at in range(under + 1, min(under + 10, len(texts))) if texts[at].strip()), under)
        if token.level or under - start > 1 or len(texts[start]) > MAX_TITLE:
            breaks[start : under - 1] = [True] * (under - 1 - start)
        elif token.markup == "-" and below > under and is_rule(texts[below]):
            kinds[under] = "rule"
        else:
            levels[start] = 1 if token.markup == "=" else 2
            texts[start] = f"{'#' * levels[start]} {texts[start].strip()}"
            dropped.add(under)
    return dropped


def _mark_maths(texts: Sequence[str], kinds: list[str]) -> None:
    """Mark lines between two `$$`, the first at the beginning of a line, the other at the end of one."""
    odd = [kind in {"text", "table"} and text.count("$$") % 2 == 1 for text, kind in zip(texts, kinds, strict=True)]
    at = 0
    while at < len(texts):
        if odd[at] and texts[at].lstrip().startswith("$$"):
            ends = range(at + 1, min(at + MAX_MATHS, len(texts)))
            end = next((index for index in ends if odd[index] or kinds[index] == "fence"), at)
            if odd[end] and end > at and texts[end].rstrip().endswith("$$"):
                kinds[at : end + 1] = ["maths"] * (end + 1 - at)
                at = end
        at += 1


def _mark_hidden(texts: Sequence[str], kinds: list[str]) -> None:
    """Mark the lines of comments that are longer than a line, those with the `%%` included."""
    start = -1
    for at, text in enumerate(texts):
        if kinds[at] == "fence" or text.count("%%") != 1:
            continue
        if start < 0 and text.strip().startswith("%%"):
            start = at
        elif start >= 0 and text.strip().endswith("%%"):
            kinds[start : at + 1] = ["hidden"] * (at + 1 - start)
            start = -1


def stem_title(name: str) -> str:
    """A title from a file's name: its words.

    >>> stem_title("notes/my_first-course.md")
    'my first course'
    """
    return " ".join(re.sub(r"[_-]+", " ", splitext(basename(name.rstrip("/\\")))[0]).split())


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
