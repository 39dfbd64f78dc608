"""Exports the glossary and questions as an Anki deck. The `.apkg` file is a ZIP archive with an SQLite collection.

All ids are derived from the site's address or name, and from slugs. Therefore, importing a deck again updates the notes
without resetting the learner's progress. Anki updates a note only if the new deck says that it was changed later. The
output doesn't depend on the current time."""

import importlib
import os
import re
import sqlite3
from calendar import timegm
from contextlib import closing
from html import escape
from itertools import count
from typing import Any, NamedTuple

import yaml

from mlguide_site.content.resources import packaged_templates
from mlguide_site.content.site_settings import Origin
from mlguide_site.errors import UsageError
from mlguide_site.markdown.formulas import split_formulas
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.digests import digest
from mlguide_site.model.flashcards import Flashcard, card_id, flashcards
from mlguide_site.pages.facets import makes_decks
from mlguide_site.publish.zipped import zipped

FORM = 5  # the version of the deck format; increase it after each code change that alters the decks
_TEX = re.compile(r"\\(?=[(\[]|begin)")  # Anki shows the text after these backslashes as TeX
_OLDEST = 1_577_836_800  # 1 January 2020, the lowest id of a note; Anki uses timestamps as ids


class Deck(NamedTuple):
    """A deck. `identity` is the site's address or name. `changed` is the Unix time of its last change."""

    name: str
    identity: str
    changed: int
    cards: tuple[Flashcard, ...]  # each card's `page` is an address, not a path


def deck_of(catalog: Catalog, origin: Origin) -> Deck:
    """Return the deck of a catalog. Texts don't tell which of two decks is newer, so its time is that of the latest
    episode, or a later Unix time in the environment variable MLGUIDE_COMMIT_TIME."""
    cards = tuple(card._replace(page=origin.page(card.page)) for card in flashcards(catalog))
    days = [day for file in catalog.episodes.values() if (day := file.meta.date)]
    given = os.environ.get("MLGUIDE_COMMIT_TIME", "")
    commit = int(given) if given.isascii() and given.isdigit() else 0
    changed = max([_OLDEST, commit, *(timegm((*day.timetuple()[:3], 0, 0, 0)) for day in days)])
    # two colons in a deck's name would create a subdeck
    return Deck(origin.name.replace("::", ":"), origin.address or origin.name, changed, cards)


def apkg(deck: Deck) -> bytes:
    """Return a deck as an `.apkg` file. The bytes depend only on the deck and on the versions of SQLite and zlib."""
    # genanki is imported on demand, because loading it takes 0.1 seconds
    if not makes_decks():
        raise UsageError('Anki decks need genanki; run this in the repository folder: python3 -m pip install ".[anki]"')
    genanki: Any = importlib.import_module("genanki")
    design = yaml.safe_load((packaged_templates() / "anki_cards.yml").read_text("utf-8"))
    fields, cards = [{"name": name} for name in design["fields"]], {"qfmt": design["front"], "afmt": design["back"]}
    templates = [{"name": "Definition", **cards}]
    model = genanki.Model(_id(deck.identity, "model"), deck.name, fields, templates, css=design["style"])
    made = genanki.Deck(_id(deck.identity, "deck"), deck.name)
    for card in deck.cards:
        texts = (card.front, ", ".join(card.names), card.back, ", ".join(card.see), card.page)
        tags, guid = sorted(set(card.topics)), card_id(deck.identity, card.slug)
        made.add_note(genanki.Note(model=model, fields=list(map(_html, texts)), tags=tags, guid=guid))
    with closing(sqlite3.connect(":memory:")) as connection:
        genanki.Package(made).write_to_db(connection.cursor(), float(deck.changed), count(_OLDEST * 1000))
        connection.commit()
        files = {"collection.anki2": connection.serialize(), "media": b"{}"}
    return zipped(files.items())


def _id(identity: str, what: str) -> int:
    return (1 << 30) + int(digest(f"{identity}\0{what}", 8), 16) % (1 << 30)


def _html(text: str) -> str:
    """Return text as HTML, with supported formulas as TeX for Anki. Escape HTML and Anki's syntax: `[sound:…]` and
    `{{…}}`. Other TeX stays text, because an invisible space follows its backslash."""
    parts = []
    for before, formula in split_formulas(text):
        tex = rf"\({formula.tex}\)" if formula and formula.is_supported else ""
        plain = before + (formula.tex if formula and not tex else "")
        parts.append(_TEX.sub("\\\\\u200b", plain) + tex)
    return escape("".join(parts)).replace("[", "&#91;").replace("{", "&#123;").replace("\x1f", " ")
