"""The files of a root as text: decoded, cut into front matter and body, looked through for merge conflicts."""

import re
from typing import NamedTuple

from mlguide_site.errors import ContentError, Problem, Span

_FENCE = re.compile(r"---[ \t]*$")
_CONFLICT = re.compile(r"(?:<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|) ")
_CONFLICT_END = re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.M)


class FrontMatter(NamedTuple):
    """A file cut in two: the YAML between the fences with the line it begins on, and the body with its own line."""

    yaml: str
    yaml_line: int
    body: str
    body_line: int


def decode(data: bytes, path: str) -> str:
    """The text of a file of the root: UTF-8, a byte-order mark read past. ContentError names the first bad byte."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # places are counted behind the mark
        data = error.object
        before = data[: error.start]
        span = Span(before.count(b"\n") + 1, len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1)
        bad = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise ContentError([Problem(path, span, bad, "save the file as UTF-8")]) from None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise ContentError([Problem(path, Span(line, 1), "the file holds a NUL character", "remove it")])
    return text


def split_front_matter(text: str, path: str) -> FrontMatter:
    """Cut a note file into front matter and body. Line ends become `\\n`. Raises ContentError.

    >>> split_front_matter("---\\nid: a-001\\n---\\n\\nBody\\n", "a.md")
    FrontMatter(yaml='id: a-001', yaml_line=2, body='Body\\n', body_line=5)
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not _FENCE.match(lines[0]):
        raise ContentError([_no_front_matter(lines, path)])
    number = next((at for at, line in enumerate(lines[1:], 1) if _FENCE.match(line)), 0)
    if not number:
        last = next((at for at, line in enumerate(lines[1:], 1) if not line.strip()), 0)
        remedy = 'put a line "---" here, behind its last key' if last else 'end it with a line "---"'
        raise ContentError([Problem(path, Span(last + 1, 1), "the front matter is not closed", remedy)])
    first = number + 1
    while first < len(lines) and not lines[first].strip():
        first += 1
    if first == len(lines):
        return FrontMatter("\n".join(lines[1:number]), 2, "", number + 2)
    return FrontMatter("\n".join(lines[1:number]), 2, "\n".join(lines[first:]), first + 1)


def _no_front_matter(lines: list[str], path: str) -> Problem:
    """What to do about a file whose first line begins no front matter; a line further down may have been meant to."""
    number = next((at for at, line in enumerate(lines) if line.strip()), 0)
    first = lines[number].strip()
    if number and first == "---":
        return Problem(path, Span(1, 1), "no front matter in the first line", 'remove what stands before "---"')
    if set(first) in ({"-"}, {"—"}, {"–"}, {"+"}, {"*"}, {"_"}, {"="}):
        return Problem(path, Span(number + 1, 1), "no front matter", f'write "---" instead of "{lines[number][:40]}"')
    return Problem(path, Span(1, 1), "no front matter", 'begin the file with a line "---"')


def conflict_markers(text: str, path: str, line: int = 1) -> list[Problem]:
    """A problem for each line that a git merge left behind; code blocks and setext underlines pass, and a marker that
    stands within a line is none."""
    if not _CONFLICT_END.search(text):
        return []
    remedy = "resolve the conflict and remove the markers"
    found, fenced = [], ""
    # a text in the front matter begins no block of code in the body
    in_front = _FENCE.match(text.partition("\n")[0]) is not None
    for number, content in enumerate(text.split("\n"), line):
        in_front = in_front and (number == line or not _FENCE.match(content))
        fence = None if in_front else re.match(r"\s*(```+|~~~+)", content)
        if fence and (not fenced or content.strip().startswith(fenced)):
            fenced = "" if fenced else fence[1]
        elif not fenced and _CONFLICT.match(content):
            found.append(Problem(path, Span(number, 1), "a merge conflict is not resolved", remedy))
    return found
