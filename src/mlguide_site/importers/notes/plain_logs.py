"""Converts plain learning logs, which have no headings, to Markdown."""

import re
from collections.abc import Iterator, Sequence

from mlguide_site.importers.notes.openers import Opener, date_lines, log_openers, take_date
from mlguide_site.importers.notes.source import HEADING, ITEM, Line, visible_lines
from mlguide_site.markdown.fences import fenced

_SECTION = re.compile(r"(?:first|second|third|fourth|fifth|final|last)ly\s*[,:]\s*\S.{0,150}(?<![.!?:])$", re.I)
_NUMBERED = re.compile(
    r"(?:lecture|module|week|chapter|part|unit|lesson|section|video|session|task|exercise|homework|lab|project)"
    r"\s+#?\d{1,4}(?:\s*[:.–—-]\s*.{0,120})?(?<![.!?])$",
    re.I,
)
_HOLDER = re.compile(r"((?P<word>level|step|stage|rule|tip|q|question)\s?#?\d{1,3}\s*[:.)–—])\s*(?=\S|$)", re.I)
_COUNTED = re.compile(r"#(\d{1,3})\s?[:.)-]?\s+(?=\S)")
_UNDERLINE = re.compile(r" {0,3}={3,}[ \t]*$")


def plain_to_markdown(lines: Sequence[Line]) -> Iterator[Line]:
    """Convert a log without headings to Markdown. Lines outside lists, quotes and tables become paragraphs; HTML tags
    become text. Days, numbered sections (`Lecture 27`), and sections such as `Firstly, saws` become headings. Numbered
    levels and questions (`Level 0: ...`, `Q1: ...`) become list items that contain the list below.

    >>> texts = ["Firstly, saws", "Level 0: none", "- blunt", "They cut."]
    >>> [line.text for line in plain_to_markdown([Line(number, text) for number, text in enumerate(texts, 1)])]
    ['', '## Firstly, saws', '', '- **Level 0:** none', '    - blunt', '', 'They cut.']
    """
    texts = [line.text for line in lines]
    openers = log_openers(texts)
    dates, days = date_lines(texts), _day_lines(texts, openers)
    if any(HEADING.match(text) for text, is_code in zip(texts, fenced(texts), strict=True) if not is_code):
        # headings with dates begin the days, and in a plan of days, no text follows them
        is_dated = any(HEADING.match(text) and take_date(text.strip("# "))[0] for text in texts)
        after = {at: _after(texts, at) for at in days}
        noted = [at for at, one in after.items() if one != at and one not in days and not HEADING.match(texts[one])]
        days = days if len(days) > 1 and 2 * len(noted) >= len(days) and not is_dated else set()
        made = {at: f"## {dates.get(at) or texts[at].strip()}" for at in dates or days}
        yield from (line._replace(text=made.get(at, line.text)) for at, line in enumerate(lines))
        return
    days = days or {*dates}
    # lines such as `====` around a day or below the title only mark it
    title = _after(texts, -1)
    marks = {
        one for at in (*days, title) for one in (at - 1, at + 1) if _UNDERLINE.match("".join(texts[one : one + 1]))
    }
    days |= {title} & {at - 1 for at in marks}
    lines = [line._replace(text="") if at in marks else line for at, line in enumerate(lines)]
    # comments stay as they are; one without an end is text
    are_code, in_list, held, before = fenced(texts), False, "", ""
    rows = [line._replace(kind="fence") if is_code else line for line, is_code in zip(lines, are_code, strict=True)]
    end = max((at + 1 for at, text in enumerate(texts) if "-->" in text), default=0)
    shown = [*(one.text for one in visible_lines(rows[:end])), *texts[end:]]
    for at, (line, is_code) in enumerate(zip(lines, are_code, strict=True)):
        if not (is_code or at in days or shown[at].strip()) and line.text.strip():
            if line.text.lstrip().startswith("<!--"):
                yield Line(line.number, "")
            yield line
            continue
        tags = r"<(?!!--)(?=[A-Za-z/!?])" if shown[at] != line.text else r"<(?=[A-Za-z/!?])"
        bare = _COUNTED.sub(r"\1. ", re.sub(tags, "&lt;", dates.get(at, line.text.strip())), count=1)
        indent = line.text[: len(line.text) - len(line.text.lstrip())]
        mark = "# " if at in days else "## " if _SECTION.match(bare) else "### " if _NUMBERED.match(bare) else ""
        holder = None if is_code or mark else _HOLDER.match(bare)
        word = holder["word"].casefold() if holder else held
        was_list, in_list = in_list and word == held, not is_code and bool(ITEM.match(bare) or (in_list and indent))
        if not (is_code or (was_list and (in_list or holder)) or (bare[:1] in {">", "|"} and bare[:1] == before)):
            yield Line(line.number, "")
        if holder:
            bare, indent = _HOLDER.sub(r"- **\1** ", bare, count=1), ""
        elif in_list and held:
            indent = f"    {indent}"
        in_list = in_list or holder is not None
        held = word if in_list else ""
        yield line if is_code else line._replace(text=indent * in_list + mark + re.sub("^[•–](?= )", "-", bare))
        before = bare[:1]


def _after(texts: Sequence[str], at: int) -> int:
    """Return the index of the next line with text, or `at` if there is none."""
    return next((one for one in range(at + 1, len(texts)) if texts[one].strip()), at)


def _day_lines(texts: Sequence[str], openers: Sequence[tuple[int, Opener]]) -> set[int]:
    """Return the lines that begin the days of a log, unless headings do. If a number occurs again, as in a plan, the
    first line counts that another day doesn't follow."""
    found, starts = dict[tuple[int | None, int], list[tuple[bool, int]]](), {at for at, _ in openers}
    for at, one in openers:
        if HEADING.match(texts[at]):
            return set()
        found.setdefault((one.round, one.number), []).append((_after(texts, at) in starts, at))
    return {min(places)[1] for places in found.values()}
