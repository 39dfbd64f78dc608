"""Tests of the Anki deck: complete notes, escaped text, stable ids and the same bytes in each build."""

import io
import sqlite3
import zipfile
from collections.abc import Mapping

import pytest

from mlguide_site.content.site_settings import Origin
from mlguide_site.errors import UsageError
from mlguide_site.publish.anki import Deck, apkg, deck_of
from mlguide_site.publish.exports import EXPORTS

SITE = Origin("Ferns: a show", "https://ferns.example/kb/")
TERMS = """
frond:
  {term: Frond, abbreviations: [FR], definition: "A leaf <b>& more</b> [sound:x.mp3] {{c1::y}}", see: [spore],
   topics: [soil]}
spore: {term: Spore, definition: How it spreads.}
bare: {term: Bare}
"""
TEXTS = {"knowledge/glossary.yml": TERMS, "knowledge/topics.yml": "soil: {name: Soil}"}


def notes(data: bytes) -> dict[str, tuple[object, ...]]:
    """Return the notes of a deck by their first field: guid, id, model, time, tags and the other fields."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert sorted(file.namelist()) == ["collection.anki2", "media"]
        assert file.read("media") == b"{}"
        collection = file.read("collection.anki2")
    connection = sqlite3.connect(":memory:")
    connection.deserialize(collection)
    rows = connection.execute("select guid, id, mid, mod, tags, flds from notes").fetchall()
    cards = connection.execute("select nid from cards").fetchall()
    assert sorted(id for (id,) in cards) == sorted(row[1] for row in rows)
    decks = connection.execute("select decks from col").fetchone()[0]
    connection.close()
    assert '"name": "Ferns: a show"' in decks or not rows
    return {row[5].split("\x1f")[0]: (*row[:5], *row[5].split("\x1f")[1:]) for row in rows}


@pytest.fixture
def catalog(linked):
    return linked(TEXTS).catalog


def test_the_deck_holds_every_defined_term_and_nothing_of_it_is_markup(catalog) -> None:
    found = notes(EXPORTS["anki"](catalog, SITE))
    assert sorted(found) == ["Frond", "Spore"]
    *_, tags, short, definition, see, page = found["Frond"]
    assert (str(tags).split(), short, see) == (["soil"], "FR", "Spore")
    assert definition == "A leaf &lt;b&gt;&amp; more&lt;/b&gt; &#91;sound:x.mp3] &#123;&#123;c1::y}}"
    assert page == "https://ferns.example/kb/glossary/frond/"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"A $\frac{a}{b}$ b", r"A \(\frac&#123;a}&#123;b}\) b"),
        (r"$\mathrm{\href{javascript:alert(1)}{x}}$", r"\mathrm&#123;\href&#123;javascript:alert(1)}&#123;x}}"),
        (r"\(\href{javascript:alert(1)}{x}\)", "\\\u200b(\\href&#123;javascript:alert(1)}&#123;x}\\)"),
        (r"\[x\] \begin{x}", "\\\u200b&#91;x\\] \\\u200bbegin&#123;x}"),
        (r"$a\)\(\href{x}{y}$", "a\\)\\\u200b(\\href&#123;x}&#123;y}"),
    ],
)
def test_tex_that_makes_links_or_styles_stays_text(linked, text, shown) -> None:
    terms = f"frond: {{term: Frond, definition: '{text}'}}"
    assert notes(EXPORTS["anki"](linked({"knowledge/glossary.yml": terms}).catalog, SITE))["Frond"][6] == shown


def test_questions_of_episodes_are_cards_with_the_same_ids_wherever_they_are_listed(linked) -> None:
    asked = ["{question: Why <green>?, answer: Chlorophyll.}", "{question: How tall?, answer: As a house.}"]
    decks = [
        changed(
            linked,
            {**TEXTS, "knowledge/series.yml": "a: {title: A}", "a-001": f"questions: [{', '.join(order)}]\n---\n"},
        )
        for order in (asked, asked[::-1])
    ]
    assert sorted(decks[0]) == ["Frond", "How tall?", "Spore", "Why &lt;green&gt;?"]
    *_, definition, see, page = decks[0]["How tall?"]
    assert (definition, see, page) == ("As a house.", "", "https://ferns.example/kb/episodes/a/a-001/")
    assert {name: row[0] for name, row in decks[0].items()} == {name: row[0] for name, row in decks[1].items()}


def test_two_decks_are_the_same_bytes(catalog) -> None:
    assert EXPORTS["anki"](catalog, SITE) == EXPORTS["anki"](catalog, SITE)


def changed(linked, texts: Mapping[str, str]) -> dict[str, tuple[object, ...]]:
    return notes(EXPORTS["anki"](linked(texts).catalog, SITE))


def test_ids_stay_when_other_terms_come_and_definitions_change(linked, catalog) -> None:
    before = notes(EXPORTS["anki"](catalog, SITE))
    more = "arch: {term: Arch, definition: First of all.}" + TERMS.replace("How it spreads", "How it travels")
    after = changed(linked, {**TEXTS, "knowledge/glossary.yml": more})
    assert sorted(after) == ["Arch", "Frond", "Spore"]
    assert {name: row[0:3:2] for name, row in before.items()} == {name: after[name][0:3:2] for name in before}


def test_ids_are_those_of_one_site_only(catalog) -> None:
    here, there = (notes(EXPORTS["anki"](catalog, SITE._replace(address=a))) for a in ("https://a.example/", ""))
    assert not {row[0] for row in here.values()} & {row[0] for row in there.values()}
    assert not {row[2] for row in here.values()} & {row[2] for row in there.values()}


def test_a_later_episode_makes_notes_newer_and_no_id_lies_in_the_future(linked, catalog) -> None:
    before = notes(EXPORTS["anki"](catalog, SITE))
    after = changed(linked, {**TEXTS, "knowledge/series.yml": "a: {title: A}", "a-001": "date: 2024-02-29\n---\n"})
    assert before["Spore"][3] < after["Spore"][3] == 1_709_164_800
    assert all(1_577_836_800_000 <= row[1] < 1_600_000_000_000 for row in after.values())


@pytest.mark.parametrize(("given", "time"), [("1795000000", 1_795_000_000), ("1600000000", 1_709_164_800)])
def test_a_later_commit_makes_notes_newer(linked, monkeypatch, given, time) -> None:
    monkeypatch.setenv("MLGUIDE_COMMIT_TIME", given)
    after = changed(linked, {**TEXTS, "knowledge/series.yml": "a: {title: A}", "a-001": "date: 2024-02-29\n---\n"})
    assert {row[3] for row in after.values()} == {time}


def test_without_a_definition_there_is_no_deck(linked) -> None:
    catalog = linked({"knowledge/glossary.yml": "bare: {term: Bare}"}).catalog
    assert deck_of(catalog, SITE).cards == ()
    assert notes(EXPORTS["anki"](catalog, SITE)) == {}


def test_a_large_glossary_has_no_id_twice(linked) -> None:
    many = "".join(f"t{n}: {{term: Term {n}, definition: The {n}th.}}\n" for n in range(400))
    deck = deck_of(linked({"knowledge/glossary.yml": many}).catalog, SITE)
    found = notes(apkg(deck))
    assert len(found) == len({row[1] for row in found.values()}) == len({row[0] for row in found.values()}) == 400


def test_without_the_extra_an_export_names_it_and_the_site_has_no_deck(monkeypatch) -> None:
    monkeypatch.setattr("mlguide_site.publish.anki.makes_decks", lambda: False)
    with pytest.raises(UsageError, match=r'pip install "\.\[anki\]"'):
        apkg(Deck("D", "d", 0, ()))
