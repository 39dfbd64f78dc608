"""Chooses the EPUB books of a site: a book of all notes, and a book of each topic with enough episodes."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from mlguide_site.model.records import Kind, Person, Resource, Term
from mlguide_site.pages.site import Site

BOOK = "notes.epub"
MOST_EPISODES = 150  # builds of larger sites write no books; `mlguide export epub` writes a book of any size
FEWEST = 3  # minimum number of episodes in a book of a topic
MOST_TOPICS = 200  # builds of sites with more topics write no books of topics
MOST_MENTIONS = 5_000  # builds write no book of a topic whose episodes mention more entries
MOST_TEXT = 1_000_000  # builds write no book of a topic with more characters of notes, questions and entries
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
    return path.startswith("episodes/") and path.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp"))


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
    mentions = sum(len(found) for id in ids for found in site.linked.episodes[id].entries.values())
    wanted = len(ids) >= FEWEST and mentions <= MOST_MENTIONS
    wanted = wanted and all(total <= MOST_TEXT for total in accumulate(_lengths(site, ids)))
    return Book(f"topics/{topic}.epub", title, ids, topic) if wanted else None


def _lengths(site: Site, ids: Iterable[str]) -> Iterator[int]:
    """Yield the lengths of the texts in a book: notes, summaries, questions, and the entries that the notes mention."""
    keys: set[tuple[Kind, str]] = set()
    for episode in (site.linked.episodes[id] for id in ids):
        meta = episode.file.meta
        yield len(episode.file.body) + len(meta.summary)
        yield from (len(one.question) + len(one.answer) for one in meta.questions)
        keys.update((kind, slug) for kind, slugs in episode.entries.items() for slug in slugs)
    for kind, slug in keys:
        entry = site.catalog.entries(kind)[slug]
        yield len(entry.definition if isinstance(entry, Term) else entry.summary)
        if isinstance(entry, Term):
            yield from map(len, entry.abbreviations)
        elif isinstance(entry, Resource):
            yield from map(len, entry.authors)
            yield from (len(one.url) + len(one.title) for one in entry.urls)
        elif isinstance(entry, Person):
            yield len(entry.role)


def book_path(site: Site, topic: str = "") -> str | None:
    """Return the path of a book, or "" if builds don't write the book. Return None in a preview, which has no books."""
    book = book_of(site, topic)
    return None if site.settings.preview else book.path if book else ""
