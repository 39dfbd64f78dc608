"""MkDocs, driven so that only what changed is rendered; a full build is made beside the site and takes its place."""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from mkdocs_incremental.fingerprint import settings_files
from mkdocs_incremental.signatures import take, trees
from mlguide_site.build.engines.faults import listening, translated
from mlguide_site.build.inputs import inputs
from mlguide_site.build.staging import apart
from mlguide_site.content.files import exclusive

# the theme's notice of its successor is for whoever chooses an engine, not for each build
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


def beside(root: Path) -> list[str]:
    """The root's own settings and programs, as far as they can be known before they are read: the files at its top,
    and settings elsewhere that its own inherit from."""
    with os.scandir(root) as entries:
        own = [entry.path for entry in entries if entry.name.endswith((".yml", ".yaml", ".py"))]
    return [*own, *settings_files(os.path.join(root, "mkdocs.yml"))]


def build(
    root: Path,
    say: Callable[[str], None],
    strict: bool = False,
    jobs: int = 1,
    entered: Callable[[str], None] = lambda _: None,
) -> tuple[Path, dict[str, float]]:
    """Build the site of a root into its `site_dir`; returns that and the seconds each stage took.

    At most `jobs` processes work at a time. `entered` is told the name of each stage as it begins.

    Raises EngineError where the engine or a stage before it refuses, ResourceError where the disk does.

    A full build is made beside the site that stands; only a finished one takes its place, so a failed or interrupted
    one leaves the last good site as it was. Where only what changed is made, all of it is rendered before the first
    file is written.
    """
    with translated(root, say), listening("mkdocs", say, logging.WARNING), exclusive(root):
        stages = apart(root)
        try:
            # before anything of it is read: what is edited meanwhile is found by the next build
            taken = take((*trees(map(str, inputs(root))), *beside(root)), time.time_ns())
            # imported only now: where the stages have a process of their own, both import at the same time
            from mlguide_site.build.engines.mkdocs_build import build_with  # noqa: PLC0415

            return build_with(stages, root, taken, say, strict, jobs, entered)
        finally:
            if stages is not None:
                stages.close()
