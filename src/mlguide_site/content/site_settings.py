"""The settings of a site, `mkdocs.yml`: checked before MkDocs runs, and read where MkDocs isn't needed.

MkDocs' own options validate their values; this module adds the place, and checks what MkDocs can't: folders that a
build empties or publishes, our plugin's options, the theme's languages. Nothing of the file is run: tags that run code
are refused, and hooks, plugins and extensions are loaded by the build alone. Limits: 256 KiB, nesting 30.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml_env_tag import construct_env_tag  # type: ignore[import-untyped]

from mlguide_site.content.files import decode, read_bytes, resolve_inside
from mlguide_site.content.yaml_read import Located, place_of
from mlguide_site.content.yaml_read import compose as compose_within
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
_NOT_RUN = {"theme", "plugins", "markdown_extensions", "hooks", "docs_dir", "site_dir", "INHERIT"}
"""The settings that MkDocs' options would import, run or look up in folders that a build makes first: it checks them
when it builds."""
_KEPT = frozenset("episodes knowledge templates schemas build src tests .git .github .mlguide .venv".split())
"""Folders of a root that a build must not empty."""
_OWN_TAGS = frozenset(["!ENV", "!relative"])
_PYTHON = "tag:yaml.org,2002:python/"
_KINDS = {
    str: ("is not a text", 'write one value after the colon, in quotes: "…"'),
    list: ("is not a list", 'write an item a line, each after "- "'),
    dict: ("is not a mapping", 'write lines of the form "key: value" below it'),
    bool: ("is neither true nor false", "write true or false"),
}
_EXPECTED = re.compile(r"Expected type: <class '(str|list|dict|bool)'>")
Where = tuple[str | int, ...]


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
        checker = _Checker(root, compose(decode(read_bytes(path), PATH)))
        checker.check()
    except ContentError as error:
        return error.problems
    return tuple(sorted(set(checker.problems)))


def read_origin(root: Path) -> Origin:
    """Name and address of a root's site, without what an inherited file sets; the folder's name if it has none.

    Raises ContentError if the file is no YAML, ResourceError.
    """
    settings = _read(root).value
    name, address = settings.get("site_name"), settings.get("site_url")
    name = str(name) if isinstance(name, (str, int, float)) and name else root.resolve().name
    address = f"{address.rstrip('/')}/" if isinstance(address, str) and address else ""
    return Origin(name, address, settings.get("use_directory_urls") is not False)


def read_redirects(root: Path) -> tuple[tuple[str, str, Span, Span], ...]:
    """The former addresses that `mkdocs.yml` of a root names, each with its target and the places of both; none if it
    can't be read. Raises ResourceError."""
    located = _read(root, quiet=True)
    options, where = _plugins(located.value).get(OWN, ({}, ()))
    moved = options.get("redirects") if isinstance(options, dict) else None
    places = [(str(old), new, (*where, "redirects", str(old))) for old, new in _items(moved) if isinstance(new, str)]
    return tuple((old, new, located.find_key(place), located.find(place)) for old, new, place in places)


def key_places(root: Path) -> Mapping[str, Span]:
    """The place of each setting of a root's `mkdocs.yml`; none if it can't be read. Raises ResourceError."""
    located = _read(root, quiet=True)
    return {str(key): located.find_key((str(key),)) for key in located.value}


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
    return compose_within(text, path, depth=MAX_DEPTH)


class _Checker:
    """Walks the settings of a root and collects what is wrong; a new check is a method that `check` calls."""

    def __init__(self, root: Path, node: yaml.Node | None) -> None:
        self.root, self.node = root, node
        self.problems: list[Problem] = []
        self.located = Located({}, node, 1)

    def report(self, where: Where, message: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        """A problem with the value at a path; warnings are about its key."""
        find = self.located.find if severity is Severity.ERROR else self.located.find_key
        self.problems.append(Problem(PATH, find(where), message, remedy, severity))

    def check(self) -> None:
        """The whole file."""
        if not isinstance(self.node, yaml.MappingNode):
            self.report((), "not a mapping", 'write lines of the form "key: value"')
            return
        self.tags_and_keys(self.node, set())
        if self.problems:
            # a value under such a tag or key has no kind to check
            return
        settings = _value(self.node)
        theme = settings.get("theme")
        theme = theme if isinstance(theme, dict) else {"name": theme}
        self.mkdocs_options(settings)
        self.theme(theme)
        self.plugins(settings)
        self.inside(settings.get("docs_dir"), ("docs_dir",))
        lists: tuple[Where, ...] = (("extra_css",), ("extra_templates",), ("theme", "features"))
        for where in lists:
            value = (theme if len(where) > 1 else settings).get(where[-1]) or []
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                self.report(where, "this is not a list of texts", 'write a text in quotes in each line, after "- "')
        site = settings.get("site_dir")
        if isinstance(site, str) and (fault := site_fault(self.root, self.root / site)):
            self.report(("site_dir",), *fault)
        for name, line in (("site_name", "site_name: …"), ("plugins", f"plugins: [{OWN}]")):
            if not {name, "INHERIT"} & set(settings):
                self.report((), f'"{name}" is missing', f'add a line "{line}"')

    def tags_and_keys(self, node: yaml.Node, seen: set[int]) -> None:
        """Tags that run code or that MkDocs doesn't know, and duplicate keys, at any depth."""
        if id(node) in seen:
            return
        seen.add(id(node))
        found: list[tuple[yaml.Node, str, str]] = []
        if node.tag.startswith(_PYTHON) and not node.tag.startswith(f"{_PYTHON}name:"):
            found.append((node, "this tag would run code while the settings are read", "write the value out"))
        elif node.tag.startswith("!") and node.tag not in _OWN_TAGS:
            remedy = suggestion(node.tag, sorted(_OWN_TAGS), "write the value out")
            found.append((node, f'unknown tag "{visible(node.tag)[:60]}"', remedy))
        names: set[str] = set()
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                found.append((key, "a key must be plain text", "write the key as a word"))
            elif key.value in names and key.value != "<<":
                found.append((key, f'the setting "{_shown(key.value)}" is used twice', "keep one of the two"))
            names.add(str(key.value))
            self.tags_and_keys(value, seen)
        for item in node.value if isinstance(node, yaml.SequenceNode) else ():
            self.tags_and_keys(item, seen)
        self.problems += [Problem(PATH, place_of(one.start_mark), what, remedy) for one, what, remedy in found]

    def mkdocs_options(self, settings: Mapping[str, Any]) -> None:
        """The settings that MkDocs' own options validate, each with its place."""
        # imported when used: it takes a quarter of a second
        from mkdocs.config.base import BaseConfigOption, ValidationError  # noqa: PLC0415
        from mkdocs.config.defaults import MkDocsConfig  # noqa: PLC0415

        known = {name for name in dir(MkDocsConfig) if isinstance(getattr(MkDocsConfig, name), BaseConfigOption)}
        known = (known | {"INHERIT"}) - {"config_file_path"}
        for key, value in settings.items():
            if key not in known:
                remedy = suggestion(str(key), sorted(known), "remove it; settings of your own belong under extra")
                self.report((str(key),), f'unknown setting "{_shown(key)}"', remedy, Severity.WARNING)
            elif key not in _NOT_RUN and value is not None:
                option = getattr(MkDocsConfig, key)
                try:
                    option.validate(value)
                except (ValidationError, ValueError) as error:
                    self.report((key,), *_refusal(key, str(error)))
                finally:
                    option.reset_warnings()

    def theme(self, theme: Mapping[str, Any]) -> None:
        """The theme is installed, and knows the site's language."""
        name, language = theme.get("name"), theme.get("language")
        if isinstance(name, str):
            self.installed(("theme", "name"), name, "theme")
        known = {*theme_languages(), *_languages(self.root / "templates/theme")}
        if folder := self.inside(theme.get("custom_dir"), ("theme", "custom_dir")):
            known |= _languages(folder)
        if name == "material" and language is not None and language not in known:
            # "de-AT" and "DE" are near "de"
            remedy = suggestion(re.split("[-_]", str(language).lower())[0], sorted(known), "")
            remedy = remedy or f"write one of {', '.join(sorted(known))}"
            self.report(("theme", "language"), f'no language "{_shown(language)}" in the theme', remedy)

    def plugins(self, settings: Mapping[str, Any]) -> None:
        """Plugins are installed, ours is among them, and its options are of the right kinds."""
        plugins = _plugins(settings)
        for name, (_, where) in plugins.items():
            self.installed(where, name, "plugin")
        if OWN not in plugins and settings.get("plugins") is not None:
            remedy = f'add an item "- {OWN}"; without it no page is made'
            self.report(("plugins",), f'the plugin "{OWN}" is missing', remedy)
        options, where = plugins.get(OWN, ({}, ()))
        for key, value in _items(options):
            kind = OPTIONS.get(key)
            if kind is None:
                remedy = suggestion(str(key), sorted(OPTIONS), f"remove it, or write one of {', '.join(OPTIONS)}")
                message = f'the plugin "{OWN}" has no setting "{_shown(key)}"'
                self.report((*where, str(key)), message, remedy, Severity.WARNING)
            elif not isinstance(value, kind | None):
                message, remedy = _KINDS[kind]
                self.report((*where, key), f'"{key}" {message}', remedy)

    def installed(self, where: Where, name: str, what: str) -> None:
        """A plugin or theme is installed; nothing is imported to find out."""
        known = frozenset(point.name for point in entry_points(group=f"mkdocs.{what}s"))
        if not {name, f"material/{name}", name.rpartition("/")[2]} & known:
            remedy = suggestion(name, sorted(known), "install it, or remove it here")
            self.report(where, f'the {what} "{visible(name)[:60]}" is not installed', remedy)

    def inside(self, path: Any, where: Where) -> Path | None:
        """The place of a folder that a build reads, which must be in the root; None, and reported, if it isn't."""
        try:
            return resolve_inside(self.root, str(path)) if path is not None else None
        except (ContentError, ResourceError):
            # it leads out, is too long, or goes through a file
            self.report(where, f'"{_shown(path)}" can\'t be a path in the root', "name a folder in the root")
            return None


def _refusal(key: str, message: str) -> tuple[str, str]:
    """Message and remedy for what an option of MkDocs refuses."""
    message = " ".join(message.split())
    if found := _EXPECTED.search(message):
        kind, remedy = next(words for type_, words in _KINDS.items() if type_.__name__ == found[1])
        return f'"{key}" {kind}', remedy
    remedy = "write https://name/path/" if key.endswith("_url") else "correct it; the MkDocs manual has its form"
    return f'"{key}" is refused: {visible(message)[:200]}', remedy


def _read(root: Path, quiet: bool = False) -> Located:
    """The settings of a root as plain values; none where there is no mapping. Raises ContentError unless `quiet`,
    ResourceError."""
    path = root / PATH
    node = None
    try:
        if path.is_file() and not path.is_symlink():
            node = compose(decode(read_bytes(path), PATH))
    except ContentError:
        if not quiet:
            raise
    return Located(_value(node) if isinstance(node, yaml.MappingNode) else {}, node, 1)


def _value(node: yaml.MappingNode) -> dict[Any, Any]:
    """The plain values of settings; none if YAML can't make them."""
    try:
        values: dict[Any, Any] = _Loader("").construct_document(node)
        return values
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        return {}


def _plugins(settings: Mapping[str, Any]) -> dict[str, tuple[Any, Where]]:
    """Options and path of each plugin, from a mapping or a list of names, some of them with options."""
    plugins = settings.get("plugins")
    if isinstance(plugins, dict):
        return {str(name): (options, ("plugins", str(name))) for name, options in plugins.items()}
    found: dict[str, tuple[Any, Where]] = {}
    for at, item in enumerate(plugins if isinstance(plugins, list) else ()):
        if isinstance(item, str):
            found[item] = (None, ("plugins", at))
        elif isinstance(item, dict) and len(item) == 1:
            [(name, options)] = item.items()
            found[str(name)] = (options, ("plugins", at, str(name)))
    return found


def _items(value: Any) -> Iterator[tuple[Any, Any]]:
    """Keys and values of a mapping; none of anything else."""
    yield from value.items() if isinstance(value, dict) else ()


def _shown(value: object) -> str:
    return visible(str(value))[:80]


def _languages(folder: Path) -> frozenset[str]:
    return frozenset(path.stem for path in (folder / "partials/languages").glob("*.html"))
