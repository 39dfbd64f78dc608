"""A build by MkDocs, with the stages in whichever process they are."""

from collections.abc import Callable, Mapping
from pathlib import Path

from mkdocs_incremental.builder import build as rebuild
from mlguide_site.build.engines.configuration import site_settings
from mlguide_site.build.engines.places import check_place
from mlguide_site.build.shortcut import CACHE
from mlguide_site.build.staging import Apart
from mlguide_site.build.stopwatch import Stopwatch


def build_with(
    stages: Apart | None,
    root: Path,
    inputs: Mapping[str, str],
    say: Callable[[str], None],
    strict: bool,
    jobs: int,
    entered: Callable[[str], None],
) -> tuple[Path, dict[str, float]]:
    """See `mkdocs.build`. `inputs` are signatures of the files that the stages read; without `stages` the
    plugin works them off in this process."""
    config = site_settings(root)
    config.strict = strict or config.strict
    site = Path(config.site_dir)
    check_place(root, site)
    plugin = config.plugins.get("mlguide")
    full = ""
    if plugin is not None:
        plugin.jobs, plugin.notice, plugin.watch = jobs, say, Stopwatch(entered=entered)
        plugin.stages = stages
        if not plugin.remembers(config):
            full = "what was added to the site is not known"
    built = rebuild(config, site, root / CACHE, jobs, inputs, full, say)
    own: dict[str, float] = dict(plugin.watch.seconds) if plugin else {}
    hooks = ("pre_build", "post_build") if own else ()
    engine = {f"engine: {name}": seconds for name, seconds in built.seconds.items() if name not in hooks}
    return site, own | engine
