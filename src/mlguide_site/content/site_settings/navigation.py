"""The navigation of a site, and the pages that it names."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import yaml

from mlguide_site.content.site_settings.reader import OWN_TAGS, Reader, is_null


def check_navigation(reader: Reader, node: yaml.Node) -> None:
    """The navigation: a list of pages, of titles with a page, and of titles with such a list."""
    for item in reader.items(node):
        pairs = list(reader.pairs(item))
        if isinstance(item, yaml.MappingNode) and len(item.value) == 1 and pairs:
            value = pairs[0][1]
            if isinstance(value, yaml.SequenceNode):
                check_navigation(reader, value)
            elif not isinstance(value, yaml.ScalarNode) or is_null(value):
                reader.say(value, "this is neither a page nor a list of pages", "write Title: page.md")
        elif not isinstance(item, yaml.ScalarNode) or is_null(item):
            reader.say(item, "this is not an item of the navigation", 'write "- Title: page.md", one page an item')


def named_pages(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    """The paths of files that a sound navigation names, in one form, each with its place; other sites and addresses
    from the top of the host are left out."""
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        value = item.value[0][1] if isinstance(item, yaml.MappingNode) and item.value else item
        if isinstance(value, yaml.SequenceNode):
            yield from named_pages(value)
        elif isinstance(value, yaml.ScalarNode) and value.tag not in OWN_TAGS and not _is_outside(value.value):
            yield PurePosixPath(value.value).as_posix(), value


def _is_outside(path: str) -> bool:
    try:
        parts = urlsplit(path)
    except ValueError:
        return False
    return bool(parts.scheme or parts.netloc or path.startswith("/"))
