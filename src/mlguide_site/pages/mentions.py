"""Backlinks: who names an entry or an episode, with the sentence around the name; where many, on pages of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mlguide_site.linking.linked import Context
from mlguide_site.model.schema import Kind
from mlguide_site.model.slugs import page_path, transcript_path
from mlguide_site.pages import formatting
from mlguide_site.pages.pagination import EPISODES_PER_PAGE, FIRST_MENTIONS, mention_page, paged, pager
from mlguide_site.pages.site import Naming, Site
from mlguide_site.pages.view import EPISODE, Chip, MentionItem, Pager, Quote, Subject, View

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


def namings_of(site: Site, kind: str, id: str) -> Sequence[Naming]:
    """The episodes that name an entry or an episode, in the catalog's order."""
    if kind != EPISODE:
        return site.namings.get((Kind(kind), id), ())
    table = site.linked.episodes[id].referenced_by
    return [Naming(other, table[other]) for other in sorted(table.keys() & site.shown, key=site.rank.__getitem__)]


def mention_fields(site: Site, page: str, kind: str, id: str) -> dict[str, Any]:
    """The fields of a page on the mentions of its subject: the first of them, how many there are, and the address of
    the page with the others, or ""."""
    namings = namings_of(site, kind, id)
    return {
        "mentions": _items(site, _pages(namings)[0], kind, id),
        "mentions_total": len(namings),
        "mentions_more": more_mentions(site, page, len(namings)),
    }


def more_mentions(site: Site, page: str, total: int) -> str:
    """The address of the page with the mentions that `page` has no room for; empty where there are none."""
    return site.url(mention_page(page, 2)) if total > FIRST_MENTIONS else ""


def _pages(namings: Sequence[Naming]) -> list[Sequence[Naming]]:
    return paged(namings, EPISODES_PER_PAGE, FIRST_MENTIONS)


def _items(site: Site, namings: Sequence[Naming], kind: str, name: str) -> tuple[MentionItem, ...]:
    items = []
    for id, contexts in namings:
        card, file = site.cards[id], site.catalog.episodes[id]
        quotes = tuple(_quote(context, card.url) for context in contexts[:QUOTES])
        roles = {site.translate(one.role) for one in file.meta.people if kind == Kind.PERSON and one.person == name}
        said = None
        if kind != EPISODE and (second := site.spoken_at.get(id, {}).get((Kind(kind), name))) is not None:
            said = Chip(formatting.clock(second), f"{site.url(transcript_path(id, file.series))}#t-{second}")
        role = formatting.listing(sorted(roles), site.translate)
        items.append(MentionItem(card, quotes, len(contexts) - len(quotes), role, said))
    return tuple(items)


def _quote(context: Context, url: str) -> Quote:
    heading, anchor, text, start, end = context
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
    for kind, id in [*site.chips, *((EPISODE, id) for id in site.linked.episodes)]:
        for number in range(2, len(_pages(namings_of(site, kind, id))) + 1):
            yield Subject(kind, id, number)


def view(site: Site, subject: Subject) -> MentionsView:
    """One further page."""
    kind, id, number = subject
    series = site.catalog.episodes[id].series if kind == EPISODE else ""
    page, name = (
        page_path(kind, id, series),
        site.cards[id].title if kind == EPISODE else site.chips[Kind(kind), id].title,
    )
    namings = namings_of(site, kind, id)
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
        items=_items(site, pages[number - 1], kind, id),
        pager=pager(number, len(pages), lambda n: site.url(mention_page(page, n))),
    )
