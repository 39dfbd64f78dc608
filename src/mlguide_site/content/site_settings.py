"""Reads and checks the settings of a site (`mkdocs.yml`) without starting a build.

MkDocs itself checks settings only during a build. This module runs no code from the file: tags that run code are
rejected, and hooks, plugins and extensions aren't loaded. Limits: 256 KiB, nesting depth 30."""

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml
from yaml_env_tag import construct_env_tag  # type: ignore[import-untyped]

from mlguide_site.content.address_hosts import INLINE, settings_source
from mlguide_site.content.files import decode_content, read_bytes
from mlguide_site.content.yaml_read import Located, compose, place_of
from mlguide_site.errors import ContentError, Problem, Severity, Span, content_error, suggestion, visible
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.slugs import page_url
from mlguide_site.model.transcript import one_line

PATH = "mkdocs.yml"
MAX_SETTINGS_BYTES = 256 * 1024
MAX_DEPTH = 30
MAX_INHERITED = 20  # maximum number of inherited settings files
OWN = "mlguide"
_KEPT = frozenset("episodes pages knowledge templates schemas build src tests .git .github .mlguide .venv".split())
"""The folders of a root that a build must not replace."""
_PYTHON = "tag:yaml.org,2002:python/"
_NO_MAPPING = (), "not a mapping", 'write lines of the form "key: value"'
_NO_FOLDER = (), "the name of a folder is too long or invalid", "choose a short name"
Where = tuple[str | int, ...]
Fault = tuple[Where, str, str] | tuple[Where, str, str, Severity]
"""The path of a setting, a message and a remedy. A fault in the setting's name also contains a severity."""
_TYPES = (
    ("INHERIT docs_dir site_dir theme.name theme.custom_dir theme.logo theme.favicon", str),
    ("plugins markdown_extensions theme.palette", (list, dict)),
    ("theme.icon extra.analytics", dict),
    ("extra.social extra.alternate", list),
    ("theme", (str, dict)),
)
"""The Python types of some settings' values. To check these values, MkDocs would load code or open files."""
_TEXTS = "extra_css extra_templates theme.features theme.static_templates hooks watch".split()
"""Settings that must be lists of strings. `hooks` and `watch` can't be null."""
_PLAIN = {"str": "text", "int": "a number", "bool": "true or false", "dict": "a mapping", "list": "a list"}
"""Replacements for the names of Python types in MkDocs' messages."""
_WRONG_TYPE = re.compile(r"Expected type: \(?(.+?)\)? but received: (.+)")
_REMEDIES = {
    "Expected nav": 'write "- " and a page on each line, such as "- Home: index.md"',
    "list of items|a list,|Required": 'write "- " and text in quotes on each line',
    "a mapping,|key-value": 'write lines of the form "key: value"',
    "multiline": 'write "|" here, and a pattern on each of the next lines',
    "must be true": "write true or false",
    "must be text|a string,": "write text in quotes",
}
"""Maps patterns of error messages to remedies."""
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61}[a-z0-9]", re.I)
_DOMAIN_REMEDY = "write only the host name, such as notes.example.org; write international names with xn--"
_HOST_REMEDY = "write an address such as https://cdn.example or https://*.cdn.example, or https: for all hosts"


class Origin(NamedTuple):
    """The `site_name`, `site_url` and `use_directory_urls` of a site. The address is empty or ends in a slash."""

    name: str
    address: str = ""
    directories: bool = True

    def page(self, path: str) -> str:
        """Return the address of a page, or "" if the site has no address."""
        return self.address + page_url(path, self.directories) if self.address else ""


class _Loader(yaml.SafeLoader):
    """Resolves `!ENV`. A value that has any other tag becomes None."""


_Loader.add_constructor("!ENV", construct_env_tag)
_Loader.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def settings_problems(root: Path) -> tuple[Problem, ...]:
    """Return the sorted problems in a root's `mkdocs.yml`, or () if the file is missing. Raises ResourceError."""
    try:
        located, node = read_settings(root)
        problems = [*_node_problems(node, set())]
    except ContentError as error:
        return error.problems
    if not problems and (root / PATH).exists():
        # check values only if all tags and keys are valid
        try:
            faults = [*_faults(root, located.value)] if isinstance(node, yaml.MappingNode) else [_NO_MAPPING]
        except (OSError, ValueError):
            faults = [_NO_FOLDER]
        for where, message, remedy, *severity in faults:
            problems.append(Problem(PATH, setting_place(located, where, bool(severity)), message, remedy, *severity))
    return tuple(sorted(set(problems)))


def read_origin(root: Path) -> Origin:
    """Return the name and address of a root's site. If `site_name` is missing, the name is the root's folder name.
    Raises ContentError for invalid YAML, and ResourceError if the file can't be read."""
    settings = read_settings(root)[0].value
    name, address = settings.get("site_name"), settings.get("site_url")
    name = one_line(str(name)) if isinstance(name, (str, int, float)) and name else root.resolve().name
    address = f"{address.rstrip('/')}/" if isinstance(address, str) and address else ""
    return Origin(name, address, settings.get("use_directory_urls") is not False)


def setting_place(located: Located, where: Where, at_key: bool = False) -> Span:
    """Return the position of a setting's value or key. For an inherited setting, this is the position of `INHERIT`."""
    if "INHERIT" in located.value and where and len(located.descend(where[:1])) == 1:
        where, at_key = ("INHERIT",), True
    return located.find_key(where) if at_key else located.find(where)


def site_fault(root: Path, site: Path) -> tuple[str, str] | None:
    """Return a message and a remedy if a folder can't be `site_dir`, which every build replaces, or else None."""
    top = root.resolve()
    try:
        place = site.resolve() if not site.is_symlink() else top / site.name
    except OSError:
        # the path is too long for the file system
        return f'"{visible(str(site))[:80]}" is not a valid folder name', "write site_dir: site"
    if place == top or not place.is_relative_to(top):
        return f'the site\'s folder "{visible(str(site))[:80]}" is not in the root', "write site_dir: site"
    if any(one.is_file() for one in (place, *place.parents)):
        return f'the site\'s folder "{visible(str(site))[:80]}" is a file, or in a file', "rename the file or site_dir"
    if (name := place.relative_to(top).parts[0]) in _KEPT:
        return f'the build would replace the folder "{name}"', "write site_dir: site"
    return None


def custom_dir_fault(root: Path, folder: Path) -> tuple[str, str] | None:
    """Return a message and remedy if a folder can't be `custom_dir`. The engine publishes all files in this folder."""
    top, place = root.resolve(), folder.resolve()
    if place == top or not place.is_relative_to(top):
        message = "is the root itself, so all files would be published" if place == top else "is outside the root"
        return f'"custom_dir" {message}', "choose a folder in the root"
    if place == top / "build" / "theme":
        return None
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or (path.exists() and not path.is_file() and not path.is_dir()):
            what = "a symbolic link" if path.is_symlink() else "not a regular file"
            name = visible(str(path.relative_to(folder)))[:80]
            return f'"{name}" in "custom_dir" is {what}', "replace it with a regular file, or remove it"
    return None


def theme_folder() -> Path | None:
    """Return the folder of the installed theme's templates, or None if the theme isn't installed."""
    spec = find_spec("material")
    return Path(spec.origin).parent / "templates" if spec is not None and spec.origin is not None else None


@cache
def theme_languages() -> frozenset[str]:
    """Return the languages of Material for MkDocs. The set is empty if the theme isn't installed."""
    folder = theme_folder()
    return _languages(folder) if folder else frozenset()


def read_settings(root: Path) -> tuple[Located, yaml.Node | None]:
    """Return the values and the YAML node of a root's settings. The values are empty if they aren't a valid mapping.
    Raises ContentError for invalid YAML, exceeded limits or a symbolic link, and ResourceError."""
    path, node, values = root / PATH, None, {}
    if path.is_symlink():
        raise content_error(PATH, "this is a symbolic link", "replace it with the file itself")
    if path.exists():
        text = decode_content(read_bytes(path), PATH)
        if len(text) > MAX_SETTINGS_BYTES:
            raise content_error(PATH, f"larger than {MAX_SETTINGS_BYTES // 1024} KiB", "shorten the file")
        node = compose(text, PATH, depth=MAX_DEPTH)
    if isinstance(node, yaml.MappingNode):
        with contextlib.suppress(yaml.YAMLError, ValueError, OverflowError, RecursionError):
            values = _Loader("").construct_document(node)
            if "INHERIT" in values:
                from mkdocs.exceptions import MkDocsException  # noqa: PLC0415
                from mkdocs.utils.yaml import yaml_load  # noqa: PLC0415

                files, place = count(), Located(values, node, 1).find_key(("INHERIT",))

                def loader(stream: Any) -> _Loader:
                    info, message = os.fstat(stream.fileno()), ""
                    if next(files) > MAX_INHERITED:
                        message = f"more than {MAX_INHERITED} files"
                    elif not S_ISREG(info.st_mode) or info.st_size > MAX_SETTINGS_BYTES:
                        message = f"a file that is larger than {MAX_SETTINGS_BYTES // 1024} KiB, or not regular"
                    if message:
                        raise content_error(PATH, f'"INHERIT" includes {message}', "remove it", place)
                    return _Loader(stream)

                try:
                    with contextlib.suppress(TypeError), path.open("rb") as file:
                        values = yaml_load(file, loader)  # type: ignore[arg-type]
                except (MkDocsException, OSError):
                    message = '"INHERIT" names a file that is missing or can\'t be read'
                    raise content_error(PATH, message, "correct its path", place) from None
    return Located(values, node, 1), node


def _node_problems(node: yaml.Node | None, seen: set[int]) -> Iterator[Problem]:
    """Yield a problem for each tag that runs code, each duplicate key and each key that isn't text, at any depth."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if node.tag.startswith(_PYTHON) and not node.tag.startswith(f"{_PYTHON}name:"):
        message = "this tag would run code while the settings are read"
        yield Problem(PATH, place_of(node.start_mark), message, "write a plain value")
    lines: dict[str, int] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if not isinstance(key, yaml.ScalarNode):
            yield Problem(PATH, place_of(key.start_mark), "a key must be plain text", "put the key in quotes")
        elif key.value in lines and key.value != "<<":
            message = f'the setting "{_shown(key.value)}" is used twice, first on line {lines[key.value]}'
            yield Problem(PATH, place_of(key.start_mark), message, "keep one of the two")
        lines.setdefault(str(key.value), key.start_mark.line + 1)
        yield from _node_problems(value, seen)
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        yield from _node_problems(item, seen)


def _faults(root: Path, settings: Mapping[str, Any]) -> Iterator[Fault]:
    theme = settings.get("theme")
    theme = theme if isinstance(theme, dict) else {"name": theme}
    yield from _refused(settings)
    yield from _language_fault(root, theme)
    if "plugins" in settings and OWN not in plugins_of(settings):
        yield ("plugins",), 'the plugin "mlguide" is missing', f'add an item "- {OWN}"; otherwise, no page is built'
    docs = settings.get("docs_dir") or "docs"
    if isinstance(docs, str) and (root / docs).resolve() != (root / "build/pages").resolve():
        remedy = "write docs_dir: build/pages; pages that you write belong in pages/"
        yield ("docs_dir",), '"docs_dir" is not the folder of generated pages', remedy
    custom = theme.get("custom_dir", "build/theme")
    custom = "" if custom is None else custom
    if isinstance(custom, str) and custom != "build/theme":
        if not (root / custom).is_dir():
            yield ("theme", "custom_dir"), f'there is no folder "{_shown(custom)}"', "create it, or remove this setting"
        elif fault := custom_dir_fault(root, root / custom):
            yield ("theme", "custom_dir"), *fault
    site = settings.get("site_dir")
    if isinstance(site, str) and (fault := site_fault(root, root / site)):
        yield ("site_dir",), *fault
    listed = settings.get("watch")
    if isinstance(listed, list) and any(root.resolve().is_relative_to((root / str(one)).resolve()) for one in listed):
        yield ("watch",), '"watch" contains the root or a folder above it', "list only folders with source files"
    url = settings.get("site_url")
    if isinstance(url, str) and url.startswith("http") and not is_site_address(url):
        remedy = "write https:// and a host, and no space, user, file, query (?) or fragment (#)"
        yield ("site_url",), f'"{_shown(url)}" is not the address of a site', remedy
    for name, line in (("site_name", "site_name: …"), ("plugins", f"plugins: [{OWN}]")):
        if name not in settings:
            yield (), f'"{name}" is missing', f'add a line "{line}"'


def _refused(settings: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield problems for unknown settings, and for values that MkDocs' options reject."""
    # MkDocs is imported on demand, because the import takes a quarter of a second
    from mkdocs.config.config_options import ListOfItems, Optional, Type  # noqa: PLC0415
    from mkdocs.config.defaults import MkDocsConfig  # noqa: PLC0415
    from mkdocs.plugins import get_plugins  # noqa: PLC0415

    options = {name: option for name, option in MkDocsConfig._schema if name != "config_file_path"}
    options |= {path: Optional(Type(types)) for paths, types in _TYPES for path in paths.split()}
    options |= {path: ListOfItems(Type(str), None if path in _TEXTS[-2:] else []) for path in _TEXTS}
    yield from _refused_values((), settings, options, "remove the setting; your own settings belong under extra")
    own, where = plugins_of(settings).get(OWN, (None, ()))
    if isinstance(own, dict):
        schema = get_plugins()[OWN].load().config_class._schema
        yield from _refused_values(where, own, dict(schema), "remove the setting")
        if isinstance(name := own.get("domain"), str) and name and not _DOMAIN.fullmatch(name.strip()):
            yield (*where, "domain"), f'domain: "{_shown(name)}" is not a host name', _DOMAIN_REMEDY
        for key in ("media", "allow"):
            for name in listed if isinstance(listed := own.get(key), list) else ():
                if isinstance(name, str) and name != INLINE and not settings_source(name):
                    yield (*where, key), f'{key}: "{_shown(name)}" is not a host', _HOST_REMEDY


def _refused_values(
    where: Where, settings: Mapping[str, Any], options: Mapping[str, Any], otherwise: str
) -> Iterator[Fault]:
    """Yield problems for settings that aren't in `options`, and for values that an option rejects. `where` is the path
    of keys of the settings, such as `("plugins", "mlguide")`. `otherwise` is the remedy for an unknown setting."""
    from mkdocs.config.base import ValidationError  # noqa: PLC0415

    known = sorted(path for path in options if "." not in path)
    for key in map(str, settings):
        if key not in known:
            remedy = suggestion(key, known, otherwise)
            yield (*where, key), f'unknown setting "{_shown(key)}"', remedy, Severity.WARNING
    for path, option in options.items():
        *parents, key = path.split(".")
        within = settings.get(parents[0]) if parents else settings
        try:
            if isinstance(within, dict) and key in within:
                option.validate(within[key])
        except ValidationError as error:
            why = re.sub(r"(?:\ba )?<class '(\w+)'>", lambda found: _PLAIN.get(found[1], "nothing"), str(error))
            message = f'"{path}" is invalid: {" ".join(why.split())}'
            if found := _WRONG_TYPE.search(message):
                message = f'"{path}" must be {found[1].replace(", ", " or ")}, not {found[2]}'
            remedies = [remedy for pattern, remedy in _REMEDIES.items() if re.search(pattern, message)]
            remedy = (remedies or ["write another value, or remove the setting"])[0]
            yield (*where, *parents, key), visible(message.rstrip("."))[:300], remedy


def _language_fault(root: Path, theme: Mapping[str, Any]) -> Iterator[Fault]:
    language = theme.get("language")
    if theme.get("name") == "material" and "language" in theme:
        known = theme_languages() | _languages(root / "templates/theme")
        if str(language) not in known:
            # suggest "de" for "de-AT" and "DE"
            base, all_known = re.split("[-_]", str(language).lower())[0], sorted(known)
            remedy = suggestion(base, all_known, f"write one of {', '.join(all_known)}")
            written = "" if language is None else _shown(language)
            yield ("theme", "language"), f'the theme has no language "{written}"', remedy


def plugins_of(settings: Mapping[str, Any], key: str = "plugins") -> dict[str, tuple[Any, Where]]:
    """Map each plugin's name to its options and their path in the settings. `plugins` may be a mapping or a list, and
    so may `markdown_extensions`."""
    plugins = settings.get(key)
    if isinstance(plugins, dict):
        return {str(name): (options, (key, str(name))) for name, options in plugins.items()}
    listed = plugins if isinstance(plugins, list) else ()
    items = [item if isinstance(item, dict) else {str(item): None} for item in listed]
    pairs = [(at, str(name), options) for at, item in enumerate(items) for name, options in item.items()]
    return {name: (options, (key, at, name)) for at, name, options in pairs}


def _shown(value: object) -> str:
    return visible(str(value))[:80]


def is_site_address(url: str) -> bool:
    """Check whether a site can have an address: an http or https address without user, file, query and fragment."""
    if not (url.startswith("http") and is_allowed_url(url)):
        return False
    parts = urlsplit(url)
    return not ("@" in parts.netloc or parts.query or parts.fragment or parts.path.endswith((".html", ".htm")))


def _languages(folder: Path) -> frozenset[str]:
    return frozenset(path.stem for path in (folder / "partials/languages").glob("*.html"))
