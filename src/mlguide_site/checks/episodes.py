"""Checks of notes and pages: removed markup, broken links, unmatched transcripts and unused entries."""

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterator
from urllib.parse import quote, unquote

from markdown.extensions.toc import slugify_unicode

from mlguide_site.checks.catalog import MAX_SUGGESTED
from mlguide_site.config import Settings
from mlguide_site.content.assets import ASSET_SUFFIXES, DATA_SUFFIXES
from mlguide_site.content.knowledge import PATHS
from mlguide_site.content.transcript_formats import CHAPTERS, TRANSCRIPTS
from mlguide_site.errors import Problem, Severity, Span, counted, nearest, suggestion, visible
from mlguide_site.linking.linked_catalog import LinkedCatalog, LinkedEpisode
from mlguide_site.linking.lookup import link_span
from mlguide_site.markdown.document import LinkUse
from mlguide_site.markdown.sanitiser import is_absolute, refusal
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Kind
from mlguide_site.model.slugs import PAGES, id_suggestion
from mlguide_site.pages.notes import destination
from mlguide_site.pages.page_kinds import INDEX_PAGES
from mlguide_site.pages.path import stage_names
from mlguide_site.pages.site import Site

MAX_REPORTED = 1_000  # maximum number of reported files without an episode


def check_stages(linked: LinkedCatalog) -> Iterator[Problem]:
    """Yield a problem for each name of a stage that the learning path doesn't show. An invalid note may be a missing
    prerequisite, so there are none until all notes are valid."""
    if linked.catalog.broken:
        return
    site = Site(linked, Settings(""), lambda _: "")
    for id, file in linked.catalog.episodes.items():
        if not file.meta.stage:
            continue
        shown, remedy = stage_names(site).get(site.stages.get(id, 0)), 'remove "stage" from one of them'
        if shown is None:
            message, remedy = "the episode is in no stage of the learning path", 'remove "stage"'
            yield Problem(file.path, file.span("stage"), message, remedy, Severity.WARNING)
        elif shown != file.meta.stage:
            message = f'an earlier episode names the same stage "{shown}"'
            yield Problem(file.path, file.span("stage"), message, remedy, Severity.WARNING)


def check_markup(linked: LinkedCatalog) -> Iterator[Problem]:
    """Yield the problems that the parser found, such as removed markup and exceeded limits."""
    for episode in linked.texts:
        file = episode.file
        for found in episode.document.findings:
            span = file.span()._replace(line=found.line + file.body_line - 1, column=found.column)
            yield Problem(file.path, span, found.message, found.remedy, found.severity)


def check_links(linked: LinkedCatalog) -> Iterator[Problem]:
    """Yield a problem for each broken link, and a warning for each link to a missing heading of another note or page.
    The parser reports unsafe addresses."""
    found = 0
    owners = {episode.file.page: episode for episode in linked.texts}
    for episode in linked.texts:
        file = episode.file
        for use in episode.document.links:
            path, _, anchor = use.href.partition("#")
            folder, _, note = path.removesuffix(".md").rpartition("/")
            # don't report links to unreadable records, which are already reported, or to drafts and their files: the
            # transcript and chapters beside a draft, and the pictures in its folder
            stem = "" if use.image else note.partition(".")[0]
            origins = {note, stem, *folder.split("/"), f"knowledge/{posixpath.basename(folder)}.yml"}
            target = destination(use.href, episode, linked)
            owner = owners.get(target or "") if path and anchor and not is_absolute(use.href) else None
            if (target and not owner) or refusal(use.href) or origins & linked.catalog.broken:
                continue
            what = "broken anchor" if owner else "broken image" if use.image else "broken link"
            remedy = "correct it or remove it"
            if found < MAX_SUGGESTED:
                remedy = _heading_remedy(unquote(anchor), owner) if owner else remedy_of(use, episode, linked)
            found += 1
            place, message = link_span(file, use.line, use.href), f'{what} "{visible(use.href[:80])}"'
            yield Problem(file.path, place, message, remedy, Severity.WARNING if owner else Severity.ERROR)


def unnamed_entries(linked: LinkedCatalog) -> list[tuple[Kind, str]]:
    """Return the entries that no episode mentions, except entries with children."""
    catalog = linked.catalog
    used = {*linked.episodes_of, *((Kind.TOPIC, topic.parent) for topic in catalog.topics.values())}
    used |= {(Kind.RESOURCE, resource.parent) for resource in catalog.resources.values()}
    return [(kind, slug) for kind in Kind for slug in catalog.entries(kind) if (kind, slug) not in used]


def check_unused(linked: LinkedCatalog) -> Iterator[Problem]:
    """Yield a hint for each entry that no episode mentions, unless the root contains an invalid record or a draft, or
    no episodes."""
    for kind, slug in unnamed_entries(linked) if linked.catalog.episodes and not linked.catalog.broken else ():
        path, span = linked.catalog.places[kind.value, slug]
        remedy = "mention it in an episode, give it an alias, or remove it"
        yield Problem(path, span, f'no episode mentions the {kind.value} "{slug}"', remedy, Severity.HINT)


def check_copies(catalog: Catalog) -> Iterator[Problem]:
    """Yield a hint for each note with the audio, or with the title and date, of an earlier one. It may be a copy. Notes
    of feeds are compared with other notes only."""
    owners: dict[tuple[object, ...], str] = {}
    for id, file in catalog.episodes.items():
        meta = file.meta
        audio: tuple[object, ...] = (meta.audio.url,) if meta.audio else ()
        title: tuple[object, ...] = (file.series, meta.title.casefold(), meta.date) if meta.date else ()
        for field, what, key, remedy in (
            ("audio", "audio is also that", audio, "correct it, unless this episode is a repeat"),
            ("title", "title and date are also those", title, "if it is the same episode, keep one of the two notes"),
        ):
            owner = owners.setdefault(key, id) if key else id
            if owner != id and not (meta.guid and catalog.episodes[owner].meta.guid):
                yield Problem(file.path, file.span(field), f'the {what} of "{owner}"', remedy, Severity.HINT)


def unmatched_files(linked: LinkedCatalog) -> list[str]:
    """Return the sorted paths of transcripts and chapters without an episode, except files to which notes link."""
    catalog = linked.catalog
    suffixes = (CHAPTERS, *TRANSCRIPTS)
    transcript_only = tuple(TRANSCRIPTS.keys() - DATA_SUFFIXES)
    unmatched = []
    for path in sorted(catalog.assets):
        folder, _, name = path.rpartition("/")
        in_series = folder.count("/") == 1 and not folder.startswith(PAGES)
        if name.lower().endswith(suffixes if in_series else transcript_only):
            ids = (name.removesuffix(suffix) for suffix in suffixes if in_series and name.endswith(suffix))
            if not any(id in catalog.episodes or id in catalog.broken for id in ids):
                unmatched.append(path)
    uses = ((use.href, episode) for episode in (linked.texts if unmatched else ()) for use in episode.document.links)
    linked_paths = {unquote((destination(href, episode, linked) or "").partition("#")[0]) for href, episode in uses}
    return [path for path in unmatched if path not in linked_paths]


def check_sidecars(linked: LinkedCatalog) -> Iterator[Problem]:
    """Yield a warning for each transcript or chapters file that is not published, because it has no episode."""
    # if `series.yml` can't be read, there are no episodes
    for path in unmatched_files(linked)[:MAX_REPORTED] if linked.catalog.series else ():
        suffix = CHAPTERS if path.lower().endswith(CHAPTERS) else posixpath.splitext(path)[1].lower()
        name = f"episodes/<series>/<id>{suffix}"
        message = "no episode matches the name of this file, so it is not published"
        yield Problem(path, Span(), message, f"rename it to {name}, or remove it", Severity.WARNING)


def check_downloads(catalog: Catalog, written: Collection[str]) -> Iterator[Problem]:
    """Yield a hint if the root lacks transcripts or chapters whose addresses are in notes. Missing files
    in `written` don't count, because a person deleted them after an import."""
    known, missing = {*catalog.assets, *written}, Counter[str]()
    for file in catalog.episodes.values():
        stem = file.path.removesuffix(".md")
        # transcripts on web pages are never downloaded
        has_transcript = any(one.type != "text/html" for one in file.meta.transcripts)
        missing["transcripts"] += has_transcript and not any(stem + suffix in known for suffix in TRANSCRIPTS)
        missing["chapters"] += bool(file.meta.chapters) and stem + CHAPTERS not in known
    if counts := +missing:
        names = " and ".join(f"the {kind} of {counted(number, 'episode')}" for kind, number in counts.items())
        source = "--all" if any(series.feed for series in catalog.series.values()) else "FEED"
        remedy = f"run mlguide import {source} --fetch {','.join(counts)}"
        yield Problem(PATHS["series"], Span(), f"{names} are not downloaded", remedy, Severity.HINT)


def remedy_of(use: LinkUse, episode: LinkedEpisode, linked: LinkedCatalog) -> str:
    """Return the remedy for a broken link: the most similar heading, file or page, or general advice."""
    catalog, file = linked.catalog, episode.file
    path, _, anchor = unquote(use.href).partition("#")
    name = posixpath.basename(path.rstrip("/"))
    if not path:
        return _heading_remedy(anchor, episode)
    if "\\" in path:
        return "write / instead of \\"
    if use.image or posixpath.splitext(name)[1].lower() in ASSET_SUFFIXES:
        folder = file.folder
        files = {posixpath.basename(one).casefold(): one for one in sorted(catalog.assets, reverse=True)}
        if near := nearest(name.casefold(), list(files)):
            return f'did you mean "{quote(posixpath.relpath(files[near], folder))}"?'
        beside = f"{file.id}/" if file.series else ""
        return f"put the file in {folder}/{beside} and write the path {beside}{visible(name[:80])}"
    id = name.removesuffix(".html").removesuffix(".md")
    if id == name and re.search(r"\.[a-z]\w{0,5}$", id, re.I | re.A):
        return "write a web address with https://, because files of this type aren't published"
    if not file.series:
        # don't suggest episodes, because a similar id belongs to another episode
        pages = (page for page in catalog.page_paths | INDEX_PAGES if not page.startswith("episodes/"))
        known = sorted({*linked.pages, *(f"{PAGES}{page}" for page in pages)})
        folder = file.folder
        if near := nearest(posixpath.normpath(posixpath.join(folder, path)), known):
            return f'did you mean "{posixpath.relpath(near, folder)}"?'
        return 'write a path, such as "../episodes/a/a-001.md" for a note or "tools/index.md" for a generated page'
    examples = f'"{file.series}-001.md" for a note and "../../pages/about.md" for a page of your own'
    remedy = f"correct it, or add the note; examples are {examples}"
    return id_suggestion(id, sorted(catalog.episodes), remedy).replace('"?', '.md"?')  # a file name


def _heading_remedy(anchor: str, target: LinkedEpisode) -> str:
    """Return the remedy for a link to a missing heading of `target`."""
    known = [f"#{section.anchor}" for section in target.document.sections if section.anchor]
    return suggestion(f"#{slugify_unicode(anchor, '-')}", known, f"write the anchor of a heading in {target.file.path}")
