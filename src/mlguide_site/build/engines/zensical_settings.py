"""The settings that Zensical is given: what `mkdocs.yml` says, for a project in a folder of its own.

Zensical reads `mkdocs.yml` as MkDocs does, but for three things: it joins lists of an inherited file with ours instead
of replacing them, it has no hooks and no plugin of ours, and its theme has a newer look, not made for our styles.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from mlguide_site.content.files import read_bytes
from mlguide_site.content.site_settings import PATH, compose
from mlguide_site.errors import ContentError, Problem, Span

MAX_INHERITED = 10
UNUSED = frozenset({"INHERIT", "hooks", "watch", "strict"})
"""What makes no difference to the site, or what is said otherwise here."""
OWN_PLUGIN = "mlguide"


def zensical_settings(root: Path, features: list[str], notice: str) -> str:
    """The text of Zensical's settings for a project folder with `pages` and `theme` in it, to be built into `site`.

    `features` are those of the theme, `notice` is shown in the foot where the settings name no copyright. Raises
    ContentError where `mkdocs.yml` or what it inherits from can't be read.
    """
    settings = _inherited(root / PATH, PATH, MAX_INHERITED)
    theme = settings.get("theme")
    look = _pairs(theme) if isinstance(theme, yaml.MappingNode) else {"name": theme} if theme else {}
    look = {"variant": _node("classic"), **look, "custom_dir": _node("theme"), "features": _node(features)}
    settings = {key: value for key, value in settings.items() if key not in UNUSED}
    settings |= {"docs_dir": _node("pages"), "site_dir": _node("site"), "theme": _mapping(look)}
    settings["plugins"] = _plugins(settings.get("plugins"))
    if notice and "copyright" not in settings:
        settings["copyright"] = _node(notice)
    return str(yaml.serialize(_mapping(settings), Dumper=yaml.SafeDumper, allow_unicode=True))


def _inherited(path: Path, name: str, depth: int) -> dict[str, yaml.Node]:
    """The settings of a file over those that it inherits: as in MkDocs mappings are joined, all else is replaced."""
    if depth == 0:
        problem = Problem(name, Span(), f"settings inherited through more than {MAX_INHERITED} files", "join some")
        raise ContentError([problem])
    node = compose(read_bytes(path).decode("utf-8", "replace").removeprefix("\ufeff"))
    own = _pairs(node) if isinstance(node, yaml.MappingNode) else {}
    above = own.get("INHERIT")
    if not isinstance(above, yaml.ScalarNode) or not above.value:
        return own
    return _joined(_inherited(path.parent / above.value, str(above.value), depth - 1), own)


def _joined(under: Mapping[str, yaml.Node], over: Mapping[str, yaml.Node]) -> dict[str, yaml.Node]:
    joined = dict(under)
    for key, value in over.items():
        below = joined.get(key)
        if isinstance(below, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
            value = _mapping(_joined(_pairs(below), _pairs(value)))
        joined[key] = value
    return joined


def _plugins(node: yaml.Node | None) -> yaml.Node:
    """The plugins but ours; Zensical's own search, which is on unless it is off, stays only where it is asked for."""
    items: list[yaml.Node] = []
    if isinstance(node, yaml.SequenceNode):
        items = [item for item in node.value if _name(item) != OWN_PLUGIN]
    elif isinstance(node, yaml.MappingNode):
        items = [_mapping({key: value}) for key, value in _pairs(node).items() if key != OWN_PLUGIN]
    if not any(_name(item) in {"search", "material/search"} for item in items):
        items.append(_node({"search": {"enabled": False}}))
    return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=False)


def _name(item: yaml.Node) -> str:
    """The name of an item in a list of plugins."""
    if isinstance(item, yaml.MappingNode) and item.value:
        item = item.value[0][0]
    return str(item.value) if isinstance(item, yaml.ScalarNode) else ""


def _pairs(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _mapping(pairs: Mapping[str, yaml.Node]) -> yaml.MappingNode:
    items = [(_node(key), value) for key, value in pairs.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", items, flow_style=False)


def _node(value: Any) -> yaml.Node:
    """A plain value as a node."""
    dumper = yaml.SafeDumper(io.StringIO())
    node: yaml.Node = dumper.represent_data(value)
    return node
