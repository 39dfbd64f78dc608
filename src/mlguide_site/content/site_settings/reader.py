"""The kinds of value that settings have, each looked at where it stands: what the engine would refuse is gathered."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from mlguide_site.content.files import resolve_inside
from mlguide_site.content.site_settings.folders import site_fault
from mlguide_site.content.site_settings.text import PATH, place_of
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, suggestion, visible

_NAME_TAG = "tag:yaml.org,2002:python/name:"
_RUNS = "tag:yaml.org,2002:python/"
OWN_TAGS = frozenset(["!ENV", "!relative"])
"""Tags whose values are known only when the engine reads them."""

Check = Callable[["Reader", yaml.Node], object]


@dataclass
class Reader:
    """Walks the settings; gathers what is wrong. `root` is where paths are looked up."""

    root: Path
    problems: list[Problem] = field(default_factory=list)

    def say(self, node: yaml.Node, message: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(PATH, place_of(node.start_mark), message, remedy, severity))

    def tags(self, node: yaml.Node, seen: set[int]) -> None:
        """Tags that run code or that the engine doesn't know, in any depth."""
        if id(node) in seen:
            return
        seen.add(id(node))
        if node.tag.startswith(_RUNS) and not node.tag.startswith(_NAME_TAG):
            self.say(node, "this tag would run code while the settings are read", "write the value out")
        elif node.tag.startswith("!") and node.tag not in OWN_TAGS:
            remedy = suggestion(node.tag, sorted(OWN_TAGS), "write the value out")
            self.say(node, f'unknown tag "{visible(node.tag)[:60]}"', remedy)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self.tags(key, seen)
                self.tags(value, seen)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                self.tags(value, seen)

    def pairs(self, node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """Keys with their values; a key that stands twice is told."""
        found: set[str] = set()
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                self.say(key, "a key must be plain text", "write the key as a word")
            elif key.value in found:
                self.say(key, f'the setting "{visible(key.value)[:60]}" stands twice', "keep one of the two")
            else:
                found.add(key.value)
                yield key, value

    def text(self, node: yaml.Node) -> bool:
        """A setting that is one text; whether it is one that can be looked at further."""
        if node.tag in OWN_TAGS or is_null(node):
            return False
        if not isinstance(node, yaml.ScalarNode):
            self.say(node, "this is not a text", "write one value behind the colon")
        elif not node.style and node.tag != "tag:yaml.org,2002:str":
            self.say(node, f'"{visible(node.value)[:60]}" is not a text', f'write it in quotes: "{node.value[:60]}"')
        else:
            return True
        return False

    def address(self, node: yaml.Node) -> None:
        """A setting that is a whole address."""
        if not self.text(node) or not node.value:
            return
        try:
            parts = urlsplit(node.value)
        except ValueError as error:
            self.say(node, f'"{visible(node.value)[:80]}" is no address: {error}', "write https://name/path/")
            return
        if not (parts.scheme and parts.netloc):
            message = f'"{visible(node.value)[:80]}" is no whole address'
            host = node.value.strip("/")
            named = re.fullmatch(r"[\w-]+(\.[\w-]+)+(:[0-9]+)?(/[^\s]*)?", host)
            self.say(node, message, f"write https://{visible(host)[:80]}/" if named else "write https://name/path/")

    def flag(self, node: yaml.Node) -> None:
        """A setting that is true or false."""
        if node.tag not in OWN_TAGS and node.tag != "tag:yaml.org,2002:bool":
            self.say(node, "this is neither true nor false", "write true or false")

    def mapping(self, node: yaml.Node) -> None:
        """A setting that has settings of its own."""
        if not isinstance(node, yaml.MappingNode) and not is_null(node):
            self.say(node, "this is not a mapping", 'write lines of the form "key: value" below it')

    def texts(self, node: yaml.Node) -> None:
        """A list of texts."""
        for item in self.items(node):
            if is_null(item):
                self.say(item, "this is not a text", "write one value behind the hyphen")
            else:
                self.text(item)

    def scripts(self, node: yaml.Node) -> None:
        """A list of texts, or of settings of a script."""
        for item in self.items(node):
            if not isinstance(item, yaml.MappingNode):
                self.text(item)

    def items(self, node: yaml.Node) -> Sequence[yaml.Node]:
        """The items of a list; that it is none is told."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if not is_null(node) and node.tag not in OWN_TAGS:
            self.say(node, "this is not a list", 'write an item a line, each behind "- "')
        return []

    def folder(self, node: yaml.Node) -> None:
        """A folder of the root."""
        self.text(node)
        if isinstance(node, yaml.ScalarNode) and node.tag not in OWN_TAGS:
            self.inside(node, node.value)

    def site(self, node: yaml.Node) -> None:
        """The folder of the site, which every build empties."""
        self.text(node)
        is_plain = isinstance(node, yaml.ScalarNode) and node.tag not in OWN_TAGS
        if is_plain and (fault := site_fault(self.root, self.root / node.value)):
            self.say(node, *fault)

    def inside(self, node: yaml.Node, path: str) -> Path | None:
        """The place of a path that must stay in the root; None, and told, where it doesn't."""
        try:
            return resolve_inside(self.root, path)
        except ContentError:
            self.say(node, f'"{visible(path)[:80]}" leads out of the root', "name a place in the root")
        except ResourceError:
            # too long a name, or a file where a folder would have to be
            self.say(node, f'nothing can stand at "{visible(path)[:80]}"', "name a place in the root")
        return None


def is_null(node: yaml.Node) -> bool:
    """Whether a value is left out."""
    return node.tag == "tag:yaml.org,2002:null"
