"""Block syntax beyond CommonMark: boxes (admonitions and details that fold), raw `<details>` around Markdown, tasks.

Boxes are those of Python-Markdown's admonition extension and of pymdownx.details: `!!! kind "Title"` or `??? kind
"Title"` (`???+` if it is open), the content indented by four spaces; blank lines don't end it. A title without quotes
is accepted after a known kind, so that no word is lost; another line that begins with such marks is text.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from mlguide_site.markdown.sanitiser import clean_html, html_text

KINDS = frozenset(
    "note abstract summary tldr info todo tip hint important success check done question help faq warning caution"
    " attention failure fail missing danger error bug example snippet quote cite seealso".split()
)
"""A kind becomes a class of the page's; any other word could be one that a theme's own parts have."""
OPEN_TASK, DONE_TASK = "☐", "☑\ufe0e"
"""Signs of a task, read aloud, printed and copied like any text; the selector keeps the second from being an emoji."""
_INDENT = 4
_MAX_DETAILS = 30
_WORDS = r"[\w-]+(?: +[\w-]+)*+"
_OPENING = re.compile(
    rf'(!!!|\?\?\?\+?) ?(?:({_WORDS})?(?: *+"(.*)")|({_WORDS}))[ \t]*\Z|(!!!|\?\?\?\+?) ?([A-Za-z]+)[ \t]+(\S.*)\Z'
)
_DETAILS = re.compile(
    r"\s*<details(\s+open(?:=[\"']{2})?)?\s*>\s*(?:<summary>((?:[^<]|<(?!/summary))*)</summary>)?\s*\Z"
)
_END_DETAILS = re.compile(r"\s*</details>\s*\Z")
_TASK = re.compile(r"\[([ xX])\](?=\s)")


def blocks_plugin(parser: MarkdownIt) -> None:
    """Add the rules for boxes and tasks to a parser."""
    parser.block.ruler.before("fence", "box", box_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.core.ruler.before("inline", "tasks", mark_tasks)


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
    if opening is None or silent:
        return opening is not None
    last = line = start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent + _INDENT):
        if not state.isEmpty(line):
            last = line + 1
        line += 1
    before = state.parentType, state.lineMax, state.blkIndent
    state.parentType, state.lineMax, state.blkIndent = "admonition", last, state.blkIndent + _INDENT
    for token in _opening_tokens(*opening, [start, last]):
        pushed = state.push(token.type, token.tag, token.nesting)
        pushed.attrs, pushed.map, pushed.content, pushed.markup = token.attrs, token.map, token.content, token.markup
        pushed.meta, pushed.children, pushed.info = token.meta, token.children, token.info
    state.md.block.tokenize(state, start + 1, last)
    state.push("admonition_close", "div", -1)
    state.parentType, state.lineMax, state.blkIndent = before
    state.line = last
    return True


def _opening_tokens(mark: str, kind: str, title: str, place: list[int] | None) -> list[Token]:
    """The tokens that open a box, its title not parsed yet; a box that folds needs one to unfold it by."""
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


def fold_details(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens with raw `<details>` around Markdown as boxes that fold, the summary as title.

    CommonMark ends a block of raw HTML at a blank line, so such an element arrives as an opening block, the Markdown
    between, and a closing block. Cleaned one by one, the element would be empty. Those without a partner stay, and all
    if they are nested deeper than 30 levels.
    """
    if not any(token.type == "html_block" and "<details" in token.content for token in tokens):
        return tokens
    partners: dict[int, int] = {}
    opened: list[int] = []
    for at, token in enumerate(tokens):
        while opened and token.level < tokens[opened[-1]].level:
            opened.pop()
        if token.type != "html_block":
            continue
        if _DETAILS.match(token.content):
            opened.append(at)
            if len(opened) > _MAX_DETAILS:
                return tokens
        elif opened and token.level == tokens[opened[-1]].level and _END_DETAILS.match(token.content):
            partners[opened.pop()] = at
    closing = set(partners.values())
    out: list[Token] = []
    for at, token in enumerate(tokens):
        if at in partners:
            found = _DETAILS.match(token.content)
            is_open, summary = found.groups() if found else (None, None)
            title = html_text(clean_html(summary or "")) or "Details"
            box = _opening_tokens("???+" if is_open else "???", "note", title, token.map)
            box[2].children = [Token("text", "", 0, content=title)]
            out += box
        else:
            out.append(Token("admonition_close", "div", -1, block=True) if at in closing else token)
    return out


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
