"""An episode's notes as Markdown for its page: its syntax tree written back, with links set and addresses resolved."""

import posixpath
from urllib.parse import unquote

from mlguide_site.linking.link import insertions, link_target
from mlguide_site.linking.linked import LinkedCatalog, LinkedEpisode
from mlguide_site.linking.timestamps import stamp_links
from mlguide_site.markdown.policy import is_absolute, refusal
from mlguide_site.markdown.serialize import to_markdown
from mlguide_site.model.slugs import page_path, relative_path


def notes(linked: LinkedCatalog, id: str, own_folders: bool = False) -> str:
    """The notes of an episode as they stand on its page; `own_folders` as in `relative_path`."""
    episode = linked.episodes[id]
    here = page_path("episode", id, episode.file.series)

    def resolve(href: str) -> str | None:
        target = destination(href, episode, linked)
        return relative_path(here, target, own_folders) if target and _is_page(target) else target

    links = insertions(episode, here, linked, own_folders)
    meta = episode.file.meta
    if meta.audio:
        links = stamp_links(episode.document, meta.audio.url, meta.duration, links)
    return to_markdown(episode.document, links, resolve)


def _is_page(target: str) -> bool:
    return not is_absolute(target) and not target.startswith("#")


def destination(href: str, episode: LinkedEpisode, linked: LinkedCatalog) -> str | None:
    """Where an address that an author wrote leads: a path in the folder of pages (an anchor may follow), an anchor of
    the page itself, or an absolute address; None where it leads nowhere that the site may send a reader.
    """
    if refusal(href):
        return None
    target = link_target(href, episode, linked)
    if target or is_absolute(href):
        return target or href
    path, mark, anchor = href.partition("#")
    if not path:
        return href if any(section.anchor == anchor for section in episode.document.sections if anchor) else None
    file = posixpath.normpath(posixpath.join(posixpath.dirname(episode.file.path), unquote(path)))
    return file + mark + anchor if file in linked.catalog.assets else None
