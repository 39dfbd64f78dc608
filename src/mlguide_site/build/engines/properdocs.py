"""ProperDocs, which builds what MkDocs builds: its own process runs it, for it takes the place of MkDocs there."""

import json
import tempfile
from pathlib import Path

from mlguide_site.build.engines import Pipeline, Run
from mlguide_site.build.engines.children import run_module
from mlguide_site.build.engines.diagnosis import EngineError, RefusedByDisk
from mlguide_site.errors import ResourceError


def build(root: Path, pipeline: Pipeline, run: Run) -> tuple[Path, dict[str, float]]:  # noqa: ARG001
    """Build the site of a root into its `site_dir`; returns that and the seconds each stage took. All stages run in the
    engine's process, started by its plugin as in MkDocs.

    Raises EngineError where the engine or a stage before it refuses, ResourceError where the disk does; why was said.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        arguments = [str(root), str(told), *(["--strict"] if run.strict else [])]
        status = run_module("mlguide_site.build.engines.properdocs_process", arguments, root, run.say)
        if status == ResourceError.exit_status:
            raise RefusedByDisk
        if status:
            raise EngineError
        values = json.loads(told.read_bytes())
    return Path(values["site"]), {str(stage): float(seconds) for stage, seconds in values["seconds"].items()}
