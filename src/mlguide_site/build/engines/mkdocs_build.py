"""A build by MkDocs, with the stages in whichever process they are."""

from collections.abc import Callable
from pathlib import Path

from mkdocs_incremental.driver import build as rebuild
from mkdocs_incremental.marks import Snapshot
from mlguide_site.build.engines.configuration import site_settings
from mlguide_site.build.engines.places import check_place
from mlguide_site.build.shortcut import CACHE
from mlguide_site.build.staging import Apart
from mlguide_site.build.stopwatch import Stopwatch


def build_with(
    stages: Apart | None,
    root: Path,
    taken: Snapshot,
    say: Callable[[str], None],
    strict: bool,
    jobs: int,
    entered: Callable[[str], None],
) -> tuple[Path, dict[str, float]]:
    """See `mkdocs.build`. `taken` are the files that the stages read, as they were before that; without `stages` the
    plugin works them off in this process."""
    config = site_settings(root)
    config.strict = strict or config.strict
    site = Path(config.site_dir)
    check_place(root, site)
    plugin = config.plugins.get("mlguide")
    whole, begin = "", None
    if plugin is not None:
        plugin.jobs, plugin.notice, plugin.watch = jobs, say, Stopwatch(entered=entered)
        plugin.stages = stages
        if not plugin.remembers(config):
            whole = "what was added to the site isn't remembered"
        if stages is not None:
            begin = plugin.begin
    built = rebuild(config, site, root / CACHE, jobs, whole=whole, taken=taken, begin=begin, notice=say)
    own: dict[str, float] = dict(plugin.watch.seconds) if plugin else {}
    hooks = ("pre_build", "post_build") if own else ()
    engine = {f"engine: {name}": seconds for name, seconds in built.seconds.items() if name not in hooks}
    return site, own | engine
