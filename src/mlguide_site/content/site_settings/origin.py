"""What a site is called and where it stands, read without starting the engine."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from mlguide_site.content.files import decode, read_bytes
from mlguide_site.content.site_settings.text import PATH, compose


class Origin(NamedTuple):
    """`site_name`, `site_url` (which ends in a slash or is empty) and `use_directory_urls` of a site."""

    name: str
    address: str = ""
    directories: bool = True

    @property
    def identity(self) -> str:
        """What the ids of an export are derived from: the address, or the name where there is none.

        >>> Origin("Notes", "https://a.example/").identity, Origin("Notes").identity
        ('https://a.example/', 'Notes')
        """
        return self.address or self.name


def read_origin(root: Path) -> Origin:
    """What `mkdocs.yml` of a root says; the folder's name where it gives none.

    `!ENV` is followed as MkDocs does; what stands only in a file that it inherits from isn't known. Raises ContentError
    where the file is no YAML, ResourceError.
    """
    path = root / PATH
    found = _values(compose(decode(read_bytes(path), PATH)) if path.is_file() else None, os.environ)
    address = found.get("site_url", "")
    if address and not address.endswith("/"):
        address += "/"
    directories = found.get("use_directory_urls", "true").lower() != "false"
    return Origin(found.get("site_name") or root.resolve().name, address, directories)


def _values(node: yaml.Node | None, environment: Mapping[str, str]) -> dict[str, str]:
    """The plain values of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): text for key, value in node.value if (text := _text(value, environment)) is not None}


def _text(node: yaml.Node, environment: Mapping[str, str]) -> str | None:
    """A scalar as it stands; of `!ENV` the first variable that is set, else the last item where there are several."""
    if node.tag != "!ENV":
        return str(node.value) if isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null") else None
    items = [node] if isinstance(node, yaml.ScalarNode) else list(node.value)
    names = [str(item.value) for item in items if isinstance(item, yaml.ScalarNode)]
    default = names.pop() if len(names) > 1 else None
    return next((environment[name] for name in names if name in environment), default)
