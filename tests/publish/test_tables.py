"""Tests of exported tables: every term is included, and spreadsheets find no formulas."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels import Settings
from mlguide_site.content.site_settings import Origin
from mlguide_site.model.flashcards import flashcards
from mlguide_site.publish.catalog import catalog_json
from mlguide_site.publish.exports import EXPORTS, csv_bytes, glossary_csv, safe_cell

TEXTS = {
    "knowledge/glossary.yml": """
sum: {term: "=SUM(A1:A9)", abbreviations: ["+S", T], definition: "@now", see: [dash], topics: [cells]}
dash: {term: '-2+3', definition: 'Quotes " and, commas'}
""",
    "knowledge/topics.yml": "cells: {name: Cells}",
    "knowledge/resources.yml": "book: {title: '=1+1', authors: ['@me'], summary: '+49 30'}",
}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_the_glossary_as_a_table(linked) -> None:
    catalog = linked(TEXTS).catalog
    dash, sum_ = rows(glossary_csv(catalog, Origin("S", "https://s.example/")))
    assert sum_ == {
        "term": "'=SUM(A1:A9)",
        "abbreviations": "'+S; T",
        "aliases": "",
        "definition": "'@now",
        "topics": "Cells",
        "see": "'-2+3",
        "page": "https://s.example/glossary/sum/",
    }
    assert dash["definition"] == 'Quotes " and, commas'
    assert [row["page"] for row in rows(glossary_csv(catalog, Origin("S")))] == ["", ""]
    files = Origin("S", "https://s.example/", directories=False)
    assert rows(glossary_csv(catalog, files))[0]["page"] == "https://s.example/glossary/dash.html"


def test_no_cell_of_an_export_is_a_formula(linked) -> None:
    for row in rows(EXPORTS["csv"](linked(TEXTS).catalog, Origin("S"))):
        assert not [cell for cell in row.values() if cell[:1] in "=+-@" and cell]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1", "\u00a0=1"])
def test_what_looks_like_a_formula_is_quoted(text) -> None:
    assert safe_cell(text) == f"'{text}"


@given(st.text())
def test_a_cell_comes_back(text) -> None:
    (row,) = rows(csv_bytes(["a"], [{"a": text}]))
    assert row["a"].replace("\ufffd", "?") in {made.encode("utf-8", "replace").decode() for made in (text, f"'{text}")}
    assert not row["a"].lstrip().startswith(("=", "+", "-", "@"))


def test_exports_do_not_name_drafts(linked) -> None:
    root = linked(
        {
            "knowledge/series.yml": "a: {title: A}",
            "knowledge/topics.yml": "hid: {name: Wool, status: draft}\ncards: {name: Cards, parent: hid}",
            "knowledge/glossary.yml": "reed: {term: Reed, definition: D, topics: [hid, cards], see: [hid-term]}\n"
            "hid-term: {term: Shed, status: draft}",
            "knowledge/people.yml": "hid-guest: {name: Ida, status: draft}",
            "knowledge/resources.yml": "book: {title: Loom, topics: [hid, cards], episodes: [a-001, a-002, a-009]}",
            "a-001": "status: draft\n---\nText.",
            "a-002": "topics: [hid, cards]\npeople: [{person: hid-guest, role: guest}]\n"
            "questions: [{question: Q, answer: A}]\n---\nText.",
        }
    )
    tables = {name: export(root.catalog, Origin("S")) for name, export in EXPORTS.items() if name != "anki"}
    tables |= {"catalog": catalog_json(root, Settings("S"))}
    for name, data in tables.items():
        text = data.decode()
        assert "hid" not in text, name
        assert "a-001" not in text, name
        assert "cards" in text, name
        assert ("a-009" in text) == (name != "catalog"), name
    assert {card.topics for card in flashcards(root.catalog)} == {("cards",)}
