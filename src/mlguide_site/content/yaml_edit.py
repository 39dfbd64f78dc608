"""Small edits of YAML text: replace a scalar, remove items of a list. Every other byte is kept."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import yaml

from mlguide_site.content.yaml_write import dump_value


class Edit(NamedTuple):
    """Replace characters `start` to `end` of line `line` (all counted from 0); with `whole` the line is removed."""

    line: int
    start: int
    end: int
    text: str
    whole: bool = False


def edited(text: str, edits: Sequence[Edit]) -> str:
    """A text with edits applied; none may overlap.

    >>> edited("a: [b, c]\\nd: b\\n", [Edit(0, 4, 5, "x"), Edit(1, 0, 0, "", True)])
    'a: [x, c]\\n'
    """
    lines = text.split("\n")
    for edit in sorted(set(edits), reverse=True):
        line = lines[edit.line]
        if edit.whole:
            del lines[edit.line]
        else:
            lines[edit.line] = line[: edit.start] + edit.text + line[edit.end :]
    return "\n".join(lines)


def replaced(node: yaml.Node | None, text: str) -> Edit | None:
    """The edit that gives a scalar another value; None if it isn't a scalar on one line."""
    if not isinstance(node, yaml.ScalarNode) or node.start_mark.line != node.end_mark.line:
        return None
    return Edit(node.start_mark.line, node.start_mark.column, node.end_mark.column, dump_value(text))


def without_items(text: str, key: yaml.Node, node: yaml.Node | None, gone: Sequence[int]) -> list[Edit] | None:
    """The edits that remove items, by index, from the list of a key, and the key with the last item; None if that would
    remove a comment, or if an item has several lines."""
    if not isinstance(node, yaml.SequenceNode) or any(_is_long(item) for item in node.value):
        return None
    items, out = node.value, frozenset(gone)
    if node.flow_style:
        return _flow(items, out) if node.start_mark.line == node.end_mark.line else None
    lines = text.split("\n")
    edits = []
    for at in sorted(out):
        line = lines[items[at].start_mark.line]
        alone = line[: items[at].start_mark.column].strip() == "-" and not line[items[at].end_mark.column :].strip()
        if not alone:
            return None
        edits.append(Edit(items[at].start_mark.line, 0, 0, "", True))
    if len(out) == len(items):
        line = lines[key.start_mark.line]
        if line[key.end_mark.column :].strip() != ":" or line[: key.start_mark.column].strip():
            return None
        edits.append(Edit(key.start_mark.line, 0, 0, "", True))
    return edits


def _is_long(item: yaml.Node) -> bool:
    return bool(item.start_mark.line != item.end_mark.line)


def _flow(items: Sequence[yaml.Node], out: frozenset[int]) -> list[Edit]:
    """The edits that remove items of a list in brackets on one line."""
    line = items[0].start_mark.line
    kept = [at for at in range(len(items)) if at not in out]
    if not kept:
        return [Edit(line, items[0].start_mark.column, items[-1].end_mark.column, "")]
    edits = []
    for at in sorted(out):
        if at > kept[0]:
            edits.append(Edit(line, items[at - 1].end_mark.column, items[at].end_mark.column, ""))
        else:
            edits.append(Edit(line, items[at].start_mark.column, items[at + 1].start_mark.column, ""))
    return edits


def lines_with_ends(text: str) -> list[str]:
    """The lines of a text, each with its end: `\\n`, `\\r\\n` or `\\r`; no other character ends a line.

    >>> lines_with_ends("a\\r\\nb\\n\\nc")
    ['a\\r\\n', 'b\\n', '\\n', 'c']
    """
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text) or [""]
