"""The settings of a site, key by key: what the engine would refuse, each with its place."""

import ast
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, suggestion, visible
from mlguide_site.files import read_bytes, resolve_inside
from mlguide_site.site_settings.folders import installed, is_importable, site_fault
from mlguide_site.site_settings.inherited import inherited_fault
from mlguide_site.site_settings.text import PATH, place_of
from mlguide_site.spans import Span

OWN = "mlguide"
_NAME_TAG = "tag:yaml.org,2002:python/name:"
_RUNS = "tag:yaml.org,2002:python/"
_OWN_TAGS = frozenset(["!ENV", "!relative"])

Check = Callable[["Reader", yaml.Node], None]


@dataclass
class Reader:
    """Walks the settings; gathers what is wrong. `root` is where paths are looked up."""

    root: Path
    problems: list[Problem] = field(default_factory=list)

    def say(self, node: yaml.Node, message: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(PATH, place_of(node.start_mark), message, remedy, severity))

    def top(self, node: yaml.Node | None) -> None:
        """The whole file."""
        if not isinstance(node, yaml.MappingNode):
            self.problems.append(Problem(PATH, Span(), "not a mapping", 'write lines of the form "key: value"'))
            return
        self.tags(node, set())
        if self.problems:
            # what has such a tag has no other kind
            return
        keys = dict(self.pairs(node))
        for key, value in keys.items():
            if check := _KEYS.get(key.value):
                check(self, value)
            elif key.value not in _UNCHECKED:
                known = sorted([*_KEYS, *_UNCHECKED])
                remedy = suggestion(key.value, known, "remove it; settings of your own stand under extra")
                self.say(key, f'unknown setting "{visible(key.value)[:60]}"', remedy, Severity.WARNING)
        names = {key.value for key in keys}
        if "INHERIT" in names:
            return
        if "site_name" not in names:
            self.problems.append(Problem(PATH, Span(), '"site_name" is missing', 'add a line "site_name: …"'))
        if "plugins" not in names:
            remedy = f"add a line plugins: [{OWN}]; without it no page is made"
            self.problems.append(Problem(PATH, Span(), f'the plugin "{OWN}" is missing', remedy))

    def tags(self, node: yaml.Node, seen: set[int]) -> None:
        """Tags that run code or that the engine doesn't know, in any depth."""
        if id(node) in seen:
            return
        seen.add(id(node))
        if node.tag.startswith(_RUNS) and not node.tag.startswith(_NAME_TAG):
            self.say(node, "this tag would run code while the settings are read", "write the value out")
        elif node.tag.startswith("!") and node.tag not in _OWN_TAGS:
            remedy = suggestion(node.tag, sorted(_OWN_TAGS), "write the value out")
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

    def text(self, node: yaml.Node) -> None:
        """A setting that is one text."""
        if node.tag in _OWN_TAGS or _is_null(node):
            return
        if not isinstance(node, yaml.ScalarNode):
            self.say(node, "this is not a text", "write one value behind the colon")
        elif not node.style and node.tag != "tag:yaml.org,2002:str":
            self.say(node, f'"{visible(node.value)[:60]}" is not a text', f'write it in quotes: "{node.value[:60]}"')

    def address(self, node: yaml.Node) -> None:
        """A setting that is an address."""
        self.text(node)
        if isinstance(node, yaml.ScalarNode) and node.tag not in _OWN_TAGS:
            try:
                urlsplit(node.value)
            except ValueError as error:
                self.say(node, f'"{visible(node.value)[:80]}" is no address: {error}', "write https://name/path/")

    def flag(self, node: yaml.Node) -> None:
        """A setting that is true or false."""
        if node.tag not in _OWN_TAGS and node.tag != "tag:yaml.org,2002:bool":
            self.say(node, "this is neither true nor false", "write true or false")

    def mapping(self, node: yaml.Node) -> None:
        """A setting that has settings of its own."""
        if not isinstance(node, yaml.MappingNode) and not _is_null(node):
            self.say(node, "this is not a mapping", 'write lines of the form "key: value" below it')

    def texts(self, node: yaml.Node) -> None:
        """A list of texts."""
        for item in self.items(node):
            if _is_null(item):
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
        if not _is_null(node) and node.tag not in _OWN_TAGS:
            self.say(node, "this is not a list", 'write an item a line, each behind "- "')
        return []

    def folder(self, node: yaml.Node) -> None:
        """A folder of the root."""
        self.text(node)
        if isinstance(node, yaml.ScalarNode) and node.tag not in _OWN_TAGS:
            self.inside(node, node.value)

    def site(self, node: yaml.Node) -> None:
        """The folder of the site, which every build empties."""
        self.text(node)
        is_plain = isinstance(node, yaml.ScalarNode) and node.tag not in _OWN_TAGS
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

    def theme(self, node: yaml.Node) -> None:
        """The theme: a name, or a mapping with one."""
        name, keys = node, dict[str, yaml.Node]()
        if isinstance(node, yaml.MappingNode):
            keys = {key.value: value for key, value in self.pairs(node)}
            name = keys.get("name", node)
        if isinstance(name, yaml.ScalarNode) and name.value not in installed("mkdocs.themes") and not _is_null(name):
            remedy = suggestion(name.value, sorted(installed("mkdocs.themes")), "install it, or use material")
            self.say(name, f'the theme "{visible(name.value)[:60]}" is not installed', remedy)
        elif isinstance(name, yaml.SequenceNode):
            self.say(name, "the theme is not a name", "write theme: material")
        if custom := keys.get("custom_dir"):
            self.folder(custom)
        if language := keys.get("language"):
            self.text(language)
        if features := keys.get("features"):
            self.texts(features)

    def plugins(self, node: yaml.Node) -> None:
        """Plugins: a list of names, or of names with settings, or a mapping."""
        known = installed("mkdocs.plugins")
        found = set()
        for item, name in self.named(node, "plugin"):
            found.add(name.rpartition("/")[2])
            if not {name, f"material/{name}", name.rpartition("/")[2]} & known:
                remedy = suggestion(name, sorted(known), "install it, or remove it here")
                self.say(item, f'the plugin "{visible(name)[:60]}" is not installed', remedy)
        if OWN not in found and isinstance(node, (yaml.SequenceNode, yaml.MappingNode)):
            self.say(node, f'the plugin "{OWN}" is missing', f'add an item "- {OWN}"; without it no page is made')

    def extensions(self, node: yaml.Node) -> None:
        """Markdown extensions, in the same forms."""
        known = installed("markdown.extensions")
        for item, name in self.named(node, "extension"):
            if name not in known and not is_importable(name.partition(":")[0]):
                remedy = suggestion(name, sorted(known), "install it, or remove it here")
                self.say(item, f'the Markdown extension "{visible(name)[:60]}" is not installed', remedy)

    def named(self, node: yaml.Node, what: str) -> Iterator[tuple[yaml.Node, str]]:
        """Place and name of each item of a list of names, some of them with settings."""
        if isinstance(node, yaml.MappingNode):
            yield from ((key, key.value) for key, _ in self.pairs(node))
            return
        for item in self.items(node):
            pairs = list(self.pairs(item))
            if isinstance(item, yaml.ScalarNode) and item.value:
                yield item, item.value
            elif len(pairs) == 1:
                if not isinstance(pairs[0][1], yaml.MappingNode) and not _is_null(pairs[0][1]):
                    remedy = "write its settings below it, each on a line and further in"
                    self.say(pairs[0][1], f"the settings of this {what} are no mapping", remedy)
                yield pairs[0][0], pairs[0][0].value
            else:
                remedy = (
                    f'write its name behind "- ", a colon behind it, and its settings below, further in than the {what}'
                )
                self.say(item, f"this is not a {what}", remedy)

    def hooks(self, node: yaml.Node) -> None:
        """Python files of the root that run with each build."""
        for item in self.items(node):
            place = self.inside(item, item.value) if isinstance(item, yaml.ScalarNode) else None
            if place is None:
                if not isinstance(item, yaml.ScalarNode):
                    self.say(item, "this is not the path of a hook", "name a Python file of the root")
            elif not os.path.isfile(place):
                self.say(item, f'the hook "{visible(item.value)[:80]}" is not there', "correct the path, or remove it")
            else:
                self.hook(item.value, place)

    def hook(self, path: str, place: Path) -> None:
        try:
            ast.parse(read_bytes(place), path)
        except SyntaxError as error:
            span = Span(max(1, error.lineno or 1), max(1, error.offset or 1))
            self.problems.append(Problem(path, span, f"not valid Python: {error.msg}", "correct it"))
        except (ValueError, RecursionError, MemoryError) as error:
            self.problems.append(Problem(path, Span(), f"not valid Python: {error}", "correct it"))

    def navigation(self, node: yaml.Node) -> None:
        """The navigation: a list of pages, of titles with a page, and of titles with such a list."""
        for item in self.items(node):
            pairs = list(self.pairs(item))
            if isinstance(item, yaml.MappingNode) and len(item.value) == 1 and pairs:
                value = pairs[0][1]
                if isinstance(value, yaml.SequenceNode):
                    self.navigation(value)
                elif not isinstance(value, yaml.ScalarNode) or _is_null(value):
                    self.say(value, "this is neither a page nor a list of pages", "write Title: page.md")
            elif not isinstance(item, yaml.ScalarNode) or _is_null(item):
                self.say(item, "this is not an item of the navigation", 'write "- Title: page.md", one page an item')

    def inherits(self, node: yaml.Node) -> None:
        """Another file of settings, which these are built on."""
        self.text(node)
        if isinstance(node, yaml.ScalarNode) and (fault := inherited_fault(self.root, node.value)):
            self.say(node, *fault)


def _is_null(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"


_UNCHECKED = frozenset(
    "copyright dev_addr edit_uri edit_uri_template exclude_docs draft_docs not_in_nav remote_branch remote_name watch"
    " repo_name repo_url validation".split()
)
_KEYS: Mapping[str, Check] = {
    "site_name": Reader.text,
    "site_url": Reader.address,
    "site_description": Reader.text,
    "site_author": Reader.text,
    "docs_dir": Reader.folder,
    "site_dir": Reader.site,
    "theme": Reader.theme,
    "plugins": Reader.plugins,
    "markdown_extensions": Reader.extensions,
    "mdx_configs": Reader.mapping,
    "nav": Reader.navigation,
    "hooks": Reader.hooks,
    "extra": Reader.mapping,
    "extra_css": Reader.texts,
    "extra_javascript": Reader.scripts,
    "extra_templates": Reader.texts,
    "use_directory_urls": Reader.flag,
    "strict": Reader.flag,
    "INHERIT": Reader.inherits,
}
