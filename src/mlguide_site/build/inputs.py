"""Lists everything that a build depends on: the files of a root, the program, its libraries, and Python."""

import os
import sys
from functools import cache
from pathlib import Path

from mkdocs_incremental.signatures import take, tree
from mlguide_site.content.resources import packaged_templates
from mlguide_site.model.digests import digest

INPUTS = ("episodes", "pages", "knowledge", "templates")  # the folders of a root that a build reads
VARIABLES = ("MLGUIDE_COMMIT_TIME",)  # environment variables that only generated files depend on
PACKAGE = Path(__file__).parents[1]
_INSTALLED = (".dist-info", ".egg-info", ".egg-link", ".pth")


def inputs(root: Path) -> list[Path]:
    """Return the paths that a build reads in a root and in the package."""
    data = sorted(path for suffix in ("json", "txt") for path in PACKAGE.rglob(f"*.{suffix}"))
    return [*(root / name for name in INPUTS), packaged_templates(), *data]


@cache
def program_digest() -> str:
    """Return a digest of our source code, the names and versions of all installed packages, and the Python version."""
    own = sorted(take(tree(os.fspath(PACKAGE))).items())
    lines = [f"{sys.version} {sys.flags.optimize} {sys.platform}"]
    # leave out compiled modules and all folders, because running Python changes both
    lines += [f"{path} {text}" for path, text in own if "__pycache__" not in path and not text.startswith("-1 ")]
    for folder in sys.path:
        try:
            lines += sorted(name for name in os.listdir(folder or ".") if name.endswith(_INSTALLED))
        except OSError:
            continue
    return digest("\n".join(lines).encode("utf-8", "surrogateescape"))
