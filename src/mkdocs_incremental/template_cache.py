"""Compiled templates kept between processes: compiling a large theme's takes longer than rendering hundreds of pages.

What is kept is code, so it is kept where only the user who runs this can write: in their folder for caches, never in
the project, which may have come from anyone.
"""

import os
import stat
import sys
from pathlib import Path

import jinja2
from platformdirs import user_cache_path

NAME = "mkdocs-rebuild"


def template_cache(kind: str = "") -> jinja2.FileSystemBytecodeCache | None:
    """Where Jinja keeps compiled templates; None where there is no folder that is the user's alone.

    Jinja knows a template by its name and text. An environment that compiles otherwise than Jinja's own does says so by
    a `kind` that tells it apart, a text of letters and digits.
    """
    version = f"{sys.implementation.cache_tag}-jinja{jinja2.__version__}"
    try:
        own = user_cache_path(NAME, appauthor=False)
        folder = own / version
        own.parent.mkdir(parents=True, exist_ok=True)
        own.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if not _is_private(folder):
            return None
    except (OSError, RuntimeError):
        return None
    return jinja2.FileSystemBytecodeCache(str(folder), f"__jinja2_{kind}%s.cache")


def _is_private(folder: Path) -> bool:
    """Whether nobody else may write to a folder, or put another in its place."""
    if not hasattr(os, "getuid"):
        return True  # on Windows, folders of a user's profile are theirs alone
    for place in (folder, folder.parent):
        status = place.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
            return False
    return True
