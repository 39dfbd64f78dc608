"""What reaches every page: the settings as MkDocs and its plugins understood them, themes, hooks and code."""

import datetime
import logging
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import ModuleType
from typing import Any

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.theme import Theme
from pathspec import PathSpec

from mkdocs_incremental.hooks import hooks_of
from mkdocs_incremental.installed import contents, distributions, fixed_folders, is_fixed, own_code
from mkdocs_incremental.marks import digest, tree
from mkdocs_incremental.messages import LOGGER

DEPTH = 40
"""Settings nested deeper are not compared."""
UNTOLD = ("site_dir", "watch", "config_file_path", "user_configs")
"""Settings that reach no page: where the site goes, what a preview watches, and what the others were read from."""


class UnclearError(Exception):
    """A setting is of a kind that can't be compared between two builds."""


@dataclass(frozen=True)
class Key:
    """The key, in parts that can be told apart when one of them has changed."""

    settings: str
    theme: str
    code: str

    def changed(self, known: object) -> str:
        """What differs from an earlier key as `vars` gives it, in words; empty where nothing does."""
        if not isinstance(known, Mapping):
            return "nothing is remembered yet"
        names = {"settings": "the settings changed", "theme": "the theme changed", "code": "hooks or programs changed"}
        return next((words for name, words in names.items() if known.get(name) != getattr(self, name)), "")


def key_of(config: MkDocsConfig, programs: Iterable[str]) -> Key:
    """The key of settings after all `config` and `pre_build` events, and of what `code` found. Raises UnclearError."""
    settings = repr(
        [plain({name: value for name, value in config.items() if name not in UNTOLD}, "settings"), _level()]
    )
    fixed = fixed_folders()
    loose = [path for folder in config.theme.dirs if not is_fixed(folder, fixed) for path in tree(folder)]
    theme = contents(loose, "\0".join(config.theme.dirs))
    own = digest(repr([distributions(), sys.version, sys.platform]).encode("utf-8", "surrogateescape"))
    return Key(digest(settings.encode("utf-8", "surrogatepass")), theme, digest(f"{own} {contents(programs)}".encode()))


def code(config: MkDocsConfig) -> tuple[str, ...]:
    """The files of hooks, and of plugins and extensions that are not installed but worked on."""
    modules = {type(plugin).__module__ for plugin in config.plugins.values() if isinstance(plugin, BasePlugin)}
    near = os.path.join(os.path.realpath(os.path.dirname(config.config_file_path or ".")), "")
    modules |= {name for name, module in list(sys.modules.items()) if _is_near(module, near)}
    modules |= {__name__, *(str(name) for name in config.markdown_extensions)}
    return tuple(sorted({*own_code(modules), *(str(hook.__file__) for hook in hooks_of(config))}))


def _is_near(module: object, folder: str) -> bool:
    """Whether a module lies beside the settings: a hook's helper, say."""
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and file.startswith(folder)


def _level() -> int:
    """What is logged at all; less of it is remembered with a higher level."""
    return logging.getLogger(LOGGER).getEffectiveLevel()


def plain(value: Any, place: str, depth: int = 0) -> Any:
    """A setting in a form whose text is the same in every process. Raises UnclearError where it has none."""
    if depth > DEPTH:
        raise UnclearError(f"{place} is nested too deep")
    if value is None or isinstance(value, (str, bytes, bool, int, float, datetime.date)):
        return repr(value)
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, re.Pattern):
        return value.pattern, value.flags
    if isinstance(value, PathSpec):
        return [(pattern.include, pattern.regex.pattern) for pattern in value.patterns if pattern.regex]
    if isinstance(value, ModuleType):
        return value.__name__
    if isinstance(value, BasePlugin):
        return _name(type(value)), plain(value.config, place, depth + 1)
    if isinstance(value, Theme):
        parts = {**value, ":dirs": value.dirs, ":templates": value.static_templates}
        return value.name, plain(parts, place, depth + 1)
    if isinstance(value, (Mapping, Config)):
        pairs = ((str(name), plain(item, f"{place}.{name}", depth + 1)) for name, item in value.items())
        # settings that are merely written in another order may still reach pages in that order
        return _name(type(value)), list(pairs)
    if isinstance(value, (list, tuple)):
        return [plain(item, place, depth + 1) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(repr(plain(item, place, depth + 1)) for item in value)
    return _other(value, place, depth)


def _other(value: Any, place: str, depth: int) -> Any:
    if isinstance(value, type) or callable(value):
        name = _name(value)
        if "<" in name:
            raise UnclearError(f"{place} holds a function without a name of its own")
        return name
    kept: Iterable[str] = getattr(type(value), "__slots__", ())
    parts = getattr(value, "__dict__", None)
    if parts is None and kept:
        parts = {name: getattr(value, name, None) for name in kept}
    if parts is None:
        raise UnclearError(f"{place} holds a {type(value).__name__}")
    return _name(type(value)), plain(dict(parts), place, depth + 1)


def _name(value: Any) -> str:
    inner = getattr(value, "func", None)
    if inner is not None and not hasattr(value, "__qualname__"):
        # a part of a function: what it is given counts as well
        given = (getattr(value, "args", ()), sorted(getattr(value, "keywords", {}).items()))
        return f"{_name(inner)} {plain(given, 'settings')!r}"
    return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '<nameless>')}"
