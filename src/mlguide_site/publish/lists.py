"""Resources and terms in full as compact JSON, for lists that a reader filters; fetched only when one does."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mlguide_site.config import Settings
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.model import Kind
from mlguide_site.model.slugs import page_path
from mlguide_site.pages import Site
from mlguide_site.pages.facets import RESOURCE_LIST, TERM_LIST, resource_episodes, resource_topics
from mlguide_site.pages.lists import walk
from mlguide_site.pages.words import clamp

SUMMARY = 160
"""Characters that are said of an entry."""


def lists(linked: LinkedCatalog, settings: Settings) -> Mapping[str, bytes]:
    """The lists by path in the site; a list of nothing is left out. Addresses are relative to the site's root."""
    site = Site(linked, settings, lambda _: "")
    found: dict[str, bytes] = {}
    if linked.catalog.resources:
        found[RESOURCE_LIST] = _packed(_resources(site))
    if linked.catalog.terms:
        found[TERM_LIST] = _packed(_terms(site))
    return found


def _resources(site: Site) -> dict[str, Any]:
    """`topics`: name by slug. `episodes`: [address, label, title, id]. `resources`, in the order of the tree: [address,
    title, formats, importance, difficulty, price, topics, episodes, summary, parent, how to pick among what is below,
    address outside, authors]; topics by slug, episodes and parent (-1: none) by place in their lists."""
    catalog = site.catalog
    slugs = [node.slug for node in walk(site.subresources, "")]
    places = {slug: at for at, slug in enumerate(slugs)}
    topics, episodes = resource_topics(site.linked), resource_episodes(site.linked)
    named = sorted({id for ids in episodes.values() for id in ids}, key=site.rank.__getitem__)
    at = {id: place for place, id in enumerate(named)}
    files = [catalog.episodes[id] for id in named]
    rows = site.resource_rows
    return {
        "topics": {slug: catalog.topics[slug].name for slug in sorted({t for found in topics.values() for t in found})},
        "episodes": [
            [site.url(page_path("episode", file.id, file.series)), site.label(file), file.meta.title, file.id]
            for file in files
        ],
        "resources": [
            [
                site.chips[Kind.RESOURCE, slug].url,
                resource.title,
                rows[slug].formats,
                rows[slug].importance,
                rows[slug].difficulty,
                rows[slug].price,
                topics[slug],
                [at[id] for id in episodes[slug]],
                clamp(resource.summary, SUMMARY),
                places.get(resource.parent or "", -1),
                rows[slug].pick,
                rows[slug].address,
                resource.authors,
            ]
            for slug in slugs
            for resource in [catalog.resources[slug]]
        ],
    }


def _terms(site: Site) -> list[Sequence[Any]]:
    """[address, term, abbreviations, other names, definition, number of episodes] of each term, A to Z."""
    kind, shown = Kind.TERM, site.shown
    slugs = [slug for page in site.term_pages for group in page for slug in group.slugs]
    return [
        [
            site.chips[kind, slug].url,
            term.term,
            term.abbreviations,
            term.aliases,
            clamp(term.definition, SUMMARY + 60),
            len(shown.intersection(site.linked.episodes_of.get((kind, slug), ()))),
        ]
        for slug in slugs
        for term in [site.catalog.terms[slug]]
    ]


def _packed(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # spelled so that nothing in the file is a tag, whoever takes it for a page
    return text.replace("<", "\\u003c").encode("utf-8", "replace") + b"\n"
