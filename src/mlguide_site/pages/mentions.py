"""Backlinks: who names an entry or an episode, with the sentence around the name; where many, on pages of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mlguide_site.linking.linked import Context
from mlguide_site.model import Kind
from mlguide_site.model.catalog import title_of
from mlguide_site.model.slugs import page_path, transcript_path
from mlguide_site.pages import words
from mlguide_site.pages.pagination import EPISODES_PER_PAGE, FIRST_MENTIONS, mention_page, paged, pager
from mlguide_site.pages.site import EntryKey, Naming, Site, by_episode
from mlguide_site.pages.view import Chip, MentionItem, Pager, Quote, Subject, View

QUOTES = 2
"""How many sentences of one episode a page quotes."""
SENTENCE = 320
"""How long a quoted sentence may be, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionsView(View, template="mentions.md.jinja"):
    """A further page of the mentions of an entry or episode."""

    kind: str
    name: str
    home: str
    total: int
    items: tuple[MentionItem, ...]
    pager: Pager | None


def naming_of_episode(site: Site, id: str) -> tuple[Naming, ...]:
    """The episodes that name an episode, in the catalog's order."""
    table = by_episode(site.linked.episodes[id].referenced_by)
    return tuple(
        Naming(other, tuple(table[other])) for other in sorted(table.keys() & site.shown, key=site.rank.__getitem__)
    )


def mention_fields(site: Site, page: str, namings: Sequence[Naming], key: EntryKey | None = None) -> dict[str, Any]:
    """The fields of a page on the mentions of its subject: the first of them, how many there are, and the address of
    the page with the others, or ""; `key` is the entry that they are of, none where they are of an episode."""
    return {
        "mentions": _items(site, _pages(namings)[0], key),
        "mentions_total": len(namings),
        "mentions_more": more_mentions(site, page, namings),
    }


def more_mentions(site: Site, page: str, namings: Sequence[Naming]) -> str:
    """The address of the page with the mentions that `page` has no room for; empty where there are none."""
    return site.url(mention_page(page, 2)) if len(namings) > FIRST_MENTIONS else ""


def _pages(namings: Sequence[Naming]) -> list[Sequence[Naming]]:
    return paged(namings, EPISODES_PER_PAGE, FIRST_MENTIONS)


def _items(site: Site, namings: Sequence[Naming], key: EntryKey | None) -> tuple[MentionItem, ...]:
    items = []
    for id, contexts in namings:
        card = site.cards[id]
        quotes = tuple(_quote(context, card.url) for context in contexts[:QUOTES])
        role, said = "", None
        if key and key[0] is Kind.PERSON:
            people = site.catalog.episodes[id].meta.people
            role = words.listing(
                sorted({site.translate(one.role) for one in people if one.person == key[1]}), site.translate
            )
        if key and (second := site.said.get(id, {}).get(key)) is not None:
            page = transcript_path(id, site.catalog.episodes[id].series)
            said = Chip(words.clock(second), f"{site.url(page)}#t-{second}")
        items.append(MentionItem(card, quotes, len(contexts) - len(quotes), role, said))
    return tuple(items)


def _quote(context: Context, url: str) -> Quote:
    _, heading, anchor, text, start, end = context
    first, last = _window(text, start, end)
    return Quote(
        before=("…" if first else "") + text[first:start].replace("\n", " "),
        name=text[start:end].replace("\n", " "),
        after=text[end:last].replace("\n", " ") + ("…" if last < len(text) else ""),
        heading=heading,
        url=f"{url}#{anchor}" if anchor else url,
    )


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a sentence to show, whole words around the name, at most SENTENCE characters."""
    if len(text) <= SENTENCE:
        return 0, len(text)
    room = max(0, SENTENCE - (end - start)) // 2
    first, last = max(0, start - room), min(len(text), end + room)
    if first and (space := text.find(" ", first, start)) >= 0:
        first = space + 1
    if last < len(text) and (space := text.rfind(" ", end, last)) >= 0:
        last = space
    return first, last


def subjects(site: Site) -> Iterator[Subject]:
    """The further pages of all mentions."""
    for (kind, slug), ids in site.named_by.items():
        if len(ids) > FIRST_MENTIONS and (kind, slug) in site.chips:
            yield from _further(kind.value, slug, site.namings[kind, slug])
    for id, episode in site.linked.episodes.items():
        if len(episode.referenced_by) > FIRST_MENTIONS:
            yield from _further("episode", id, naming_of_episode(site, id))


def _further(kind: str, id: str, namings: Sequence[Naming]) -> Iterator[Subject]:
    return (Subject(kind, id, number) for number in range(2, len(_pages(namings)) + 1))


def view(site: Site, subject: Subject) -> MentionsView:
    """One further page."""
    kind, id, number = subject
    key = None if kind == "episode" else (Kind(kind), id)
    if key:
        page, name, namings = page_path(kind, id), title_of(site.catalog.entries(key[0])[id]), site.namings[key]
    else:
        file = site.catalog.episodes[id]
        page, name, namings = page_path(kind, id, file.series), file.meta.title, naming_of_episode(site, id)
    pages = _pages(namings)
    return MentionsView(
        **site.head(
            mention_page(page, number),
            site.translate("mentions-page-of", name, number, len(pages)),
            f"Where episodes name {name}: page {number} of {len(pages)}.",
            Chip(name, site.url(page)),
        ),
        kind=kind,
        name=name,
        home=site.url(page),
        total=len(namings),
        items=_items(site, pages[number - 1], key),
        pager=pager(number, len(pages), lambda n: site.url(mention_page(page, n))),
    )
