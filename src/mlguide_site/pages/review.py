"""The pages that list the cards for review, and the data for the script that lets readers review them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any

from mlguide_site.markdown.document import Section
from mlguide_site.markdown.formulas import formula_parts
from mlguide_site.model.flashcards import Flashcard, card_id
from mlguide_site.model.records import Kind
from mlguide_site.pages.facets import DECK, makes_decks
from mlguide_site.pages.pagination import ENTRIES_PER_PAGE, paged, walk
from mlguide_site.pages.site import Site
from mlguide_site.pages.view import Subject, View

CARDS = "review/cards.json"
FIRST_CARDS = 10  # number of cards on the first page, which is also the page for reviewing
_WORD = re.compile(r"\w{3,}")
MOST_SCOPES = 200  # maximum number of topics and episodes that readers can choose


@lru_cache(maxsize=1)
def pages(site: Site) -> Sequence[Sequence[Flashcard]]:
    """Return the cards on each page of the list. The last result is cached for other pages."""
    return paged(site.flashcards, ENTRIES_PER_PAGE, FIRST_CARDS)


def view(site: Site, subject: Subject) -> View:
    """Return the view of one page of the list. `groups` contains (title, URL, colour, flashcards) for each episode and
    topic. On the first page, `scopes` contains (scope, name, number of flashcards) for the topics and episodes to
    choose. `heads` contains links to topics with subtopics and flashcards. `suffix` ends the addresses of topics."""
    number, found, sizes = subject.page, pages(site), site.scopes
    return site.list_view(
        "review",
        number,
        len(found),
        total=len(site.flashcards),
        terms=sizes.get("glossary", 0),
        deck=DECK if site.flashcards and makes_decks() else "",
        scopes=_scopes(site) if number == 1 else (),
        heads=[
            site.chips[Kind.TOPIC, slug]
            for slug in site.below[Kind.TOPIC].get("", ())
            if slug in site.below[Kind.TOPIC] and f"topic.{slug}" in sizes
        ],
        suffix="/" if site.settings.directories else ".html",
        groups=tuple((*page, tuple(run)) for page, run in groupby(found[number - 1], lambda card: _page(site, card))),
    )


def _scopes(site: Site) -> tuple[tuple[str, str, int], ...]:
    """Return (scope, name, number of flashcards) for the first `MOST_SCOPES` topics and episodes with flashcards."""
    names = {f"topic.{slug}": site.chips[Kind.TOPIC, slug].title for slug, _ in walk(site.below[Kind.TOPIC], "")}
    names |= {one: site.cards[id].full_name for id in site.cards if (one := f"episode.{id}") in site.scopes}
    found = [(scope, name, site.scopes[scope]) for scope, name in names.items() if scope in site.scopes]
    return tuple(found[:MOST_SCOPES])


def _page(site: Site, card: Flashcard) -> tuple[str, str, int]:
    """Return the title, the URL and the colour of a card's episode or topic, or nothing for a term without episodes."""
    if card.episode:
        return (own := site.cards[card.episode]).full_name, own.url, own.hue
    return ("", "", 0) if card.is_term else (*site.chips[Kind.TOPIC, card.topics[0]], 0)


@lru_cache(maxsize=1)
def card_ids(site: Site) -> Mapping[str, Sequence[str]]:
    """Map each scope of a review to the ids of its cards."""
    identity, found = _identity(site), defaultdict[str, list[str]](list)
    for card in site.flashcards:
        for scope in card.scopes:
            found[scope].append(card_id(identity, card.slug))
    return found


def _identity(site: Site) -> str:
    return site.settings.site_url or site.settings.site_name


def data(site: Site) -> dict[str, Any]:
    """Return the names of episodes and topics, the colours of episodes, the lists of topics, and the cards: [id, front
    (a list like the back if it has formulas), back, address, 1 for a term, 2 for a key term of a topic or else 0, id of
    the episode or `topic.` and slug of the topic, position of its list of topics]."""
    identity, files = _identity(site), site.linked.episodes
    key = {slug for topic in site.catalog.topics.values() for slug in topic.terms}
    words_of = lru_cache(maxsize=1)(lambda one: words_of_sections(files[one].file.body, files[one].document.sections))
    lists, cards = dict[tuple[str, ...], int](), []
    names = {id: one.full_name for id, one in site.cards.items() if f"episode.{id}" in site.scopes}
    hues = {id: site.cards[id].hue for id in names}
    for slug, page, topics, front, back, is_term, _, _, episode in site.flashcards:
        url = site.url(page)
        if episode and not is_term:
            url += section_of(front, back, words_of(episode), files[episode].document.sections)
        elif not is_term:
            episode = f"topic.{topics[0]}"
            names[episode] = site.chips[Kind.TOPIC, topics[0]].title
        place = lists.setdefault(topics, len(lists))
        title: str | list[str] = front if is_term or "$" not in front else formula_parts(front)
        key_term = is_term + (slug in key)
        cards.append((card_id(identity, slug), title, formula_parts(back), url, key_term, episode, place))
    return {"names": names, "hues": hues, "topics": [*lists], "cards": cards}


def section_of(front: str, back: str, places: Mapping[str, Sequence[int]], sections: Sequence[Section]) -> str:
    """Return the address, such as `#trees`, of the section whose words fit a card best. Rare words count more. `places`
    is the result of `words_of_sections`."""
    scores = Counter({0: 0})
    for word in {*_WORD.findall(f"{front} {back}".casefold())} & places.keys():
        for at in places[word]:
            scores[at] += 1_000 // len(places[word])
    best = min(scores, key=lambda at: (-scores[at], at))
    return f"#{anchor}" if sections and (anchor := sections[best].anchor) else ""


def words_of_sections(body: str, sections: Iterable[Section]) -> Mapping[str, Sequence[int]]:
    """Map each word to the indexes of the sections that contain it. Omit words that are in more than 20 sections."""
    lines, found = body.casefold().splitlines(), defaultdict[str, list[int]](list)
    for at, (start, end) in enumerate(pairwise([*(section.line for section in sections), len(lines) + 1])):
        for word in {*_WORD.findall(" ".join(lines[start - 1 : end - 1]))}:
            found[word].append(at)
    return {word: places for word, places in found.items() if len(places) <= 20}
