"""Boxes (admonitions, and details that fold): a block rule for markdown-it, and the kinds there are.

The syntax is that of Python-Markdown's admonition extension and of pymdownx.details: `!!! kind "Title"` or `??? kind
"Title"` (`???+` where it is open), the content indented by four spaces; blank lines do not end it, however many. A
title without quotes is taken where the kind is a known one, so that no word is lost; another line that begins with such
marks is text.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

KINDS = frozenset(
    "note abstract summary tldr info todo tip hint important success check done question help faq warning caution"
    " attention failure fail missing danger error bug example snippet quote cite seealso".split()
)
"""A kind becomes a class of the page's; any other word could be one that a theme's own parts have."""

_INDENT = 4
_WORDS = r"[\w-]+(?: +[\w-]+)*+"
_OPENING = re.compile(
    rf'(!!!|\?\?\?\+?) ?(?:({_WORDS})?(?: *+"(.*)")|({_WORDS}))[ \t]*\Z|(!!!|\?\?\?\+?) ?([A-Za-z]+)[ \t]+(\S.*)\Z'
)


def read_opening(line: str) -> tuple[str, str, str] | None:
    """Mark, kind and title of a line that opens a box; None for any other.

    >>> read_opening('!!! warning "Mind the gap"'), read_opening("???+ tip"), read_opening("!!! note Mind: the gap")
    (('!!!', 'warning', 'Mind the gap'), ('???+', 'tip', 'Tip'), ('!!!', 'note', 'Mind: the gap'))
    >>> read_opening("!!! mind: the gap"), read_opening("!!! mind the gap"), read_opening("!!! gap")
    (None, None, ('!!!', 'gap', 'Gap'))
    """
    found = _OPENING.match(line.rstrip())
    if not found:
        return None
    mark, words, title, only_words, other_mark, other_kind, rest = found.groups()
    if other_mark:
        return (other_mark, other_kind.lower(), rest) if other_kind.lower() in KINDS else None
    if title is not None:
        return mark, (words or "note").split()[0].lower(), title.strip()
    kind, *more = only_words.split()
    if not more:
        return mark, kind.lower(), kind.title()
    return (mark, kind.lower(), " ".join(more)) if kind.lower() in KINDS else None


def box_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Markdown-it's rule: whether a box opens in line `start`, and its tokens."""
    begin = state.bMarks[start] + state.tShift[start]
    if state.src[begin : begin + 3] not in {"!!!", "???"} or state.is_code_block(start):
        return False
    opening = read_opening(state.src[begin : state.eMarks[start]])
    if opening is None:
        return False
    if silent:
        return True
    last = line = start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent + _INDENT):
        if not state.isEmpty(line):
            last = line + 1
        line += 1
    before = state.parentType, state.lineMax, state.blkIndent
    state.parentType, state.lineMax, state.blkIndent = "admonition", last, state.blkIndent + _INDENT
    for token in opening_tokens(*opening, [start, last]):
        pushed = state.push(token.type, token.tag, token.nesting)
        pushed.attrs, pushed.map, pushed.content, pushed.markup = token.attrs, token.map, token.content, token.markup
        pushed.meta, pushed.children, pushed.info = token.meta, token.children, token.info
    state.md.block.tokenize(state, start + 1, last)
    state.push("admonition_close", "div", -1)
    state.parentType, state.lineMax, state.blkIndent = before
    state.line = last
    return True


def opening_tokens(mark: str, kind: str, title: str, place: list[int] | None) -> list[Token]:
    """The tokens that open a box, its title not parsed yet; what can be folded away needs one to unfold it by."""
    kind = kind if kind in KINDS else "note"
    if not title and mark.startswith("?"):
        title = kind.title()
    box = Token("admonition_open", "div", 1, attrs={"class": f"admonition {kind}"}, map=place, markup=mark, block=True)
    box.meta = {"kind": kind}
    if not title:
        return [box]
    return [
        box,
        Token("admonition_title_open", "p", 1, attrs={"class": "admonition-title"}, map=place, block=True),
        Token("inline", "", 0, content=title, children=[], map=place and [place[0], place[0] + 1], block=True),
        Token("admonition_title_close", "p", -1, block=True),
    ]


def box_plugin(parser: MarkdownIt) -> None:
    """Adds the rule to a parser."""
    parser.block.ruler.before("fence", "box", box_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
