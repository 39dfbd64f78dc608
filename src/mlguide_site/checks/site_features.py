"""Checks the settings for features of MkDocs and Material that the generated pages don't support."""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pathspec.gitignore import GitIgnoreSpec

from mlguide_site.checks.catalog import MAX_SUGGESTED
from mlguide_site.content.address_hosts import INLINE, host_source, settings_source
from mlguide_site.content.resources import ASSETS, TEMPLATES, template_folders
from mlguide_site.content.site_settings import OWN, PATH, Fault, plugins_of, read_settings, setting_place, theme_folder
from mlguide_site.errors import ContentError, Problem, Severity, suggestion, visible
from mlguide_site.markdown.engine_markdown import EXTENSIONS
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import PAGES
from mlguide_site.pages.page_kinds import INDEX_PAGES
from mlguide_site.publish.redirects import check_moved, check_old_addresses, former_pages

GOOGLE = "https://www.googletagmanager.com"  # host of Google Analytics; Material also adds an inline script
GITHUB = "https://api.github.com"  # Material reads a repository's numbers of stars and forks from this host


def check_features(root: Path, catalog: Catalog) -> Iterator[Problem]:
    """Yield warnings and hints about a root's settings. Raises ResourceError."""
    try:
        located, _ = read_settings(root)
    except ContentError:
        return  # `settings_problems` reports this error
    options, there = plugins_of(located.value).get(OWN, (None, ()))
    moved = options.get("redirects") if isinstance(options, dict) else None
    redirects = []
    for old, new in moved.items() if isinstance(moved, dict) else ():
        where = (*there, "redirects", str(old))
        key, value = setting_place(located, where, at_key=True), setting_place(located, where)
        redirects.append((str(old), str(new), key, value))
    directories = located.value.get("use_directory_urls") is not False
    yield from check_moved(catalog, redirects, directories)
    yield from check_old_addresses(catalog, directories)
    for where, message, remedy, *severity in _faults(root, located.value, catalog):
        yield Problem(PATH, setting_place(located, where), message, remedy, *severity or [Severity.WARNING])


def _faults(root: Path, settings: Mapping[str, Any], catalog: Catalog) -> Iterator[Fault]:
    theme, listed = settings.get("theme"), settings.get("markdown_extensions", EXTENSIONS)
    theme = theme if isinstance(theme, dict) else {"name": theme}
    name = theme.get("name") if settings else ""
    if name == "material" and theme.get("font") is not False:
        yield ("theme", "font"), "the pages use packaged fonts, not Google Fonts", "write font: false"
    elif name is None or str(name) in {"mkdocs", "readthedocs"}:
        severity = Severity.ERROR if name else Severity.WARNING
        yield ("theme", "name"), "the pages need the theme Material", "write theme: {name: material}", severity
    items = listed if isinstance(listed, (list, dict)) else EXTENSIONS
    names = [str(next(iter(item), "")) if isinstance(item, dict) else str(item) for item in items]
    if missing := [name for name in EXTENSIONS if name not in names]:
        message = "Markdown extensions that notes need are missing"
        yield ("markdown_extensions",), message, f"add {', '.join(missing)}"
    if others := [visible(name)[:80] for name in names if name not in EXTENSIONS]:
        message = f"notes and pages show the markup of these extensions as text: {', '.join(others)}"
        yield ("markdown_extensions",), message, "remove them", Severity.HINT
    for name, (options, where) in plugins_of(settings).items():
        if name.removeprefix("material/") == "blog":
            message = f'the plugin "{name}" can\'t read the pages, because they have no date in their front matter'
            yield where, message, "replace it with your own pages, or with a series", Severity.ERROR
        elif name.removeprefix("material/") == "tags":
            message = f'the plugin "{name}" has no effect, because episodes have their own topics'
            yield where, message, "remove the plugin", Severity.HINT
        elif name.removeprefix("material/") == "offline" and settings.get("use_directory_urls") is not False:
            yield where, f'the plugin "{name}" changes the addresses of pages', "add use_directory_urls: false"
        elif name == OWN and isinstance(edit := (options or {}).get("edit_url"), str) and edit and "{path}" not in edit:
            yield (*where, "edit_url"), "this address has no {path}", "write {path} in place of the path of the file"
    yield from _page_faults(settings, catalog)
    yield from _file_faults(root, settings, theme, catalog.assets)


def allowed_sources(settings: Mapping[str, Any]) -> set[str]:
    """Return the sources from which pages may load files, from the setting `allow` of the plugin."""
    options, _ = plugins_of(settings).get(OWN, (None, ()))
    allow = options.get("allow") if isinstance(options, dict) else None
    return {settings_source(str(one)) or str(one) for one in allow} if isinstance(allow, list) else set()


def _page_faults(settings: Mapping[str, Any], catalog: Catalog) -> Iterator[Fault]:
    """Yield a problem for each setting that removes generated pages. If the settings enable warnings about pages
    missing from `nav`, also check that `nav` lists the home page and the root's own pages."""
    keys = ("exclude_docs", "draft_docs", "not_in_nav")
    patterns = {key: GitIgnoreSpec.from_lines(str(settings.get(key, "")).splitlines()) for key in keys}
    own = {path.removeprefix(PAGES) for path in catalog.pages}
    for key in keys[:2]:
        if found := sorted(filter(patterns[key].match_file, (catalog.page_paths | INDEX_PAGES) - own)):
            message = f"{key} leaves out generated pages that other pages link to: {visible(', '.join(found))[:300]}"
            yield (key,), message, "remove patterns that match these pages; to change only the navigation, edit nav"
    rules, nav = settings.get("validation"), settings.get("nav")
    pages, listed = catalog.page_paths | INDEX_PAGES, () if settings.get("hooks") else _nav_pages(("nav",), nav)
    missing = [(where, path) for where, path in listed if path not in pages]
    former = former_pages(catalog) if missing else {}
    for at, (where, path) in enumerate(missing):
        if posixpath.basename(path).removesuffix(".md") in catalog.broken:
            continue  # the page is in `pages/`, and its own problems are reported
        known = sorted(pages) if at < MAX_SUGGESTED else ()
        remedy = suggestion(path, known, f"add {PAGES}{path}, or remove this item")
        remedy = f'it is now called "{former[path]}"' if path in former else remedy
        yield where, f'there is no page "{visible(path)[:80]}"', visible(remedy)[:200]
    rules = rules.get("nav", rules) if isinstance(rules, dict) else rules
    if nav and isinstance(rules, dict) and rules.get("omitted_files") == "warn":
        hidden = {name for spec in patterns.values() for name in spec.match_files(own)}
        if omitted := [name for name in ("index.md", *sorted(own - hidden)) if repr(name) not in repr(nav)]:
            message = f"nav doesn't list these pages: {visible(', '.join(omitted))[:300]}"
            yield ("nav",), message, "add them to nav or not_in_nav"


def _nav_pages(where: tuple[str | int, ...], item: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield (position in the settings, path) for each Markdown file that `nav` lists."""
    if isinstance(item, str) and item.endswith(".md") and "://" not in item and item[:1] != "/":
        yield where, item
    items = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
    for key, inner in items:
        yield from _nav_pages((*where, key), inner)


def _file_faults(
    root: Path, settings: Mapping[str, Any], theme: Mapping[str, Any], assets: Collection[str]
) -> Iterator[Fault]:
    """Yield a problem for each file in the settings that is missing or that the content security policy blocks. Missing
    files aren't reported if the root has hooks, because a hook may generate them."""
    allowed = allowed_sources(settings)
    named: dict[tuple[str | int, ...], Any] = {("theme", key): theme.get(key) for key in ("logo", "favicon")}
    for key in ("extra_css", "extra_javascript"):
        items = settings.get(key)
        named |= {(key, at): item for at, item in enumerate(items if isinstance(items, list) else ())}
    folders = [root / TEMPLATES / "theme", root / str(theme.get("custom_dir")), root / "pages", theme_folder() or root]
    folders += template_folders(root)
    hooks = settings.get("hooks")
    for at, item in enumerate(hooks if isinstance(hooks, list) else ()):
        if isinstance(item, str) and not (root / item).is_file():
            message = f'there is no file "{visible(item)[:80]}"'
            yield ("hooks", at), message, "add it, or remove this item", Severity.ERROR
    for where, item in named.items():
        path = item.get("path") if isinstance(item, dict) else item
        if not isinstance(path, str) or path in assets:
            continue
        if "//" in path:
            host = host_source(path if ":" in path else f"https:{path}")
            if host not in allowed:
                remedy = f'put the file into {TEMPLATES}/assets/, or write "allow: [{host}]" under "- {OWN}:"'
                yield where, f'the content security policy blocks "{visible(path)[:80]}"', remedy
            continue
        names = {path, path.replace(ASSETS, "assets", 1)}
        if not settings.get("hooks") and not any((folder / name).is_file() for folder in folders for name in names):
            known = [file.name for folder in template_folders(root) for file in folder.glob("assets/*.*")]
            own_name = posixpath.basename(path)
            remedy = suggestion(own_name, known, f'put it into {TEMPLATES}/assets/ and write "{ASSETS}/{own_name}"')
            yield where, f'there is no file "{visible(path)[:80]}"', visible(remedy)
    extra = settings.get("extra")
    extra = extra if isinstance(extra, dict) else {}
    blocked, remedy = "the content security policy blocks", f'remove it, or write "allow: [{{}}]" under "- {OWN}:"'
    analytics = extra.get("analytics")
    if isinstance(analytics, dict) and analytics.get("provider") == "google" and not {GOOGLE, INLINE} <= allowed:
        hosts = f'{GOOGLE}, https://*.google-analytics.com, "{INLINE}"'
        yield ("extra", "analytics"), f"{blocked} Google Analytics", remedy.format(hosts)
    if extra.get("consent") and INLINE not in allowed:
        yield ("extra", "consent"), f"{blocked} the cookie consent", remedy.format(f'"{INLINE}"')
    if "github.com" in str(settings.get("repo_url")) and GITHUB not in allowed:
        yield ("repo_url",), f"{blocked} the counts of stars and forks", remedy.format(GITHUB), Severity.HINT
