"""Writes notes as EPUB 3 books (https://www.w3.org/TR/epub-33/). A book contains a chapter for each episode, and a list
of entries for each kind. Links to episodes and entries in the book lead to chapters. Other links lead to the site."""

import io
import posixpath
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import markdown
import nh3
from lxml import etree, html
from markdown.extensions.toc import slugify_unicode
from markupsafe import Markup
from PIL import Image

from mlguide_site.content.address_hosts import host_source
from mlguide_site.content.files import read_bytes
from mlguide_site.content.resources import packaged_templates
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.markdown import formulas
from mlguide_site.markdown.engine_markdown import EXTENSIONS
from mlguide_site.markdown.sanitiser import is_absolute
from mlguide_site.model.records import Kind
from mlguide_site.model.slugs import KIND_FOLDERS, page_path, sort_key
from mlguide_site.model.wording import direction
from mlguide_site.pages.books import MAX_IMAGES, MAX_TOPIC_IMAGES, Book, is_image
from mlguide_site.pages.notes import notes
from mlguide_site.pages.render import SUFFIX, Renderer
from mlguide_site.pages.site import Site
from mlguide_site.publish.feeds import xml_text
from mlguide_site.publish.social_cards import COLOURS, Card
from mlguide_site.publish.zipped import zipped

VERSION = 3  # the version of the books; increase it after each code change that alters them
COVER_HEIGHT = 1600  # in pixels
IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
"""Maps Pillow's formats to the media types of images that every reading system shows."""
MATH = "http://www.w3.org/1998/Math/MathML"
_OLDEST = "2020-01-01"  # the date of a book whose episodes have no date
_ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "*": {"id", "lang", "dir", "class"}, "td": {"style"}, "th": {"style", "scope"}}
_ATTRIBUTES |= {"a": {"href"}, "img": {"src", "alt"}, **{tag: {*formulas.ATTRIBUTES} for tag in formulas.TAGS}}
_ATTRIBUTES["math"] = {"display", "alttext"}
_CLEANER = nh3.Cleaner(
    nh3.ALLOWED_TAGS | formulas.TAGS, attributes=_ATTRIBUTES, link_rel=None, filter_style_properties={"text-align"}
)
_CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""


class Chapter(NamedTuple):
    """A chapter: file name, title, page in the site, and content as HTML. `part` is the series' title, or ""."""

    name: str
    title: str
    page: str
    content: str
    part: str = ""


def notes_html(linked: LinkedCatalog, id: str) -> str:
    """Return the notes of an episode as clean HTML. Links are relative to the folder of the episode's page."""
    options: dict[str, dict[str, Any]] = {"pymdownx.highlight": {"use_pygments": False}}
    options["toc"] = {"slugify": slugify_unicode}
    return _CLEANER.clean(markdown.markdown(notes(linked, id), extensions=EXTENSIONS, extension_configs=options))


def cover_of(site: Site, book: Book) -> Card:
    """Return the content of a book's cover. The cover uses the colour of the first episode's series."""
    hue = site.cards[book.ids[0]].hue if book.ids else 1
    return Card(book.title, site.settings.site_url.partition("://")[2], COLOURS[hue - 1])


@dataclass
class BookWriter:
    """Writes one book. `bodies` maps ids to the HTML of notes. Paths of images are relative to `folder`."""

    site: Site
    renderer: Renderer
    book: Book
    bodies: Mapping[str, str]
    folder: Path
    chapters: list[Chapter] = field(default_factory=list)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)  # maps each page to its chapter and anchor
    ids: dict[str, set[str]] = field(default_factory=dict)  # maps each chapter to its anchors
    images: dict[str, tuple[str, str, bytes] | None] = field(default_factory=dict)  # maps paths to (name, type, bytes)
    size: int = 0  # the total size of the images, in bytes

    def write(self, cover: bytes) -> bytes:
        """Return the book. Its bytes depend only on the fields, the cover and zlib. Raises ContentError."""
        topic, linked = self.book.topic, self.site.linked
        page = page_path("topic", topic) if topic else "index.md"
        guide = Markup(notes_html(linked, page)) if page in linked.pages else ""  # noqa: S704 - sanitised, as notes are
        self._add("title", self.book.title, page, "book_title.html", guide=guide)
        for id in self.book.ids:
            file = self.site.catalog.episodes[id]
            series = self.site.catalog.series.get(file.series)
            part, body = series.title if series else "", Markup(self.bodies[id])  # noqa: S704 - the body is sanitised
            self._add(id, file.meta.title, file.page, "book_episode.html", part, meta=file.meta, body=body)
        for kind in Kind:
            self._add_entries(kind)
        trees = [html.document_fromstring(chapter.content) for chapter in self.chapters]
        self.ids = {one.name: set(tree.xpath("//@id")) for one, tree in zip(self.chapters, trees, strict=True)}
        files = {"mimetype": b"application/epub+zip", "META-INF/container.xml": _CONTAINER, "book/cover.png": cover}
        files["book/style.css"] = (packaged_templates() / "book.css").read_bytes()
        for chapter, tree in zip(self.chapters, trees, strict=True):
            files[f"book/{chapter.name}.xhtml"] = self._document(chapter, tree)
        images = [image for image in self.images.values() if image]
        math = {one.name for one, tree in zip(self.chapters, trees, strict=True) if tree.find(".//math") is not None}
        for name in ("contents.xhtml", "package.opf"):
            files[f"book/{name}"] = self._render(f"book_{name}", images=images, math=math).encode()
        packed = {f"book/{name}": data for name, _, data in images}
        return zipped([*files.items(), *packed.items()], stored={"mimetype", *packed})

    def _render(self, name: str, **values: Any) -> str:
        site = self.site
        common = {"site": site, "settings": site.settings, "book": self.book, "chapters": self.chapters}
        common["direction"] = direction(site.settings.language)
        identity = f"{site.settings.site_url or self.book.title} {self.book.path}"
        common["identifier"] = uuid.uuid5(uuid.NAMESPACE_URL, identity)
        common["modified"] = max([_OLDEST, *(site.cards[id].date for id in self.book.ids)])
        found = [site.catalog.series.get(site.catalog.episodes[id].series) for id in self.book.ids]
        common["series"] = list({one.title: one for one in found if one}.values())
        return xml_text(self.renderer.text(f"{name}{SUFFIX}", {**common, **values}))

    def _add(self, name: str, title: str, page: str, template: str, part: str = "", **values: Any) -> None:
        content = self._render(template, title=title, **values)
        self.chapters.append(Chapter(name, title, page, content, "" if self.book.topic else part))
        self.places[page] = (name, "")

    def _add_entries(self, kind: Kind) -> None:
        """Add a chapter with the entries of a kind. A topic's book contains only entries that its episodes mention."""
        site, folder = self.site, KIND_FOLDERS[kind.value]
        found = {slug for id in self.book.ids for slug in site.linked.episodes[id].entries.get(kind, ())}
        slugs = [slug for slug in site.catalog.entries(kind) if not self.book.topic or slug in found]
        slugs.sort(key=lambda slug: (sort_key(site.chips[kind, slug].title), slug))
        if slugs:
            page, title = f"{folder}/index.md", site.translate(folder)
            self._add(folder, title, page, "book_entries.html", kind=kind, slugs=slugs, ids=frozenset(self.book.ids))
            self.places |= {page_path(kind.value, slug): (folder, slug) for slug in slugs}

    def _document(self, chapter: Chapter, tree: Any) -> bytes:
        for link in list(tree.iter("a")):
            if target := self._target(link.get("href", ""), chapter):
                link.set("href", target)
            else:
                link.drop_tag()
        for image in list(tree.iter("img")):
            if found := self._image(image.get("src", ""), chapter):
                image.set("src", found[0])
                image.set("alt", image.get("alt", ""))
            else:
                image.text = image.get("alt")
                image.drop_tag()
        tree.set("xmlns", html.XHTML_NAMESPACE)
        for formula in tree.iter("math"):
            formula.set("xmlns", MATH)
        return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=True, doctype="<!DOCTYPE html>"))

    def _target(self, href: str, chapter: Chapter) -> str:
        """Return a link's new address, or "" to remove the link. Links to pages in the book point to chapters."""
        path, mark, anchor = href.partition("#")
        if is_absolute(href):
            # reading systems, unlike browsers, reject addresses that aren't percent-encoded
            address = quote(path, "%/:=&?~+!$,;'@()*[]") + mark + quote(anchor, "%/:=&?~+!$,;'@()*")
            return address if host_source(href) or href.startswith("mailto:") else ""
        page = self._path(path, chapter) if path else chapter.page
        if page in self.places:
            name, own = self.places[page]
            anchor = anchor if anchor in self.ids[name] else own
            return f"{name}.xhtml#{anchor}" if anchor else f"{name}.xhtml"
        address = self.site.url(page) if page.endswith(".md") else quote(page)
        return self.site.settings.site_url and self.site.settings.site_url + address

    def _image(self, src: str, chapter: Chapter) -> tuple[str, str, bytes] | None:
        """Return an image's name in the book, its media type and its bytes, or None if it can't be in the book."""
        path = self._path(src, chapter)
        if path in self.site.catalog.assets and is_image(path) and path not in self.images:
            room = (MAX_TOPIC_IMAGES if self.book.topic else MAX_IMAGES) - self.size
            data = read_bytes(self.folder / path, room + 1)
            try:
                with Image.open(io.BytesIO(data), formats=[*IMAGES]) as image:
                    type = IMAGES.get(image.format or "", "") if len(data) <= room else ""
                    image.verify()
            except Exception:
                type = ""  # Pillow raises many kinds of exceptions for damaged images
            name = f"image-{len(self.images) + 1}.{type.partition('/')[2]}"
            self.images[path] = (name, type, data) if type else None
            self.size += len(data) if type else 0
        return self.images.get(path)

    @staticmethod
    def _path(address: str, chapter: Chapter) -> str:
        """Return the path to which an address in a chapter refers. Addresses from templates begin with a slash."""
        path = unquote(address.partition("?")[0].partition("#")[0])
        return posixpath.normpath(posixpath.join(posixpath.dirname(chapter.page), path)).lstrip("/")
