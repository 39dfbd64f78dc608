"""Which settings are supported well enough to leave pages as they are; where they aren't, the reason in one line."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import mkdocs
from markdown.util import get_installed_extensions
from mkdocs.config.defaults import MkDocsConfig

VERSIONS = ("1.6.",)
"""Versions of MkDocs whose sequence of events this package repeats."""
ALWAYS_RUN = frozenset({"startup", "shutdown", "serve", "config", "pre_build", "files", "build_error"})
"""Events that run in every build as in MkDocs; their effect on settings and files is compared."""
READING = frozenset({"startup", "config", "pre_build", "files"})
"""Those among them that may read any file."""
PURE = ("markdown.", "pymdownx.", "material.extensions.emoji", "mkdocs.")
"""Modules of extensions and functions whose result depends on the text and the settings alone."""
READ_FILES = ("pymdownx.snippets", "pymdownx.b64")
"""Those among them that read other files."""
DECLARED = "incremental_events"
"""The attribute by which a plugin or hook names the events that work in incremental builds; see README.md."""
SEARCH = {
    "material.plugins.search.plugin.SearchPlugin": "entries",
    "mkdocs.contrib.search.SearchPlugin": "_entries",
}
"""The search plugins, by full class name, with the attribute of their index that lists its entries."""
SEARCH_EVENTS = frozenset({"page_context", "post_build"})


def class_name(value: object) -> str:
    """The full name of a value's class."""
    return f"{type(value).__module__}.{type(value).__qualname__}"


def unsupported_reason(config: MkDocsConfig) -> str:
    """Why every build must be a full one; empty where it need not."""
    if not mkdocs.__version__.startswith(VERSIONS):
        return f"MkDocs {mkdocs.__version__} is not supported"
    return next(iter((*_extensions(config), *_plugins(config))), "")


def inputs_known(config: MkDocsConfig) -> bool:
    """Whether it is known which files plugins and hooks read, so that a change of any of them is noticed."""
    return all(
        class_name(plugin) in SEARCH or hasattr(plugin, DECLARED) or not events & READING
        for plugin, events in _events(config).values()
    )


def _extensions(config: MkDocsConfig) -> Iterator[str]:
    installed = {entry.name: entry.value for entry in get_installed_extensions()}
    for extension in config.markdown_extensions:
        if not isinstance(extension, str):
            yield f"the Markdown extension {class_name(extension)} is not supported"
            continue
        module = installed.get(extension, extension).partition(":")[0]
        options = config.mdx_configs.get(extension) or {}
        has_icons = isinstance(options, Mapping) and (options.get("options") or {}).get("custom_icons")
        if module.startswith(READ_FILES) or has_icons:
            yield f"the Markdown extension {extension} reads other files"
        elif not f"{module}.".startswith(PURE):
            yield f"the Markdown extension {extension} is not supported"
        for function in _functions(options):
            module = getattr(function, "__module__", "") or ""
            if not f"{module}.".startswith(PURE):
                yield f"the Markdown extension {extension} calls {module}, which is not supported"


def _functions(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [found for item in value.values() for found in _functions(item)]
    if isinstance(value, (list, tuple)):
        return [found for item in value for found in _functions(item)]
    if hasattr(value, "func") and hasattr(value, "keywords"):
        return [*_functions(value.func), *_functions(value.args), *_functions(value.keywords)]
    return [value] if callable(value) and not isinstance(value, type) else []


def _plugins(config: MkDocsConfig) -> Iterator[str]:
    for name, (plugin, events) in _events(config).items():
        supported = SEARCH_EVENTS if class_name(plugin) in SEARCH else set()
        unknown = sorted(events - ALWAYS_RUN - set(getattr(plugin, DECLARED, ())) - supported)
        if unknown:
            yield f"the plugin {name} has the event on_{unknown[0]}, which is not supported"


def _events(config: MkDocsConfig) -> dict[str, tuple[Any, set[str]]]:
    """The plugins and hooks that have events, by name, each with the names of its events."""
    found: dict[str, tuple[Any, set[str]]] = {}
    for event, methods in config.plugins.events.items():
        for method in methods:
            name = config.plugins._event_origins.get(method, "")
            found.setdefault(name, (config.plugins.get(name), set()))[1].add(event)
    return found


def take_entries(config: MkDocsConfig) -> str:
    """What was added to search indexes since the last call, as JSON; it is removed there."""
    taken = {}
    for name, index, attribute in _indexes(config):
        taken[name] = getattr(index, attribute)[:]
        getattr(index, attribute).clear()
    return json.dumps(taken, separators=(",", ":"), default=str) if any(taken.values()) else ""


def give_entries(config: MkDocsConfig, taken: Sequence[str]) -> None:
    """Fill the search indexes with what was taken from each page, in the order of pages."""
    for name, index, attribute in _indexes(config):
        getattr(index, attribute)[:] = [entry for text in taken if text for entry in json.loads(text).get(name, ())]


def _indexes(config: MkDocsConfig) -> Iterator[tuple[str, Any, str]]:
    for name, plugin in config.plugins.items():
        index = getattr(plugin, "search_index", None)
        if index is not None and class_name(plugin) in SEARCH:
            yield name, index, SEARCH[class_name(plugin)]
