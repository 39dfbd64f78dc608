"""Tracks what affects all pages: settings, plugins, themes and code. Unsupported features trigger a full build."""

import datetime
import functools
import json
import logging
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from types import ModuleType
from typing import Any

import mkdocs
from markdown.util import get_installed_extensions
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.theme import Theme
from pathspec import PathSpec

from mkdocs_incremental.messages import LOGGER
from mkdocs_incremental.signatures import digest, signature

VERSIONS = ("1.6.",)  # prefixes of the MkDocs versions whose sequence of events this package reproduces
HARMLESS = frozenset({"startup", "shutdown", "serve", "build_error"})  # plugin events that don't affect pages
DECLARED = "incremental_events"  # the attribute in which a plugin lists the events that it supports (see README.md)
SEARCH = {"material.plugins.search.plugin.SearchPlugin": "entries", "mkdocs.contrib.search.SearchPlugin": "_entries"}
"""Maps the class name of each search plugin to the attribute of its search index that contains the list of entries."""
SEARCH_EVENTS = frozenset({"config", "pre_build", "page_context", "post_build"})
PURE = ("markdown.", "pymdownx.", "material.extensions.emoji.", "mkdocs.")
"""Extensions from modules with these prefixes, except `READ_FILES`, read only a page's text and the settings."""
READ_FILES = ("pymdownx.snippets", "pymdownx.b64")  # prefixes of modules that match `PURE` but read other files
IGNORED = frozenset({"site_dir", "strict", "watch", "config_file_path", "user_configs"})  # these affect no page
INHERIT = re.compile(r"\bINHERIT\b[\"']?\s*:\s*[\"']?([^\"'\n#,}]+)")
"""Matches the name of the file that a settings file inherits from. A false match only adds a file to compare."""


class UnsupportedError(Exception):
    """An exception for a site that incremental builds don't support; the exception's message is the reason."""


def check_support(config: MkDocsConfig) -> None:
    """Raise UnsupportedError if incremental builds don't support these settings."""
    if not mkdocs.__version__.startswith(VERSIONS):
        raise UnsupportedError(f"MkDocs {mkdocs.__version__} is not supported")
    installed = {entry.name: entry.value for entry in get_installed_extensions()}
    for extension in config.markdown_extensions:
        name = extension if isinstance(extension, str) else class_name(extension)
        module = installed.get(name, name).partition(":")[0]
        icons = name == "pymdownx.emoji" and "custom_icons" in str(config.mdx_configs.get(name))
        if icons or module.startswith(READ_FILES) or not f"{module}.".startswith(PURE):
            raise UnsupportedError(f"the Markdown extension {name} is not supported: it may read other files")
    for event, methods in config.plugins.events.items():
        for method in methods:
            name = config.plugins._event_origins.get(method, "")
            plugin = config.plugins.get(name)
            supported = SEARCH_EVENTS if class_name(plugin) in SEARCH else getattr(plugin, DECLARED, ())
            if event not in HARMLESS and event not in supported:
                raise UnsupportedError(f"the plugin {name} handles the event on_{event}, which is not supported")


def class_name(value: object) -> str:
    """Return the full name of a value's class."""
    return f"{type(value).__module__}.{type(value).__qualname__}"


def fingerprint(config: MkDocsConfig) -> str:
    """Return a digest of the settings after MkDocs and its plugins have loaded them. Raises UnsupportedError."""
    values = {name: value for name, value in config.items() if name not in IGNORED}
    level = logging.getLogger(LOGGER).getEffectiveLevel()
    try:
        return digest(json.dumps([class_name(config), values, level], default=_comparable).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise UnsupportedError(f"these settings can't be compared between builds: {error}") from None


def _comparable(value: Any) -> Any:
    """Convert a value to a JSON value that is the same in every process. Raises UnsupportedError."""
    if isinstance(value, ModuleType):
        return value.__name__
    if isinstance(value, PathSpec):
        return [(pattern.include, pattern.regex.pattern) for pattern in value.patterns if pattern.regex]
    if isinstance(value, BasePlugin):
        return [class_name(value), value.config]
    if isinstance(value, Theme):
        return [value.name, dict(value), value.dirs, sorted(value.static_templates)]
    if isinstance(value, (Mapping, Config)):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    if isinstance(value, functools.partial):
        return [value.func, value.args, value.keywords]
    if isinstance(value, (PurePath, datetime.date)) or type(value).__name__ == "Locale":
        return str(value)
    name = f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', class_name(value))}"
    if not name.startswith(PURE) or "<" in name:
        raise UnsupportedError(f"the settings contain {name}, which may read other files")
    return name


def settings_files(path: str) -> list[str]:
    """Return the paths of a settings file and of all files that it inherits from, including files that don't exist."""
    found: list[str] = []
    pending = [path]
    while pending:
        path = pending.pop()
        if path not in found:
            found.append(path)
            names = (name.strip() for name in INHERIT.findall(settings_text(path)))
            pending += [os.path.normpath(os.path.join(os.path.dirname(path), name)) for name in names]
    return found


def settings_text(path: str) -> str:
    """Return the text of a settings file, or an empty string if the file can't be read."""
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""


def programs(since: int) -> dict[str, str]:
    """Return the signatures of imported modules that aren't in installed packages, such as hooks, by path. A module
    that was modified after `since` (nanoseconds since 1970) gets a signature that never matches."""
    found = {}
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and path.endswith(".py") and not is_installed(path):
            is_older = os.path.isfile(path) and os.stat(path).st_mtime_ns < since
            found[path] = signature(path) if is_older else "written meanwhile"
    return found


@functools.cache
def installed_folders() -> tuple[str, ...]:
    """Return the folders of Python and of installed packages. Nobody is expected to edit files in these folders."""
    found = {path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")}
    found |= {sysconfig.get_path(place) for place in ("stdlib", "platstdlib", "purelib", "platlib")}
    return tuple(os.path.join(path, "") for path in found | set(map(os.path.realpath, found)))


def is_installed(path: str) -> bool:
    """Return whether a file or folder is in one of the `installed_folders`."""
    folders = installed_folders()
    return os.path.join(path, "").startswith(folders) or os.path.join(os.path.realpath(path), "").startswith(folders)


def take_entries(config: MkDocsConfig) -> str:
    """Remove all entries from the search indexes. Return the entries as JSON, or an empty string if there are none."""
    taken = {}
    for name, entries in _indexes(config):
        taken[name] = entries[:]
        entries.clear()
    return json.dumps(taken, separators=(",", ":"), default=str) if any(taken.values()) else ""


def give_entries(config: MkDocsConfig, taken: Sequence[str]) -> None:
    """Fill the search indexes. `taken` contains each page's result of `take_entries`, in the order of the pages."""
    for name, entries in _indexes(config):
        entries[:] = [entry for text in taken if text for entry in json.loads(text).get(name, ())]


def _indexes(config: MkDocsConfig) -> Iterable[tuple[str, list[Any]]]:
    for name, plugin in config.plugins.items():
        index = getattr(plugin, "search_index", None)
        if index is not None and class_name(plugin) in SEARCH:
            yield name, getattr(index, SEARCH[class_name(plugin)])
