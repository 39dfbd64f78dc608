"""Converts Markdown to HTML like MkDocs' `Page.render`, but finds raw HTML with a regular expression.

Python-Markdown and MkDocs both use Python's HTML parser, which is slow on pages with many tags. If every tag of a page
has simple syntax, a regular expression finds the same tags. If a page contains other syntax, such as comments,
scripts, upper-case tags or unquoted attribute values, the page is still parsed with the HTML parser."""

import functools
import logging
import re
from html import unescape
from typing import Any

from markdown import Markdown
from markdown.preprocessors import HtmlBlockPreprocessor
from markdown.treeprocessors import InlineProcessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

REUSABLE = frozenset(
    "admonition def_list fenced_code footnotes sane_lists tables toc pymdownx.details pymdownx.highlight "
    "pymdownx.inlinehilite pymdownx.mark pymdownx.superfences pymdownx.tilde".split()
)
"""Extensions that a reset returns to their initial state. If a site uses only these, its pages share a converter."""
SPECIAL = re.compile(r"[\\`*_\[<&=~]|  \n")
"""Matches all characters that can start inline markup of Python-Markdown or of the `REUSABLE` extensions."""
HTML_BLOCK = 20  # the priority of `html_block` among Python-Markdown's preprocessors
INLINE = 20  # the priority of `inline` among Python-Markdown's tree processors


def convert(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Convert a page's Markdown and set the same attributes as `Page.render`. Passes on exceptions of extensions."""
    if page.markdown is None:
        raise RuntimeError("`markdown` field hasn't been set (via `read_source`)")
    md = _converter(config)
    raw = Anchors()
    present = pages._ExtractAnchorsTreeprocessor(page.file, files, config)
    links = pages._RelativePathTreeprocessor(page.file, files, config)
    title = pages._ExtractTitleTreeprocessor()
    for processor in (raw, present, links, title):
        processor._register(md)
    page.content = md.convert(page.markdown)
    page.toc = get_toc(getattr(md, "toc_tokens", []))
    page._title_from_render = title.title
    page.present_anchor_ids = present.present_anchor_ids | raw.present_anchor_ids
    if pages.log.getEffectiveLevel() > logging.DEBUG:
        page.links_to_anchors = links.links_to_anchors


_shared: list[tuple[MkDocsConfig, Markdown]] = []


def _converter(config: MkDocsConfig) -> Markdown:
    """Return a Markdown converter for the settings. Reuse a converter if possible, to save time."""
    if _shared and _shared[0][0] is config:
        return _shared[0][1].reset()
    md = Markdown(extensions=config["markdown_extensions"], extension_configs=config["mdx_configs"] or {})
    if "html_block" in md.preprocessors and type(md.preprocessors["html_block"]) is HtmlBlockPreprocessor:
        md.preprocessors.register(Blocks(md), "html_block", HTML_BLOCK)
    if REUSABLE.issuperset(config["markdown_extensions"]):
        md.treeprocessors.register(Inline(md), "inline", INLINE)
        _shared[:] = [(config, md)]
    return md


class Inline(InlineProcessor):
    """A faster version of Python-Markdown's `inline` processor, which skips text without inline markup (`SPECIAL`)."""

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        return super()._InlineProcessor__handleInline(data, patternIndex) if SPECIAL.search(data) else data  # type: ignore


_TOKEN = re.compile(
    r"<(?:/([a-z][a-z0-9]*)>"
    r'|([a-z][a-z0-9]*)((?:[ \n]+[a-zA-Z_:][a-zA-Z0-9_:.-]*(?:="[^"<>`]*")?)*+)[ \n]*+(/?)>'
    r"|([a-zA-Z/!?]))"
    r"|&(?:(?:[a-zA-Z][a-zA-Z0-9.-]*|#[0-9]+|#[xX][0-9a-fA-F]+);|(#))"
)
"""Matches tags and character references. Group 1 is the name of an end tag. Groups 2 to 4 are the name, attributes and
`/` of a start tag. Groups 5 and 6 match the start of syntax that needs an HTML parser."""
_ATTRIBUTE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:.-]*)(?:="([^"]*)")?')
_ANCHOR = re.compile(r"[ \n](?i:id|name)\b")
_BLANK = re.compile(r"(?: *\n){2}")
_OPAQUE = re.compile(r"<(?:iframe|noembed|noframes|noscript|plaintext|script|style|textarea|title|xmp)\b")
"""Matches start tags of elements whose content is plain text for some HTML parsers, even if it looks like tags."""
_TEXT = re.compile(r"<(title|textarea)(?:[ \n][^<>]*)?>[^<]*</\1>")
"""Matches `title` and `textarea` elements without tags in their content; these elements don't need an HTML parser."""


@functools.lru_cache(maxsize=1)
def is_plain(text: str) -> bool:
    """Return whether a text needs no HTML parser. The result is cached, because two preprocessors need it. The tokens
    aren't cached, because they would need ten times the memory of the text."""
    if max((token.lastindex or 0 for token in _TOKEN.finditer(text)), default=0) > 4:
        return False
    return len(_OPAQUE.findall(text)) == len(_TEXT.findall(text))


def anchors(text: str) -> set[Any]:
    """Return the anchors that MkDocs collects from raw HTML: the `id` of each element and the `name` of each `a`
    element. The set contains None if an `id` or `name` has no value."""
    found: set[Any] = set()
    for token in _TOKEN.finditer(text):
        for attribute in _ATTRIBUTE.finditer(token[3]) if token[3] and _ANCHOR.search(token[3]) else ():
            name, value = attribute[1].lower(), attribute[2]
            if name == "id" or (name == "name" and token[2] == "a"):
                found.add(unescape(value) if value else value)
    return found


def without_blocks(text: str, md: Markdown) -> str | None:
    """Move blocks of raw HTML to `md.htmlStash`, as Python-Markdown's HTMLExtractor does. Return the remaining text. If
    a token follows a block on the same line (only HTMLExtractor handles this case), move nothing and return None."""
    levels = frozenset(md.block_level_elements)
    parts: list[str] = []
    blocks: list[tuple[int, str]] = []  # each item is a block's index in `parts` and the block's text
    at = 0  # the end offset of the text that `parts` contains
    is_tail = False  # whether the current position is on the last line of a block
    stack: list[str] = []  # the names of the block's open elements

    def close_block(end: int) -> None:
        nonlocal at, is_tail
        is_tail = not _BLANK.match(text, end)
        blocks.append((len(parts), text[at:end] + ("" if is_tail else "\n")))
        parts.extend(("", "\n\n"))
        at = end

    for token in _TOKEN.finditer(text):
        end, name, _, close = token.group(1, 2, 3, 4)
        if stack:
            if name and name != "hr" and not close:
                stack.append(name)
            elif end in stack:
                while stack.pop() != end:
                    pass
                if not stack:
                    close_block(token.end())
            continue
        start = token.start()
        if is_tail and text.find("\n", at, start) < 0:
            return None
        is_tail = False
        # a block begins after at most three spaces
        if name in levels and len(indent := text[text.rfind("\n", 0, start) + 1 : start]) <= 3 and not indent.strip():
            if start > at:
                parts.append(text[at:start])
                at = start
            if name != "hr" and not close:
                parts.append("\n")
                stack.append(name)
                continue
            before = parts[-1] if parts else ""
            if before.endswith("\n") and not before.endswith("\n\n"):
                parts.append("\n")
            close_block(token.end())
    if stack:
        # the last block is never closed
        blocks.append((len(parts), text[at:]))
        at = len(text)
    parts.append(text[at:])
    for number, block in blocks:
        parts[number] = md.htmlStash.store(block)
    return "".join(parts)


class Blocks(HtmlBlockPreprocessor):
    """A faster version of Python-Markdown's `html_block` preprocessor."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        found = without_blocks(text, self.md) if is_plain(text) else None
        return super().run(lines) if found is None else found.split("\n")


class Anchors(pages._RawHTMLPreprocessor):
    """A faster version of MkDocs' `mkdocs_raw_html` preprocessor."""

    def run(self, lines: list[str]) -> list[str]:
        """Set `present_anchor_ids` to the anchors that occur in the lines, and return the lines unchanged."""
        text = "\n".join(lines)
        if not is_plain(text):
            return super().run(lines)
        self.present_anchor_ids = anchors(text)
        return lines
