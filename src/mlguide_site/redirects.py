"""Pages at former addresses, which send the reader on: plain files beside the pages, the same with every engine.

Each is a whole HTML page (HTML Living Standard, `meta` with `http-equiv="refresh"`), so that it works without script;
its canonical link tells search engines where the page is now.
"""

from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

from mlguide_site.catalog import Catalog, title_of
from mlguide_site.config import Settings
from mlguide_site.model import Kind
from mlguide_site.publish import CLOSED_POLICY, policy_meta
from mlguide_site.slugs import is_slug, page_path, page_url, parse_id, relative_url


class Former(NamedTuple):
    """A page that is called otherwise now: the paths that it had and has in the folder of pages, and its title."""

    old: str
    new: str
    title: str


def redirect_files(catalog: Catalog, settings: Settings) -> Mapping[str, bytes]:
    """The files by path in the folder of pages, sorted. An address that has a page of its own again has none."""
    taken = {page.new for page in _pages(catalog)}
    found: dict[str, bytes] = {}
    for former in _formers(catalog):
        if former.old not in taken:
            address = page_url(former.old, settings.directories)
            path = f"{address}index.html" if settings.directories else address
            found.setdefault(path, _page(former, settings).encode())
    return dict(sorted(found.items()))


def _pages(catalog: Catalog) -> Iterator[Former]:
    """Every page of an entry or an episode as it is now."""
    for kind in Kind:
        for slug, entry in catalog.entries(kind).items():
            path = page_path(kind.value, slug)
            yield Former(path, path, title_of(entry))
    for id, file in catalog.episodes.items():
        path = page_path("episode", id, file.series)
        yield Former(path, path, file.meta.title)


def _formers(catalog: Catalog) -> Iterator[Former]:
    for kind in Kind:
        for slug, entry in catalog.entries(kind).items():
            for old in entry.former:
                if is_slug(old):
                    yield Former(page_path(kind.value, old), page_path(kind.value, slug), title_of(entry))
    for id, file in catalog.episodes.items():
        for old in file.meta.former:
            # an id may have been another series' before
            series = next((name for name in sorted(catalog.series, key=len, reverse=True) if parse_id(name, old)), "")
            if series and is_slug(old):
                there = page_path("episode", id, file.series)
                yield Former(page_path("episode", old, series), there, file.meta.title)


def _page(former: Former, settings: Settings) -> str:
    near = escape(relative_url(former.old, former.new, settings.directories))
    whole = escape(settings.site_url + page_url(former.new, settings.directories)) if settings.site_url else near
    title, language = escape(former.title), escape(settings.language)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"{policy_meta(CLOSED_POLICY)}\n<title>{title}</title>\n"
        f'<link rel="canonical" href="{whole}">\n'
        f'<meta http-equiv="refresh" content="0; url={near}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n</head>\n'
        '<body data-pagefind-ignore="all">\n'
        f'<p>This page is at another address now: <a href="{near}">{title}</a>.</p>\n'
        "</body>\n</html>\n"
    )
