"""The parser: CommonMark with tables, strikethrough, footnotes, wiki links, task lists, admonitions and formulas.

Admonitions have the syntax of Python-Markdown and pymdownx.details: `!!! kind "Title"`, or `??? kind "Title"` for a
collapsible admonition, or `???+` if it is initially open. The content is indented by four spaces. For a kind in
`KINDS`, the title needs no quotes. Any other line that begins with `!!!` or `???` is text."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from mlguide_site.markdown.footnotes import reference_rule
from mlguide_site.markdown.formulas import formula_rule
from mlguide_site.markdown.limits import MAX_NESTING, check_inline

KINDS = frozenset(
    "note abstract summary tldr info todo tip hint important success check done question help faq warning caution"
    " attention failure fail missing danger error bug example snippet quote cite seealso".split()
)
"""The kinds of admonitions, which become CSS classes. Other kinds become `note`, to avoid clashes with a theme."""
OPEN_TASK, DONE_TASK = "☐", "☑\ufe0e"  # the variation selector prevents browsers from showing an emoji
_INDENT = 4
_OPENING = re.compile(r"(!!!|\?\?\?\+?) ?([A-Za-z][\w-]*)?[ \t]*(.*)")
_QUOTED = re.compile(r'(?:[\w-]+ +)*"(.*)"')
_TASK = re.compile(r"\[([ xX])\](?=\s)")
_TEXT = r"[^\[\]`\\]|\\[\s\S]|(?>``[^`\n]{1,1000}``|`[^`\n]{1,1000}`|`)"
_BRACKETS = rf"\[(?:{_TEXT}|\[(?:{_TEXT}){{0,1000}}+\]){{0,1000}}+\]"
LABEL = rf"(?:{_TEXT}|(?<=!){_BRACKETS}|{_BRACKETS}(?!\((?!\)))){{0,1000}}+"
"""Matches the label of a link: text, code, images, and brackets in pairs, but no link."""
TITLE = r"\"(?:[^\"\\\n]|\\.){0,300}\"|'(?:[^'\\\n]|\\.){0,300}'|\((?:[^()\\\n]|\\.){0,300}\)"
_WIKI = re.compile(r"\[\[([a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){1,20})(?:\|([^\[\]\n]{1,300}))?\]\](?![(\[:])")
"""Matches a wiki link to an episode's id, such as `[[mla-012]]` or `[[mla-012|the episode]]`."""
_CODE_TITLE = re.compile(
    r"(?<![^\s{,])(?:title|filename)\s?=\s?(?:\"((?:[^\"\\]|\\.)*+)\"|'((?:[^'\\]|\\.)*+)'|([^\s\"'{},]+))", re.I
)
"""Matches the title of a code block, such as `title="src/train.py"`."""
# markdown-it and its plugins may raise these exceptions on unexpected input
PARSER_FAULTS = (RecursionError, RuntimeError, LookupError, ValueError, TypeError, AttributeError)


@cache
def parser() -> MarkdownIt:
    """Return the parser for bodies."""
    made = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING + 20})
    # accept all addresses; the sanitiser reports refused addresses later
    made.validateLink = lambda _url: True  # type: ignore[method-assign, assignment]
    made.enable(["table", "strikethrough"])
    # `sanitise_inline` joins adjacent runs of text itself
    made.disable(["text_join", "fragments_join"])
    made.core.ruler.before("inline", "limits", check_inline)
    made.core.ruler.before("inline", "tasks", mark_tasks)
    made.core.ruler.after("inline", "code_titles", add_code_titles)
    made.inline.ruler.before("link", "wiki", wiki_rule)
    made.inline.ruler.before("link", "formula", formula_rule)
    made.inline.ruler.after("image", "footnote_ref", reference_rule)
    made.block.ruler.at("html_block", _html_rule, {"alt": ["paragraph", "reference", "blockquote"]})
    made.block.ruler.before("fence", "box", box_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    made.block.ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    return made


def _html_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Leave instructions and declarations, such as `<?php … ?>` and `<!DOCTYPE …>`, to the paragraph, which shows them
    as text. In CommonMark, they are HTML blocks without text."""
    at = state.bMarks[start] + state.tShift[start]
    is_shown = state.src.startswith(("<?", "<!"), at) and not state.src.startswith("<!--", at)
    return not is_shown and html_block(state, start, end, silent)


def link_places(text: str, references: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the position of the opening bracket and the address of each link and image in the text of a paragraph,
    except images in links. `references` are the definitions of the whole body."""
    env = {"references": references}
    state = StateInline(text, parser(), env, [])
    while (start := state.pos) < state.posMax:
        parser().inline.skipToken(state)
        if text[start] in "![" and state.pos - start > 2:
            tokens: list[Token] = []
            parser().inline.parse(text[start : state.pos], parser(), env, tokens)
            yield text.index("[", start), str(tokens[0].attrs.get("href") or tokens[0].attrs.get("src", ""))


def read_opening(line: str) -> tuple[str, str, str] | None:
    """Return the marker, kind and title of a line that begins an admonition, or None for any other line."""
    found = _OPENING.fullmatch(line.rstrip())
    if not found:
        return None
    mark, written, rest = found.groups()
    kind = (written or "note").lower()
    if quoted := _QUOTED.fullmatch(rest):
        return mark, kind, quoted[1].strip()
    if written and not rest:
        return mark, kind, kind.title()
    return (mark, kind, rest) if written and kind in KINDS else None


def box_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse an admonition (a markdown-it rule). Return whether an admonition begins on line `start`."""
    begin = state.bMarks[start] + state.tShift[start]
    if state.src[begin : begin + 3] not in {"!!!", "???"} or state.is_code_block(start):
        return False
    opening = read_opening(state.src[begin : state.eMarks[start]])
    if opening is None or silent:
        return opening is not None
    last = line = start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent + _INDENT):
        if not state.isEmpty(line):
            last = line + 1
        line += 1
    mark, kind, title = opening
    kind = kind if kind in KINDS else "note"
    box = state.push("admonition_open", "div", 1)
    box.attrs, box.map, box.markup, box.meta = {"class": f"admonition {kind}"}, [start, last], mark, {"kind": kind}
    # a collapsible admonition needs a title, because a click on the title opens the admonition
    if title := title or (kind.title() if mark.startswith("?") else ""):
        state.push("admonition_title_open", "p", 1).attrs = {"class": "admonition-title"}
        inline = state.push("inline", "", 0)
        inline.content, inline.children, inline.map = title, [], [start, start + 1]
        state.push("admonition_title_close", "p", -1)
    before = state.parentType, state.lineMax, state.blkIndent
    state.parentType, state.lineMax, state.blkIndent = "admonition", last, state.blkIndent + _INDENT
    state.md.block.tokenize(state, start + 1, last)
    state.push("admonition_close", "div", -1)
    state.parentType, state.lineMax, state.blkIndent = before
    state.line = last
    return True


def wiki_rule(state: StateInline, silent: bool) -> bool:
    """Parse a wiki link to an episode (a markdown-it rule)."""
    found = _WIKI.match(state.src, state.pos) if state.src[state.pos] == "[" and not state.linkLevel else None
    if found and not silent:
        state.push("link_open", "a", 1).attrs = {"href": found[1]}
        state.push("text", "", 0).content = found[2] or found[1]
        state.push("link_close", "a", -1)
    state.pos = found.end() if found else state.pos
    return found is not None


def mark_tasks(state: StateCore) -> None:
    """Replace `[ ]` and `[x]` in task lists with symbols (GitHub Flavored Markdown 0.29, section 5.3). This rule runs
    before the inline rules of markdown-it, which could read `[x]` as a link."""
    for at, token in enumerate(state.tokens):
        found = _TASK.match(token.content) if token.type == "inline" else None
        if found and state.tokens[at - 2].type == "list_item_open":
            token.content = (OPEN_TASK if found[1] == " " else DONE_TASK) + token.content[found.end() :]


def add_code_titles(state: StateCore) -> None:
    """Add the title of a code block (```` ```python title="src/train.py" ````) as a bold paragraph before the block."""
    tokens = list[Token]()
    for token in state.tokens:
        found = _CODE_TITLE.search(token.info) if token.type == "fence" else None
        if found and (title := unescapeAll(found[1] or found[2] or found[3] or "").strip()):
            start = (token.map or [0])[0]
            bold = [Token("strong_open", "strong", 1, markup="**"), Token("strong_close", "strong", -1, markup="**")]
            children = [bold[0], Token("text_special", "", 0, content=title), bold[1]]
            # like names in raw HTML, the names in a path must not become links
            inline = Token("inline", "", 0, children=children, content=title, meta={"html": True})
            for one in (Token("paragraph_open", "p", 1), inline, Token("paragraph_close", "p", -1)):
                one.map, one.level, one.block = [start, start + 1], token.level, True
                tokens.append(one)
        tokens.append(token)
    state.tokens = tokens
