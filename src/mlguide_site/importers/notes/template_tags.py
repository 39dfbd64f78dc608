"""Converts template tags of Hugo and Jekyll and content tabs to Markdown, and removes attributes such as `{#id}`."""

import re
from collections.abc import Callable, Iterator, Sequence

from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.fences import fenced
from mlguide_site.model.base import is_allowed_url

_OPEN, _END = r"\{(?:\{[<%]|%-?)\s*(?:include\s+)?", r"(?:[^{}\n]|\{[^{}\n]*\}){0,2000}?[>%]\}\}?"
_KIND = "note|tip|warning|info|hint|attention|danger|success"
_BOX = f"notice|admonition|alert|callout|details|{_KIND}"
_Form = str | Callable[[re.Match[str]], str]
_RULES: list[tuple[re.Pattern[str], _Form]] = [
    (re.compile(r"\{\{-?\s*/\*([^{}\n]*)\*/\s*-?\}\}|\{::comment\}([^{}\n]*)\{:/\}"), r"<!--\1\2-->"),
    (re.compile(r"\{:/comment\}"), "-->\n"),
    *(
        (re.compile(_OPEN + pattern), form)
        for pattern, form in (
            (rf"youtube\S*\s+(?:id=)?[\"']?([\w-]+){_END}", r"[YouTube \1](https://www.youtube.com/watch?v=\1)"),
            (rf"vimeo\S*\s+(?:id=)?[\"']?(\d+){_END}", r"[Vimeo \1](https://vimeo.com/\1)"),
            (
                rf"(?:figure|image|img)(?:\.html)?\s(?=[^{{}}]*?src=[\"']?([^\"'\s]+))"
                rf"(?=(?:[^{{}}]*?(?:caption|alt|title)=\"([^\"]*)\")?){_END}",
                r"![\2](\1)",
            ),
            (r"(?:rel)?ref\s+[\"'`]([^\"'`]+)[\"'`]\s*[>%]\}\}", r"\1"),
            (r"post_url\s+(\S+)\s*-?%\}", r"\1.md"),
            (r"link\s+(\S+)\s*-?%\}", r"\1"),
            (r"comment\s*-?%\}", "<!--"),
            (r"endcomment\s*-?%\}", "-->\n"),
            (rf"highlight\s+[\"']?(\w+){_END}", r"\n```\1\n"),
            (rf"(?:end|/\s*)highlight{_END}", r"\n```\n"),
            (rf"(?:end)?raw{_END}", ""),
            (rf"(?:(?:end|/\s*)(?:{_BOX})){_END}", r"\n:::\n"),
            (
                rf"(?=(?:\w+\s+(?:type=)?[\"']?)?(?P<kind>{_KIND})\b|)(?:{_BOX})\b(?!\.)"
                rf"(?=(?:[^{{}}]*?\"(?P<title>[^\"]* [^\"]*)\")?){_END}",
                lambda tag: f"\n:::{tag['kind'] or 'note'} {tag['title'] or ''}".rstrip() + "\n",
            ),
        )
    ),
]
"""Each row has a pattern for a template tag, and the Markdown that replaces it. Most end tags have a separate row."""
_TAG = re.compile(r"\{\{(?:[^{}\n]|\{[^{}\n]*\}){0,2000}\}\}|\{%[^{}\n]{0,2000}%\}")
_HUGO_TAG = re.compile(r"\{\{[<%](?:[^{}\n]|\{[^{}\n]*\}){0,2000}\}\}")
"""Hugo shows `{{ … }}` and `{% … %}` as text."""
_COMMENT = re.compile(r"\{::comment\}")
_LEADING_COMMENT = re.compile(r"^[ \t]*(<!--[^\n]*?-->)\s*(\S[^\n]*)$")
"""A line that begins with a comment is HTML, so the comment moves to its end."""
_NAME = re.compile(r"[{<%\s'\"-]*(?:include\s+)?(?P<is_end>/|end(?=\w))?\s*(?P<name>[\w./]+)")
_TEXT = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_ATTRIBUTE = (
    r"(?:[.#][A-Za-z_][\w:-]{0,200}|[A-Za-z_][\w:.-]{0,200}=(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|[^\s{}\"']{1,500}))"
)
_LIST = rf"[ \t]*{_ATTRIBUTE}(?:[ \t]+{_ATTRIBUTE}){{0,20}}[ \t]*\}}"
_ATTRIBUTES = re.compile(
    rf"^[ \t]*\{{::?[^{{}}\n]{{0,500}}\}}[ \t]*$"
    r"|(?:(?P<before>\](?:\((?:[^()\n]|\([^()\n]{0,500}\)){0,1000}\)|\[[^\[\]\n]{0,500}\])|<https?://[^<>\s]{1,2000}>"
    r"|(?<!\w):[a-z]{1,30}-[a-z0-9-]{1,100}:)\{|(?:(?<![ \t])[ \t]+)?(?<![\^_={])(?<!::: )\{"
    r"(?::|(?=[ \t]*[.#])(?:(?<![ \t]\{)|(?=[^{}\n]*\}[ \t]*(?:$|\|)))))"
    rf"{_LIST}"
)
"""Matches a line of attributes, or a list of attributes in a line. `$A_{:,j}$` contains no attributes. Attributes such
as `{width=50%}` must follow a link, picture or icon; elsewhere they are text, as in `requests_total{job="a"}`. A list
without a colon after a space must end a line or table cell, unlike in `jq {.name} file`."""
_BLOCK_ATTRIBUTES = re.compile(
    r"(?:(?P<before>\s{0,3}#{1,6}\s.*\S)[ \t]+|\s{0,3})\{"
    rf"(?=[ \t]*(?:class|id|style|title|width|height|align|lang|start)=){_LIST}[ \t]*"
)
"""Matches a line that consists of HTML attributes, or a heading with such attributes at its end."""
_HEADING_ID = re.compile(r"\s{0,3}#{1,6}\s(?P<text>[^{}]*)\{[^{}#]{0,500}#(?P<id>[\w:.-]{1,200})[^{}]{0,500}\}\s*$")
_LITERAL_TEXT = re.compile(
    r"(`[^`]+`|\$\$[^$]+\$\$|\$(?=[^\s$])[^$]*[^\s$]\$(?!\d)|\\[(\[](?:[^\\]|\\[^()\[\]])*\\[)\]])"
)
"""Code, or a formula. `$5 and $6` is text."""
_TAB = re.compile(r'(?P<indent>\s*)===[!+]?\s+"(?P<title>[^"]*)"\s*$')


def without_attributes(lines: Sequence[Line]) -> tuple[list[Line], dict[str, str]]:
    """Remove attributes (`{: .class }`, `{#id}`), and convert content tabs (`=== "Title"`) to bold titles with their
    text. Return the lines, and the texts of headings by id.

    >>> lines, ids = without_attributes([Line(1, "## Pegs {#peg}"), Line(2, '=== "Sand"'), Line(3, "    A{.b} `{.x}`")])
    >>> [line.text for line in lines], ids
    (['## Pegs', '**Sand**', 'A `{.x}`'], {'peg': 'Pegs'})
    """
    result, ids, tab = list[Line](), dict[str, str](), "\0"
    for line, is_code in zip(lines, fenced([line.text for line in lines]), strict=True):
        text = line.text
        if opening := None if is_code else _TAB.match(text):
            tab, text = opening["indent"] + "    ", f"{opening['indent']}**{opening['title']}**"
        elif text.strip():
            tab, text = (tab, text[4:]) if text.startswith(tab) else ("\0", text)
        if found := None if is_code else _HEADING_ID.match(text):
            ids[found["id"]] = found["text"].strip()
        if not is_code:
            text = own["before"] or "" if (own := _BLOCK_ATTRIBUTES.fullmatch(text)) else text
            text = _sub_outside_code(_ATTRIBUTES, r"\g<before>", text)
        result.append(line._replace(text=text))
    return result, ids


def without_tags(lines: Sequence[Line], removed: dict[str, list[str]], is_hugo: bool) -> Iterator[Line]:
    """Convert template tags to Markdown. Tags without a Markdown equivalent are moved to `removed`, by name. The
    text between two tags, and addresses and quoted phrases within a tag, are kept. Code isn't changed."""

    def stripped(tag: re.Match[str]) -> str:
        named = _NAME.match(tag[0])
        if named and not named["is_end"]:
            removed[named["name"]].append(tag[0])
        texts = [one[1] or one[2] or "" for one in _TEXT.finditer(tag[0])]
        kept = [one for one in texts if " " in one or is_allowed_url(one) or tag[0][2:].strip().startswith(("'", '"'))]
        text = " ".join(f"<{one}>" if is_allowed_url(one) else one for one in kept)
        # the text of a tag on a line of its own ends with a hard line break
        needs_space = tag.string[tag.end() : tag.end() + 1].isalnum()
        return text and text + ("  " if tag[0] == tag.string.strip() else " " * needs_space)

    is_hidden, last_end = False, max((at for at, line in enumerate(lines) if "{:/" in line.text), default=-1)
    for at, (line, is_literal) in enumerate(zip(lines, literal_lines(lines), strict=True)):
        # `{:/}` ends a comment, but also other tags
        text = line.text.replace("{:/}", "{:/comment}", 1) if is_hidden and not is_literal else line.text
        if not is_literal:
            for pattern, form in _RULES:
                text = _sub_outside_code(pattern, form, text)
            text = _sub_outside_code(_HUGO_TAG if is_hugo else _TAG, stripped, text)
            if at < last_end:
                text = _sub_outside_code(_COMMENT, "<!--", text)
            text = _LEADING_COMMENT.sub(r"\2 \1", text) if text != line.text else text
            is_hidden = (is_hidden or ("{::comment}" in line.text and "<!--" in text)) and "-->" not in text
        # a line that has only tags is removed
        yield from (line._replace(text=one) for one in text.split("\n") if one.strip() or text == line.text)


def literal_lines(lines: Sequence[Line], tags: str = "highlight|raw") -> list[bool]:
    """Return whether each line is code, or between two of the given tags.

    >>> literal_lines([Line(1, "{% raw %}a{% endraw %}"), Line(2, "{% raw %}"), Line(3, "b"), Line(4, "{% endraw %}")])
    [False, False, True, False]
    """
    result, is_open, pattern = list[bool](), False, re.compile(rf"{_OPEN}(?P<is_end>/\s*|end)?(?:{tags})\b")
    for line, is_code in zip(lines, fenced([line.text for line in lines]), strict=True):
        found = list(pattern.finditer(re.sub("`[^`]+`", "", line.text)))
        result.append((is_code or is_open) and not (is_open and found and found[0]["is_end"]))
        if found and not result[-1]:
            is_open = not found[-1]["is_end"]
    return result


def _sub_outside_code(pattern: re.Pattern[str], form: _Form, text: str) -> str:
    if "{" not in text:
        return text
    return "".join(one if at % 2 else pattern.sub(form, one) for at, one in enumerate(_LITERAL_TEXT.split(text)))
