"""Builds a site with MkDocs, rendering only changed pages."""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mkdocs_incremental.builder import build as build_site
from mkdocs_incremental.settings import settings_files
from mkdocs_incremental.signatures import take, tree
from mlguide_site.build import MKDOCS_CACHE
from mlguide_site.build.engines import Pipeline
from mlguide_site.build.engines.configuration import build_settings, settings_of
from mlguide_site.build.engines.failures import listening, translated
from mlguide_site.build.inputs import VARIABLES, inputs
from mlguide_site.build.pages import Built, Job
from mlguide_site.content.files import exclusive
from mlguide_site.progress import stage

# hide the theme's warning about MkDocs 2, because this package requires MkDocs 1
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


def build(root: Path, pipeline: Pipeline, job: Job) -> Path:
    """Build the site of a root into its `site_dir`, and return that folder. A full build replaces the existing site
    only at the end, so a failed or interrupted build leaves it unchanged. Raises EngineError and ResourceError."""
    with translated(root, job.say), listening("mkdocs", job.say, logging.WARNING, root), exclusive(root):
        # take the signatures before any file is read, so that the next build detects edits during this build
        own = [str(path) for path in root.iterdir() if path.suffix in {".yml", ".yaml", ".py"}]
        paths = (*tree(*map(str, inputs(root))), *own, *settings_files(os.path.join(root, "mkdocs.yml")))
        signatures_before = take(paths)
        config = build_settings(root, job.strict)
        site = Path(config.site_dir)
        plugin: Any = config.plugins["mlguide"]

        def run_engine(built: Built, finish: Callable[[Path], None]) -> None:
            plugin.prepared, plugin.finish = built, finish
            full = "the cache doesn't list the files that were added to the site" if built.is_first else ""
            cache, jobs, before = root / MKDOCS_CACHE, job.jobs, signatures_before
            stage("engine")(build_site)(config, site, cache, jobs, before, full, job.say, VARIABLES)

        try:
            pipeline(root, settings_of(config, plugin.config), run_engine, replace(job, place=str(site)))
        finally:
            plugin.finish = None
    return site
