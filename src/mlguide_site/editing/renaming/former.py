"""The list of former names of an entry, written into the text of its knowledge file."""

from collections.abc import Sequence

import yaml

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.content.yaml_write import dump_value
from mlguide_site.editing.renaming.uses import entries_of

KEY = "former"


def former_after(former: Sequence[str], old: str, new: str) -> list[str]:
    """The former names of what was called `old` and now is `new`.

    >>> former_after(["a", "b"], "c", "a"), former_after([], "a", "b")
    (['b', 'c'], ['a'])
    """
    return [name for name in dict.fromkeys([*former, old]) if name != new]


def set_former(text: str, slug: str, former: Sequence[str], path: str) -> str | None:
    """The text of a knowledge file with an entry's list of former names; None where its place can't be written to."""
    entry = _entry(text, slug, path)
    if not isinstance(entry, yaml.MappingNode) or not entry.value:
        return None
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    written = dump_value(list(former))
    found = next(((key, value) for key, value in entry.value if key.value == KEY), None)
    if found is None:
        if not former:
            return text
        last = entry.value[-1][1]
        if entry.flow_style:
            mark = last.end_mark
            line = lines[mark.line]
            lines[mark.line] = f"{line[: mark.column]}, {KEY}: {written}{line[mark.column :]}"
        else:
            indent = " " * entry.value[0][0].start_mark.column
            lines.insert(_behind(lines, entry), f"{indent}{KEY}: {written}{end}")
        return "\n".join(lines)
    value = found[1]
    if not isinstance(value, yaml.SequenceNode) or not value.value:
        return None
    if value.flow_style:
        if value.start_mark.line != value.end_mark.line:
            return None
        line = lines[value.start_mark.line]
        lines[value.start_mark.line] = line[: value.start_mark.column] + written + line[value.end_mark.column :]
    else:
        first, last_line = value.value[0].start_mark.line, value.value[-1].end_mark.line
        if any(item.start_mark.line != item.end_mark.line for item in value.value):
            return None
        dash = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
        lines[first : last_line + 1] = [f"{dash}- {dump_value(name)}{end}" for name in former]
    return "\n".join(lines)


def _entry(text: str, slug: str, path: str) -> yaml.Node | None:
    top = read_yaml(text, path).descend(())[-1][1]
    return next((value for key, value in entries_of(top) if key.value == slug), None)


def _behind(lines: Sequence[str], entry: yaml.MappingNode) -> int:
    """The line behind the last field of a block mapping that is no mapping of children, blanks and comments aside."""
    fields = [pair for pair in entry.value if pair[0].value != "children"] or entry.value
    key, value = fields[-1]
    following = next((k for k, _ in entry.value if k.start_mark.line > key.start_mark.line), None)
    at = following.start_mark.line if following is not None else int(value.end_mark.line) + bool(value.end_mark.column)
    at = max(min(at, len(lines)), int(key.start_mark.line) + 1)
    while at > key.start_mark.line + 1 and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    return at
