"""What runs in ProperDocs' process: `python -m mlguide_site.build.engines.properdocs_process ROOT RESULT [--strict]`.

`properdocs.replacement` makes every `mkdocs` module ProperDocs' own, for themes and plugins alike, ours included; so
it comes before all other imports, and only where this is the process. The file RESULT is written as JSON: `site`, a
path, and `seconds` by stage.
"""

if __name__ == "__main__":
    import properdocs.replacement  # noqa: F401

import json
import logging
import shutil
import sys
import time
from pathlib import Path

from mkdocs.commands.build import build as build_pages

from mkdocs_incremental.output import exchange
from mlguide_site.build.engines.configuration import FRESH, OLD, check_place, site_settings
from mlguide_site.build.engines.faults import listening, translated
from mlguide_site.build.output import say, tell_failure
from mlguide_site.build.progress import watched
from mlguide_site.content.files import exclusive


def build(root: Path, strict: bool) -> tuple[Path, dict[str, float]]:
    """Build the site of a root beside the one that stands, then put it in its place."""
    start = time.perf_counter()
    config = site_settings(root)
    config.strict = strict or config.strict
    site, fresh = Path(config.site_dir), root / FRESH
    config.site_dir = str(fresh)
    check_place(root, site)
    try:
        config.plugins.on_startup(command="build", dirty=False)
        try:
            with watched() as seconds:
                build_pages(config)
        finally:
            config.plugins.on_shutdown()
        exchange(fresh, site, root / OLD)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return site, seconds | {"engine": time.perf_counter() - start - sum(seconds.values())}


def main(root: Path, told: Path, strict: bool) -> int:
    """Build, and tell what came of it; returns the exit status."""
    # what our plugin says counts as what the engine says does, which is how a strict build learns of it
    logging.getLogger("mkdocs").parent = logging.getLogger("properdocs")
    try:
        with translated(root, say), listening("properdocs", say, logging.WARNING), exclusive(root):
            site, seconds = build(root, strict)
        told.write_text(json.dumps({"site": str(site), "seconds": seconds}), "utf-8")
    except Exception as error:
        return tell_failure(error)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), "--strict" in sys.argv[3:]))
