"""Generates HTML pages that redirect from the former addresses in notes, knowledge files and settings."""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from html import escape
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import unquote

from mlguide_site.config import Settings
from mlguide_site.content.resources import packaged_templates
from mlguide_site.content.site_settings import PATH
from mlguide_site.errors import Problem, Severity, Span, suggestion, visible
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import OLD_ADDRESS, Kind
from mlguide_site.model.slugs import KIND_FOLDERS, PAGES, is_slug, page_path, page_url, series_of
from mlguide_site.pages.facets import EPISODE_LIST
from mlguide_site.pages.page_kinds import INDEX_PAGES, INDEXED
from mlguide_site.publish import content_security_policy

MAX_REDIRECTS = 20_000  # maximum number of redirects of a site
MAX_EXAMINED = 100_000  # maximum number of addresses in the field `redirects` of all episodes that are examined
_ADDRESS = re.compile(OLD_ADDRESS)
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\ufffd]|^[ .]|[ .]$')  # characters that some systems don't allow in file names


def redirect_files(catalog: Catalog, settings: Settings) -> Mapping[str, bytes]:
    """Return redirect files by path in the folder of generated pages. A former address isn't redirected if a current
    page uses the address, or if its target is a draft. The caller must have checked the settings with `check_moved`. At
    most `MAX_REDIRECTS` files are returned, with this priority: settings, former slugs and ids, field `redirects`."""
    former = former_pages(catalog)
    pages = _pages(catalog, former) if former or settings.moved else {}
    targets = ((_file_at(old), _target(new, pages, catalog)) for old, new in settings.moved)
    found = {file: target for file, target in targets if target}
    for old, new in former.items():
        if pages[old] == new:
            address = page_url(old, settings.directories)
            found.setdefault(f"{address}index.html" if settings.directories else address, new)
    others = ((old, episode.page) for episode in catalog.episodes.values() for old in episode.meta.redirects)
    for old, page in islice(others, MAX_EXAMINED):
        file = _file_at(old) if len(found) < MAX_REDIRECTS else ""
        # a file and a folder can't have the same name
        if file and file not in found and ".html/" not in file and not _is_own(file, catalog, settings.directories):
            found[file] = page
    return {file: _page(file, new, settings) for file, new in sorted(islice(found.items(), MAX_REDIRECTS))}


def check_moved(
    catalog: Catalog, moved: Collection[tuple[str, str, Span, Span]], directories: bool = True
) -> Iterator[Problem]:
    """Yield the problems in `moved`, the redirects in the settings: old and new address, and the position of each.
    `directories` is the setting `use_directory_urls`."""
    pages = _pages(catalog, former_pages(catalog)) if moved else {}
    for old, new, old_place, new_place in moved:
        file = _file_at(old)
        if not file or _is_own(file, catalog, directories):
            message = f'redirects: "{visible(old)[:80]}" can\'t be redirected'
            remedy = "write an address within the site that no page of the site uses, such as podcast/12.html"
            yield Problem(PATH, old_place, message, remedy)
        elif not _target(new, pages, catalog) and posixpath.basename(_stem(new)) not in catalog.broken:
            message = f'redirects: "{visible(new)[:80]}" is not on this site'
            known = [*catalog.episodes, *map(page_url, {*pages.values()})]
            remedy = suggestion(new, known, "write an episode's id or an address within the site")
            yield Problem(PATH, new_place, message, remedy)


def check_old_addresses(catalog: Catalog, directories: bool = True) -> Iterator[Problem]:
    """Yield a hint for each address in the field `redirects` of an episode that is not redirected, because it belongs
    to another page of the site, or to pages that the site may have later."""
    rows = ((file, at, old) for file in catalog.episodes.values() for at, old in enumerate(file.meta.redirects))
    for file, at, old in islice(rows, MAX_EXAMINED):
        path, page = _file_at(old), page_url(file.page, directories)
        if path and _is_own(path, catalog, directories) and path.removesuffix("index.html") != page:
            message = f'"{visible(old)[:80]}" is not redirected, because it is an address of this site'
            yield Problem(file.path, file.span("redirects", at), message, "remove it", Severity.HINT)


def _target(address: str, pages: Mapping[str, str], catalog: Catalog) -> str:
    """Return the path of the page with this address or episode id, which may be former ones, or "" if there is none."""
    if file := catalog.episodes.get(address):
        return file.page
    stem = _stem(address)
    places = [f"{stem}.md", f"{stem}/index.md"] if stem else ["index.md"]
    places += [page_path("episode", address, series) for series in islice(series_of(address, catalog.series), 1)]
    return next((pages[path] for path in places if path in pages), "")


def _stem(address: str) -> str:
    return address.strip("/").removesuffix(".html").removesuffix("/index")


def _file_at(address: str) -> str:
    """Return the file path for an old address, which may end in a slash or `.html`. Return "" for invalid addresses.
    Servers decode addresses, so `%C3%BC` stands for `ü` in the path."""
    path = address.removeprefix("/")
    if not _ADDRESS.fullmatch(f"/{path}") or "%2e" in path.lower():
        return ""
    parts = [unquote(part) for part in path.removesuffix("/").split("/")]
    if any(not part.strip(".") or _NOT_IN_NAMES.search(part) or not part.isprintable() for part in parts):
        return ""
    path = "/".join(parts)
    return path if path.endswith(".html") else f"{path.removesuffix('/')}/index.html"


def _is_own(file: str, catalog: Catalog, directories: bool) -> bool:
    """Return whether a path belongs to a page, is reserved for pages of later builds, or is below an asset's path."""
    if any({above, PAGES + above} & catalog.assets for above in map(str, PurePosixPath(file).parents)):
        return True
    # on some systems, file names that differ only in case are the same
    stems = {file.removesuffix("/index.html"), file if directories else file.removesuffix(".html")}
    stems |= {stem.lower() for stem in stems}
    first, _, rest = file.lower().partition("/")
    if first == KIND_FOLDERS["episode"]:
        return rest.partition("/")[0] in {"index.html", "page", EPISODE_LIST.rpartition("/")[2], *catalog.series}
    if {f"{PAGES}{stem}{end}" for stem in stems for end in (".md", "/index.md")} & catalog.pages.keys():
        return True
    return first in {"index.html", "404.html", "cname", "assets", "pagefind", *INDEXED}


def former_pages(catalog: Catalog) -> Mapping[str, str]:
    """Map the former paths of the pages of entries and episodes to their current paths."""
    found = dict[str, str]()
    for kind in Kind:
        for slug, entry in catalog.entries(kind).items():
            for old in filter(is_slug, entry.former):
                found.setdefault(page_path(kind.value, old), page_path(kind.value, slug))
    for file in catalog.episodes.values():
        for old in filter(is_slug, file.meta.former):
            # an old id may begin with the slug of another series
            if series := next(series_of(old, catalog.series), ""):
                found.setdefault(page_path("episode", old, series), file.page)
    return found


def _pages(catalog: Catalog, former: Mapping[str, str]) -> Mapping[str, str]:
    """Map the former paths (see `former_pages`) and the current paths of all pages to their current paths."""
    return {**former, **{path: path for path in catalog.page_paths | INDEX_PAGES}}


def _page(file: str, new: str, settings: Settings) -> bytes:
    address = page_url(new, settings.directories)
    # links are relative to the folder of the redirect page
    relative = posixpath.relpath(address or ".", posixpath.dirname(file) or ".")
    relative = escape(relative + "/" * (not address or address.endswith("/")))
    canonical = escape(settings.site_url + address) if settings.site_url else relative
    title = escape(address or settings.site_name)
    text = escape(settings.wording.translate("page-moved"), quote=False)
    values = {
        "language": escape(settings.language),
        "policy": content_security_policy.meta(content_security_policy.CLOSED),
        "text": text.format(f'<a href="{relative}">{title}</a>'),
    }
    template = (packaged_templates() / "redirect.html").read_text("utf-8")
    return template.format(title=title, canonical=canonical, address=relative, **values).encode()
