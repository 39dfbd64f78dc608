"""MkDocs, driven so that only what changed is rendered; a full build is made beside the site and takes its place."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from mlguide_site.engines.configuration import site_settings
from mlguide_site.engines.faults import listening, translated
from mlguide_site.engines.places import check_place
from mlguide_site.files import exclusive
from mlguide_site.pipeline import Stopwatch, inputs
from mlguide_site.rebuild.driver import build as rebuild
from mlguide_site.shortcut import CACHE
from mlguide_site.staging import Here, Stages, apart

# the theme's notice of its successor is for whoever chooses an engine, not for each build
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


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
        stages = apart(root) or Here()
        try:
            return _build(root, stages, strict, jobs, say, entered)
        finally:
            stages.close()


def _build(
    root: Path,
    stages: Stages,
    strict: bool,
    jobs: int,
    say: Callable[[str], None],
    entered: Callable[[str], None],
) -> tuple[Path, dict[str, float]]:
    config = site_settings(root)
    config.strict = strict or config.strict
    site = Path(config.site_dir)
    check_place(root, site)
    plugin = config.plugins.get("mlguide")
    whole = ""
    if plugin is not None:
        plugin.jobs, plugin.notice, plugin.watch = jobs, say, Stopwatch(entered=entered)
        plugin.stages = stages
        if not plugin.remembers(config):
            whole = "what was added to the site isn't remembered"
    built = rebuild(config, site, root / CACHE, jobs, inputs(root), whole=whole, notice=say)
    own: dict[str, float] = dict(plugin.watch.seconds) if plugin else {}
    hooks = ("pre_build", "post_build") if own else ()
    engine = {f"engine: {name}": seconds for name, seconds in built.seconds.items() if name not in hooks}
    return site, own | engine
