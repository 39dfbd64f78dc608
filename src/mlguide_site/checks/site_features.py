"""Checks whether the settings use MkDocs or Material features that the generated pages don't support."""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pathspec.gitignore import GitIgnoreSpec

from mlguide_site.content.address_hosts import host_source, settings_source
from mlguide_site.content.resources import ASSETS, TEMPLATES, template_folders
from mlguide_site.content.site_settings import OWN, PATH, Fault, plugin_options, read_settings, theme_folder
from mlguide_site.errors import ContentError, Problem, Severity, visible
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import PAGES
from mlguide_site.publish.content_security_policy import INLINE

EXTENSIONS = "admonition sane_lists tables toc pymdownx.details pymdownx.highlight pymdownx.superfences".split()
"""The Markdown extensions that the generated pages need."""
GOOGLE = "https://www.googletagmanager.com"
"""The host of the Google Analytics script. Material also adds an inline script to each page."""


def check_features(root: Path, catalog: Catalog) -> Iterator[Problem]:
    """Yield warnings and hints about a root's settings. Raises ResourceError."""
    try:
        located, _ = read_settings(root)
    except ContentError:
        return  # the check of settings reports this error
    for where, message, remedy, *severity in _faults(root, located.value, catalog):
        yield Problem(PATH, located.find(where), message, remedy, *severity or [Severity.WARNING])


def _faults(root: Path, settings: Mapping[str, Any], catalog: Catalog) -> Iterator[Fault]:
    theme, listed = settings.get("theme"), settings.get("markdown_extensions", EXTENSIONS)
    theme = theme if isinstance(theme, dict) else {"name": theme}
    name = theme.get("name") if settings and "INHERIT" not in settings else ""
    if name == "material" and theme.get("font") is not False:
        yield ("theme", "font"), "the pages use packaged fonts, not Google Fonts", "write font: false"
    elif name is None or str(name) in {"mkdocs", "readthedocs"}:
        yield ("theme", "name"), "the pages need the theme Material", "write theme: {name: material}"
    items = listed if isinstance(listed, (list, dict)) else EXTENSIONS
    names = [str(next(iter(item), "")) if isinstance(item, dict) else str(item) for item in items]
    if missing := [name for name in EXTENSIONS if name not in names]:
        message = "Markdown extensions that notes need are missing"
        yield ("markdown_extensions",), message, f"add {', '.join(missing)}"
    if others := [visible(name)[:80] for name in names if name not in EXTENSIONS]:
        message = f"notes show the markup of these extensions as text: {', '.join(others)}"
        yield ("markdown_extensions",), message, "remove them, unless your own pages need them", Severity.HINT
    for name, (_, where) in plugin_options(settings).items():
        if name.removeprefix("material/") in {"blog", "tags"}:
            message = f'the plugin "{name}" has no effect, because episodes have their own dates and topics'
            yield where, message, "remove the plugin", Severity.HINT
    if omitted := _omitted(settings, catalog.pages):
        message = f"nav doesn't list these pages: {visible(', '.join(omitted))[:300]}"
        yield ("nav",), message, "add them to nav or not_in_nav"
    yield from _file_faults(root, settings, theme, catalog.assets)


def _omitted(settings: Mapping[str, Any], pages: Collection[str]) -> list[str]:
    """If the settings tell MkDocs to warn about pages that `nav` doesn't list, return these pages. The pages of the
    root and the home page are checked."""
    rules, nav = settings.get("validation"), settings.get("nav")
    rules = rules.get("nav", rules) if isinstance(rules, dict) else rules
    if not nav or not isinstance(rules, dict) or rules.get("omitted_files") != "warn":
        return []
    patterns = f"{settings.get('not_in_nav', '')}\n{settings.get('exclude_docs', '')}"
    excluded = GitIgnoreSpec.from_lines(patterns.splitlines())
    names, listed = ["index.md", *(path.removeprefix(PAGES) for path in sorted(pages))], repr(nav)
    return [name for name in names if repr(name) not in listed and not excluded.match_file(name)]


def _file_faults(
    root: Path, settings: Mapping[str, Any], theme: Mapping[str, Any], assets: Collection[str]
) -> Iterator[Fault]:
    """Yield a problem for each file that the settings name, if the file is missing or the security policy blocks it. If
    the settings have hooks, a missing file isn't a problem, because a hook may generate the file."""
    options, _ = plugin_options(settings).get(OWN, (None, ()))
    allow = options.get("allow") if isinstance(options, dict) else None
    allowed = {settings_source(str(one)) or one for one in allow} if isinstance(allow, list) else set()
    named: dict[tuple[str | int, ...], Any] = {("theme", key): theme.get(key) for key in ("logo", "favicon")}
    for key in ("extra_css", "extra_javascript"):
        items = settings.get(key)
        named |= {(key, at): item for at, item in enumerate(items if isinstance(items, list) else ())}
    folders = [root / TEMPLATES / "theme", root / str(theme.get("custom_dir")), root / "pages", theme_folder() or root]
    folders += template_folders(root)
    for where, item in named.items():
        path = item.get("path") if isinstance(item, dict) else item
        if not isinstance(path, str) or path in assets:
            continue
        if "//" in path:
            host = host_source(path if ":" in path else f"https:{path}")
            if host not in allowed:
                remedy = f'put the file into {TEMPLATES}/assets/, or write "allow: [{host}]" under "{OWN}:"'
                yield where, f'the content security policy blocks "{visible(path)[:80]}"', remedy
            continue
        names = {path, path.replace(ASSETS, "assets", 1)}
        if not settings.get("hooks") and not any((folder / name).is_file() for folder in folders for name in names):
            remedy = f'put it into {TEMPLATES}/assets/ and write "{ASSETS}/{posixpath.basename(path)}"'
            yield where, f'there is no file "{visible(path)[:80]}"', visible(remedy)
    extra = settings.get("extra")
    analytics = extra.get("analytics") if isinstance(extra, dict) else None
    if isinstance(analytics, dict) and analytics.get("provider") == "google" and not {GOOGLE, INLINE} <= allowed:
        remedy = f'remove it, or write "allow: [{GOOGLE}, https://*.google-analytics.com, {INLINE!r}]" under "{OWN}:"'
        yield ("extra", "analytics"), "the content security policy blocks Google Analytics", remedy
