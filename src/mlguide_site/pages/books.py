"""Chooses the EPUB books of a site: a book of all notes, and a book of each topic with enough episodes."""

from typing import NamedTuple

from mlguide_site.pages.episode_lists import topic_path
from mlguide_site.pages.site import Site

BOOK = "notes.epub"
MOST_EPISODES = 150  # builds of larger sites write no books; `mlguide export epub` writes a book of any size
FEWEST = 3  # minimum number of episodes in a book of a topic


class Book(NamedTuple):
    """A book. `path` is the path in the site, and `ids` has the episodes in reading order. `topic` is a slug or ""."""

    path: str
    title: str
    ids: tuple[str, ...]
    topic: str = ""


def whole_book(site: Site) -> Book:
    """Return the book of all listed episodes, series by series."""
    return Book(BOOK, site.settings.site_name, tuple(id for ids in site.catalog.listed.values() for id in ids))


def has_books(site: Site) -> bool:
    """Return whether a build writes books. The preview has no books."""
    return not site.settings.preview and 0 < len(site.shown) <= MOST_EPISODES


def book_path(site: Site, book: Book | None) -> str | None:
    """Return the path of a book to link to, or "" if there is no book. The preview has no downloads (None)."""
    return None if site.settings.preview else book.path if book and has_books(site) else ""


def topic_book(site: Site, slug: str) -> Book | None:
    """Return the book of a topic, or None if the topic has no book."""
    ids = topic_path(site, slug) if has_books(site) else ()
    title = f"{site.catalog.topics[slug].name} · {site.settings.site_name}"
    return Book(f"topics/{slug}.epub", title, ids, slug) if len(ids) >= FEWEST else None


def books(site: Site) -> list[Book]:
    """Return the books that a build writes, the whole book first."""
    if not has_books(site):
        return []
    return [whole_book(site), *filter(None, (topic_book(site, slug) for slug in site.catalog.topics))]
