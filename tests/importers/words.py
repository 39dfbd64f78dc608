"""Extracts the words of Markdown in the order in which readers see them."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt

MARK = re.compile(r"[;:]?#{1,6}|[-–—*•◦▪‣●○∙■□►▶➤✓✔➔]")
"""A literal structure mark that may occur in flattened notes."""


def words_of(markdown: str) -> list[str]:
    """Return the words of a body, split at whitespace, without markup."""
    parts: list[str] = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        if token.type in {"fence", "code_block", "html_block"}:
            parts.append(token.content)
        for child in token.children or ():
            is_break = child.type in {"softbreak", "hardbreak"} or (child.type, child.content) == (
                "html_inline",
                "<br>",
            )
            parts.append(" " if is_break else child.content)
        parts.append("\n")
    return "".join(parts).split()


def blocks_of(markdown: str) -> list[tuple[str, list[str]]]:
    """Return the kind and the words of each block in a body. Kinds are `heading` (also for headings in bold), `item`
    and `paragraph`. The words of an item include its number."""
    blocks: list[tuple[str, list[str]]] = []
    kind, number = "", []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        if token.type == "list_item_open":
            kind, number = "item", [token.info + token.markup] if token.info else []
        elif token.type == "heading_open":
            kind, number = "heading", []
        elif token.type == "inline":
            children = token.children or ()
            text = "".join(" " if one.type in {"softbreak", "hardbreak"} else one.content for one in children)
            bold = len(children) > 2 and children[1].type == "strong_open" and not children[0].content
            blocks.append((kind or ("heading" if bold else "paragraph"), number + text.split()))
            kind, number = "", []
        elif token.type in {"fence", "code_block", "html_block", "hr", "blockquote_open", "table_open"}:
            blocks.append((token.type, token.content.split()))
    return blocks


def changed_words(source: Sequence[str], markdown: str) -> list[str]:
    """Return the words of flattened notes that the body lacks or has in another order, and the words that only the body
    has. A literal mark may have become the heading or list item that follows it."""
    shown = [(word, kind if not at else "") for kind, words in blocks_of(markdown) for at, word in enumerate(words)]
    changed: list[str] = []
    places = {0}
    """The positions in the shown words that the source may have reached."""
    for word in source:
        reached = {at + 1 for at in places if at < len(shown) and shown[at][0] == word}
        if MARK.fullmatch(word):
            reached |= {at for at in places if at < len(shown) and shown[at][1] in {"heading", "item"}}
        if not reached:
            changed.append(word)
        places = reached or places
    return changed + ([] if len(shown) in places else [word for word, _ in shown[max(places) :]])


def without_runs(words: Sequence[str], patterns: Sequence[str]) -> list[str]:
    """Return the words without all runs that match a pattern. Patterns have no star. Punctuation after a word may
    differ."""
    runs = sorted(([bare(word) for word in pattern.split()] for pattern in patterns), key=len, reverse=True)
    left, at = [], 0
    while at < len(words):
        run = next((run for run in runs if [bare(word) for word in words[at : at + len(run)]] == run), None)
        if run is None:
            left.append(words[at])
        at += len(run) if run else 1
    return left


def bare(word: str) -> str:
    return word.rstrip(".,!?;:") or word
