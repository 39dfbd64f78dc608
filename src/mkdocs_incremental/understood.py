"""What of a project's settings is understood well enough to leave pages as they are; why not, in one line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import mkdocs
from markdown.util import get_installed_extensions
from mkdocs.config.defaults import MkDocsConfig

from mkdocs_incremental.plugins import KNOWN, class_name

VERSIONS = ("1.6.",)
"""Versions of MkDocs whose course of events this repeats."""
WHOLE = frozenset({"startup", "shutdown", "serve", "config", "pre_build", "files", "build_error"})
"""Events that run in every build as they always do; what they do to settings and files is compared."""
READING_EVENTS = frozenset({"startup", "config", "pre_build", "files"})
"""Those among them in which anything may be read."""
PURE = ("markdown.", "pymdownx.", "material.extensions.emoji", "mkdocs.")
"""Where extensions and functions come from whose result depends on the text and the settings alone."""
READING = ("pymdownx.snippets", "pymdownx.b64")
"""Those among them that read other files."""
DECLARED = "incremental_events"
"""The attribute by which a plugin or hook says which of its events do right in a build of what changed."""


def doubt(config: MkDocsConfig) -> str:
    """Why pages can't be left as they are, in words; empty where they can."""
    if not mkdocs.__version__.startswith(VERSIONS):
        return f"MkDocs {mkdocs.__version__} is not known"
    return next(iter((*_extensions(config), *_plugins(config))), "")


def _extensions(config: MkDocsConfig) -> Iterator[str]:
    named = {entry.name: entry.value for entry in get_installed_extensions()}
    for extension in config.markdown_extensions:
        if not isinstance(extension, str):
            yield f"the Markdown extension {class_name(extension)} is not known"
            continue
        module = named.get(extension, extension).partition(":")[0]
        if module.startswith(READING):
            yield f"the Markdown extension {extension} reads other files"
        elif not f"{module}.".startswith(PURE):
            yield f"the Markdown extension {extension} is not known"
        options = config.mdx_configs.get(extension) or {}
        if isinstance(options, Mapping) and (options.get("options") or {}).get("custom_icons"):
            yield f"the Markdown extension {extension} reads other files"
        for function in _functions(options):
            module = getattr(function, "__module__", "") or ""
            if not f"{module}.".startswith(PURE):
                yield f"the Markdown extension {extension} calls {module}, which is not known"


def _functions(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [found for item in value.values() for found in _functions(item)]
    if isinstance(value, (list, tuple)):
        return [found for item in value for found in _functions(item)]
    if hasattr(value, "func") and hasattr(value, "keywords"):
        return [*_functions(value.func), *_functions(value.args), *_functions(value.keywords)]
    return [value] if callable(value) and not isinstance(value, type) else []


def is_all_known(config: MkDocsConfig) -> bool:
    """Whether all that is read by plugins and hooks is known, so that it can be seen that none of it changed."""
    return all(
        class_name(plugin) in KNOWN or hasattr(plugin, DECLARED) or not events & READING_EVENTS
        for plugin, events in ((config.plugins.get(name), events) for name, events in _handled(config).items())
    )


def _handled(config: MkDocsConfig) -> dict[str, set[str]]:
    """The events that plugins and hooks have, by their names."""
    found: dict[str, set[str]] = {}
    for event, methods in config.plugins.events.items():
        for method in methods:
            found.setdefault(config.plugins._event_origins.get(method, ""), set()).add(event)
    return found


def _plugins(config: MkDocsConfig) -> Iterator[str]:
    for name, events in _handled(config).items():
        plugin = config.plugins.get(name)
        known = KNOWN.get(class_name(plugin))
        declared = set(getattr(plugin, DECLARED, ()))
        unclear = sorted(events - WHOLE - declared - (known.events if known else set()))
        if unclear:
            yield f"the plugin {name} has the event on_{unclear[0]}, which is not known"
