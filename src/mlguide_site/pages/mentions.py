"""Backlinks: who names an entry or an episode, with the sentence around the name; where many, on pages of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from mlguide_site.linking.linked import Context
from mlguide_site.model import Kind
from mlguide_site.model.catalog import title_of
from mlguide_site.model.slugs import page_path, transcript_path
from mlguide_site.pages import words
from mlguide_site.pages.lists import EPISODES_PER_PAGE, FIRST_MENTIONS, cut, mention_page, page_count, pager
from mlguide_site.pages.site import Naming, Site, by_episode
from mlguide_site.pages.view import Chip, MentionItem, Pager, Quote, Subject, View

QUOTES = 2
"""How many sentences of one episode a page quotes."""
SENTENCE = 320
"""How long a quoted sentence may be, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionsView(View):
    """A further page of the mentions of an entry or episode."""

    template: ClassVar[str] = "mentions.md.jinja"

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


def mention_items(
    site: Site, namings: Sequence[Naming], key: tuple[Kind, str] | None = None
) -> tuple[MentionItem, ...]:
    """Mentions as a page shows them; `key` is the entry that they are of, none where they are of an episode."""
    cards = site.cards
    items = []
    for id, contexts in namings:
        card = cards[id]
        quotes = [_quote(context, card.url) for context in contexts[:QUOTES]]
        role = _role(site, id, key[1]) if key and key[0] is Kind.PERSON else ""
        said = _said(site, id, key) if key and id in site.said else None
        items.append(MentionItem(card, tuple(quotes), len(contexts) - len(quotes), role, said))
    return tuple(items)


def first_mentions(namings: Sequence[Naming]) -> Sequence[Naming]:
    """Those that the page of the thing itself shows."""
    return cut(namings, 1, EPISODES_PER_PAGE, FIRST_MENTIONS)


def more_mentions(site: Site, page: str, namings: Sequence[Naming]) -> str:
    """The address of the page with the mentions that `page` has no room for; empty where there are none."""
    return site.url(mention_page(page, 2)) if len(namings) > FIRST_MENTIONS else ""


def _quote(context: Context, url: str) -> Quote:
    _, heading, anchor, text, start, end = context
    before, after = "", ""
    if len(text) > SENTENCE:
        first, last = _window(text, start, end)
        before, after = "…" if first else "", "…" if last < len(text) else ""
        text, start, end = text[first:last], start - first, end - first
    if "\n" in text:
        text = text.replace("\n", " ")
    return Quote(
        before=before + text[:start],
        name=text[start:end],
        after=text[end:] + after,
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


def _said(site: Site, id: str, key: tuple[Kind, str]) -> Chip | None:
    """A link to the second of the transcript at which an entry is first named."""
    second = site.said[id].get(key)
    if second is None:
        return None
    page = transcript_path(id, site.catalog.episodes[id].series)
    return Chip(words.clock(second), f"{site.url(page)}#t-{second}")


def _role(site: Site, id: str, person: str) -> str:
    roles = {site.say(role.role) for role in site.catalog.episodes[id].meta.people if role.person == person}
    return words.listing(sorted(roles)) if roles else ""


def subjects(site: Site) -> Iterator[Subject]:
    """The further pages of all mentions."""
    for (kind, slug), ids in site.named_by.items():
        if (kind, slug) in site.chips:
            for number in range(2, page_count(len(ids), EPISODES_PER_PAGE, FIRST_MENTIONS) + 1):
                yield Subject(kind.value, slug, number)
    for id, episode in site.linked.episodes.items():
        if len(episode.referenced_by) > FIRST_MENTIONS:
            count = page_count(len(naming_of_episode(site, id)), EPISODES_PER_PAGE, FIRST_MENTIONS)
            for number in range(2, count + 1):
                yield Subject("episode", id, number)


def view(site: Site, subject: Subject) -> MentionsView:
    """One further page."""
    kind, id, number = subject
    if kind == "episode":
        file = site.catalog.episodes[id]
        page, name = page_path(kind, id, file.series), file.meta.title
        namings = naming_of_episode(site, id)
    else:
        page, name = page_path(kind, id), title_of(site.catalog.entries(Kind(kind))[id])
        namings = site.namings[Kind(kind), id]
    count = page_count(len(namings), EPISODES_PER_PAGE, FIRST_MENTIONS)
    return MentionsView(
        **site.head(
            mention_page(page, number),
            site.say("{}: mentions, page {} of {}", name, number, count),
            f"Where episodes name {name}: page {number} of {count}.",
            Chip(name, site.url(page)),
        ),
        kind=kind,
        name=name,
        home=site.url(page),
        total=len(namings),
        items=mention_items(
            site,
            cut(namings, number, EPISODES_PER_PAGE, FIRST_MENTIONS),
            None if kind == "episode" else (Kind(kind), id),
        ),
        pager=pager(number, count, lambda n: site.url(mention_page(page, n))),
    )
