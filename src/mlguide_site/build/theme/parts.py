"""The parts of the installed theme that a site without extras uses instead of the theme's own: far less to load."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from mlguide_site.build.incremental import Wanted
from mlguide_site.build.theme.scripts import lean_script
from mlguide_site.build.theme.styles import lean

_PARTS = (("assets/stylesheets/main.*.min.css", lean), ("assets/javascripts/bundle.*.min.js", lean_script))
"""Where the theme keeps its style sheet and its script, each with a digest in its name, and what is made of them."""


def theme_parts() -> Mapping[str, Wanted]:
    """The files to use instead of the installed theme's, by path; none where the theme isn't installed.

    They are told apart by their names: what makes them is part of the program, with which everything kept changes.
    """
    spec = find_spec("material")
    if spec is None or spec.origin is None:
        return {}
    folder = Path(spec.origin).parent / "templates"
    return {
        path.relative_to(folder).as_posix(): Wanted(f"lean {path.name}", partial(_made, path, make))
        for pattern, make in _PARTS
        for path in sorted(folder.glob(pattern))
    }


def _made(path: Path, make: Callable[[str], str]) -> bytes:
    return make(path.read_text("utf-8")).encode()
