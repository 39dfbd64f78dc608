"""Converts directives, roles and labels of MyST (https://mystmd.org/guide), which Jupyter Book uses, to Markdown."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from mlguide_site.importers.notes.inline import CODE, as_comment, bare_text
from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.plain import escape

_KINDS = {kind: kind for kind in "note tip hint important warning caution attention danger".split()}
_KINDS |= {"error": "danger", "seealso": "note See also", "admonition": "note", "dropdown": "details"}
"""The kinds of admonitions, and the boxes that they become."""
_TITLED = frozenset(["admonition", "dropdown"])
_PICTURES, _CODE = frozenset(["figure", "image"]), frozenset(["code-cell", "code-block", "code", "sourcecode"])
_LANGUAGES = {"ipython3": "python", "ipython": "python"}
_OPEN = re.compile(
    r"(?P<indent> {0,3})(?P<fence>(?P<ticks>`{3,20})|~{3,20}|:{3,20})"
    rf"\{{(?P<kind>{'|'.join([*_KINDS, *_PICTURES, *_CODE, 'math'])})\}}[ \t]*+(?P<given>(?(ticks)[^`]*|.*))$"
)
_FENCE = re.compile(
    r"(?:\s|>|[-+*]\s|\d{1,9}[.)]\s){0,40}(?P<fence>(?P<ticks>`{3,})|~{3,}|:{3,})(?P<rest>(?(ticks)[^`]*|.*))$"
)
_OPTION = re.compile(r"\s*:?(?P<name>[A-Za-z][\w-]{0,40}):(?:[ \t]+(?P<value>.*))?$")
_LABEL = re.compile(r" {0,3}\([A-Za-z][\w:. -]{0,100}\)=[ \t]*$")
_BREAK = re.compile(r"\+\+\+(?:[ \t].*)?$")
_COMMENT = re.compile(r"%(?!%)[ \t]*(?P<text>.*)$")
_EQUATION = re.compile(r"(?<=\$\$)[ \t]*\([A-Za-z][\w:-]{0,100}\)[ \t]*$")
_ROLE = re.compile(rf"\{{(?P<role>[a-z][a-z:+-]{{0,40}})\}}`(?P<text>[^`\n]{{1,1000}})`(?!`)|{CODE}")
_TARGET = re.compile(r"(?P<text>.*?)\s*<(?P<target>[^<>\s]+)>$")


class _Block(NamedTuple):
    """An open directive or block of code. If `close` is None, the line that ends it stays as it is."""

    fence: str
    is_code: bool
    close: Sequence[str] | None = None


def without_directives(lines: Sequence[Line]) -> list[Line]:
    """Convert the directives and roles of a note of MyST, and leave out its labels. Other notes, and directives without
    an equivalent in Markdown, stay as they are.

    >>> texts = ["(sec-pegs)=", "# Pegs", "```{tip}", "Use {math}`a_1`.", "```", "```{r}", "{math}`b`", "```"]
    >>> [line.text for line in without_directives([*map(Line, range(8), texts)]) if line.text]
    ['# Pegs', ':::tip', 'Use $a_1$.', ':::', '```{r}', '{math}`b`', '```']
    """
    is_myst = any(_OPEN.match(line.text) or _LABEL.match(line.text) for line in lines)
    return [*_converted(lines)] if is_myst else [*lines]


def _converted(lines: Sequence[Line]) -> Iterator[Line]:
    opened, ends, at = list[_Block](), _ends(lines), 0
    while at < len(lines):
        line = lines[at]
        at += 1
        mark, found = _FENCE.match(line.text), _OPEN.match(line.text)
        if opened and mark and not mark["rest"].strip() and mark["fence"].startswith(opened[-1].fence):
            close = opened.pop().close
            yield from [line] if close is None else (line._replace(text=text) for text in close)
        elif opened and opened[-1].is_code:
            yield line
        elif found and at <= ends.get(found["fence"], 0):
            count, options = _options([one.text for one in lines[at : at + 50]])
            block, texts = _opening(found, options, [one.text for one in lines[at + count : at + count + 100]])
            opened.append(block)
            at += count
            yield from (line._replace(text=text) for text in texts)
        elif mark and mark["fence"][0] != ":":
            opened.append(_Block(mark["fence"], is_code=True))
            yield line
        elif not _LABEL.match(line.text) and not _BREAK.match(line.text):
            # within a paragraph or a formula, such a line may be text or TeX
            is_first = at < 2 or not lines[at - 2].text.strip() or _COMMENT.match(lines[at - 2].text)
            comment = _COMMENT.match(line.text) if is_first else None
            text = as_comment(comment["text"]) if comment else _ROLE.sub(_role, _EQUATION.sub("", line.text))
            yield line._replace(text=text)


def _ends(lines: Sequence[Line]) -> dict[str, int]:
    """Return the index of the last line that can end a block, by the fence of the block."""
    ends = dict[str, int]()
    for at, line in enumerate(lines):
        mark = _FENCE.match(line.text)
        if mark and not mark["rest"].strip():
            ends |= {mark["fence"][:size]: at for size in range(3, min(len(mark["fence"]), 20) + 1)}
    return ends


def _options(texts: Sequence[str]) -> tuple[int, dict[str, str]]:
    """Return the number of lines with options at the start of a directive, and the options."""
    end = 0
    if texts and texts[0].strip() == "---" and "---" in map(str.strip, texts[1:]):
        end = [*map(str.strip, texts)].index("---", 1) + 1
    else:
        while end < len(texts) and texts[end].lstrip().startswith(":") and _OPTION.match(texts[end]):
            end += 1
    found = filter(None, map(_OPTION.match, texts[:end]))
    end += end > 0 and not "".join(texts[end : end + 1]).strip()
    return end, {one["name"]: (one["value"] or "").strip(" \"'") for one in found}


def _opening(found: re.Match[str], options: dict[str, str], body: Sequence[str]) -> tuple[_Block, list[str]]:
    """Return the block that a directive opens, and the lines in place of its first line and its options. `body` begins
    with the lines below these."""
    indent, fence, kind = found["indent"], found["fence"], found["kind"]
    given = found["given"].strip()
    caption = [_ROLE.sub(_role, options["caption"]), ""] if options.get("caption") else []
    if kind in _PICTURES:
        path = f"<{given}>" if " " in given else given
        picture = f"{indent}![{bare_text(options.get('alt', ''))}]({path})"
        return _Block(fence, is_code=False, close=("",)), ["", picture, "", *caption]
    if kind in _CODE:
        # between colons, the code may contain backticks
        own = "~~~" if fence[0] == ":" else fence
        start = f"{indent}{own}{_LANGUAGES.get(given, given)}"
        return _Block(fence, is_code=True, close=(f"{indent}{own}", "")), ["", *caption, start]
    if kind == "math":
        tex = "\n".join([given, *takewhile(lambda text: not text.strip().startswith(fence), body)])
        start, end = ("\\begin{aligned}", "\\end{aligned}") if "\\\\" in tex and "\\begin" not in tex else ("", "")
        return _Block(fence, is_code=True, close=(f"{end}$$", "")), ["", f"$${start}", *filter(None, [given])]
    classes = options.get("class", "").split()
    box = "details" if "dropdown" in classes else next(filter(None, map(_KINDS.get, [kind, *classes])))
    if kind == "admonition" and box == "note":
        box = next((one for one in classes if one in _KINDS), box)
    title, text = (given, []) if kind in _TITLED else ("", [given] if given else [])
    rows = ["", f"{indent}:::{box} {title}".rstrip(), "", *text]
    return _Block(fence, is_code=False, close=("", f"{indent}:::", "")), [_ROLE.sub(_role, row) for row in rows]


def _role(found: re.Match[str]) -> str:
    """Return the Markdown for a role, such as a formula for {math}, and a link for {doc}. Other roles become text."""
    if not found["role"]:
        return found[0]
    if found["role"] == "math":
        return f"${found['text'].strip()}$"
    named = _TARGET.match(found["text"])
    text, target = (named["text"], named["target"]) if named else (found["text"], found["text"])
    if found["role"] in {"doc", "download"}:
        is_page = found["role"] == "doc" and not target.endswith((".md", ".ipynb"))
        shown = text if named and text else target.rpartition("/")[2]
        return f"[{escape(shown)}]({target}{'.md' if is_page else ''})"
    return escape((text or target).replace("%s", "").strip())
