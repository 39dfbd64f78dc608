"""`<details>` around Markdown: raw HTML that opens in one block and closes in another becomes one box of the tree.

CommonMark ends a block of raw HTML at a blank line, so what an author writes as one element arrives as an opening
block, the Markdown between, and a closing block. Cleaned each for itself, the fold would hold nothing.
"""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from mlguide_site.markdown.boxes import opening_tokens
from mlguide_site.markdown.policy import clean_html, html_text

_OPENING = re.compile(
    r"\s*<details(\s+open(?:=[\"']{2})?)?\s*>\s*(?:<summary>((?:[^<]|<(?!/summary))*)</summary>)?\s*\Z"
)
_CLOSING = re.compile(r"\s*</details>\s*\Z")


def fold_details(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens with such pairs as boxes that fold, the summary as title; those without a partner stay as they are."""
    if not any(token.type == "html_block" and "<details" in token.content for token in tokens):
        return tokens
    pairs = dict(_pairs(tokens))
    closing = set(pairs.values())
    out: list[Token] = []
    for at, token in enumerate(tokens):
        if at in pairs:
            out.extend(_opened(token))
        elif at in closing:
            out.append(Token("admonition_close", "div", -1, block=True))
        else:
            out.append(token)
    return out


def _pairs(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The places of opening and closing blocks that belong together: in one container, properly nested."""
    pairs = []
    opened: list[int] = []
    for at, token in enumerate(tokens):
        while opened and token.level < tokens[opened[-1]].level:
            opened.pop()
        if token.type != "html_block":
            continue
        if _OPENING.match(token.content):
            opened.append(at)
        elif opened and token.level == tokens[opened[-1]].level and _CLOSING.match(token.content):
            pairs.append((opened.pop(), at))
    return pairs


def _opened(token: Token) -> list[Token]:
    found = _OPENING.match(token.content)
    is_open, summary = found.groups() if found else (None, None)
    title = html_text(clean_html(summary or "")) or "Details"
    tokens = opening_tokens("???+" if is_open else "???", "note", title, token.map)
    tokens[2].children = [Token("text", "", 0, content=title)]
    return tokens
