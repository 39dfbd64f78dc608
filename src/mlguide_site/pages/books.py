"""Chooses the EPUB books of a site: a book of all notes, and a book of each topic with enough episodes."""

from typing import NamedTuple

from mlguide_site.pages.site import Site

BOOK = "notes.epub"
MOST_EPISODES = 150  # builds of larger sites write no books; `mlguide export epub` writes a book of any size
FEWEST = 3  # minimum number of episodes in a book of a topic
MOST_TOPICS = 200  # builds of sites with more topics write no books of topics
MOST_MENTIONS = 5_000  # builds write no book of a topic whose episodes mention more entries
MOST_TEXT = 1_000_000  # builds write no book of a topic whose episodes have more characters of notes
MAX_IMAGES = 64 * 2**20  # maximum size of all images in a book, in bytes; further images are omitted
MAX_TOPIC_IMAGES = 8 * 2**20  # maximum size of all images in the book of a topic, in bytes


class Book(NamedTuple):
    """A book. `path` is its path in the site. `ids` contains the episodes in reading order. `topic` is a slug or ""."""

    path: str
    title: str
    ids: tuple[str, ...]
    topic: str = ""


def is_image(path: str) -> bool:
    """Return whether an asset is an image in the folder of a note."""
    return path.startswith("episodes/") and path.endswith((".png", ".jpg", ".jpeg", ".gif", ".webp"))


def whole_book(site: Site) -> Book:
    """Return the book of all listed episodes, series by series."""
    return Book(BOOK, site.settings.site_name, tuple(id for ids in site.catalog.listed.values() for id in ids))


def book_of(site: Site, topic: str = "") -> Book | None:
    """Return a topic's book, or the book of all notes if `topic` is "". Return None if builds don't write the book."""
    if site.settings.preview or site.catalog.sites or not 0 < len(site.shown) <= MOST_EPISODES:
        return None
    if not topic:
        return whole_book(site)
    if len(site.catalog.topics) > MOST_TOPICS:
        return None
    title, ids = f"{site.catalog.topics[topic].name} · {site.settings.site_name}", site.topic_paths[topic]
    episodes = [site.linked.episodes[id] for id in ids]
    mentions = sum(len(found) for one in episodes for found in one.entries.values())
    text = sum(len(one.file.body) for one in episodes)
    wanted = len(ids) >= FEWEST and mentions <= MOST_MENTIONS and text <= MOST_TEXT
    return Book(f"topics/{topic}.epub", title, ids, topic) if wanted else None


def book_path(site: Site, topic: str = "") -> str | None:
    """Return the path of a book, or "" if builds don't write the book. Return None in a preview, which has no books."""
    book = book_of(site, topic)
    return None if site.settings.preview else book.path if book else ""
