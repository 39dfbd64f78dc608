"""The parser of Markdown: CommonMark with tables, strikethrough, footnotes, tasks, and boxes (admonitions, and details
that fold).

Boxes are those of Python-Markdown's admonition extension and of pymdownx.details: `!!! kind "Title"` or `??? kind
"Title"` (`???+` if it is open), the content indented by four spaces; blank lines don't end it. A title without quotes
is accepted after a known kind, so that no word is lost; another line that begins with such marks is text.
"""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from mlguide_site.markdown.footnotes import footnotes_plugin
from mlguide_site.markdown.limits import MAX_NESTING, check_inline

KINDS = frozenset(
    "note abstract summary tldr info todo tip hint important success check done question help faq warning caution"
    " attention failure fail missing danger error bug example snippet quote cite seealso".split()
)
"""A kind becomes a CSS class; other words could be classes of the theme."""
OPEN_TASK, DONE_TASK = "☐", "☑\ufe0e"
"""Signs of a task, read aloud, printed and copied like any text; the selector keeps the second from being an emoji."""
_INDENT = 4
_OPENING = re.compile(r"(!!!|\?\?\?\+?) ?([A-Za-z][\w-]*)?[ \t]*(.*)")
_QUOTED = re.compile(r'(?:[\w-]+ +)*"(.*)"')
_TASK = re.compile(r"\[([ xX])\](?=\s)")
_WIKI = re.compile(r"\[\[([a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){1,20})(?:\|([^\[\]\n]{1,300}))?\]\](?![(\[:])")
"""A wiki link to the id of an episode, perhaps with the text to show."""
# what markdown-it and its plugins may raise on unexpected input
PARSER_FAULTS = (RecursionError, RuntimeError, LookupError, ValueError, TypeError, AttributeError)


class _Parser(MarkdownIt):
    """Markdown-it without its own policy for addresses: ours is applied to the finished tree, and reports to the
    author."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is markdown-it's
        return True


@cache
def parser() -> MarkdownIt:
    """The parser of a body, created once."""
    made = _Parser("commonmark", {"maxNesting": MAX_NESTING + 20})
    made.enable(["table", "strikethrough"])
    # the cleaner joins runs of text itself
    made.disable(["text_join", "fragments_join"])
    made.core.ruler.before("inline", "limits", check_inline)
    made.core.ruler.before("inline", "tasks", mark_tasks)
    made.inline.ruler.before("link", "wiki", wiki_rule)
    made.block.ruler.before("fence", "box", box_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    made.use(footnotes_plugin)
    return made


def read_opening(line: str) -> tuple[str, str, str] | None:
    """Mark, kind and title of a line that opens a box; None for any other.

    >>> read_opening('!!! warning "Mind the gap"'), read_opening("???+ tip"), read_opening("!!! note Mind: the gap")
    (('!!!', 'warning', 'Mind the gap'), ('???+', 'tip', 'Tip'), ('!!!', 'note', 'Mind: the gap'))
    >>> read_opening("!!! mind: the gap"), read_opening("!!! mind the gap"), read_opening("!!! gap")
    (None, None, ('!!!', 'gap', 'Gap'))
    """
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
    """Markdown-it's rule: whether a box opens in line `start`, and its tokens."""
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
    # a box that folds needs a title to unfold it by
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
    """Markdown-it's rule for a wiki link to an episode, such as `[[mla-012]]` or `[[mla-012|the episode]]`."""
    found = _WIKI.match(state.src, state.pos) if state.src[state.pos] == "[" and not state.linkLevel else None
    if found and not silent:
        state.push("link_open", "a", 1).attrs = {"href": found[1]}
        state.push("text", "", 0).content = found[2] or found[1]
        state.push("link_close", "a", -1)
    state.pos = found.end() if found else state.pos
    return found is not None


def mark_tasks(state: StateCore) -> None:
    """Markdown-it's rule for task list items (GitHub Flavored Markdown 0.29, section 5.3), before inline content is
    read: `[x]` might be a link there."""
    if not _TASK.search(state.src):
        return
    for at, token in enumerate(state.tokens):
        if token.type == "inline" and token.content.startswith("["):
            found = _TASK.match(token.content)
            if found and state.tokens[at - 2].type == "list_item_open":
                token.content = (OPEN_TASK if found[1] == " " else DONE_TASK) + token.content[found.end() :]
