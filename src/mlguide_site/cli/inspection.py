"""What `mlguide check` reports of a root."""

from pathlib import Path

from mlguide_site.checks import Checked, run_checks
from mlguide_site.content.root import read_root
from mlguide_site.errors import Problem
from mlguide_site.pipeline import examine


def inspect(root: Path) -> tuple[Problem, ...]:
    """Every problem of a root, drafts included, sorted. Raises ResourceError where the disk refuses."""
    examined = examine(root, drafts=True)
    checked = Checked(examined.linked, root, read_root(root).texts, examined.problems)
    return tuple(sorted({*examined.problems, *run_checks(checked)}))
