"""Converts attributes of elements and content tabs, as in notes of MkDocs, to Markdown."""

import re
from collections.abc import Sequence

from mlguide_site.importers.notes.source import Line
from mlguide_site.markdown.fences import fenced

_ATTRIBUTES = re.compile(r"(?:(?<![ \t])[ \t]+)?\{(?::|[ \t]*(?=[.#][A-Za-z_]))[^{}\n]{0,500}\}")
_HEADING_ID = re.compile(r"\s{0,3}#{1,6}\s(?P<text>[^{}]*)\{[^{}#]{0,500}#(?P<id>[\w:.-]{1,200})[^{}]{0,500}\}\s*$")
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
        if not is_code and "{" in text:
            # inline code keeps its braces
            parts = re.split(r"(`[^`]+`)", text)
            text = "".join(part if at % 2 else _ATTRIBUTES.sub("", part) for at, part in enumerate(parts))
        result.append(line._replace(text=text))
    return result, ids
