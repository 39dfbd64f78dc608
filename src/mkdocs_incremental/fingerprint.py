"""What affects every page: the settings as MkDocs and its plugins understood them, themes, hooks and installed code."""

import datetime
import functools
import hashlib
import logging
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from types import ModuleType
from typing import Any

import yaml
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.theme import Theme
from pathspec import PathSpec

from mkdocs_incremental.records import LOGGER
from mkdocs_incremental.signatures import digest, tree

DEPTH = 40
"""Settings nested deeper are not compared."""
IGNORED = ("site_dir", "strict", "watch", "config_file_path", "user_configs")
"""Settings that affect no page."""
INHERIT = "INHERIT"
"""The key under which a settings file names the one that it inherits from."""


class UnclearError(Exception):
    """A setting is of a kind that can't be compared between two builds."""


def fingerprint(config: MkDocsConfig) -> dict[str, str]:
    """Digests of settings, theme and installed code, after all `config` and `pre_build` events. Raises UnclearError."""
    values = {name: value for name, value in config.items() if name not in IGNORED}
    level = logging.getLogger(LOGGER).getEffectiveLevel()
    settings = repr([canonical(values, "settings"), level]).encode("utf-8", "surrogatepass")
    themes = [path for folder in own_themes(config) for path in tree(folder)]
    installed = repr([distributions(), sys.version, sys.platform]).encode("utf-8", "surrogateescape")
    return {
        "settings": digest(settings),
        "theme": contents(themes, "\0".join(config.theme.dirs)),
        "code": digest(installed),
    }


def changed_part(now: Mapping[str, str], before: object) -> str:
    """Which part of a fingerprint changed, as a reason; empty where none did."""
    if not isinstance(before, Mapping):
        return "there is no earlier build"
    reasons = {"settings": "the settings changed", "theme": "the theme changed", "code": "installed packages changed"}
    return next((reason for part, reason in reasons.items() if before.get(part) != now[part]), "")


def canonical(value: Any, place: str, depth: int = 0) -> Any:
    """A setting in a form whose `repr` is the same in every process. Raises UnclearError where it has none."""
    if depth > DEPTH:
        raise UnclearError(f"{place} is nested too deep")
    inner = functools.partial(canonical, depth=depth + 1)
    if value is None or isinstance(value, (str, bytes, bool, int, float, datetime.date)):
        return repr(value)
    if isinstance(value, (PurePath, ModuleType)):
        return value.__name__ if isinstance(value, ModuleType) else str(value)
    if isinstance(value, re.Pattern):
        return value.pattern, value.flags
    if isinstance(value, PathSpec):
        return [(pattern.include, pattern.regex.pattern) for pattern in value.patterns if pattern.regex]
    if isinstance(value, BasePlugin):
        return _name(type(value), place), inner(value.config, place)
    if isinstance(value, Theme):
        return value.name, inner({**value, ":dirs": value.dirs, ":templates": value.static_templates}, place)
    if isinstance(value, (Mapping, Config)):
        # in their order: pages may show settings in the order in which they are written
        return _name(type(value), place), [(str(name), inner(item, f"{place}.{name}")) for name, item in value.items()]
    if isinstance(value, (list, tuple)):
        return [inner(item, place) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(repr(inner(item, place)) for item in value)
    if isinstance(value, functools.partial):
        return inner([value.func, value.args, value.keywords], place)
    if isinstance(value, type) or callable(value):
        return _name(value, place)
    slots: Iterable[str] = getattr(type(value), "__slots__", ())
    parts = getattr(value, "__dict__", None) or {name: getattr(value, name, None) for name in slots}
    if not parts:
        raise UnclearError(f"{place} contains a {type(value).__name__}")
    return _name(type(value), place), inner(dict(parts), place)


def _name(value: Any, place: str) -> str:
    name = getattr(value, "__qualname__", "<nameless>")
    if "<" in name:
        raise UnclearError(f"{place} contains a function without a name")
    return f"{getattr(value, '__module__', '')}.{name}"


def settings_files(path: str) -> list[str]:
    """A settings file and those that it inherits from, whether they exist or not."""
    found: list[str] = []
    pending = [path]
    while pending:
        path = pending.pop()
        if path not in found:
            found.append(path)
            folder = os.path.dirname(path)
            pending += [os.path.normpath(os.path.join(folder, name)) for name in _inherited(settings_text(path))]
    return found


def _inherited(text: str) -> Iterator[str]:
    """The values of `INHERIT`, wherever it is: merged into the settings it counts as well."""
    try:
        # only the structure is read, so tags that MkDocs alone knows do no harm
        pending = [yaml.compose(text, yaml.SafeLoader)]
    except (yaml.YAMLError, RecursionError):
        return  # MkDocs will report it
    seen = set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            pending += node.value
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                pending.append(value)
                if key.value == INHERIT and isinstance(value, yaml.ScalarNode):
                    yield value.value


def settings_text(path: str) -> str:
    """The text of a settings file; empty where it can't be read."""
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""


def hooks_of(config: MkDocsConfig) -> list[ModuleType]:
    """The modules of the hooks."""
    return [plugin for plugin in config.plugins.values() if isinstance(plugin, ModuleType)]


def programs_of(config: MkDocsConfig) -> tuple[str, ...]:
    """The source files of hooks and their helpers, and of plugins and extensions that are not installed but edited in
    place."""
    near = os.path.join(os.path.realpath(os.path.dirname(config.config_file_path or ".")), "")
    names = {type(plugin).__module__ for plugin in config.plugins.values() if isinstance(plugin, BasePlugin)}
    names |= {__name__, *(str(name) for name in config.markdown_extensions)}
    names |= {name for name, module in list(sys.modules.items()) if (_file(module) or "").startswith(near)}
    found = {str(hook.__file__) for hook in hooks_of(config)}
    for name in {name.partition(".")[0] for name in names} - {"__main__"}:
        module = sys.modules.get(name)
        file = _file(module)
        if file and file.endswith(".py") and not is_installed(file):
            found |= {str(path) for path in Path(file).parent.rglob("*.py")} if hasattr(module, "__path__") else {file}
    return tuple(sorted(found))


def _file(module: object) -> str | None:
    file = getattr(module, "__file__", None)
    return file if isinstance(file, str) else None


@functools.cache
def installed_folders() -> tuple[str, ...]:
    """The folders of Python and of installed distributions, where nobody edits files in place."""
    named = {sysconfig.get_path(place) for place in ("stdlib", "platstdlib", "purelib", "platlib")}
    found = {path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")}
    # a virtual environment is not below the standard library that it uses
    found |= {os.path.join(sys.base_prefix, "lib", f"python{sys.version_info.major}.{sys.version_info.minor}")}
    found |= {path for path in named if path}
    return tuple(sorted({os.path.realpath(path) for path in found} | found))


def is_installed(path: str) -> bool:
    """Whether a file or folder is in one of them."""
    full = os.path.realpath(path)
    return any(full == folder or full.startswith(folder + os.sep) for folder in installed_folders())


def own_themes(config: MkDocsConfig) -> list[str]:
    """The theme's folders that are not installed but edited in place."""
    return [folder for folder in config.theme.dirs if not is_installed(folder)]


def distributions() -> tuple[str, ...]:
    """The installed distributions: name, version and the time of the folder that describes each."""
    found = set()
    for place in sys.path:
        try:
            with os.scandir(place or ".") as entries:
                for entry in entries:
                    if entry.name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth")):
                        found.add(f"{entry.name} {entry.stat().st_mtime_ns}")
        except OSError:
            continue  # a folder that doesn't exist, or an archive
    return tuple(sorted(found))


def contents(paths: Iterable[str], more: str = "") -> str:
    """A digest of files, by path and bytes, and of some text."""
    total = hashlib.blake2b(more.encode("utf-8", "surrogateescape"), digest_size=16)
    for path in sorted(paths):
        try:
            if not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                data = file.read()
        except OSError:
            data = b"\0unreadable"
        total.update(f"{len(path)} {path} {len(data)}\n".encode("utf-8", "surrogateescape"))
        total.update(data)
    return total.hexdigest()
