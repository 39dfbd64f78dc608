"""The flashcards that readers review on the site and in Anki: terms with a definition, and questions."""

from collections.abc import Iterable
from hashlib import sha256
from string import ascii_letters, digits
from typing import NamedTuple

from mlguide_site.model.catalog import Catalog
from mlguide_site.model.digests import digest
from mlguide_site.model.records import Status
from mlguide_site.model.slugs import page_path

MOST_TOPICS = 20  # maximum number of topics of a card
_SIGNS = f"{ascii_letters}{digits}!#$%&()*+,-./:;<=>?@[]^_`{{|}}~"


class Flashcard(NamedTuple):
    """A card for a term, or for a question of a topic or episode. `page` is the path of the page of the term, topic or
    episode. `episode` is "" if the card isn't an episode's question."""

    slug: str
    page: str
    topics: tuple[str, ...]
    front: str
    back: str
    is_term: bool = False
    names: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    episode: str = ""

    @property
    def scopes(self) -> list[str]:
        """The sets that readers can review and that contain the card: `glossary`, `episode.<id>` and `topic.<slug>`."""
        own = ["glossary"] if self.is_term else [f"episode.{self.episode}"] if self.episode else []
        return own + [f"topic.{slug}" for slug in self.topics]


def flashcards(catalog: Catalog) -> tuple[Flashcard, ...]:
    """Return a card for each term with a definition, and each question of a topic or published episode, only once."""
    found = {}

    def shown(topics: Iterable[str]) -> tuple[str, ...]:
        return tuple(one for one in topics if one in catalog.topics)[:MOST_TOPICS]

    for slug, term in catalog.terms.items():
        if term.definition:
            see = tuple(catalog.terms[other].term for other in term.see if other in catalog.terms)
            card = Flashcard(slug, page_path("term", slug), shown(term.topics), term.term, term.definition)
            found[slug] = card._replace(is_term=True, names=term.abbreviations, see=see)
    for name, topic in catalog.topics.items():
        for item in topic.questions:
            slug = f"topic:{name}?{digest(item.question, 8)}"
            found[slug] = Flashcard(slug, page_path("topic", name), (name,), item.question, item.answer)
    for file in catalog.episodes.values():
        for item in file.meta.questions if file.meta.status is Status.PUBLISHED else ():
            slug = f"{file.id}?{digest(item.question, 8)}"
            topics = shown(file.meta.topics)
            found[slug] = Flashcard(slug, file.page, topics, item.question, item.answer, episode=file.id)
    return tuple(found.values())


def card_id(identity: str, slug: str) -> str:
    """Return the id of a card, which is the guid of its note in Anki. `identity` is the site's address or name."""
    number, signs = int.from_bytes(sha256(f"{identity}__{slug}".encode()).digest()[:8], "big"), ""
    while number:
        number, at = divmod(number, len(_SIGNS))
        signs = _SIGNS[at] + signs
    return signs
