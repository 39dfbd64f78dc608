"""Where YAML names an entry or an episode, and an entry's list of former names, written into the text of its file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import yaml

from mlguide_site.content.yaml_read import Located, read_yaml
from mlguide_site.content.yaml_write import dump_value

Pattern = tuple[tuple[str, ...], str]
_TOPICS: tuple[Pattern, ...] = ((("topics", "*"), "topic"), (("match", "*", "topics", "*"), "topic"))
NOTE = "note"
CHILDREN = "children"
USES: Mapping[str, tuple[Pattern, ...]] = {
    NOTE: (
        (("topics", "*"), "topic"),
        (("tools", "*"), "tool"),
        (("resources", "*"), "resource"),
        (("people", "*", "person"), "person"),
        (("requires", "*"), "episode"),
    ),
    "topics": ((("parent",), "topic"), (("order", "*"), "episode")),
    "tools": _TOPICS,
    "resources": (*_TOPICS, (("episodes", "*"), "episode")),
    "glossary": (*_TOPICS, (("see", "*"), "term")),
    "people": (),
    "series": (),
}
"""For front matter and each knowledge file: the paths of fields of an entry that name something (`*` stands for each
item of a list), and the kind of what they name."""


class Use(NamedTuple):
    """A scalar that names something: its node and what kind of thing it names."""

    node: yaml.ScalarNode
    kind: str


def uses_of(located: Located, file: str) -> Iterator[Use]:
    """The uses in front matter (`file` is `NOTE`) or in a knowledge file, in its order."""
    top = located.descend(())[-1][1]
    if file == NOTE:
        yield from _matching(top, USES[NOTE])
    else:
        for _, entry in entries_of(top):
            yield from _matching(entry, USES[file])


def entries_of(node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Key and value of every entry of a knowledge file, those that nest under others as well."""
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        yield key, value
        if isinstance(value, yaml.MappingNode):
            for name, below in value.value:
                if name.value == CHILDREN:
                    yield from entries_of(below)


def _matching(node: yaml.Node | None, patterns: Sequence[Pattern]) -> Iterator[Use]:
    for path, kind in patterns:
        for found in _at(node, path):
            yield Use(found, kind)


def _at(node: yaml.Node | None, path: Sequence[str]) -> Iterator[yaml.ScalarNode]:
    if not path:
        if isinstance(node, yaml.ScalarNode):
            yield node
    elif path[0] == "*":
        for item in node.value if isinstance(node, yaml.SequenceNode) else ():
            yield from _at(item, path[1:])
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == path[0]:
                yield from _at(value, path[1:])


FORMER = "former"


def former_after(former: Sequence[str], old: str, new: str) -> list[str]:
    """The former names of something renamed from `old` to `new`.

    >>> former_after(["a", "b"], "c", "a"), former_after([], "a", "b")
    (['b', 'c'], ['a'])
    """
    return [name for name in dict.fromkeys([*former, old]) if name != new]


def set_former(text: str, slug: str, former: Sequence[str], path: str) -> str | None:
    """The text of a knowledge file with an entry's list of former names; None if its place can't be written to."""
    entry = _entry(text, slug, path)
    if not isinstance(entry, yaml.MappingNode) or not entry.value:
        return None
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    written = dump_value(list(former))
    found = next(((key, value) for key, value in entry.value if key.value == FORMER), None)
    if found is None:
        if not former:
            return text
        last = entry.value[-1][1]
        if entry.flow_style:
            mark = last.end_mark
            line = lines[mark.line]
            lines[mark.line] = f"{line[: mark.column]}, {FORMER}: {written}{line[mark.column :]}"
        else:
            indent = " " * entry.value[0][0].start_mark.column
            lines.insert(_line_after(lines, entry), f"{indent}{FORMER}: {written}{end}")
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


def _line_after(lines: Sequence[str], entry: yaml.MappingNode) -> int:
    """The line after the last field of a block mapping that is no mapping of children, blanks and comments aside."""
    fields = [pair for pair in entry.value if pair[0].value != "children"] or entry.value
    key, value = fields[-1]
    following = next((k for k, _ in entry.value if k.start_mark.line > key.start_mark.line), None)
    at = following.start_mark.line if following is not None else int(value.end_mark.line) + bool(value.end_mark.column)
    at = max(min(at, len(lines)), int(key.start_mark.line) + 1)
    while at > key.start_mark.line + 1 and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    return at
