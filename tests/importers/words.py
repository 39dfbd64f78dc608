"""The words that a reader of Markdown sees, in order."""

from collections.abc import Sequence

from markdown_it import MarkdownIt


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
