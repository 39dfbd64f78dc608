"""Settings that others are built on (`INHERIT` in `mkdocs.yml`): read as far as the engine would read them."""

import os
from pathlib import Path

import yaml

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.content.site_settings.text import PATH, compose
from mlguide_site.errors import ContentError, ResourceError, visible

KEY = "INHERIT"


def inherited_fault(root: Path, path: str) -> tuple[str, str] | None:
    """Why the settings of a root can't be built on a file, which may be built on others, and what to do; None where
    they can. `path` is relative to the root, later ones to the file that names them."""
    place = root / PATH
    seen = {os.path.realpath(place)}
    while True:
        place = place.parent / path
        name = visible(path)[:80]
        if not os.path.isfile(place):
            return f'the file "{name}" is not there', "correct the path, or remove the line"
        if os.path.realpath(place) in seen:
            return f'through "{name}" the settings inherit from themselves', "remove one of the lines"
        seen.add(os.path.realpath(place))
        try:
            node = compose(decode(read_bytes(place), path))
        except ContentError as error:
            return f'"{name}", which is inherited, is no file of settings: {error.problems[0].message}', "correct it"
        except ResourceError:
            return f'"{name}", which is inherited, can\'t be read', "correct the path, or remove the line"
        if not isinstance(node, yaml.MappingNode):
            return f'"{name}", which is inherited, is not a mapping', 'write lines of the form "key: value"'
        above = [value.value for key, value in node.value if key.value == KEY and isinstance(value, yaml.ScalarNode)]
        if not above:
            return None
        path = above[0]
