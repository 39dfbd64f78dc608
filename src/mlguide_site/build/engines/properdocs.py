"""Builds a site with ProperDocs, a fork of MkDocs, in a separate process.

Importing `properdocs.replacement` replaces every `mkdocs` module with a ProperDocs module, even in themes and plugins.
So this module imports `properdocs.replacement` only when run as a program. The arguments are ROOT and `--strict`."""

if __name__ == "__main__":
    import properdocs.replacement  # noqa: F401

import logging
import sys
from pathlib import Path

from mkdocs_incremental.builder import build as build_site
from mlguide_site.build import MKDOCS_CACHE
from mlguide_site.build.engines import Pipeline, run_module
from mlguide_site.build.engines.configuration import build_settings, site_settings
from mlguide_site.build.engines.failures import EngineError, listening, translated
from mlguide_site.build.pages import Job
from mlguide_site.content.files import exclusive
from mlguide_site.errors import ResourceError, SiteError
from mlguide_site.progress import stage


@stage("engine")
def build(root: Path, pipeline: Pipeline, job: Job) -> Path:  # noqa: ARG001
    """Build the site of a root into its `site_dir`, and return that folder. `pipeline` isn't used, because our plugin
    runs it. Raises EngineError if the build fails, and ResourceError if the disk fails."""
    status = run_module(__name__, [str(root), *(["--strict"] if job.strict else [])], root, job.say)
    if status:
        raise ResourceError if status == ResourceError.exit_status else EngineError
    return Path(site_settings(root).site_dir)


def say(line: str) -> None:
    """Print a line, which the parent process reads."""
    if line:
        print(line, flush=True)


def main(root: Path, strict: bool) -> int:
    """Build the site in this process, and return the exit status."""
    # count our plugin's warnings as warnings of the engine, so that a strict build fails
    logging.getLogger("mkdocs").parent = logging.getLogger("properdocs")
    try:
        with translated(root, say), listening("properdocs", say, logging.WARNING, root), exclusive(root):
            config = build_settings(root, strict)
            build_site(config, Path(config.site_dir), root / MKDOCS_CACHE, notice=say)
    except SiteError as error:
        say(str(error))
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--strict" in sys.argv[2:]))
