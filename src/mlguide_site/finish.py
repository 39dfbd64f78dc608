"""What no engine makes is added to a built site: the machine's view, feeds, Markdown twins, social cards, and a sitemap
that a later build repeats."""

import gzip
import hashlib
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from lxml import etree

from mlguide_site.config import Settings
from mlguide_site.errors import ResourceError
from mlguide_site.exports import FORM, apkg
from mlguide_site.files import write_atomic
from mlguide_site.linked import LinkedCatalog
from mlguide_site.machine import catalog_json
from mlguide_site.publish import DRAWN_BY, card_png, cards, decks, published_files, twin, twin_path
from mlguide_site.slugs import page_path, page_url

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def finish(linked: LinkedCatalog, settings: Settings, site: Path, pages: Path) -> None:
    """Add to the site in folder `site`, built from the folder `pages`. Raises ResourceError where the disk refuses."""
    try:
        _write_published(linked, settings, site, pages)
        _write_twins(settings, site, pages)
        _write_cards(linked, settings, site, pages.parent / "cards")
        _write_decks(linked, settings, site, pages.parent / "decks")
        (site / "catalog.json").write_bytes(catalog_json(linked, settings))
        sitemap = site / "sitemap.xml"
        if sitemap.is_file():
            data = dated_sitemap(sitemap.read_bytes(), last_changed(linked, settings))
            sitemap.write_bytes(data)
            (site / "sitemap.xml.gz").write_bytes(gzip.compress(data, mtime=0))
    except OSError as error:
        raise ResourceError(f"{error.filename or site}: {error.strerror or error}") from None


def _write_published(linked: LinkedCatalog, settings: Settings, site: Path, pages: Path) -> None:
    """The feeds and the like; a file that the folder of pages has itself is left alone."""
    for path, data in published_files(linked, settings).items():
        if not (pages / path).exists():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(data)


def _write_twins(settings: Settings, site: Path, pages: Path) -> None:
    """A twin beside each page that the engine has built."""
    # plain paths: with thousands of pages, objects for them would take as long as the writing
    source, target = os.fspath(pages), os.fspath(site)
    for folder, _, names in os.walk(source):
        within = os.path.relpath(folder, source).replace(os.sep, "/")
        for name in names:
            if name.endswith(".md"):
                path = name if within == "." else f"{within}/{name}"
                with open(os.path.join(folder, name), "rb") as file:
                    text = file.read().decode("utf-8", "replace")
                data = twin(path, text, settings).encode("utf-8", "replace")
                try:
                    with open(os.path.join(target, twin_path(path, settings.directories)), "wb") as file:
                        file.write(data)
                except FileNotFoundError:
                    continue  # the engine left the page out, and its folder with it


def _write_cards(linked: LinkedCatalog, settings: Settings, site: Path, cache: Path) -> None:
    """The social cards; those that an earlier build has drawn are copied."""
    for path, card in cards(linked.catalog, settings).items():
        _write_kept(site / path, cache, f"{DRAWN_BY} {card!r}", partial(card_png, card))


def _write_decks(linked: LinkedCatalog, settings: Settings, site: Path, cache: Path) -> None:
    """The decks of the glossary; those that an earlier build has made are copied."""
    for path, deck in decks(linked, settings).items():
        _write_kept(site / path, cache, f"{FORM} {deck!r}", partial(apkg, deck))


def _write_kept(path: Path, cache: Path, told: str, make: Callable[[], bytes]) -> None:
    """A file that takes long to make; `told` says all that it is made from."""
    key = hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=16).hexdigest()
    kept = cache / f"{key}{path.suffix}"
    if kept.is_file():
        data = kept.read_bytes()
    else:
        data = make()
        cache.mkdir(parents=True, exist_ok=True)
        write_atomic(kept, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def last_changed(linked: LinkedCatalog, settings: Settings) -> Mapping[str, str]:
    """The day each episode's page speaks of, by absolute address; other pages have no day that a build could repeat."""
    days = {}
    for id, episode in linked.episodes.items():
        if episode.file.meta.date:
            url = settings.site_url + page_url(page_path("episode", id, episode.file.series), settings.directories)
            days[url] = episode.file.meta.date.isoformat()[:10]
    return days


def dated_sitemap(data: bytes, days: Mapping[str, str]) -> bytes:
    """A sitemap (sitemaps.org protocol 0.9) with `lastmod` as given, in place of the day of the build; sorted."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    root = etree.fromstring(data, parser)
    for url in root:
        for old in url.findall(f"{{{SITEMAP}}}lastmod"):
            url.remove(old)
        if day := days.get(url.findtext(f"{{{SITEMAP}}}loc") or ""):
            etree.SubElement(url, f"{{{SITEMAP}}}lastmod").text = day
    root[:] = sorted(root, key=lambda url: url.findtext(f"{{{SITEMAP}}}loc") or "")
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
