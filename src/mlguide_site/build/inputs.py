"""What the stages read, and so what a build hangs on besides its settings."""

from pathlib import Path

from mlguide_site.build.memo.versions import data_files
from mlguide_site.content.resources import packaged_templates

INPUTS = ("episodes", "knowledge", "templates")
"""What of a root the stages read."""


def inputs(root: Path) -> list[Path]:
    """All that the stages read of a root, and what comes with the package: that may be edited where it runs from a
    checkout."""
    return [*(root / name for name in INPUTS), packaged_templates(), *data_files()]
