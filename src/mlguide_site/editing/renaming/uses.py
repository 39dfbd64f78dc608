"""Where YAML names an entry or an episode, and the text with another name there: every other byte stays."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import yaml

from mlguide_site.content.yaml_read import Located

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


def with_values(value: Any, file: str, change: Callable[[str, str], str]) -> Any:
    """Plain values with each use changed: what an edited text must read as. `change` is given a kind and a value."""
    if file == NOTE:
        return _changed(value, USES[NOTE], change)
    if not isinstance(value, dict):
        return value
    result = {}
    for slug, entry in value.items():
        new = _changed(entry, USES[file], change)
        if isinstance(new, dict) and isinstance(new.get(CHILDREN), dict):
            new = {**new, CHILDREN: with_values(new[CHILDREN], file, change)}
        result[slug] = new
    return result


def _changed(value: Any, patterns: Sequence[Pattern], change: Callable[[str, str], str]) -> Any:
    for path, kind in patterns:
        value = _put(value, path, lambda found, kind=kind: change(kind, found))  # type: ignore[misc]
    return value


def _put(value: Any, path: Sequence[str], change: Callable[[str], str]) -> Any:
    if not path:
        return change(value) if isinstance(value, str) else value
    if path[0] == "*":
        return [_put(item, path[1:], change) for item in value] if isinstance(value, list) else value
    if isinstance(value, dict) and path[0] in value:
        return {key: _put(item, path[1:], change) if key == path[0] else item for key, item in value.items()}
    return value
