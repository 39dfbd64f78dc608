"""The files that settings are read from, known without MkDocs."""

import os
from collections.abc import Iterator
from pathlib import Path

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # where there is no compiler, PyYAML comes without its faster half
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

INHERIT = "INHERIT"
"""The key under which settings name the file that they are built on."""


def settings_files(path: str) -> list[str]:
    """A file of settings and those that it inherits from, whether they are there or not."""
    found: list[str] = []
    waiting = [path]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.append(path)
            waiting += [os.path.normpath(os.path.join(os.path.dirname(path), name)) for name in _inherited(path)]
    return found


def settings_text(path: str) -> str:
    """What stands in a file of settings; nothing where it can't be read."""
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""


def _inherited(path: str) -> Iterator[str]:
    """What stands under the key, wherever it stands: merged into the whole it counts as well."""
    try:
        # nothing is made of what stands there, so tags that only MkDocs knows do no harm
        waiting = [yaml.compose(settings_text(path), Loader)]
    except (yaml.YAMLError, RecursionError):
        return  # MkDocs will say what is wrong
    seen = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                waiting.append(value)
                if key.value == INHERIT and isinstance(value, yaml.ScalarNode):
                    yield value.value
