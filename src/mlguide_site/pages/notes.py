"""Turns the syntax trees of notes and of files in `pages/` into Markdown. Adds links and resolves addresses."""

import posixpath
from unicodedata import normalize
from urllib.parse import unquote

from mlguide_site.linking.linked_catalog import LinkedCatalog, LinkedEpisode
from mlguide_site.linking.resolve import insertions, link_target
from mlguide_site.linking.timestamps import timestamp_links
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.markdown.sanitiser import is_absolute, refusal
from mlguide_site.model.digests import digest
from mlguide_site.model.slugs import PAGES, relative_path
from mlguide_site.pages.page_kinds import INDEX_PAGES

_IN_NAMES = str.maketrans({"%": "%25", "#": "%23", "?": "%3F", "&": "%26"})
"""Signs in names of files that have another meaning in addresses."""


def notes(linked: LinkedCatalog, id: str, own_folders: bool = False) -> str:
    """Return the Markdown of an episode or page. With `own_folders`, each page is an `index.md` in its own folder."""
    episode = linked.episodes.get(id) or linked.pages[id]
    links = insertions(episode, episode.file.page, linked, own_folders)
    meta = episode.file.meta
    document = episode.document if episode.document.tokens else parse(episode.file.body, meta.title)
    if meta.audio:
        links = timestamp_links(document, meta.audio.url, meta.duration, links)
    return to_markdown(document, links, lambda href: _resolved(href, episode, linked, own_folders))


def notes_digest(linked: LinkedCatalog, id: str, own_folders: bool = False) -> str:
    """Return a digest of everything that the result of `notes` depends on."""
    episode = linked.episodes.get(id) or linked.pages[id]
    links = insertions(episode, episode.file.page, linked, own_folders)
    targets = [_resolved(link.href, episode, linked, own_folders) for link in episode.document.links]
    meta = episode.file.meta
    return digest(repr((episode.file.body, meta.title, meta.audio, meta.duration, links, targets)))


def _resolved(href: str, episode: LinkedEpisode, linked: LinkedCatalog, own_folders: bool) -> str | None:
    target = destination(href, episode, linked)
    if not target or is_absolute(target) or target.startswith("#"):
        return target
    return relative_path(episode.file.page, target, own_folders)


def destination(href: str, episode: LinkedEpisode, linked: LinkedCatalog) -> str | None:
    """Return the target of an author's link, or None if the link is refused or broken. A target is an absolute address,
    an anchor, or the path of an asset (encoded) or page. An author links to a generated page as if it were a file in
    `pages/`."""
    if refusal(href):
        return None
    target = link_target(href, episode, linked)
    if is_absolute(href):
        return target or href
    path, mark, anchor = href.partition("#")
    file = posixpath.normpath(posixpath.join(episode.file.folder, unquote(path)))
    if page := linked.pages.get(file):
        return page.page_at(anchor)
    if target:
        return target
    if not path:
        found = episode.document.anchors.get(unquote(anchor))
        return f"#{found}" if found else None
    published = file.removeprefix(PAGES)
    is_generated = published != file and (published in INDEX_PAGES or published in linked.catalog.page_paths)
    if is_generated:
        return published + mark + unquote(anchor)
    asset = file if file in linked.catalog.assets else linked.catalog.composed_assets.get(normalize("NFC", file))
    return asset.removeprefix(PAGES).translate(_IN_NAMES) + mark + anchor if asset else None
