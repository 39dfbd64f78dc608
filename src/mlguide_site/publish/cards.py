"""Social cards: the picture that a shared link shows, one for each series and each kind of page. What they say."""

from collections.abc import Mapping
from typing import NamedTuple

from mlguide_site.config import Settings
from mlguide_site.model.catalog import Catalog

FOLDER = "assets/mlguide/cards"
COLOURS = ("#8ab6ff", "#d3a8e6", "#f2a179", "#a3b9f7", "#c6cf74", "#f49bb8")
"""Those of the series in the dark, in their order."""
KINDS = ("episodes", "topics", "tools", "resources", "glossary", "people")
HOME = "home"


class Card(NamedTuple):
    """What a card says: large, small, and the colour of its bar."""

    title: str
    line: str
    colour: str


def cards(catalog: Catalog, settings: Settings) -> Mapping[str, Card]:
    """The cards by path in the site; none without the site's address, for they need absolute ones."""
    if not settings.site_url:
        return {}
    site = settings.site_name
    found = {f"{FOLDER}/{HOME}.png": Card(site, settings.site_description, COLOURS[0])}
    found |= {
        f"{FOLDER}/{kind}.png": Card(kind.capitalize(), site, COLOURS[at % len(COLOURS)])
        for at, kind in enumerate(KINDS)
    }
    for at, (name, series) in enumerate(catalog.series.items()):
        found[_series_card(name)] = Card(series.title, site, COLOURS[at % len(COLOURS)])
    return found


def card_of(path: str, catalog: Catalog) -> str:
    """The path of the card of a page, by its path in the folder of pages."""
    parts = path.split("/")
    if parts[0] == "episodes" and len(parts) > 2 and parts[1] in catalog.series:
        return _series_card(parts[1])
    return f"{FOLDER}/{parts[0] if parts[0] in KINDS else HOME}.png"


def _series_card(name: str) -> str:
    return f"{FOLDER}/series-{name}.png"
