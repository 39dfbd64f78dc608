"""Generates files for other programs at well-known addresses, such as `llms.txt` and `robots.txt`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from mlguide_site.config import Settings
from mlguide_site.content.resources import packaged_templates
from mlguide_site.content.site_settings import Origin
from mlguide_site.errors import counted
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.markdown.engine_escape import escape_text
from mlguide_site.markdown.formulas import formula_parts
from mlguide_site.model.catalog import title_of
from mlguide_site.model.records import Difficulty, Importance, Kind
from mlguide_site.model.slugs import KIND_FOLDERS, page_path
from mlguide_site.pages.backlinks import first_mentions
from mlguide_site.pages.episode_lists import FINDABLE
from mlguide_site.pages.facets import ENTRY_LISTS, EPISODE_LIST, RESOURCE_LIST, TABLE, price_of
from mlguide_site.pages.formatting import clamp, gist, plain_line
from mlguide_site.pages.indexes import person_links
from mlguide_site.pages.pagination import walk
from mlguide_site.pages.review import CARDS, data
from mlguide_site.pages.site import Site
from mlguide_site.publish.catalog import catalog_files, catalog_schema
from mlguide_site.publish.exports import RESOURCES, glossary_csv, to_opml
from mlguide_site.publish.feeds import FEED, channels, rss
from mlguide_site.publish.linked_data import inert
from mlguide_site.publish.markdown_copies import markdown_path

MOST_EPISODES = 150  # with more episodes, `llms.txt` lists none of them, because a partial list is useless
MOST = 50  # maximum number of items in any other list of `llms.txt`
LINE = 160  # maximum length of an entry's summary in `llms.txt`, in characters
Line = tuple[str, str, str]  # a title, the path of a page, and a summary
STEPS = "path/steps.json"
"""The learning path: a list of [id, short name, title, relative address, ids of prerequisites, goals, place
in the catalog]. Browsers fetch this file only after the reader has marked an episode as finished."""
ADDRESSES = "assets/mlguide/addresses.txt"
NAMES = 60_000  # maximum number of names in the list of episodes, shared equally by the episodes
SUMMARY = 160  # maximum length of a summary in the list of resources, in characters
HEADERS = "headers.txt"
"""The template of `_headers`, a file that Netlify and Cloudflare Pages read. The headers prevent content sniffing
and embedding in frames, which `meta` elements can't do."""
_PLAIN = "/!$&'()*+,;=:@~"
"""Characters that browsers don't percent-encode in a path (URL Standard, path percent-encode set)."""


def llms_txt(linked: LinkedCatalog, settings: Settings) -> bytes:
    """Return `llms.txt` in UTF-8, ending in a newline."""
    catalog = linked.catalog
    listed = [catalog.episodes[id] for ids in catalog.listed.values() for id in ids]
    series = [
        (one.title, f"episodes/{name}/index.md", f"{counted(len(catalog.listed[name]), 'episode')}. {one.summary}")
        for name, one in catalog.series.items()
    ]
    episodes = [(file.meta.title, file.page, file.meta.summary) for file in listed]
    indexed = {"episodes": listed, "path": listed} | {KIND_FOLDERS[kind]: [*catalog.entries(kind)] for kind in Kind}
    own = [file for file in catalog.pages.values() if not _is_left_out(file.page, settings)]
    sections = {
        "Series": series[:MOST],
        "Episodes": episodes if len(episodes) <= MOST_EPISODES else [],
        "Pages": [(file.meta.title, file.page, file.meta.summary) for file in own][:MOST],
        "Topics": _most_named(linked, Kind.TOPIC),
        "Tools": _most_named(linked, Kind.TOOL),
        "Indexes": [
            (name.capitalize(), f"{name}/index.md", str(len(found))) for name, found in indexed.items() if found
        ],
    }
    data = [("catalog.json", "all data and links, as JSON"), ("catalog.schema.json", "the JSON Schema of catalog.json")]
    data += [(RESOURCES, "the tree of resources as OPML")] if catalog.resources else []
    items = "the latest episodes" if catalog.sites else "all episodes"
    data += [(FEED, f"{items} as RSS"), ("sitemap.xml", "every page")] if settings.site_url else []
    summary = settings.site_description or f"Notes on {', '.join(title for title, _, _ in series[:5])}."
    parts = [
        f"# {_text(settings.site_name)}",
        f"> {_text(clamp(summary, 500))}",
        "Every page is also available as Markdown. The links below point to the Markdown copies.",
        *(f"## {title}\n\n" + "\n".join(_lines(lines, settings)) for title, lines in sections.items() if lines),
        # readers of llms.txt may skip a section named "Optional"
        "## Optional\n\n" + "\n".join(f"- [{name}]({settings.site_url}{name}): {text}" for name, text in data),
    ]
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _is_left_out(page: str, settings: Settings) -> bool:
    """Return whether MkDocs doesn't publish an own page. The last pattern that matches decides."""
    return next((hides for pattern, hides in reversed(settings.left_out) if re.match(pattern, page)), False)


def _most_named(linked: LinkedCatalog, kind: Kind) -> list[Line]:
    entries = linked.catalog.entries(kind)
    slugs = sorted(entries, key=lambda slug: (-len(linked.episodes_of.get((kind, slug), ())), slug))
    return [
        (title_of(entries[slug]), page_path(kind.value, slug), getattr(entries[slug], "summary", ""))
        for slug in slugs[:MOST]
    ]


def _lines(lines: Iterable[Line], settings: Settings) -> Iterable[str]:
    for title, path, summary in lines:
        link = f"- [{_text(title)}]({settings.site_url}{markdown_path(path, settings.directories)})"
        yield f"{link}: {_text(clamp(summary, LINE))}" if summary.strip() else link


def _text(text: str) -> str:
    return escape_text(plain_line(text))


def site_files(
    linked: LinkedCatalog, settings: Settings, known: Site | None = None
) -> Mapping[str, Callable[[], bytes]]:
    """Map file paths to functions that generate the files. `known` is the data that the site's pages have used."""
    catalog, site = linked.catalog, known or Site(linked, settings, lambda _: "")
    files: dict[str, Callable[[], bytes]] = {
        **catalog_files(linked, settings),
        "catalog.schema.json": catalog_schema,
        "llms.txt": partial(llms_txt, linked, settings),
        "robots.txt": partial(robots_txt, settings),
        CARDS: lambda: _packed(data(site)),
        "_headers": (packaged_templates() / HEADERS).read_bytes,
        STEPS: lambda: _packed(_steps(site)),
    }
    if settings.domain:
        # GitHub Pages and similar hosts read the domain from this file
        files["CNAME"] = f"{settings.domain.strip().lower()}\n".encode
    for kind, path in ENTRY_LISTS.items():
        if catalog.entries(kind):
            files[path] = lambda kind=kind: _packed(_entries(site, kind))  # type: ignore[misc]
    if 1 < sum(map(len, catalog.listed.values())) <= FINDABLE:
        files[EPISODE_LIST] = lambda: _packed(_episodes(site))
    if catalog.terms:
        files[TABLE] = partial(glossary_csv, catalog, origin_of(settings))
    if catalog.resources:
        files[RESOURCE_LIST] = lambda: _packed(_resources(site))
        files[RESOURCES] = partial(to_opml, catalog)
    return files | {channel.feed: partial(rss, channel) for channel in channels(site)}


def origin_of(settings: Settings) -> Origin:
    """Return the site's name, address and `use_directory_urls` for exports."""
    return Origin(settings.site_name, settings.site_url, settings.directories)


def _steps(site: Site) -> list[list[Any]]:
    needs, goals, rank, stages = site.requires, site.goals, site.rank, site.stages
    found = [(id, site.cards[id]) for id in site.path]
    return [
        [id, one.number, one.title, one.url, needs[id], sorted(goals[id]), rank[id], stages[id]] for id, one in found
    ]


def _resources(site: Site) -> dict[str, Any]:
    """Return the data for the filters of resources. `topics` maps slugs to names. `episodes` contains items [address,
    label, title, id, colour]. `resources` refers to episodes by their positions in `episodes`, and to parents by their
    positions in `resources` (-1 for no parent). In a hub, a resource lists only its latest episodes, because it may
    have thousands. `labels` maps formats, levels and `free` to labels."""
    catalog, offered = site.catalog, {slug for slug, *_ in site.filters.of_resources.get("subject", ())}
    topics = {slug: sorted(offered & site.filters.topics_of(one)) for slug, one in catalog.resources.items()}
    slugs = [node.slug for node in walk(site.below[Kind.RESOURCE], "")]
    places = {slug: at for at, slug in enumerate(slugs)}
    naming = {slug: site.named_by.get((Kind.RESOURCE, slug), ()) for slug in slugs}
    episodes = {slug: first_mentions(site, ids) if catalog.sites else ids for slug, ids in naming.items()}
    named = sorted({id for ids in episodes.values() for id in ids}, key=site.rank.__getitem__)
    at = {id: place for place, id in enumerate(named)}

    def record(slug: str) -> list[Any]:
        resource = catalog.resources[slug]
        return [
            site.chips[Kind.RESOURCE, slug].url,
            resource.title,
            [name for name in resource.formats if name != "other"],
            resource.importance or "",
            resource.difficulty or "",
            price_of(resource),
            topics[slug],
            [at[id] for id in episodes[slug]],
            clamp(resource.summary, SUMMARY),
            places.get(resource.parent or "", -1),
            resource.pick or "",
            resource.urls[0].url if resource.urls else "",
            resource.authors,
            len(naming[slug]),
        ]

    found = [(slug, catalog.topics[slug]) for slug in sorted({one for found in topics.values() for one in found})]
    formats = {name for resource in catalog.resources.values() for name in resource.formats if name != "other"}
    labels = {name: site.translate(f"format-{name}") for name in sorted(formats)}
    labels |= {value: site.translate(value) for value in (*Importance, *Difficulty, "free")}
    return {
        "labels": labels,
        "topics": {slug: "  ".join((topic.name, *topic.aliases)) for slug, topic in found},
        "episodes": [[(card := site.cards[id]).url, card.label, card.title, id, card.hue] for id in named],
        "resources": [record(slug) for slug in slugs],
    }


def _entries(site: Site, kind: Kind) -> list[list[Any]]:
    """Return a list for each term, tool or person, in the order of the index: [address, name, abbreviations, category
    or role, aliases, summary (from `formula_parts`), number of episodes, topics of the filter (none for people)]. Then
    follow the `person_links` of a person, or the episode of an entry that has only one."""
    rows, offered = [], {slug for slug, *_ in site.filters.of_entries.get(kind, ())}
    for slug in site.indexes[kind].groups:
        entry, card = site.catalog.entries(kind)[slug], site.entry_cards[kind, slug]
        names = (site.indexes[kind].groups[slug],) if kind is Kind.TOOL else card.names
        links = (person_links(site, slug),) if kind is Kind.PERSON else card.only
        topics = sorted(offered & site.filters.topics_of(entry))
        summary = formula_parts(card.summary)
        rows.append([card.url, card.title, names, entry.aliases, summary, card.episodes, topics, *links])
    return rows


def _episodes(site: Site) -> list[list[Any]]:
    """Return a list for each episode, the latest first, in the format of `_entries`, with the label, day and length
    as names, the series as an alias, the colour number in place of the number of episodes, and the date at the end.
    The parts of the summary are the text, its first clause, and the names of the episode's entries (see `NAMES`)."""
    topics, offered = dict[str, list[str]](), {slug for slug, *_ in site.filters.of_episodes}
    for slug in filter(offered.__contains__, site.catalog.topics):
        for id in site.named_by.get((Kind.TOPIC, slug), ()):
            topics.setdefault(id, []).append(slug)
    rows = []
    for id in dict.fromkeys([*site.latest, *site.rank]):
        if id in site.shown:
            card, series = site.cards[id], site.catalog.series.get(site.catalog.episodes[id].series)
            facts, names = [card.label, card.day, card.length], [series.title] if series else []
            text = [card.summary, gist(card.summary), ", ".join(_named_in(site, id)[: NAMES // len(site.shown)])]
            rows.append([card.url, card.title, facts, names, text, card.hue, topics.get(id, []), card.date])
    return rows


def _named_in(site: Site, id: str) -> Sequence[str]:
    """Return the names, short forms and other names of an episode's topics, terms and tools, without duplicates."""
    keys = [(kind, slug) for kind in (Kind.TOPIC, Kind.TERM, Kind.TOOL) for slug in site.beside(id, kind)]
    found = [(site.chips[key].title, *site.entry_cards[key].names) for key in keys]
    found += [site.catalog.entries(kind)[slug].aliases for kind, slug in keys]
    return [*dict.fromkeys(name for names in found for name in names)]


def _packed(value: object) -> bytes:
    return inert(value).encode("utf-8", "replace") + b"\n"


def addresses(urls: Iterable[str]) -> bytes:
    """Return sorted, percent-encoded addresses relative to the site root, one per line."""
    return "".join(f"{url}\n" for url in sorted(quote(url, _PLAIN) for url in urls)).encode()


def robots_txt(settings: Settings) -> bytes:
    """Return `robots.txt` (RFC 9309), which allows all requests. It names the sitemap if the site has an address."""
    sitemap = f"\nSitemap: {settings.site_url}sitemap.xml\n" if settings.site_url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}".encode()
