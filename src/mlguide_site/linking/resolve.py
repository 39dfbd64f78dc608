"""Resolves the mentions, references, backlinks and related episodes of a whole catalog."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from mlguide_site.errors import Problem
from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.linking.linked_catalog import TIME, LinkedCatalog, LinkedEpisode, Reference
from mlguide_site.linking.lookup import Lookup
from mlguide_site.linking.mentions import MAX_NAMED, Context, ReferenceUse, Scan, listed
from mlguide_site.linking.rank_related import RelatedEpisodes
from mlguide_site.linking.tags import entries_by_tag, name_key
from mlguide_site.markdown.document import Document, Insertion
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import EpisodeFile, Kind
from mlguide_site.model.slugs import page_path, relative_path


def link(catalog: Catalog, documents: Mapping[str, Document], scans: Mapping[str, Scan]) -> LinkedCatalog:
    """Return the linked catalog. The keys of `documents` and `scans` are the ids of episodes and the paths of pages."""
    ids = [id for id in catalog.episodes if id in documents and id in scans]
    lookup = Lookup(catalog, ids)
    problems: list[Problem] = []
    references: dict[str, tuple[Reference, ...]] = {}
    targets: dict[str, Mapping[str, str]] = {}
    # the context of each reference, by target, referring episode, and section of the referring episode
    referenced_by: dict[str, dict[str, dict[int, Context]]] = {id: defaultdict(dict) for id in ids}
    contexts: dict[EntryKey, dict[str, Sequence[Context]]] = defaultdict(dict)
    named: dict[str, list[EntryKey]] = {}
    refers: dict[str, list[str]] = {}
    episodes_of: dict[EntryKey, list[str]] = defaultdict(list)
    # maps each episode to the resources whose field `episodes` contains it
    recommended: dict[str, list[EntryKey]] = defaultdict(list)
    for slug, resource in catalog.resources.items():
        for id in resource.episodes:
            recommended[id].append((Kind.RESOURCE, slug))
    tagged = entries_by_tag(catalog)
    for id in ids:
        file, scan = catalog.episodes[id], scans[id]
        for entry, found in scan.contexts.items():
            contexts[entry][id] = found
        in_front = (entry for entry in listed(file.meta) if entry[1] in catalog.entries(entry[0]))
        by_tag = (entry for tag in file.meta.tags for entry in tagged.get(name_key(tag), ()))
        declared = {*recommended[id], *in_front}
        others = {*by_tag, *scan.contexts} - declared
        # without a limit, the number of pages would grow with the product of episodes and entries
        named[id] = sorted([*sorted(declared), *sorted(others)][:MAX_NAMED])
        for entry in named[id]:
            episodes_of[entry].append(id)
        references[id], targets[id], found_wrong = _references(lookup, file, scan.references)
        problems += found_wrong
        resolved = [one for one in references[id] if one.target]
        for one in resolved:
            referenced_by[one.target][id].setdefault(one.use.section, one.use.context)
        refers[id] = [*(one.target for one in resolved), *file.meta.requires]
    episodes = {
        id: LinkedEpisode(
            catalog.episodes[id],
            documents[id],
            scans[id].mentions,
            references[id],
            MappingProxyType({kind: tuple([slug for one, slug in named[id] if one is kind]) for kind in Kind}),
            MappingProxyType({other: list(found.values()) for other, found in referenced_by[id].items()}),
            targets[id],
        )
        for id in ids
    }
    pages = {}
    for path, file in {**catalog.pages, **catalog.guides}.items():
        uses, addresses, found_wrong = _references(lookup, file, scans[path].references)
        problems += found_wrong
        pages[path] = LinkedEpisode(file, documents[path], scans[path].mentions, uses, {}, {}, addresses)
    return LinkedCatalog(
        catalog,
        MappingProxyType(episodes),
        MappingProxyType({key: contexts[key] for key in sorted(contexts)}),
        MappingProxyType({key: tuple(episodes_of[key]) for key in sorted(episodes_of)}),
        tuple(sorted(set(problems))),
        MappingProxyType(pages),
        RelatedEpisodes(named, refers),
    )


def relink(lookup: Lookup, episode: LinkedEpisode, file: EpisodeFile, document: Document, scan: Scan) -> LinkedEpisode:
    """Update an episode after an edit of its body. The edit must not affect other pages (see `outward_digest`)."""
    references, targets, _ = _references(lookup, file, scan.references)
    return replace(episode, document=document, mentions=scan.mentions, references=references, targets=targets)


def _references(
    lookup: Lookup, file: EpisodeFile, uses: Iterable[ReferenceUse]
) -> tuple[tuple[Reference, ...], Mapping[str, str], Sequence[Problem]]:
    result: list[Reference] = []
    targets: dict[str, str] = {}
    problems: list[Problem] = []
    linked: set[str] = set()
    inside: set[object] = set()
    for use in uses:
        found = use.found
        for number in range(found.number - found.inside, found.number):
            # an episode inside several ranges counts once
            if (one := (found.series, found.season, number)) not in inside:
                inside.add(one)
                target = lookup.find(found._replace(number=number), file)
                if target and target != file.id:
                    result.append(Reference(target, "", use, False))
        answer = lookup.resolve(use, file)
        if answer is None:
            continue
        target, url, problem = answer
        if problem:
            problems.append(problem)
        place = target or url
        if use.href and place and (target or "://" not in use.href):
            targets[use.href] = place
        if target == file.id:
            continue
        links = use.whole and bool(place) and place not in linked
        if links:
            linked.add(place)
        result.append(Reference(target, url, use, links))
    return tuple(result), MappingProxyType(targets), problems


def insertions(
    episode: LinkedEpisode, here: str, linked: LinkedCatalog, own_folders: bool = False
) -> dict[int, list[Insertion]]:
    """Return the links to insert in an episode's notes, by segment index, sorted and without overlaps. `here` is the
    path of the episode's page. The page never links to itself. See `relative_path` for `own_folders`."""
    table: dict[int, list[Insertion]] = defaultdict(list)
    for mention in episode.mentions:
        if mention.linked and (page := page_path(mention.kind.value, mention.slug)) != here:
            target = relative_path(here, page, own_folders)
            table[mention.segment].append(Insertion(mention.start, mention.end, target))
    for reference in episode.references:
        page, target = "", reference.url
        if reference.target:
            page = linked.catalog.episodes[reference.target].page
            target = relative_path(here, page, own_folders)
        if reference.linked and page != here:
            table[reference.use.segment].append(Insertion(reference.use.start, reference.use.end, target))
    return {segment: sorted(table[segment]) for segment in sorted(table)}


def link_target(href: str, episode: LinkedEpisode, linked: LinkedCatalog) -> str | None:
    """Return the target of an author's link to an episode: the episode's page, or the official address if the episode
    isn't in the root. The target includes the link's anchor if the page contains it. Return None for other links."""
    target = episode.targets.get(href)
    if target is None or target not in linked.episodes:
        return target
    address, _, anchor = href.partition("#")
    query = address.partition("?")[2]
    return linked.episodes[target].page_at(query if TIME.fullmatch(query) else anchor)
