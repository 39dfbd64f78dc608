"""`mkdocs.yml` looked through without running anything of it: faults that the engine would tell without a place, or not
at all.

Only what can be known from the text is said. Limits: 256 KiB, nesting 30. What a hook or a plugin does can't be known
here; the engine tells where one fails.
"""

from pathlib import Path

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.content.site_settings.folders import site_fault
from mlguide_site.content.site_settings.keys import check_settings
from mlguide_site.content.site_settings.named import Named, key_places, read_named
from mlguide_site.content.site_settings.origin import Origin, read_origin
from mlguide_site.content.site_settings.reader import Reader
from mlguide_site.content.site_settings.text import MAX_BYTES, MAX_DEPTH, PATH, compose
from mlguide_site.content.site_settings.theme import theme_languages
from mlguide_site.errors import ContentError, Problem, Span

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "PATH",
    "Named",
    "Origin",
    "key_places",
    "read_named",
    "read_origin",
    "settings_problems",
    "site_fault",
    "theme_languages",
]


def settings_problems(root: Path) -> tuple[Problem, ...]:
    """What is wrong with a root's `mkdocs.yml`, sorted; nothing where there is none. Raises ResourceError."""
    path = root / PATH
    if path.is_symlink():
        return (Problem(PATH, Span(), "this is a symbolic link", "put the file itself there"),)
    if not path.exists():
        return ()
    reader = Reader(root)
    try:
        node = compose(decode(read_bytes(path), PATH))
    except ContentError as error:
        return error.problems
    check_settings(reader, node)
    return tuple(sorted(set(reader.problems)))
