"""Checks of the notes: markup that was removed, links that lead nowhere (with what was probably meant), entries that no
episode names."""

import posixpath
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from mlguide_site.content.root import ASSET_SUFFIXES
from mlguide_site.errors import Problem, Severity, suggestion, visible
from mlguide_site.linking.linked import LinkedCatalog, LinkedEpisode
from mlguide_site.linking.lookup import MAY_FOLLOW, link_span
from mlguide_site.markdown.document import LinkUse
from mlguide_site.markdown.sanitiser import refusal
from mlguide_site.model import Kind
from mlguide_site.model.slugs import KIND_FOLDERS, id_suggestion, make_slug, parse_id
from mlguide_site.pages.notes import destination

_SHOWN = 5
"""So many headings are named at most."""


def check_markup(linked: LinkedCatalog) -> Iterator[Problem]:
    """Markup in the notes that was removed or is shown as text, and limits that were passed."""
    for episode in linked.episodes.values():
        file = episode.file
        for found in episode.document.findings:
            span = file.span()._replace(line=found.line + file.body_line - 1, column=found.column)
            yield Problem(file.path, span, found.message, found.remedy, found.severity)


def check_links(linked: LinkedCatalog) -> Iterator[Problem]:
    """Addresses in the notes that lead nowhere in the root. What the policy refuses is reported by parsing."""
    for episode in linked.episodes.values():
        file = episode.file
        for use in episode.document.links:
            if destination(use.href, episode, linked) is None and refusal(use.href) is None:
                if _note_id(use.href) in linked.catalog.broken:
                    continue
                what = "image" if use.image else "link"
                message = f'the {what} "{visible(use.href[:80])}" leads nowhere'
                remedy = remedy_of(use, episode, linked)
                yield Problem(file.path, link_span(use, file), message, remedy)


def _note_id(href: str) -> str:
    """The id of the note that an address between notes names, if it names one."""
    return href.partition("#")[0].rpartition("/")[2].removesuffix(".md")


def check_unused(linked: LinkedCatalog) -> Iterator[Problem]:
    """Hints for knowledge entries that no episode names."""
    catalog = linked.catalog
    used = set(linked.episodes_of)
    parents = {topic.parent for topic in catalog.topics.values()} | {r.parent for r in catalog.resources.values()}
    for kind in Kind:
        for slug in catalog.entries(kind):
            if (kind, slug) not in used and slug not in parents:
                path, span = catalog.places[kind.value, slug]
                remedy = "name it in an episode, give it an alias, or remove it"
                yield Problem(path, span, f'no episode names the {kind.value} "{slug}"', remedy, Severity.HINT)


def remedy_of(use: LinkUse, episode: LinkedEpisode, linked: LinkedCatalog) -> str:
    """What to write instead of an address that leads nowhere: the file, heading or note that was probably meant, or
    where such things are."""
    path, _, anchor = unquote(use.href).partition("#")
    if not path:
        return _heading(anchor, episode)
    name = posixpath.basename(path.rstrip("/"))
    if use.image or posixpath.splitext(name)[1].lower() in ASSET_SUFFIXES:
        return _file(name, episode, linked.catalog.assets, "picture" if use.image else "file")
    return _page(path, episode, linked)


def _heading(anchor: str, episode: LinkedEpisode) -> str:
    known = [section.anchor for section in episode.document.sections if section.anchor]
    if not known:
        return "no heading has that anchor, for these notes have none; remove the link"
    shown = ", ".join(f'"#{one}"' for one in known[:_SHOWN]) + (" …" if len(known) > _SHOWN else "")
    # people write the heading itself as well
    near = suggestion(make_slug(anchor, anchor), known, "")
    return near.replace(' "', ' "#') if near else f"no heading has that anchor; write one of {shown}"


def _file(name: str, episode: LinkedEpisode, assets: Iterable[str], what: str) -> str:
    """The file of that name, wherever it is beside the notes, the nearest first; else where to put it."""
    folder = posixpath.dirname(episode.file.path)
    # what is with the episode, then with its series, then elsewhere
    places = (f"{folder}/{episode.file.id}/", f"{folder}/", "")
    found = sorted(
        (next(rank for rank, place in enumerate(places) if path.startswith(place)), path)
        for path in assets
        if posixpath.basename(path).casefold() == name.casefold()
    )
    if found:
        return f'write "{_written(posixpath.relpath(found[0][1], folder))}"'
    own = sorted(path for path in assets if path.startswith(f"{folder}/"))
    near = suggestion(name, [posixpath.basename(path) for path in own], "")
    if near:
        path = next(path for path in own if f'"{posixpath.basename(path)}"' in near)
        return f'did you mean "{_written(posixpath.relpath(path, folder))}"?'
    target = visible(_written(f"{episode.file.id}/{name[:80]}"))
    return f'put the {what} in {folder}/{episode.file.id}/ and write "{target}"'


def _written(path: str) -> str:
    """A path as an address in Markdown: signs that would end it are escaped, letters of any language stay."""
    return "".join(sign if sign.isalnum() else quote(sign, safe="/-._~") for sign in path)


def _page(path: str, episode: LinkedEpisode, linked: LinkedCatalog) -> str:
    catalog = linked.catalog
    steps = [step.removesuffix(".md").removesuffix(".html") for step in path.split("/") if step not in ("", ".", "..")]
    for step in reversed(steps):
        if step in catalog.episodes:
            return f'write "{step}.md": other notes are linked by file name'
    for kind in Kind:
        if len(steps) > 1 and steps[-2] == KIND_FOLDERS[kind.value] and steps[-1] in catalog.entries(kind):
            return f"write the name without a link: the site links the {kind.value} by itself"
    ids = sorted(catalog.episodes)
    other = next((id for id in ids if id != episode.file.id), "mla-012")
    near = id_suggestion(steps[-1], ids, "") if steps else ""
    if near:
        return near.replace('"?', '.md"?')
    if steps and (remedy := _number(steps[-1], linked)):
        return remedy
    if path.startswith("/"):
        how = f'as in "{other}.md", and topics, tools and the like by their names alone'
        return f"notes don't hold addresses of the site; other notes are linked by file name, {how}"
    return f'correct it; other notes are linked by file name, as in "{other}.md"'


def _number(id: str, linked: LinkedCatalog) -> str:
    """What to do about a link to an episode of a series that the root lacks; empty where it names none."""
    catalog = linked.catalog
    for name, series in catalog.series.items():
        number = key.number if (key := parse_id(name, id)) else None
        if number is None:
            continue
        known = [file.number for file in catalog.episodes.values() if file.series == name and file.number is not None]
        if 1 <= number <= max(known, default=0) + MAY_FOLLOW:
            way = 'correct its "address"' if series.address else 'give it an "address"'
            return f"{series.title} has no notes {id} here: add them, or {way} in knowledge/series.yml to link it there"
        return f"{series.title} has no such episode: correct the number"
    return ""
