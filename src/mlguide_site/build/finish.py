"""Completes a built site with the files that no engine generates, such as feeds, Markdown copies and social cards."""

import gzip
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath

from lxml import etree

from mlguide_site.build.cache import Cache
from mlguide_site.build.outputs import Output, put, write_among
from mlguide_site.build.pages import Built
from mlguide_site.content.files import disk_errors, read_bytes, write_atomic
from mlguide_site.model.digests import digest
from mlguide_site.model.slugs import file_in_own_folder, page_url
from mlguide_site.pages.books import MAX_IMAGES, Book, book_of, is_image
from mlguide_site.pages.facets import DECK, makes_decks
from mlguide_site.publish.anki import FORM, apkg, deck_of
from mlguide_site.publish.epub import COVER_HEIGHT, VERSION, BookWriter, cover_of, notes_html
from mlguide_site.publish.machine_files import ADDRESSES, addresses, origin_of, site_files
from mlguide_site.publish.markdown_copies import markdown_copy, markdown_path
from mlguide_site.publish.social_cards import DRAWN_BY, card_png, cards

CHAPTERS = "chapters"  # the cache's namespace for the HTML of notes in books
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def finish_site(built: Built, site: Path, pages: Path, cache: Cache, place: str = "", jobs: int = 1) -> None:
    """Add files to the folder `site`, which an engine built from the folder `pages`. If `site` is temporary, `place` is
    its final path. Unneeded files from earlier builds are deleted. Raises ResourceError."""
    space = f"site {place}"
    with disk_errors(site):
        added = {**_site_files(built, pages), **_books(built, pages, cache), **_copies(built, site, pages)}
        left = write_among(site, added, cache.read(space), jobs)
        sitemap = site / "sitemap.xml"
        if sitemap.is_file():
            origin, files = origin_of(built.settings), built.linked.catalog.episodes.values()
            # the pages of a hub's episodes are in the sites of the shows
            own = (file for file in files if file.meta.date and not file.place)
            dates = {origin.page(file.page): file.meta.date.isoformat()[:10] for file in own if file.meta.date}
            data = dated_sitemap(sitemap.read_bytes(), dates)
            put(os.fspath(sitemap), data)
            put(f"{sitemap}.gz", gzip.compress(data, mtime=0))
    cache.write({space: left})


def _site_files(built: Built, pages: Path) -> dict[str, Output]:
    """Return the files that `finish_site` adds, except books and Markdown copies. The keys are paths in the site."""
    linked, settings = built.linked, built.settings
    makers = dict(site_files(linked, settings, built.maker.site))
    if settings.site_url:
        makers[ADDRESSES] = lambda: addresses(page_url(path, settings.directories) for path in built.pages.files)
    if (pages / "robots.txt").exists():
        del makers["robots.txt"]  # `pages/robots.txt` replaces the generated file
    # these files don't depend on the bodies of notes
    common = f"{built.pages.all_but_bodies} {settings!r}"
    files = {path: Output(digest(f"{path} {common}"), make) for path, make in makers.items()}
    for path, card in cards(linked.catalog, settings).items():
        files[path] = _slow(path, pages.parent / "cards", f"{DRAWN_BY} {card!r}", partial(card_png, card))
    if makes_decks() and (deck := deck_of(linked.catalog, origin_of(settings))).cards:
        # one digest per card, because the text of all cards is large
        made_from = f"{FORM} {deck[:-1]!r} {[digest(repr(card)) for card in deck.cards]}"
        files[DECK] = _slow(DECK, pages.parent / "decks", made_from, partial(apkg, deck))
    return files


def _books(built: Built, pages: Path, cache: Cache) -> dict[str, Output]:
    """Return the EPUB books. The cache stores the HTML of notes, so that only edited notes are converted again."""
    linked, maker, settings = built.linked, built.maker, built.settings
    found = [book for topic in ("", *linked.catalog.topics) if (book := book_of(maker.site, topic))]
    ids, known = found[0].ids if found else (), cache.read(CHAPTERS)
    place = file_in_own_folder if settings.own_folders else str
    keys = {id: built.pages.files[place(linked.catalog.episodes[id].page)].digest for id in ids}
    is_known = {id for id in ids if known.get(id, ("",))[0] == keys[id]}
    rows = {id: known[id] if id in is_known else (keys[id], notes_html(linked, id)) for id in ids}
    cache.write({CHAPTERS: rows})
    bodies = {id: text for id, (_, text) in rows.items()}
    assets = sorted(filter(is_image, linked.catalog.assets)) if found else ()
    pictures = [digest(read_bytes(pages / path, MAX_IMAGES + 1)) for path in assets]
    common = f"{VERSION} {built.pages.all_but_bodies} {settings!r} {pictures}"

    def make(book: Book) -> bytes:
        card = cover_of(maker.site, book)
        made_from, draw = f"{DRAWN_BY} {card!r} {COVER_HEIGHT}", partial(card_png, card, COVER_HEIGHT)
        cover = _slow("cover.png", pages.parent / "cards", made_from, draw).make()
        return BookWriter(maker.site, maker.renderer, book, bodies, pages).write(cover or b"")

    return {
        book.path: Output(digest(f"{common} {book} {[keys[id] for id in book.ids]}"), partial(make, book))
        for book in found
    }


def _slow(path: str, folder: Path, made_from: str, make: Callable[[], bytes]) -> Output:
    """Return an output that depends only on `made_from`. Its bytes are cached in `folder`, because `make` is slow."""
    key = digest(made_from)
    kept = folder / f"{key}{PurePosixPath(path).suffix}"

    def data() -> bytes:
        if not kept.is_file():
            write_atomic(kept, make())
        return kept.read_bytes()

    return Output(key, data)


def _copies(built: Built, site: Path, pages: Path) -> Mapping[str, Output]:
    settings = built.settings
    common = digest(repr(settings))

    def copy(path: str, target: str) -> bytes | None:
        # if the engine omitted the page, the page's folder doesn't exist
        if not (site / target).parent.is_dir():
            return None
        text = (pages / path).read_bytes().decode("utf-8", "replace")
        return markdown_copy(path, text, settings).encode("utf-8", "replace")

    return {
        target: Output(f"{common} {page.digest}", partial(copy, path, target))
        for path, page in built.pages.files.items()
        for target in [markdown_path(path, settings.directories)]
    }


def dated_sitemap(data: bytes, days: Mapping[str, str]) -> bytes:
    """Sort a sitemap (sitemaps.org protocol 0.9), and replace its `lastmod` dates with the dates in `days`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    root = etree.fromstring(data, parser)
    for url in root:
        for old in url.findall(f"{{{SITEMAP}}}lastmod"):
            url.remove(old)
        if day := days.get(url.findtext(f"{{{SITEMAP}}}loc") or ""):
            etree.SubElement(url, f"{{{SITEMAP}}}lastmod").text = day
    root[:] = sorted(root, key=lambda url: url.findtext(f"{{{SITEMAP}}}loc") or "")
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
