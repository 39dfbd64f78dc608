"""Compiled templates kept between processes: compiling a large theme's takes longer than rendering hundreds of pages.

What is kept is code, so it is in the user's own folder for caches, never in the project, which may have come from
anyone.
"""

import sys

import jinja2
from platformdirs import user_cache_path


def template_cache(kind: str = "") -> jinja2.FileSystemBytecodeCache | None:
    """Where Jinja keeps compiled templates; None if there is no folder for it.

    Jinja knows a template by its name and text. An environment that compiles otherwise than Jinja's own does says so by
    a `kind` that tells it apart, a text of letters and digits.
    """
    version = f"{sys.implementation.cache_tag}-jinja{jinja2.__version__}"
    try:
        folder = user_cache_path("mkdocs-rebuild", appauthor=False)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return jinja2.FileSystemBytecodeCache(str(folder), f"{version}-{kind}%s.cache")
