"""What the last build left: read from the cache at the start of a build, written at its end."""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from mkdocs_incremental import quick
from mkdocs_incremental.installed import fixed_folders, is_fixed
from mkdocs_incremental.marks import trees
from mkdocs_incremental.rows import Row
from mkdocs_incremental.settings import settings_files, settings_text
from mkdocs_incremental.store import FORMAT, Store, StoreError


@dataclass(frozen=True)
class Past:
    """The last build; `why` says why nothing can be taken from it, where that is so."""

    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Row] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A fact that is a text."""
        return str(self.facts.get(name, ""))

    def texts(self, name: str) -> dict[str, str]:
        """A fact that is a mapping of texts."""
        found = self.facts.get(name)
        return found if isinstance(found, dict) else {}


def recall(store: Store, site: Path, notice: Callable[[str], None]) -> Past:
    """What the cache knows of the site as it stands. A damaged cache is told of, and nothing is taken from it."""
    try:
        facts = store.facts()
        if not facts:
            return Past("nothing is remembered yet")
        if facts.get("format") != FORMAT or facts.get("site") != str(site):
            return Past("the cache is of another version or site")
        if facts.get("journal") != "closed":
            return Past("the last build was broken off")
        if facts.get("doubt"):
            return Past(str(facts["doubt"]))
        if not quick.snapshot(facts["outputs"]).holds():
            return Past("the site is not as the last build left it")
        return Past("", facts, store.rows())
    except (StoreError, KeyError, TypeError, ValueError) as error:
        notice(f"the cache is damaged and left aside: {error}")
        return Past("the cache is damaged")


def _settings(config: MkDocsConfig) -> list[str]:
    return settings_files(config.config_file_path) if config.config_file_path else []


def early_inputs(config: MkDocsConfig, more: Iterable[Path], programs: Iterable[str]) -> list[str]:
    """What is read before the `pre_build` event or in it: settings, programs, `more`, and what a preview watches."""
    return [*trees(map(str, (*config.watch, *more))), *frame(config, programs)]


def frame(config: MkDocsConfig, programs: Iterable[str]) -> list[str]:
    """What makes a process begin anew: settings, hooks, programs."""
    fixed = fixed_folders()
    return [*_settings(config), *programs, *(path for path in sys.path if path and is_fixed(path, fixed))]


def late_inputs(config: MkDocsConfig) -> list[str]:
    """What is read after that, and may have been made by then: the pages' sources and themes that are not installed."""
    return trees((config.docs_dir, *loose_themes(config)))


def loose_themes(config: MkDocsConfig) -> list[str]:
    """The theme's folders that are not installed, but worked on."""
    fixed = fixed_folders()
    return [folder for folder in config.theme.dirs if not is_fixed(folder, fixed)]


def general_facts(config: MkDocsConfig, site: Path, options: str) -> dict[str, Any]:
    """What `quick.unchanged` compares, save messages, files and the site itself."""
    names = quick.names_in(map(settings_text, _settings(config)))
    return {
        "site": str(site),
        "options": options,
        "interpreter": quick.interpreter(),
        "environment": quick.environment(names),
    }
