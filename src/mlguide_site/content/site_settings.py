"""The settings of a site, `mkdocs.yml`: checked before MkDocs runs, and read where MkDocs isn't needed.

MkDocs' own options validate their values; this module adds the place, and checks what MkDocs can't: folders that a
build empties or publishes, our plugin's options, the theme's languages. Nothing of the file is run: tags that run code
are refused, and hooks, plugins and extensions are loaded by the build alone. Limits: 256 KiB, nesting 30.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import yaml
from yaml_env_tag import construct_env_tag  # type: ignore[import-untyped]

from mlguide_site.content.files import decode, read_bytes, resolve_inside
from mlguide_site.content.yaml_read import compose as compose_within
from mlguide_site.content.yaml_read import place_of, syntax_error
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, Span, suggestion, visible

PATH = "mkdocs.yml"
MAX_BYTES = 256 * 1024
MAX_DEPTH = 30
OWN = "mlguide"
OPTIONS: Mapping[str, type] = {
    "edit_url": str,
    "licence": str,
    "domain": str,
    "redirects": dict,
    "media": list,
    "enabled": bool,
}
"""The options of our own plugin; `enabled` is MkDocs' own, for any plugin."""
_CHECKED_HERE = {"theme", "plugins", "markdown_extensions", "hooks", "docs_dir", "site_dir", "INHERIT"}
"""The settings that MkDocs' options would import, run or look up in folders that a build makes first."""
_KEPT = frozenset("episodes knowledge templates schemas build src tests .git .github .mlguide .venv".split())
"""Folders of a root that a build must not empty."""
_ADDS_NO_PAGE = frozenset({OWN, "search", "material/search"})
_OWN_TAGS = frozenset(["!ENV", "!relative"])
_PYTHON = "tag:yaml.org,2002:python/"
_KINDS = {
    str: ("is not a text", 'write one value after the colon, in quotes: "…"'),
    list: ("is not a list", 'write an item a line, each after "- "'),
    dict: ("is not a mapping", 'write lines of the form "key: value" below it'),
    bool: ("is neither true nor false", "write true or false"),
}
_OUTSIDE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/")
"""An address of another site, or of the root of this one."""
_EXPECTED = re.compile(r"Expected type: <class '(str|list|dict|bool)'>")


class Origin(NamedTuple):
    """`site_name`, `site_url` (which ends in a slash or is empty) and `use_directory_urls` of a site."""

    name: str
    address: str = ""
    directories: bool = True

    @property
    def identity(self) -> str:
        """What the ids of an export are derived from: the address, or the name if there is none.

        >>> Origin("Notes", "https://a.example/").identity, Origin("Notes").identity
        ('https://a.example/', 'Notes')
        """
        return self.address or self.name


class Named(NamedTuple):
    """`redirects` are former addresses, each with its target and the places of both; `pages` are paths in the
    navigation, with their places: none if plugins, hooks or inherited settings may add pages, or if the settings turn
    the warning off."""

    redirects: tuple[tuple[str, str, Span, Span], ...] = ()
    pages: tuple[tuple[str, Span], ...] = ()


class _Loader(yaml.SafeLoader):
    """Plain values; what only MkDocs can construct becomes None."""


_Loader.add_constructor("!ENV", construct_env_tag)
_Loader.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def settings_problems(root: Path) -> tuple[Problem, ...]:
    """What is wrong with a root's `mkdocs.yml`, sorted; nothing if there is none. Raises ResourceError."""
    path = root / PATH
    if path.is_symlink():
        return (Problem(PATH, Span(), "this is a symbolic link", "put the file itself there"),)
    if not path.exists():
        return ()
    try:
        node = compose(decode(read_bytes(path), PATH))
    except ContentError as error:
        return error.problems
    checker = _Checker(root)
    checker.check(node)
    return tuple(sorted(set(checker.problems)))


def read_origin(root: Path) -> Origin:
    """Name and address of a root's site, without what an inherited file sets; the folder's name if it has none.

    Raises ContentError if the file is no YAML, ResourceError.
    """
    path = root / PATH
    keys = _keys(compose(decode(read_bytes(path), PATH)) if path.is_file() else None)
    name, address, folders = (
        _value(keys[key]) if key in keys else None for key in ("site_name", "site_url", "use_directory_urls")
    )
    name = str(name) if isinstance(name, (str, int, float)) and name else root.resolve().name
    address = f"{address.rstrip('/')}/" if isinstance(address, str) and address else ""
    return Origin(name, address, folders is not False)


def read_named(root: Path) -> Named:
    """What `mkdocs.yml` of a root names; nothing if it can't be read. Raises ResourceError."""
    keys = _keys(_top(root))
    plugins = dict(_items(keys.get("plugins")))
    redirects = tuple(
        (str(old.value), str(new.value), place_of(old.start_mark), place_of(new.start_mark))
        for old, new in _pairs(_keys(plugins.get(OWN)).get("redirects"))
        if isinstance(new, yaml.ScalarNode)
    )
    validation = _keys(keys.get("validation"))
    level = _keys(validation.get("nav")).get("not_found") or validation.get("not_found")
    if {"INHERIT", "hooks"} & set(keys) or not set(plugins) <= _ADDS_NO_PAGE or (level and level.value != "warn"):
        return Named(redirects)
    return Named(redirects, tuple((name, place_of(node.start_mark)) for name, node in _pages(keys.get("nav"))))


def key_places(root: Path) -> Mapping[str, Span]:
    """The place of each setting of a root's `mkdocs.yml`; none if it can't be read. Raises ResourceError."""
    return {str(key.value): place_of(key.start_mark) for key, _ in _pairs(_top(root))}


def site_fault(root: Path, site: Path) -> tuple[str, str] | None:
    """Why a folder can't be the site's, which every build empties, and what to do; None if it can."""
    top = root.resolve()
    try:
        place = site.resolve() if not site.is_symlink() else top / site.name
    except OSError:
        # the name is too long for the file system
        return f'no folder can be called "{visible(str(site))[:80]}"', "write site_dir: site"
    if place == top or not place.is_relative_to(top):
        return f'the site\'s folder "{visible(str(site))[:80]}" is not in the root', "write site_dir: site"
    if (name := place.relative_to(top).parts[0]) in _KEPT:
        return f'the site\'s folder would take the place of "{name}"', "write site_dir: site"
    return None


@cache
def theme_languages() -> frozenset[str]:
    """The languages of Material for MkDocs; none if it isn't installed."""
    spec = find_spec("material")
    return _languages(Path(spec.origin).parent / "templates") if spec and spec.origin else frozenset()


def compose(text: str, path: str = PATH) -> yaml.Node | None:
    """The nodes of the settings' text. Raises ContentError if it is no YAML, too large or nested too deep."""
    if len(text) > MAX_BYTES:
        raise ContentError([Problem(path, Span(), f"larger than {MAX_BYTES // 1024} KiB", "keep what matters")])
    try:
        return compose_within(text, path, depth=MAX_DEPTH)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise syntax_error(error, path) from None


class _Checker:
    """Walks the settings of a root and collects what is wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def report(self, node: yaml.Node, message: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(PATH, place_of(node.start_mark), message, remedy, severity))

    def check(self, top: yaml.Node | None) -> None:
        """The whole file."""
        if not isinstance(top, yaml.MappingNode):
            self.problems.append(Problem(PATH, Span(), "not a mapping", 'write lines of the form "key: value"'))
            return
        self.tags_and_keys(top, set())
        if self.problems:
            # a value under such a tag or key has no kind to check
            return
        keys = _keys(top)
        self.mkdocs_options(top)
        self.theme(keys.get("theme"))
        self.plugins(keys.get("plugins"))
        for texts in (keys.get("extra_css"), keys.get("extra_templates"), _keys(keys.get("theme")).get("features")):
            for item in self.items(texts):
                if not isinstance(_known(item), str | None):
                    self.report(item, f"this {_KINDS[str][0]}", "write one text, in quotes if it looks like a number")
        if "docs_dir" in keys:
            self.inside(keys["docs_dir"])
        files = [(hook, self.inside(hook)) for hook in self.items(keys.get("hooks"))]
        if isinstance(above := keys.get("INHERIT"), yaml.ScalarNode):
            files.append((above, self.root / above.value))
        for node, place in files:
            if place and not os.path.isfile(place):
                self.report(node, f'the file "{_shown(node)}" is not there', "correct the path, or remove it")
        site = keys.get("site_dir")
        if isinstance(site, yaml.ScalarNode) and (fault := site_fault(self.root, self.root / str(site.value))):
            self.report(site, *fault)
        for name, line in (("site_name", "site_name: …"), ("plugins", f"plugins: [{OWN}]")):
            if not {name, "INHERIT"} & set(keys):
                self.problems.append(Problem(PATH, Span(), f'"{name}" is missing', f'add a line "{line}"'))

    def tags_and_keys(self, node: yaml.Node, seen: set[int]) -> None:
        """Tags that run code or that MkDocs doesn't know, and duplicate keys, at any depth."""
        if id(node) in seen:
            return
        seen.add(id(node))
        if node.tag.startswith(_PYTHON) and not node.tag.startswith(f"{_PYTHON}name:"):
            self.report(node, "this tag would run code while the settings are read", "write the value out")
        elif node.tag.startswith("!") and node.tag not in _OWN_TAGS:
            remedy = suggestion(node.tag, sorted(_OWN_TAGS), "write the value out")
            self.report(node, f'unknown tag "{visible(node.tag)[:60]}"', remedy)
        names: set[str] = set()
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                self.report(key, "a key must be plain text", "write the key as a word")
            elif key.value in names and key.value != "<<":
                self.report(key, f'the setting "{_shown(key)}" is used twice', "keep one of the two")
            names.add(str(key.value))
            self.tags_and_keys(value, seen)
        for item in node.value if isinstance(node, yaml.SequenceNode) else ():
            self.tags_and_keys(item, seen)

    def mkdocs_options(self, top: yaml.Node) -> None:
        """The settings that MkDocs' own options validate, each with its place."""
        # imported when used: it takes a quarter of a second
        from mkdocs.config.base import BaseConfigOption, ValidationError  # noqa: PLC0415
        from mkdocs.config.defaults import MkDocsConfig  # noqa: PLC0415

        known = {name for name in dir(MkDocsConfig) if isinstance(getattr(MkDocsConfig, name), BaseConfigOption)}
        known = (known | {"INHERIT"}) - {"config_file_path"}
        for key, node in _pairs(top):
            value = _known(node)
            if key.value not in known:
                remedy = suggestion(key.value, sorted(known), "remove it; settings of your own belong under extra")
                self.report(key, f'unknown setting "{_shown(key)}"', remedy, Severity.WARNING)
            elif key.value not in _CHECKED_HERE and value is not None:
                option = getattr(MkDocsConfig, key.value)
                try:
                    option.validate(value)
                except (ValidationError, ValueError) as error:
                    self.report(node, *_refusal(key.value, str(error)))
                finally:
                    option.reset_warnings()

    def theme(self, node: yaml.Node | None) -> None:
        """The theme: a name, or a mapping with one."""
        if node is None or _is_null(node):
            return
        keys = _keys(node)
        name = keys.get("name", node)
        if isinstance(name, yaml.ScalarNode):
            self.installed(name, str(name.value), "theme")
        else:
            self.report(name, "the theme is not a name", "write theme: material")
        custom = self.inside(keys["custom_dir"]) if "custom_dir" in keys else None
        language = keys.get("language")
        if language is None or _has_tags(language) or name.value != "material":
            return
        folders = [folder for folder in (self.root / "templates/theme", custom) if folder]
        known = sorted(theme_languages().union(*map(_languages, folders)))
        if known and language.value not in known:
            # "de-AT" and "DE" are near "de"
            tag = str(language.value).replace("_", "-").lower()
            near = next((one for one in known if one.lower() in (tag, tag.partition("-")[0])), "")
            remedy = suggestion(near or tag, known, f"write one of {', '.join(known)}")
            self.report(language, f'no language "{_shown(language)}" in the theme', remedy)

    def plugins(self, node: yaml.Node | None) -> None:
        """Plugins are installed, ours is among them, and its options are of the right kinds."""
        if node is None:
            return
        plugins = dict(_items(node))
        for name in plugins:
            self.installed(node, name, "plugin")
        if OWN not in plugins:
            self.report(node, f'the plugin "{OWN}" is missing', f'add an item "- {OWN}"; without it no page is made')
        for key, value in _pairs(plugins.get(OWN)):
            kind = OPTIONS.get(key.value)
            if kind is None:
                remedy = suggestion(key.value, sorted(OPTIONS), f"remove it, or write one of {', '.join(OPTIONS)}")
                self.report(key, f'the plugin "{OWN}" has no setting "{_shown(key)}"', remedy, Severity.WARNING)
            elif not isinstance(_known(value), kind | None):
                message, remedy = _KINDS[kind]
                self.report(value, f'"{key.value}" {message}', remedy)

    def installed(self, node: yaml.Node, name: str, what: str) -> None:
        """A plugin or theme is installed; nothing is imported to find out."""
        known = frozenset(point.name for point in entry_points(group=f"mkdocs.{what}s"))
        if not {name, f"material/{name}", name.rpartition("/")[2]} & known:
            remedy = suggestion(name, sorted(known), "install it, or remove it here")
            self.report(node, f'the {what} "{visible(name)[:60]}" is not installed', remedy)

    def items(self, node: yaml.Node | None) -> Sequence[yaml.Node]:
        """The items of a list; a value that is none is reported."""
        if isinstance(node, yaml.SequenceNode):
            items: list[yaml.Node] = node.value
            return items
        if node is not None and not _is_null(node) and node.tag not in _OWN_TAGS:
            self.report(node, f"this {_KINDS[list][0]}", _KINDS[list][1])
        return ()

    def inside(self, node: yaml.Node) -> Path | None:
        """The place of a path that must stay in the root; None, and reported, if it doesn't."""
        if not isinstance(node, yaml.ScalarNode):
            self.report(node, f"this {_KINDS[str][0]}", _KINDS[str][1])
            return None
        try:
            return resolve_inside(self.root, node.value)
        except ContentError:
            self.report(node, f'"{_shown(node)}" leads out of the root', "name a place in the root")
        except ResourceError:
            # too long a name, or a file where a folder would have to be
            self.report(node, f'"{_shown(node)}" can\'t be a path here', "name a place in the root")
        return None


def _refusal(key: str, message: str) -> tuple[str, str]:
    """Message and remedy for what an option of MkDocs refuses."""
    message = " ".join(message.split())
    if found := _EXPECTED.search(message):
        kind, remedy = next(words for type_, words in _KINDS.items() if type_.__name__ == found[1])
        return f'"{key}" {kind}', remedy
    remedy = "write https://name/path/" if key.endswith("_url") else "correct it; the MkDocs manual has its form"
    return f'"{key}" is refused: {visible(message)[:200]}', remedy


def _top(root: Path) -> yaml.Node | None:
    path = root / PATH
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return compose(decode(read_bytes(path), PATH))
    except ContentError:
        return None


def _pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys of a mapping that are plain text, with their values; none of anything else."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            yield key, value


def _keys(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in _pairs(node)}


def _items(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node | None]]:
    """Names and settings of a list of names, some of them with settings, or of a mapping."""
    yield from _keys(node).items()
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        if isinstance(item, yaml.ScalarNode) and item.value:
            yield str(item.value), None
        elif len(keys := _keys(item)) == 1:
            yield from keys.items()


def _pages(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """The paths of files in a valid navigation, with their places; addresses of other sites are left out."""
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        value = next(iter(_keys(item).values()), item)
        if isinstance(value, yaml.SequenceNode):
            yield from _pages(value)
        elif isinstance(value, yaml.ScalarNode) and value.tag not in _OWN_TAGS and not _OUTSIDE.match(value.value):
            yield PurePosixPath(value.value).as_posix(), value


def _known(node: yaml.Node) -> Any:
    """The plain value of a node; None if it is empty or can't be made, and if only MkDocs knows it."""
    return None if _has_tags(node) else _value(node)


def _value(node: yaml.Node) -> Any:
    """The plain value of a node, that of an environment variable too; None if YAML can't make one of it."""
    try:
        return _Loader("").construct_document(node)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        return None


def _shown(node: yaml.Node) -> str:
    return visible(str(node.value))[:80]


def _is_null(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"


def _has_tags(node: yaml.Node, depth: int = 0) -> bool:
    """Whether a value is known only to MkDocs."""
    if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.startswith(_PYTHON) or depth > MAX_DEPTH:
        return True
    items = node.value if isinstance(node, yaml.CollectionNode) else ()
    return any(_has_tags(item[1] if isinstance(item, tuple) else item, depth + 1) for item in items)


def _languages(folder: Path) -> frozenset[str]:
    return frozenset(path.stem for path in (folder / "partials/languages").glob("*.html"))
