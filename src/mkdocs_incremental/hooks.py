"""Hooks loaded anew in a process that has them already: MkDocs itself keeps them until its end."""

import importlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from mkdocs.config import config_options
from mkdocs.config.defaults import MkDocsConfig

from mkdocs_incremental.installed import fixed_folders, is_fixed


def hooks_of(config: MkDocsConfig) -> list[ModuleType]:
    """The modules of the hooks of settings."""
    return [plugin for plugin in config.plugins.values() if isinstance(plugin, ModuleType)]


def forget_hooks(config: MkDocsConfig) -> None:
    """Have hooks, and what they import from beside them, loaded from their files by the next who asks for settings."""
    folders = {os.path.dirname(os.path.realpath(str(hook.__file__))) for hook in hooks_of(config)}
    if not folders:
        return
    forget = getattr(config_options.Hooks._load_hook, "cache_clear", None)
    if forget is not None:
        forget()
    programs = {type(plugin).__module__ for plugin in config.plugins.values()} | {"__main__", __name__}
    programs |= {name for name in config.markdown_extensions if isinstance(name, str)}
    stay = {name.partition(".")[0] for name in programs}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in stay and _is_below(module, folders):
            del sys.modules[name]
    importlib.invalidate_caches()


def _is_below(module: object, folders: Iterable[str]) -> bool:
    """Whether a module lies in one of the folders, and isn't installed there."""
    file = getattr(module, "__file__", None)
    if not isinstance(file, str):
        return False
    place = Path(os.path.realpath(file))
    return any(place.is_relative_to(folder) for folder in folders) and not is_fixed(file, fixed_folders())
