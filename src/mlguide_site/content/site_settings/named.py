"""What the settings name of the site itself: pages in its navigation, and what stands for addresses of a former site.

Whether it is there can only be said where the root's content is known.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.content.site_settings.navigation import named_pages
from mlguide_site.content.site_settings.plugins import OWN, named
from mlguide_site.content.site_settings.reader import Reader
from mlguide_site.content.site_settings.text import PATH, compose, place_of
from mlguide_site.errors import ContentError, Span

_ADDS_NO_PAGE = frozenset({OWN, "search", "material/search"})
"""Plugins that put no page of their own into a site."""


class Named(NamedTuple):
    """`redirects` are former addresses, each with what stands for it now and the places of both; `pages` are paths that
    the navigation names, with their places: none where plugins, hooks or inherited settings may have a say in it, or
    where the settings want to hear nothing of what is missing."""

    redirects: tuple[tuple[str, str, Span, Span], ...] = ()
    pages: tuple[tuple[str, Span], ...] = ()


def read_named(root: Path) -> Named:
    """What `mkdocs.yml` of a root names; nothing where it can't be read. Raises ResourceError."""
    keys = _keys(_top(root))
    plugins = {name: options for _, name, options in named(Reader(root), keys.get("plugins", _NOTHING), "plugin")}
    redirects = _keys(plugins.get(OWN)).get("redirects")
    pairs = redirects.value if isinstance(redirects, yaml.MappingNode) else ()
    moved = tuple(
        (str(old.value), str(new.value), place_of(old.start_mark), place_of(new.start_mark))
        for old, new in pairs
        if isinstance(old, yaml.ScalarNode) and isinstance(new, yaml.ScalarNode)
    )
    is_known = not {"INHERIT", "hooks"} & set(keys) and set(plugins) <= _ADDS_NO_PAGE
    if not is_known or _level(keys.get("validation")) != "warn":
        return Named(moved)
    nav = keys.get("nav", _NOTHING)
    return Named(moved, tuple((name, place_of(node.start_mark)) for name, node in named_pages(nav)))


def key_places(root: Path) -> Mapping[str, Span]:
    """Where each setting of a root's `mkdocs.yml` stands; none where it can't be read. Raises ResourceError."""
    top = _top(root)
    pairs = top.value if isinstance(top, yaml.MappingNode) else ()
    return {str(key.value): place_of(key.start_mark) for key, _ in pairs if isinstance(key, yaml.ScalarNode)}


def _top(root: Path) -> yaml.Node | None:
    path = root / PATH
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return compose(decode(read_bytes(path), PATH))
    except ContentError:
        return None


_NOTHING = yaml.ScalarNode("tag:yaml.org,2002:null", "")


def _keys(node: yaml.Node | None) -> dict[str, yaml.Node]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return {str(key.value): value for key, value in pairs if isinstance(key, yaml.ScalarNode)}


def _level(validation: yaml.Node | None) -> str:
    """How the engine is to tell of pages of the navigation that aren't there (MkDocs' `validation`)."""
    every = _keys(validation)
    node = _keys(every.get("nav")).get("not_found") or every.get("not_found")
    return str(node.value) if node is not None else "warn"
