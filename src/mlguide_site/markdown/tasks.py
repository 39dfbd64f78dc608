"""Task list items (GitHub Flavored Markdown 0.29, section 5.3): a rule for markdown-it.

The box becomes a sign: it is read aloud, printed and copied like any other text, and no engine or theme has to know it.
"""

import re

from markdown_it.rules_core import StateCore

OPEN, DONE = "☐", "☑\ufe0e"
"""Signs of a task; the selector behind the second keeps it from being drawn as an emoji."""

_BOX = re.compile(r"\[([ xX])\](?=\s)")


def mark_tasks(state: StateCore) -> None:
    """A rule of markdown-it's core chain, before inline content is read: `[x]` might be a link there."""
    if not _BOX.search(state.src):
        return
    tokens = state.tokens
    for at, token in enumerate(tokens):
        if token.type == "inline" and token.content.startswith("[") and tokens[at - 2].type == "list_item_open":
            found = _BOX.match(token.content)
            if found:
                token.content = (OPEN if found[1] == " " else DONE) + token.content[found.end() :]
