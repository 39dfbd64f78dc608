"""Builds once."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig

from mlguide_site.rebuild.built import Built


def build(
    config: MkDocsConfig,
    site: Path,
    cache: Path,
    jobs: int = 1,
    inputs: Iterable[Path] = (),
    options: str = "",
    notice: Callable[[str], None] = lambda line: None,
) -> Built:
    """Bring the site of loaded settings up to date.

    `site` is where it is to stand, whatever `config.site_dir` says; `cache` a file that this keeps, in a folder on the
    same file system. At most `jobs` processes work at a time. `inputs` are files and folders, besides those that MkDocs
    itself reads, that plugins read; `options` is anything else that the site depends on: `quick.unchanged` asks for
    the same. `notice` is given a line for whoever looks on.

    Raises what MkDocs, its plugins and hooks raise: `mkdocs.exceptions.Abort` and others, and OSError.
    """
    start = time.perf_counter()
    config.plugins.on_startup(command="build", dirty=False)
    try:
        config.site_dir = str(site)
        mkdocs_build(config)
    finally:
        config.plugins.on_shutdown()
    taken = {"engine": time.perf_counter() - start}
    return Built(site, True, "nothing is remembered yet", frozenset(), frozenset(), (), taken)
