"""Tests of the spellings of a name."""

import pytest

from mlguide_site.linking.spelling import is_plain_word, spellings
from mlguide_site.model.records import Kind


def texts(name: str) -> list[str]:
    return [spelling.text for spelling in spellings(name, Kind.TERM)]


@pytest.mark.parametrize(
    ("name", "in_brackets", "is_found"),
    [
        ("Markov Chain", "MC", True),
        ("k-nearest neighbours", "k-NN", True),
        ("Deep Learning", "Stanford", False),
        ("Deep Learning", "2nd ed.", False),
    ],
)
def test_an_abbreviation_in_brackets_is_a_spelling(name: str, in_brackets: str, is_found: bool) -> None:
    found = texts(f"{name} ({in_brackets})")
    assert (in_brackets in found, name in found) == (is_found, is_found)


@pytest.mark.parametrize(("name", "other"), [("data labelling", "data labeling"), ("behavior", "behaviour")])
def test_british_and_american_spellings_are_found(name: str, other: str) -> None:
    assert other in texts(name)


def test_spellings() -> None:
    assert [s.text for s in spellings("Markov Chain (MC)", Kind.TERM)][:3] == [
        "Markov Chain (MC)",
        "Markov Chain",
        "MC",
    ]
    assert [s.text for s in spellings("Deep Learning (Stanford)", Kind.RESOURCE)] == ["Deep Learning (Stanford)"]


def test_is_plain_word() -> None:
    assert all(map(is_plain_word, ("Spark", "bed")))
    assert not any(map(is_plain_word, ("PyTorch", "SQL", "R", "scikit-learn", "GPT4")))
