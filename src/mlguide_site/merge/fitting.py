"""A draft's notes as a note file can hold them, so that what an import writes passes `mlguide check`.

Lines that are too long are broken where Markdown reads a line end as a space; what looks like a git conflict marker is
indented; a link that leads nowhere becomes text. What can't be written so is an error.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlguide_site.content.files import conflict_markers
from mlguide_site.errors import Severity, visible
from mlguide_site.importers.notes.source import fenced
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.limits import MAX_LINE
from mlguide_site.markdown.parse import parse, parser
from mlguide_site.markdown.policy import is_absolute, refusal

ROUNDS = 4
"""How often dead links are looked for: escaping one may reveal another."""
_FRONT = "---\n---\n"
_PREFIX = re.compile(r"[ \t>]{0,400}(?:(?:[-+*]|\d{1,9}[.)])[ \t]{1,4}){0,40}")
_WHOLE = re.compile(r"\s{0,3}(?:#{1,6}\s|\||!!!|\?\?\?|<)")
_DELIMITER = re.compile(r"[ \t|:-]{3,2000}$")
_TARGET = re.compile(
    r"\]\(\s{0,9}(?:<([^<>\n]{0,2000})>|([^\s()<>]{0,2000}(?:\([^\s()]{0,500}\)[^\s()<>]{0,500}){0,5}))"
)
# of a link's address, not of a footnote: the label of that has no space
_DEFINITION = re.compile(
    r"(?P<lead>[ \t>]{0,99})\[(?!\^[^\s\]]{1,999}\])[^\[\]\n]{1,999}\]:\s{0,9}(?:<([^<>\n]{0,2000})>|(\S{1,2000}))"
)
_TAG = re.compile(r"<(?=/?(?:a|img)\b)", re.I)


class Remark(NamedTuple):
    """What was changed in notes, or is wrong with them: `line` is counted from 1 in the body."""

    line: int
    message: str
    remedy: str
    severity: Severity


def fit_body(body: str, title: str, own: Iterable[str] = ()) -> tuple[str, list[Remark]]:
    """Notes that a file can hold, with remarks; an error among these means that there are none. `own` are the addresses
    of the files that come with them.

    >>> fit_body("See [there](b.md) and [here](https://a.example).", "T")[0]
    'See \\\\[there](b.md) and [here](https://a.example).'
    """
    remarks: list[Remark] = []
    body = _unmarked(break_long(body), remarks)
    known = frozenset(own)
    for turn in range(ROUNDS + 1):
        document = parse(body, title)
        if errors := [found for found in document.findings if found.severity is Severity.ERROR]:
            return body, [Remark(one.line, one.message, one.remedy, Severity.ERROR) for one in errors]
        dead = _dead_links(document, known)
        if not dead:
            break
        if turn == ROUNDS:
            line, href = dead[0]
            message = f'a link leads to "{visible(href)[:80]}", which does not exist'
            return body, [Remark(line, message, "write the whole address, or remove the link", Severity.ERROR)]
        if turn == 0:
            remedy = "it is kept as text; give the whole address"
            for line, href in dead:
                message = f'a link leads to "{visible(href)[:80]}", which is not here'
                remarks.append(Remark(line, message, remedy, Severity.WARNING))
        body = _without_links(body, dead, thorough=turn > 1)
    return body, remarks


def break_long(body: str) -> str:
    """The body with its long lines of prose broken before words, each piece indented as its line is."""
    if len(body) <= MAX_LINE:
        return body
    lines = body.split("\n")
    result: list[str] = []
    for text, code, after in zip(lines, fenced(lines), [*lines[1:], ""], strict=True):
        if len(text) <= MAX_LINE or code or _WHOLE.match(text) or _DELIMITER.match(after):
            result.append(text)
        else:
            result += _pieces(text)
    return "\n".join(result)


def _pieces(text: str) -> list[str]:
    """A line as lines of at most three quarters of the limit, where there are words to break before."""
    found = _PREFIX.match(text)
    lead = re.sub(r"[^>\s]", " ", found[0]) if found else ""
    pieces: list[str] = []
    size = MAX_LINE * 3 // 4
    while len(text) > size:
        at = text.rfind(" ", len(lead) + 1, size)
        # a letter begins no block of its own, and a backslash before a line end would be a hard break
        while at > 0 and not (text[at + 1 : at + 2].isalpha() and text[at - 1] not in " \\"):
            at = text.rfind(" ", len(lead) + 1, at)
        if at <= len(lead):
            break
        pieces.append(text[:at])
        text = lead + text[at + 1 :]
    return [*pieces, text]


def _unmarked(body: str, remarks: list[Remark]) -> str:
    """The body with a space before each line that looks like a conflict marker: Markdown reads it as before."""
    # with front matter, as in the file: a body that begins with a rule has none of its own
    lines = body.split("\n")
    for problem in conflict_markers(_FRONT + body, "", 1 - _FRONT.count("\n")):
        lines[problem.span.line - 1] = " " + lines[problem.span.line - 1]
        remedy = "check whether a conflict was left there; the line is kept"
        remarks.append(Remark(problem.span.line, "this looks like a merge conflict", remedy, Severity.WARNING))
    return "\n".join(lines)


def _dead_links(document: Document, own: frozenset[str]) -> list[tuple[int, str]]:
    """Line and address of each link and picture that leads neither out nor to a file or section of its own."""
    anchors = {section.anchor for section in document.sections if section.anchor}
    return [
        (use.line, use.href)
        for use in document.links
        if refusal(use.href) is None
        and not is_absolute(use.href)
        and use.href not in own
        and not (use.href.startswith("#") and use.href[1:] in anchors)
    ]


def _without_links(body: str, dead: Sequence[tuple[int, str]], thorough: bool) -> str:
    """The body with the opening of each dead link escaped; `thorough` escapes every opening in their paragraphs."""
    result = body.split("\n")
    code = fenced(result)
    targets = {href for _, href in dead}
    normal = parser().normalizeLink

    def is_dead(address: str) -> bool:
        return address in targets or normal(address) in targets

    for at, text in enumerate(result):
        if code[at] or thorough:
            continue
        definition = _DEFINITION.match(text)
        if definition and is_dead(definition[2] or definition[3] or ""):
            cut = definition.end("lead")
            text = f"{text[:cut]}\\{text[cut:]}"
        found = [use for use in _TARGET.finditer(text) if is_dead(use[1] or use[2] or "")]
        places = {opening_bracket(text, use.start()) for use in found}
        for place in sorted(places - {-1}, reverse=True):
            text = f"{text[:place]}\\{text[place:]}"
        result[at] = text
    for number, _ in dead:
        at = number - 1
        while at < len(result) and result[at].strip():
            if not code[at] and thorough:
                result[at] = re.sub(r"(?<!\\)\[", r"\\[", result[at]).replace("<", "&lt;")
            elif not code[at]:
                result[at] = _TAG.sub("&lt;", result[at])
            at += 1
    return "\n".join(result)


def opening_bracket(text: str, closing: int) -> int:
    """The place of the bracket that the one at `closing` closes; -1 where it is on another line."""
    depth = 0
    for at in range(closing, -1, -1):
        if text[at] in "[]" and (at == 0 or text[at - 1] != "\\"):
            depth += 1 if text[at] == "]" else -1
            if depth == 0:
                return at
    return -1
