"""Markdown to HTML as MkDocs' `Page.render` does it, with raw HTML found by a regular expression.

Python-Markdown and MkDocs both read every page, tag by tag, with the standard library's parser of broken HTML; in pages
that contain much markup this takes longer than everything else. Where every tag of a text is written plainly, their
result follows from the tags alone. A text with anything else (a comment, a script, a tag in capitals, a value without
quotes) is left to the parsers.
"""

import functools
import logging
import re
from collections.abc import Sequence
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
"""Extensions without state after a reset: if there are no others, pages share a converter."""
SPECIAL = re.compile(r"[\\`*_\[<&=~]|  \n")
"""Begins whatever Python-Markdown and these extensions find within a line."""
HTML_BLOCK = 20
"""The priority of `html_block` among Python-Markdown's preprocessors."""
INLINE = 20
"""The priority of `inline` among its processors of trees."""


def convert(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Convert a page's Markdown and set what `Page.render` sets. Raises what extensions raise."""
    if page.markdown is None:
        raise RuntimeError("`markdown` field hasn't been set (via `read_source`)")
    md = _converter(config, "```" in page.markdown or "~~~" in page.markdown)
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


_shared: dict[bool, tuple[MkDocsConfig, Markdown]] = {}


def _converter(config: MkDocsConfig, has_fences: bool) -> Markdown:
    """Python-Markdown with the extensions of the settings: creating it takes as long as converting a short page."""
    if has_fences in _shared and _shared[has_fences][0] is config:
        return _shared[has_fences][1].reset()
    md = Markdown(extensions=config["markdown_extensions"], extension_configs=config["mdx_configs"] or {})
    if "html_block" in md.preprocessors and type(md.preprocessors["html_block"]) is HtmlBlockPreprocessor:
        md.preprocessors.register(Blocks(md), "html_block", HTML_BLOCK)
    if REUSABLE.issuperset(config["markdown_extensions"]):
        md.treeprocessors.register(Inline(md), "inline", INLINE)
        if not has_fences and "fenced_code_block" in md.preprocessors:
            md.preprocessors.deregister("fenced_code_block")  # it would only scan each line for a fence
        _shared[has_fences] = (config, md)
    return md


class Inline(InlineProcessor):
    """Python-Markdown's `inline`, which tries no pattern on text without special characters."""

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        return super()._InlineProcessor__handleInline(data, patternIndex) if SPECIAL.search(data) else data  # type: ignore


Tokens = Sequence[re.Match[str]]
"""Tags and character references, in order. Groups: name of an end tag; name of a start tag, its attributes, `/`."""
_TOKEN = re.compile(
    r"<(?:/([a-z][a-z0-9]*)>"
    r'|([a-z][a-z0-9]*)((?:[ \n]+[a-zA-Z_:][a-zA-Z0-9_:.-]*(?:="[^"<>`]*")?)*+)[ \n]*+(/?)>'
    r"|([a-zA-Z/!?]))"
    r"|&(?:(?:[a-zA-Z][a-zA-Z0-9.-]*|#[0-9]+|#[xX][0-9a-fA-F]+);|(#))"
)
_ATTRIBUTE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:.-]*)(?:="([^"]*)")?')
_ANCHOR = re.compile(r"[ \n](?i:id|name)\b")
_BLANK = re.compile(r"(?: *\n){2}")
_OPAQUE = re.compile(r"<(?:iframe|noembed|noframes|noscript|plaintext|script|style|textarea|title|xmp)\b")
"""Elements whose contents some parsers, or some of their versions, don't read as markup."""
_TEXT = re.compile(r"<(title|textarea)(?:[ \n][^<>]*)?>[^<]*</\1>")
"""Those of them that are safe nevertheless."""


@functools.lru_cache(maxsize=1)
def plain(text: str) -> Tokens | None:
    """The tokens of a text; None if one isn't plain. Both preprocessors get the same text."""
    tokens = list(_TOKEN.finditer(text))
    if max((token.lastindex or 0 for token in tokens), default=0) > 4:
        return None
    if len(_OPAQUE.findall(text)) != len(_TEXT.findall(text)):
        return None
    return tokens


def anchors(tokens: Tokens) -> set[Any]:
    """Anchors in raw HTML, as MkDocs collects them: `id` of any element, `name` of `a`; None if one has no value."""
    found: set[Any] = set()
    for token in tokens:
        for attribute in _ATTRIBUTE.finditer(token[3]) if token[3] and _ANCHOR.search(token[3]) else ():
            name, value = attribute[1].lower(), attribute[2]
            if name == "id" or (name == "name" and token[2] == "a"):
                found.add(unescape(value) if value else value)
    return found


def without_blocks(text: str, tokens: Tokens, md: Markdown) -> str | None:
    """The text with each block of raw HTML moved to the stash of `md`, as Python-Markdown's HTMLExtractor does it.

    None if more markup follows a block on its last line; then nothing is moved, and HTMLExtractor must be used.
    """
    levels = frozenset(md.block_level_elements)
    parts: list[str] = []
    blocks: list[tuple[int, str]] = []  # the index of each block among the parts, and its text
    at = 0  # how much of the text is in the parts
    is_tail = False  # whether the position is on the last line of a block
    stack: list[str] = []  # the open elements of a block

    def close_block(end: int) -> None:
        nonlocal at, is_tail
        is_tail = not _BLANK.match(text, end)
        blocks.append((len(parts), text[at:end] + ("" if is_tail else "\n")))
        parts.extend(("", "\n\n"))
        at = end

    for token in tokens:
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
        if name in levels and _begins_line(text, start):
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
        # it is never closed
        blocks.append((len(parts), text[at:]))
        at = len(text)
    parts.append(text[at:])
    for number, block in blocks:
        parts[number] = md.htmlStash.store(block)
    return "".join(parts)


def _begins_line(text: str, at: int) -> bool:
    """Whether at most three spaces precede a position in its line."""
    line = text.rfind("\n", 0, at) + 1
    return at - line <= 3 and not text[line:at].strip()


class Blocks(HtmlBlockPreprocessor):
    """Python-Markdown's `html_block`, faster where it can be."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines without blocks of raw HTML."""
        text = "\n".join(lines)
        tokens = plain(text)
        found = without_blocks(text, tokens, self.md) if tokens is not None else None
        return super().run(lines) if found is None else found.split("\n")


class Anchors(pages._RawHTMLPreprocessor):
    """MkDocs' `mkdocs_raw_html`, faster where it can be."""

    def run(self, lines: list[str]) -> list[str]:
        """The unchanged lines; their anchors are in `present_anchor_ids`."""
        text = "\n".join(lines)
        tokens = plain(text)
        if tokens is None:
            return super().run(lines)
        self.present_anchor_ids = anchors(tokens)
        return lines
