"""The indexes of knowledge entries, one for each kind, and the search page. Empty indexes also have a page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Any
from urllib.parse import quote

from mlguide_site.linking.folding import phrases
from mlguide_site.model.records import Importance, Kind, Resource, Topic
from mlguide_site.model.slugs import KIND_FOLDERS
from mlguide_site.pages.books import book_path
from mlguide_site.pages.entity import by_name
from mlguide_site.pages.episode_lists import SEARCHED_TEXT, path_url
from mlguide_site.pages.facets import DECK, TABLE, makes_decks
from mlguide_site.pages.formatting import unbroken
from mlguide_site.pages.graph import branch_hues
from mlguide_site.pages.pagination import Node, above, walk
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Chip, Section, Subject, View

TOPICS = 10  # number of topics on the search page
MOST = 8  # maximum number of tools that the first of several pages of tools names at its beginning
MAX_JUMPS = {Kind.TOPIC: 10, Kind.RESOURCE: 40}  # maximum number of links to sections of these indexes
MAX_GROUPS = 100  # maximum number of links to groups of an index of tools, terms or people
LATEST = 4  # number of latest episodes on the search page
CARDS = 500  # number of flashcards whose questions are searched for these entries
_EXAMPLES = {Kind.TERM: 1, Kind.TOOL: 2, Kind.PERSON: 1}  # number of entries of each kind in the search's examples
_KINDS = {folder: Kind(kind) for kind, folder in KIND_FOLDERS.items() if kind != "episode"}


def view(site: Site, subject: Subject) -> View:
    """Return the view of one page of an index. `total` is the number of all entries of the kind, without groups."""
    folder, number = subject.kind, subject.page
    kind, title = _KINDS[folder], site.translate(folder)
    total = len(site.catalog.entries(kind)) - (len(site.filters.groups) if kind is Kind.RESOURCE else 0)
    shown = _tree if kind in site.below else _groups
    return site.list_view(
        folder,
        number,
        len(pages(site, folder)),
        title,
        site.translate("about-index", title, site.settings.site_name, total),
        total=total,
        file=None if site.catalog.sites else site.source(f"knowledge/{folder}.yml"),  # a hub has no such file
        **shown(site, kind, number),
        **_others(site, kind),
    )


def pages(site: Site, folder: str) -> Sequence[object]:
    """Return the content of each page of an index: groups of entries."""
    return site.indexes[_KINDS[folder]].pages


def _others(site: Site, kind: Kind) -> dict[str, Any]:
    """Return the template data that only the index of this kind needs. `hues` maps the addresses of topics to their
    colours in the graph. If `by_episode` is true, readers can filter resources by episode. `book`, `deck` and `table`
    are the addresses of the glossary's downloads (or ""). `most` are the most mentioned of many tools."""
    if kind is Kind.TOPIC:
        colours = {} if site.is_small else branch_hues(site)
        hues = {site.chips[kind, slug].url: hue for (_, slug), hue in colours.items()}
        return {"graph": site.graph_url, "path_url": path_url(site), "hues": hues}
    if kind is Kind.RESOURCE:
        return {"filters": site.filters.of_resources, "by_episode": site.filters.by_episode}
    if kind is Kind.TERM:
        deck = DECK if site.flashcards and makes_decks() else ""
        return {"deck": deck, "table": TABLE, "book": book_path(site), "subjects": site.filters.of_entries[kind]}
    found: dict[str, Any] = {"subjects": site.filters.of_entries.get(kind, ())}
    if kind is Kind.TOOL:
        counts = {slug: site.entry_cards[kind, slug].episodes for slug in site.catalog.tools}
        ranked = sorted(filter(counts.get, counts), key=lambda slug: -counts[slug])
        most = ranked[:MOST] if len(site.indexes[kind].pages) > 1 else ()
        found["most"] = tuple(site.chips[kind, slug] for slug in most)
    return found


def _groups(site: Site, kind: Kind, number: int) -> dict[str, Any]:
    index = site.indexes[kind]
    page = index.pages[number - 1]
    groups = tuple(Section(title, anchor, site.entry_cards_of(kind, slugs)) for title, anchor, slugs in page)
    found: dict[str, Any] = {"jumps": tuple(index.jumps.values())[:MAX_GROUPS], "groups": groups}
    found["following"] = index.pages[number][0].title if number < len(index.pages) else ""
    found["preceding"] = index.pages[number - 2][0].title if number > 1 else ""
    if kind is Kind.PERSON:
        slugs = [slug for group in page for slug in group.cards]
        found["links"] = {site.chips[kind, slug].url: person_links(site, slug) for slug in slugs}
    return found


def person_links(site: Site, slug: str) -> tuple[tuple[Chip, ...], tuple[tuple[str, str, int, str], ...]]:
    """Return links to a person's first work and to other works; and the name, address and colour number of an episode,
    participation first, with its title, and of the person's page if there are more episodes."""
    first = sorted(site.named_by.get((Kind.PERSON, slug), ()), key=lambda one: slug not in site.catalog.roles[one])
    whole = [site.chips[Kind.RESOURCE, work] for work, depth in site.works.get(slug, {}).items() if not depth]
    left, own = len(first) - 1, site.chips[Kind.PERSON, slug].url
    works = [work._replace(title=work.title.partition(": ")[0]) for work in whole[:1]]
    works += [Chip(site.translate("and-n-more", len(whole) - 1), f"{own}#s.works")] if whole[1:] else []
    cards = site.cards_of(first[:1])
    titles = [unbroken(card.full_name.partition(": ")[2], 0) if card.number else "" for card in cards]
    episodes = [(card.name, card.url, card.hue, title) for card, title in zip(cards, titles, strict=True)]
    episodes += [(site.translate("and-n-more", left), own, 0, "")] if left > 0 else []
    return tuple(works), tuple(episodes)


def _tree(site: Site, kind: Kind, number: int) -> dict[str, Any]:
    """Return the template data for one page of topics or resources: pairs of a section, whose items are nested, and the
    top-level entry that is its heading (or None). `jumps` links to the largest sections. `in_all` maps the addresses of
    topics to the numbers of `_in_all`, and `starts` those of headings to the first episode of the topic's order."""
    index = site.indexes[kind]
    entries: Mapping[str, Topic | Resource] = site.catalog.topics if kind is Kind.TOPIC else site.catalog.resources

    def title(name: str) -> str:
        label = site.translate(name.lower())
        if name.lower() in list(Importance) and any(one in entries for one in takewhile(name.__ne__, index.jumps)):
            label = site.translate(f"more-{name.lower()}")
        return site.chips[kind, name].title if name in entries else label[:1].upper() + label[1:]

    groups = []
    for name, anchor, slugs in index.pages[number - 1]:
        is_head = name in entries
        items = site.tree_items(kind, [Node(slug, len(above(entries, slug)[1:]) if is_head else 0) for slug in slugs])
        heads = site.tree_items(kind, [Node(name, 0)] if is_head else ())
        groups.append((Section(title(name), anchor, items), *(heads or [None])))
    largest = {*sorted(index.jumps, key=lambda name: -index.jumps[name].size)[: MAX_JUMPS[kind]]}
    jumps = [jump._replace(title=title(name)) for name, jump in index.jumps.items() if name in largest]
    in_all = {
        site.chips[kind, slug].url: _in_all(site).get(slug, "")
        for name, _, slugs in index.pages[number - 1]
        for slug in (name, *slugs)
        if kind is Kind.TOPIC and slug in entries
    }
    starts = {
        site.chips[kind, name].url: site.cards_of(site.topic_paths[name][:1])
        for name, _, _ in index.pages[number - 1]
        if kind is Kind.TOPIC and name in entries
    }
    return {
        "groups": tuple(groups),
        "jumps": tuple(jumps),
        "in_all": in_all,
        "starts": starts,
        "following": title(index.pages[number][0].title) if number < len(index.pages) else "",
    }


@lru_cache(maxsize=1)
def _in_all(site: Site) -> Mapping[str, str]:
    """Map each topic to the number of its episodes with those of its subtopics, unless these add none."""
    own = {topic: {*site.named_by.get((Kind.TOPIC, topic), ())} for topic in site.catalog.topics}
    below = {topic: [one for one, _ in walk(site.below[Kind.TOPIC], topic)] for topic in own}
    total = {topic: len(ids.union(*(own[one] for one in below[topic]))) for topic, ids in own.items()}
    return {topic: site.translate("with-subtopics", n) for topic, n in total.items() if n > len(own[topic])}


def index_sizes(site: Site) -> Mapping[str, int]:
    """Return the number of items in each index, by the index's folder. The graph counts as one item if it has edges."""
    kinds = {folder: len(site.catalog.entries(kind)) for folder, kind in _KINDS.items()}
    first = {"episodes": len(site.shown), "path": len(site.path), "review": len(site.flashcards)}
    return {**first, **kinds, "timeline": len(site.latest), "graph": int(bool(site.graph_url))}


def search_view(site: Site, _subject: Subject) -> View:
    """Return the view of the search page, which suggests topics, the latest episodes and indexes. `examples` links to
    searches for the shortest question on a term, the term of most questions (or else of most episodes), other entries
    that most episodes mention, and the latest episode."""
    latest, names = site.cards_of(site.latest[:LATEST]), by_name(site)
    texts = [card.front for card in site.flashcards[:CARDS] if not card.is_term and len(card.front) <= SEARCHED_TEXT]
    asked = {text: [key for one in phrases(text) if (key := names.get(one)) and key[0] is Kind.TERM] for text in texts}
    counts = Counter(key for keys in asked.values() for key in keys)
    words = sorted((text for text, keys in asked.items() if keys and "$" not in text), key=len)[:1]
    for kind, most in _EXAMPLES.items():
        slugs = sorted(site.most_named(kind, site.catalog.entries(kind)), key=lambda slug: -counts[kind, slug])
        words += [site.chips[kind, slug].title for slug in slugs[:most]]
    words += [card.number for card in latest[:1] if card.number]
    topics = site.below[Kind.TOPIC].get("", ())[:TOPICS]
    return site.view(
        "search",
        "search/index.md",
        site.translate("search"),
        site.translate("about-search", site.settings.site_name),
        search_url=site.url("search/index.md"),
        examples=[Chip(text, f"?q={quote(text)}") for text in words],
        topics=tuple(site.chips[Kind.TOPIC, slug] for slug in topics),
        latest=latest,
        indexes=tuple(site.index_chip(folder) for folder, size in index_sizes(site).items() if size),
        host=site.settings.site_url.partition("://")[2].rstrip("/"),
    )
