"""Which lists of a tree have items that stand apart."""

from collections.abc import Sequence

from markdown_it.token import Token


def loose_lists(tokens: Sequence[Token]) -> frozenset[int]:
    """The lists, by the place of their opening token, whose items stand apart: those that their author wrote so, and
    those with an item that holds more than one paragraph and, after it, one list of short items."""
    loose = set()
    lists: list[int] = []
    open_items: list[str] = []
    """for each open list item, what it holds so far: "", "p" or "l"; other containers are marked "x" """
    for at, token in enumerate(tokens):
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            if open_items and lists:
                if open_items[-1] == "l":
                    loose.add(lists[-1])
                open_items[-1] = "l"
            lists.append(at)
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            inner = lists.pop()
            if inner in loose and lists and open_items and open_items[-1] != "x":
                loose.add(lists[-1])
        elif kind == "list_item_open":
            open_items.append("")
        elif kind in {"list_item_close", "blockquote_close", "admonition_close"}:
            open_items.pop()
        elif not open_items or open_items[-1] == "x":
            if kind in {"blockquote_open", "admonition_open"}:
                open_items.append("x")
        elif kind in {"blockquote_open", "admonition_open"}:
            loose.add(lists[-1])
            open_items.append("x")
        elif kind == "paragraph_open":
            if not token.hidden or open_items[-1]:
                loose.add(lists[-1])
            open_items[-1] = "p"
        elif kind in {"fence", "code_block", "hr", "html_block", "heading_open", "table_open"}:
            loose.add(lists[-1])
    return frozenset(loose)
