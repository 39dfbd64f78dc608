"""The words that a reader of Markdown sees, in order."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt

MARK = re.compile(r"[;:]?#{1,6}|[-–—*•◦▪‣●○∙■□►▶➤✓✔➔]")
"""A literal mark of structure, as it may stand in flat notes."""


def words_of(markdown: str) -> list[str]:
    """Words of a body as white space parts them, its markup aside."""
    parts: list[str] = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        if token.type in {"fence", "code_block", "html_block"}:
            parts.append(token.content)
        for child in token.children or ():
            parts.append(" " if child.type in {"softbreak", "hardbreak"} else child.content)
        parts.append("\n")
    return "".join(parts).split()


def blocks_of(markdown: str) -> list[tuple[str, list[str]]]:
    """The kind of each block of a body (`heading`, also one in bold, `item`, `paragraph`) and its words, an item's
    number among them."""
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
    """Words of flat notes that a body hasn't where they stood, and words that only it has; a literal mark may have
    become the heading or item that it stood before."""
    shown = [(word, kind if not at else "") for kind, words in blocks_of(markdown) for at, word in enumerate(words)]
    changed: list[str] = []
    places = {0}
    """how much of what is shown may have been told so far"""
    for word in source:
        told = {at + 1 for at in places if at < len(shown) and shown[at][0] == word}
        if MARK.fullmatch(word):
            told |= {at for at in places if at < len(shown) and shown[at][1] in {"heading", "item"}}
        if not told:
            changed.append(word)
        places = told or places
    return changed + ([] if len(shown) in places else [word for word, _ in shown[max(places) :]])


def without_runs(words: Sequence[str], patterns: Sequence[str]) -> list[str]:
    """Words without every run that is one of the patterns (none with a star); punctuation after a word may differ."""
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
