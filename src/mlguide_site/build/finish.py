"""What no engine makes is added to a built site: the machine's view, feeds, Markdown twins, social cards, and a sitemap
that a later build repeats."""

import gzip
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path, PurePosixPath

from lxml import etree

from mlguide_site.build.incremental import (
    Wanted,
    Written,
    known_files,
    wanted,
    write_among,
    write_whole,
    written_changes,
)
from mlguide_site.build.memo.fork import shared
from mlguide_site.build.memo.outlook import Outlook
from mlguide_site.build.memo.room import give_back
from mlguide_site.build.memo.stamps import stamp_of
from mlguide_site.build.memo.store import Store, kept
from mlguide_site.build.memo.values import text_digest, value_digest
from mlguide_site.config import Settings
from mlguide_site.content.files import resource_error, write_atomic
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model.slugs import page_path, page_url
from mlguide_site.publish.cards import DRAWN_BY, card_png, cards
from mlguide_site.publish.catalog import catalog_json
from mlguide_site.publish.channels import channels
from mlguide_site.publish.exports import FORM, apkg
from mlguide_site.publish.machine_files import ADDRESSES, addresses, decks, feeds, small_files
from mlguide_site.publish.markdown_copies import markdown_copy, markdown_path

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def finish(
    linked: LinkedCatalog,
    settings: Settings,
    site: Path,
    pages: Path,
    store: Store | None = None,
    place: str = "",
    jobs: int = 1,
    outlook: Outlook | None = None,
) -> None:
    """Add to the site in folder `site`, built from the folder `pages`. Raises ResourceError where the disk refuses.

    What stands there from an earlier build, as `store` knows it, is left alone where it would come out the same, and
    deleted where it isn't wanted any more. `place` is the folder in which the site is to stand in the end. `outlook` is
    that of the root, where it is known: by it one can tell that all but the twins would come out the same.
    """
    give_back()
    store = store or Store(None)
    name = f"site {place}"
    known = known_files(store, name)
    try:
        written = known_files(store, "pages")
        told = {path: file.told for path, file in written.items() if path.endswith(".md")}
        told = told or dict.fromkeys(_markdown_below(os.fspath(pages)), "")
        twins = _twins(settings, site, pages, told, jobs)
        key = text_digest(f"{outlook.digest} {settings!r}") if outlook else ""
        make = partial(_others, linked, settings, pages, sorted(told), key)
        is_alike = key != "" and key == store.value(name)
        others = _as_they_are(known.keys() - twins.keys(), known, make) if is_alike else make()
        tree = write_among(site, {**others, **twins}, known, jobs)
        mapped = f"sitemap {place}"
        dated = _date(site / "sitemap.xml", last_changed(linked, settings), store.value(mapped))
    except OSError as error:
        raise resource_error(error.filename or site, error) from None
    store.write([*written_changes(name, known, tree), kept({name: key, mapped: dated})])


def _others(linked: LinkedCatalog, settings: Settings, pages: Path, told: Sequence[str], key: str) -> dict[str, Wanted]:
    """All but the twins; `told` are the paths of the pages, `key` tells the root and its settings where it can be
    told."""
    files = _published(linked, settings, pages)
    if settings.site_url:
        files[ADDRESSES] = wanted(addresses(page_url(path, settings.directories) for path in told))
    files |= _cards(linked, settings, pages.parent / "cards")
    files |= _decks(linked, settings, pages.parent / "decks")
    # not at hand, but made when it is written: of a large show it has tens of megabytes
    made = partial(catalog_json, linked, settings)
    files["catalog.json"] = Wanted(f"{key} catalog", made) if key else wanted(made())
    return files


def _as_they_are(
    paths: Iterable[str], known: Mapping[str, Written], make: Callable[[], dict[str, Wanted]]
) -> dict[str, Wanted]:
    """The same, known to come out as last time; they are made only where one of them is no longer there."""
    made = cache(make)

    def data(path: str) -> bytes | None:
        return made()[path].data() if path in made() else None

    return {path: Wanted(known[path].told, partial(data, path)) for path in paths}


def _date(sitemap: Path, days: Mapping[str, str], known: str) -> str:
    """Write the sitemap and its compressed twin where they don't have these days already; what tells that they have
    them, which is `known` where the last build left them so."""
    packed = sitemap.with_name("sitemap.xml.gz")

    def told() -> str:
        return text_digest(f"{stamp_of(sitemap.stat())} {stamp_of(packed.stat())} {days!r}")

    if not sitemap.is_file():
        return ""
    if known and packed.is_file() and known == told():
        return known
    data = dated_sitemap(sitemap.read_bytes(), days)
    for path, content in ((sitemap, data), (packed, gzip.compress(data, mtime=0))):
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)
    return told()


def _published(linked: LinkedCatalog, settings: Settings, pages: Path) -> dict[str, Wanted]:
    """The feeds and the like; a file that the folder of pages has itself is left alone."""
    told = channels(linked, settings)
    files = {path: wanted(data) for path, data in small_files(linked, settings, told).items()}
    marks = {channel.path: value_digest((channel, settings)) for channel in told}
    for path, (channel, write) in feeds(told).items():
        files[path] = Wanted(marks[channel.path], partial(write, channel, settings))
    return {path: file for path, file in files.items() if not (pages / path).exists()}


def _twins(
    settings: Settings,
    site: Path,
    pages: Path,
    told: Mapping[str, str],
    jobs: int,
) -> dict[str, Wanted]:
    """A twin beside each page that the engine has built. `told` has the pages' paths, with what is known of each."""
    key = value_digest(settings)
    targets = {path: markdown_path(path, settings.directories) for path in sorted(told)}
    marks = {path: f"{key} {told[path]}" for path in targets}

    def make(path: str) -> str | None:
        # where the engine left the page out, its folder isn't there either
        if not (site / targets[path]).parent.is_dir():
            return None
        with open(pages / path, "rb") as file:
            return markdown_copy(path, file.read().decode("utf-8", "replace"), settings)

    def data(path: str) -> bytes | None:
        return _encoded(make(path))

    # where nothing is known of a page, only its twin tells itself from what stands
    strange = [path for path in targets if not told[path]]
    made = dict(zip(strange, shared(make, strange, jobs), strict=True))
    known_by = {targets[path]: Wanted(marks[path], partial(data, path)) for path in targets if told[path]}
    return known_by | {targets[path]: wanted(_encoded(text) or b"") for path, text in made.items() if text is not None}


def _encoded(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "replace")


def _markdown_below(folder: str) -> Iterator[str]:
    """The Markdown files below a folder, relative to it."""
    # plain paths: with thousands of pages, objects for them would take as long as the reading
    for above, _, names in os.walk(folder):
        within = os.path.relpath(above, folder).replace(os.sep, "/")
        yield from (name if within == "." else f"{within}/{name}" for name in names if name.endswith(".md"))


def _cards(linked: LinkedCatalog, settings: Settings, cache: Path) -> dict[str, Wanted]:
    """The social cards; those that an earlier build has drawn are copied."""
    drawn = cards(linked.catalog, settings).items()
    return {path: _kept(path, cache, f"{DRAWN_BY} {card!r}", partial(card_png, card)) for path, card in drawn}


def _decks(linked: LinkedCatalog, settings: Settings, cache: Path) -> dict[str, Wanted]:
    """The decks of the glossary; those that an earlier build has made are copied."""
    made = decks(linked, settings).items()
    return {path: _kept(path, cache, f"{FORM} {deck!r}", partial(apkg, deck)) for path, deck in made}


def _kept(path: str, cache: Path, told: str, make: Callable[[], bytes]) -> Wanted:
    """A file that takes long to make; `told` says all that it is made from."""
    key = text_digest(told)
    kept = cache / f"{key}{PurePosixPath(path).suffix}"

    def data() -> bytes:
        if not kept.is_file():
            cache.mkdir(parents=True, exist_ok=True)
            write_atomic(kept, make())
        return kept.read_bytes()

    return Wanted(key, data)


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
