"""A cache of compiled templates, because compiling a large theme is slow. The cache contains code, so it is stored in
the user's cache folder, and never in the project, which may be untrusted."""

import sys

import jinja2
from platformdirs import user_cache_path


def template_cache(kind: str = "") -> jinja2.FileSystemBytecodeCache | None:
    """Return Jinja's cache of compiled templates, or None if the cache folder can't be created. `kind` (letters and
    digits) distinguishes Jinja environments that compile the same template differently."""
    version = f"{sys.implementation.cache_tag}-jinja{jinja2.__version__}"
    try:
        folder = user_cache_path("mkdocs-rebuild", appauthor=False)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return jinja2.FileSystemBytecodeCache(str(folder), f"{version}-{kind}%s.cache")
