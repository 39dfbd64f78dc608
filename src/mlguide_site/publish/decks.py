"""The glossary to take along: a deck of Anki and a table."""

from collections.abc import Mapping

from mlguide_site.config import Settings
from mlguide_site.content.site_settings import Origin
from mlguide_site.linking.linked import LinkedCatalog
from mlguide_site.pages.facets import DECK, TABLE
from mlguide_site.publish.exports import Deck, deck_of, glossary_csv


def decks(linked: LinkedCatalog, settings: Settings) -> Mapping[str, Deck]:
    """The decks of a site by path in it: one, or none where no term has a definition."""
    deck = deck_of(linked.catalog, origin_of(settings))
    return {DECK: deck} if deck else {}


def tables(linked: LinkedCatalog, settings: Settings) -> Mapping[str, bytes]:
    """The tables of a site by path in it, where there is a term at all."""
    return {TABLE: glossary_csv(linked.catalog, origin_of(settings))} if linked.catalog.terms else {}


def origin_of(settings: Settings) -> Origin:
    """What exports know of a site."""
    return Origin(settings.site_name, settings.site_url, settings.directories)
