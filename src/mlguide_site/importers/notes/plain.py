"""The plain text of a log's entry as Markdown: sections, levels and questions, lists, tables, paragraphs.

Every word stays, in its order. Sections begin with lead words (`Firstly, ...`) or are numbered (`Lecture 27`); numbered
levels and questions (`Level 0: ...`, `Q1: ...`) are items, and hold the list that follows.
"""

import re
from collections.abc import Sequence

from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.plain import escape, escape_line

MAX_HEADING = 160
MAX_LEVELS = 8
_SECTION = re.compile(
    rf"(?=.{{1,{MAX_HEADING}}}(?<![.!?:])$)"
    r"(?:firstly|secondly|thirdly|fourthly|fifthly|finally|lastly|(?:first|second|third|last|next)(?: of all| up)?)"
    r"\s*[,:]\s*\S",
    re.I,
)
_NUMBERED = re.compile(
    r"(?:lecture|module|week|chapter|part|unit|lesson|section|video|session|task|exercise|homework|lab|project)"
    r"\s+#?\d{1,4}(?:\s*[:.–—-]\s*.{0,120})?(?<![.!?])$",
    re.I,
)
_HELD = re.compile(
    r"(?P<mark>(?P<word>level|step|stage|phase|rule|tip|q|question|problem)\s?#?\d{1,3}\s*[:.)–—])\s*(?P<text>\S.*)?$",
    re.I,
)
_ITEM = re.compile(r"\s*(?:[-*•+–]|(?P<number>\d{1,3}[.)])|#(?P<count>\d{1,3})\s?[:.)-]?)\s+(?P<text>\S.*)$")
_MARKDOWN = re.compile(r"\]\(https?://|(?<!\w)\*\*\S[^*\n]{1,200}\S\*\*(?!\w)|`[^`\n]{1,100}`")
_LISTS = ("item", "held")
_ROW = re.compile(r"\s*\|.*\|\s*$")


def plain_body(lines: Sequence[Line]) -> str:
    """The lines of one entry as its body; text is escaped unless some of it is Markdown.

    >>> texts = ["Firstly, saws", "Level 0: none", "- blunt", "Level 1: one"]
    >>> print(plain_body([Line(number, text) for number, text in enumerate(texts, 1)]))
    ## Firstly, saws
    <BLANKLINE>
    - **Level 0:** none
        - blunt
    - **Level 1:** one
    """
    is_markdown = any(line.kind != "fence" and (_MARKDOWN.search(line.text) or line.heading) for line in lines)
    run, whole = (str, str.strip) if is_markdown else (escape, escape_line)
    filled = [line for line in lines if line.kind == "fence" or line.text.strip()]
    written, last, held, levels = list[str](), "", "", list[int]()
    for line, after in zip(filled, [*filled[1:], Line(0, "")], strict=False):
        text = line.text.expandtabs(4)
        bare, indent = text.strip(), len(text) - len(text.lstrip())
        item, label, depth, kind = _ITEM.match(text), _HELD.match(bare), 0, "text"
        is_table = _ROW.match(text) and (last == "table" or re.fullmatch(r"[\s|:-]+", after.text))
        if line.kind == "fence":
            kind, shown = "fence", line.text
        elif is_table:
            kind, shown = "table", bare
        elif re.match(r">\s?\S", bare):
            kind, shown = "quote", f"> {whole(bare[1:])}"
        elif line.heading or _SECTION.match(bare) or (_NUMBERED.match(bare) and not label):
            mark = "#" * max(2, line.level) if line.heading else "##" if _SECTION.match(bare) else "###"
            kind, shown = "heading", f"{mark} {run(line.heading or bare)}"
        elif item:
            levels = [level for level in levels if level < indent] + [indent]
            kind, depth = "item", min(len(levels) - 1, MAX_LEVELS) + bool(held)
            shown = f"{item['number'] or (item['count'] + '.' if item['count'] else '-')} {whole(item['text'])}"
        elif label:
            kind, shown = "held", f"- **{run(label['mark'])}** {run(label['text'] or '')}".rstrip()
        elif last == "item" and indent >= levels[-1] + 2:
            kind, shown, depth = "item", whole(bare), min(len(levels), MAX_LEVELS) + bool(held)
        else:
            shown = whole(bare)
        word = label["word"].casefold() if label and kind == "held" else held
        if kind in _LISTS and word == held:
            joined = last in _LISTS
        else:
            joined = kind == last and kind in {"fence", "table", "quote"}
        written += [] if joined or not written else [""]
        held, levels = word if kind in _LISTS else "", levels if kind == "item" else []
        written.append("    " * depth + shown)
        last = kind
    return "\n".join(written).strip("\n")
