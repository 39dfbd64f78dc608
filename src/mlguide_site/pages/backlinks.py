"""Lists the episodes that mention an entry or episode, with quotes of the mentions. Long lists are split into pages.

In a hub, the page of an entry lists only the latest episodes, and links to the entry's pages in the sites of the shows.
Otherwise, the number of the hub's pages would grow with all mentions."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from mlguide_site.linking.folding import folded_words
from mlguide_site.linking.mentions import BETWEEN, Context
from mlguide_site.markdown.sentences import refers_back
from mlguide_site.model.records import EpisodeFile, Kind
from mlguide_site.model.slugs import page_path, sort_key, transcript_path
from mlguide_site.pages import formatting
from mlguide_site.pages.pagination import EPISODES_PER_PAGE, FIRST_MENTIONS, mention_page, paged, pager, walk
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import EPISODE, Chip, Jump, MentionItem, Quote, Subject, View

QUOTES = 2  # maximum number of quotes from one episode
SHORT = 36  # a shorter text that doesn't end like a sentence is an item of a list
ENDS = (".", "!", "?", "…", "。", "！", "？", ")", "”", '"')
PARTS = 60  # maximum number of parts of a resource that are searched for mentions
SHOWS = 200  # maximum number of shows on the page of an entry


def mentioning(site: Site, kind: str, id: str) -> Sequence[str]:
    """Return the ids of the episodes that mention an entry, oldest first, or an episode, in the catalog's order. The
    steps of a topic are left out. If no episode mentions a resource, return those that mention its parts."""
    if kind != EPISODE:
        steps = frozenset(site.topic_paths[id] if kind == Kind.TOPIC else ())
        parts = {one for part in _parts(site, kind, id) for one in site.named_by.get((Kind.RESOURCE, part), ())}
        found = site.named_by.get((Kind(kind), id)) or sorted(parts, key=site.rank.__getitem__)
        return [one for one in found if one not in steps]
    return sorted(filter(site.shown.__contains__, site.linked.episodes[id].referenced_by), key=site.rank.__getitem__)


def _parts(site: Site, kind: str, id: str) -> list[str]:
    return [node.slug for node in walk(site.below[Kind.RESOURCE], id)[:PARTS]] if kind == Kind.RESOURCE else []


def mention_fields(site: Site, page: str, kind: str, id: str) -> dict[str, Any]:
    """Return the template data for mentions: those on the first page, their total, and the address of the next page."""
    ids = mentioning(site, kind, id)
    return {
        "mentions": _items(site, first_mentions(site, ids), kind, id),
        "mentions_total": len(ids),
        "mentions_more": more_mentions(site, page, ids),
    }


def more_mentions(site: Site, page: str, ids: Sequence[str]) -> str:
    """Return the address of the second page of mentions, or "" if there is none."""
    return site.url(mention_page(page, 2)) if len(_pages(ids)) > 1 and not site.catalog.sites else ""


def first_mentions(site: Site, ids: Sequence[str]) -> Sequence[str]:
    """Return the ids on the first page of mentions: in a hub, the latest of `ids`; otherwise, the first of `ids`."""
    return latest_mentions(ids, site.catalog.episodes, site.rank) if site.catalog.sites else _pages(ids)[0]


def latest_mentions(ids: Iterable[str], files: Mapping[str, EpisodeFile], rank: Mapping[str, int]) -> Sequence[str]:
    """Return the latest `FIRST_MENTIONS` episodes in `ids`. `rank` maps each episode to its position in the catalog."""
    return heapq.nlargest(FIRST_MENTIONS, ids, key=lambda one: (str(files[one].meta.date or "")[:10], rank[one]))


def shows(site: Site, kind: Kind, slug: str, ids: Sequence[str]) -> tuple[Jump, ...]:
    """In a hub, return links to the entry's pages in the sites of the shows. The size of a link is the number of the
    show's episodes in `ids`. The links are sorted by size, largest first."""
    pages = site.catalog.show_pages(kind, slug)
    counts = Counter(site.catalog.episodes[id].series for id in ids)
    found = [Jump(site.catalog.series[show].title, site.url(page), counts[show]) for show, page in pages.items()]
    return tuple(sorted(found, key=lambda jump: (-jump.size, sort_key(jump.title), jump.url))[:SHOWS])


def _pages(ids: Sequence[str]) -> list[Sequence[str]]:
    # a few more mentions need no second page
    return paged(ids, EPISODES_PER_PAGE, FIRST_MENTIONS if 2 * len(ids) > 3 * FIRST_MENTIONS else len(ids))


def _items(site: Site, ids: Sequence[str], kind: str, name: str) -> tuple[MentionItem, ...]:
    """Return an item for each episode, with quotes that mention the entry or episode `name`. If an episode mentions
    resources by a person or parts of a resource, but not the person or the resource, the quotes mention these. If an
    episode only lists the entry or parts of it, there are no quotes. Instead of sentences that say little on their own,
    there are only their headings."""
    entry = None if kind == EPISODE else (Kind(kind), name)
    contexts = site.linked.contexts.get(entry, {}) if entry else site.linked.episodes[name].referenced_by
    works = site.works.get(name, ()) if kind == Kind.PERSON else _parts(site, kind, name)
    of_works = [site.linked.contexts.get((Kind.RESOURCE, one), {}) for one in reversed(tuple(works))]
    items = []
    for id in ids:
        card, file = site.cards[id], site.catalog.episodes[id]
        found = contexts.get(id) or _of_parts([context for one in of_works for context in one.get(id, ())], kind)
        parts = site.catalog.roles[id].get(name, ()) if kind == Kind.PERSON else ()
        roles = {formatting.role(one, site.translate) for one in parts}
        if roles:
            person = site.catalog.people[name]
            known = {*folded_words(" ".join((person.name, person.role, person.summary, *roles)))}
            found = [one for one in found if not _repeats(one.sentence, known)]
        best = [one for one in found if not _says_little(one)]
        headings = {one.anchor: one._replace(sentence="", start=0, end=0) for one in found if one.heading}
        best = best or [*headings.values()]
        # without a name, the reader doesn't see the subject of a quote; a sentence that begins with it may define it
        best = sorted(
            best,
            key=lambda one: (not one.end, BETWEEN in one.sentence or one.sentence[:1].islower(), not _defines(one)),
        )
        if kind == Kind.RESOURCE:
            best = [one for one in best if one.end] or best
        quotes = tuple(
            Quote(text[:start], text[start:end], text[end:], heading, f"{card.url}#{anchor}" if anchor else card.url)
            for heading, anchor, text, start, end in best[:QUOTES]
        )
        role = formatting.listing(sorted(roles), site.translate)
        spoken_at = None
        if entry and (second := site.spoken_at.get(id, {}).get(entry)) is not None:
            spoken_at = Chip(formatting.clock(second), f"{site.url(transcript_path(id, file.series))}#t-{second}")
        links = _references(site, id, " ".join(quote.text for quote in quotes))
        shown = {one.anchor for one in best[:QUOTES]}
        more_at = next((f"{card.url}#{one.anchor}" for one in found if one.anchor not in shown), card.url)
        more = len(found) - len(quotes) if quotes else 0
        items.append(MentionItem(card, quotes, more, role, spoken_at, links, more_at))
    return tuple(items)


def _of_parts(found: Sequence[Context], kind: str) -> Sequence[Context]:
    """Return the contexts of a person's works, or, for parts of a resource, that of most parts. A sentence about only
    one part is left out, because it says nothing about the resource."""
    if kind == Kind.PERSON or not found:
        return found
    texts, anchors = Counter(one.sentence for one in found), Counter(one.anchor for one in found)
    best = max(found, key=lambda one: (texts[one.sentence], anchors[one.anchor]))
    return [best if texts[best.sentence] > 1 else best._replace(sentence="", start=0, end=0)]


def _says_little(quote: Context) -> bool:
    """Return whether the sentence with a name needs the sentences before it, or is a short item of a list."""
    text = quote.sentence
    is_item = len(text) < SHORT and not text.endswith(ENDS) and BETWEEN not in text and ": " not in text
    return not text or (quote.end > 0 and (is_item or refers_back(text)))


def _defines(quote: Context) -> bool:
    """Return whether a sentence begins with the name, perhaps after an article, and goes on with its verb."""
    return quote.start <= len("The ") and quote.sentence[quote.end : quote.end + 1] == " "


def _repeats(sentence: str, known: Set[str]) -> bool:
    """Return whether more than two thirds of a sentence are words that the page has already."""
    words = folded_words(sentence)
    return 3 * sum(len(word) for word in words if word not in known) < sum(map(len, words))


def _references(site: Site, id: str, text: str) -> tuple[Chip, ...]:
    """Return links for the references to episodes in quotes of an episode, titled as in the quotes."""
    uses = [(one.use, one.target) for one in site.linked.episodes[id].references if one.target in site.shown]
    # a reference in the author's own link may be any word, which has other meanings in other sentences
    contexts = [(use.context, target) for use, target in uses if use.segment >= 0]
    names = {one.sentence[one.start : one.end]: target for one, target in contexts}
    return tuple(Chip(name, site.cards[target].url) for name, target in names.items() if name and name in text)


def subjects(site: Site) -> Iterator[Subject]:
    """Yield the `Subject` of each additional page that a long list of mentions needs."""
    for kind, id in [*site.chips, *((EPISODE, id) for id in site.linked.episodes)]:
        for number in range(2, len(_pages(mentioning(site, kind, id))) + 1):
            yield Subject(kind, id, number)


def view(site: Site, subject: Subject) -> View:
    """Return the view of an additional page, which lists more mentions of an entry or episode."""
    kind, id, number = subject
    page = page_path(kind, id, site.catalog.episodes[id].series if kind == EPISODE else "")
    name = site.cards[id].title if kind == EPISODE else site.chips[Kind(kind), id].title
    ids = mentioning(site, kind, id)
    pages = _pages(ids)
    title = site.translate("mentions-page-of", name, number, len(pages))
    return site.view(
        "mentions",
        mention_page(page, number),
        title,
        title,
        (Chip(name, site.url(page)),),
        name=name,
        home=site.url(page),
        total=len(ids) + (len(site.topic_paths[id]) if kind == Kind.TOPIC else 0),
        items=_items(site, pages[number - 1], kind, id),
        pager=pager(number, len(pages), lambda n: site.url(mention_page(page, n))),
    )
