"""Tests of telling names from ordinary words."""

from mlguide_site.linking.disambiguation import Around, stems
from mlguide_site.linking.folding import BREAK
from mlguide_site.linking.names import NameTable
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Term, Tool


def test_stems() -> None:
    assert sorted(stems(["planting", "plants", "with", "soil"])) == ["plant", "soil"]


def test_terms_without_another_meaning_are_found_in_longer_names_and_compounds() -> None:
    terms = {name: Term(term=name.title()) for name in ("perceptron", "policy")}
    table = NameTable.of(Catalog({}, {}, {}, {}, {}, terms, {}, {}))
    text = "Today the Perceptron Algorithm, der Perceptron-Algorithmus and a Policy Gradient. A policy is good."
    assert [text[one.start : one.end] for one in table.find(text)] == ["Perceptron", "Perceptron", "policy"]


def test_a_name_in_another_section_removes_none_of_entries_without_topics() -> None:
    terms = {
        name: Term(term=name.title(), definition=f"What {name} is.") for name in ("overfitting", "backpropagation")
    }
    tools = {"docker": Tool(name="Docker", homepage="https://docker.example/")}
    table = NameTable.of(Catalog({}, {}, {}, tools, {}, terms, {}, {}))
    lesson = (
        "Last week we saw why overfitting happens when there is little to learn from. Today we look at how each step"
    )
    sections = [
        f"{lesson} of backpropagation goes from the last layer to the first one in detail.",
        "It runs in Docker.",
    ]
    found = table.find(BREAK.join(sections), Around(sections=(0, 1)))
    assert [slug for one in found for _, slug in one.entries] == ["overfitting", "backpropagation", "docker"]
