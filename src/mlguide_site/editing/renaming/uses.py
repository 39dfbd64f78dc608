"""Where YAML names an entry or an episode, and an entry's list of former names, written into the text of its file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import yaml

from mlguide_site.content.yaml_edit import CHILDREN, Addition, Edit, add_all, edited, flat_entries
from mlguide_site.content.yaml_read import Located, read_yaml
from mlguide_site.content.yaml_write import dump_value

Pattern = tuple[tuple[str, ...], str]
_TOPICS: tuple[Pattern, ...] = ((("topics", "*"), "topic"), (("match", "*", "topics", "*"), "topic"))
NOTE = "note"
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
"""For front matter and each knowledge file: the paths of fields of an entry that name something (`*`: each
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
    located = read_yaml(text, path)
    fields, where = next((entry, place) for name, entry, place in flat_entries(located.value) if name == slug)
    entry = located.descend(where)[-1][1]
    if not isinstance(entry, yaml.MappingNode) or not entry.value:
        return None
    if not entry.flow_style:
        instead = {FORMER: fields[FORMER]} if FORMER in fields else {}
        changed, failed = add_all(text, [Addition(where, {FORMER: former}, (FORMER, CHILDREN), instead)], path)
        return None if failed else changed
    value = next((value for key, value in entry.value if key.value == FORMER), None)
    begin, end = (value.start_mark, value.end_mark) if value else (entry.value[-1][1].end_mark,) * 2
    if begin.line != end.line:
        return None
    written = dump_value(list(former)) if value else f", {FORMER}: {dump_value(list(former))}"
    return edited(text, [Edit(begin.line, begin.column, end.column, written)])
