"""Completes a built site with the files that no engine generates, such as feeds, Markdown copies and social cards. Then
adds the service worker, and the list of the files that readers can save for offline reading."""

import gzip
import hashlib
import json
import os
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from lxml import etree

from mkdocs_incremental.output import files_in
from mkdocs_incremental.signatures import of_status
from mlguide_site.build.cache import Cache, Rows
from mlguide_site.build.outputs import Output, put, write_among
from mlguide_site.build.pages import Built
from mlguide_site.config import Settings
from mlguide_site.content.files import disk_errors, read_bytes, write_atomic
from mlguide_site.content.resources import ASSETS, packaged_templates, without_comments
from mlguide_site.model.digests import digest
from mlguide_site.model.slugs import file_in_own_folder, page_url
from mlguide_site.pages.books import MAX_IMAGES, Book, book_of, is_image
from mlguide_site.pages.facets import DECK, EPISODE_LIST, makes_decks
from mlguide_site.publish.anki import FORM, apkg, deck_of
from mlguide_site.publish.epub import COVER_HEIGHT, VERSION, BookWriter, cover_of, notes_html
from mlguide_site.publish.machine_files import ADDRESSES, addresses, origin_of, site_files
from mlguide_site.publish.markdown_copies import markdown_copy, markdown_path
from mlguide_site.publish.social_cards import DRAWN_BY, FOLDER, card_png, cards

CHAPTERS = "chapters"  # the cache's namespace for the HTML of notes in books
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
LIST, WORKER, MANIFEST = "offline.json", "sw.js", "manifest.json"
SUFFIXES = tuple(".html .css .js .svg .png .webp .jpg .jpeg .gif .avif .ico .woff2 .json .txt".split())
"""The suffixes of the files that pages need. Audio is left out."""
_UNUSED = (FOLDER, "assets/javascripts/lunr/")  # not saved: social cards, and the theme's search


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


def offline_files(site: Path, settings: Settings, known: Rows) -> Rows:
    """Write the list of files, the service worker and the manifest into a site. `known` contains the rows of the
    previous build: the signature, size and digest of each file. Return the rows of this build. Raises ResourceError."""
    rows, listed = {}, []
    with disk_errors(site):
        put(f"{site}/{MANIFEST}", manifest(settings))
        for path in filter(_is_saved, files_in(site)):
            signature = of_status(os.lstat(f"{site}/{path}"))
            rows[path] = row = known.get(path, ("", ""))
            if row[0] != signature:
                data = (site / path).read_bytes()
                rows[path] = row = (signature, f"{len(data)} {_sha256(data)}")
            size, sha256 = row[1].split()
            address = path.removesuffix("index.html") if f"/{path}".endswith("/index.html") else path
            # in the same form as in pages, because browsers don't compare decoded addresses
            listed.append((quote(address), int(size), sha256))
        data = _json(sorted(listed))
        put(f"{site}/{LIST}", data)
        put(f"{site}/{WORKER}", worker(settings, _sha256(data)))
    return rows


def _is_saved(path: str) -> bool:
    """Return whether a file is saved for offline use. Hidden files aren't, and JSON and text files at the top of a
    site or in `episodes/` only if they are the list of episodes."""
    in_copy = path.lower().endswith(SUFFIXES) or path.startswith("pagefind/")
    if path.endswith((".json", ".txt")) and ("/" not in path or path.startswith("episodes/")):
        in_copy = path == EPISODE_LIST
    return in_copy and not path.startswith((".", *_UNUSED)) and path not in (WORKER, "404.html")


def _sha256(data: bytes) -> str:
    return b64encode(hashlib.sha256(data).digest()).decode()


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def worker(settings: Settings, digest: str) -> bytes:
    """Return the service worker. `digest` is the digest of the list of files."""
    texts = [settings.wording.translate(key) for key in ("not-saved", "not-saved-hint", "home")]
    source = (packaged_templates() / "service-worker.js").read_bytes()
    data = _json({"list": digest, "page": texts, "language": settings.language})
    return b"const SITE = %b\n%b" % (data, without_comments(source, WORKER))


def manifest(settings: Settings) -> bytes:
    """Return the web app manifest (https://www.w3.org/TR/appmanifest/), which lets readers install the site."""
    names = {"name": settings.site_name, "short_name": settings.site_name, "description": settings.site_description}
    look = {"theme_color": "#f9f7f2", "background_color": "#f9f7f2", "display": "minimal-ui"}
    place = {"start_url": "./", "scope": "./", "id": "./", "lang": settings.language}
    icons = [{"src": settings.favicon, "sizes": "any", "type": guess_type(settings.favicon)[0] or "image/png"}]
    if settings.favicon == f"{ASSETS}/icon.svg":
        # some systems need a PNG icon
        icons.append({"src": f"{ASSETS}/icon-512.png", "sizes": "512x512", "type": "image/png"})
    return _json({**{key: text for key, text in names.items() if text}, **look, **place, "icons": icons})
