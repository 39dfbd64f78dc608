"""What part of a sentence a word can be."""

import pytest

from mlguide_site.recovery import lexicon
from mlguide_site.recovery.lexicon import part_of
from mlguide_site.recovery.looks import UNKNOWN_NAME, look_at
from mlguide_site.recovery.words import CLASSES


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("provides", "FINITE"),
        ("carries", "FINITE"),
        ("models", "PLURAL"),
        ("reports", "PERHAPS_FINITE"),
        ("enable", "BASE"),
        ("report", "PERHAPS_BASE"),
        ("stored", "PAST"),
        ("mapped", "PAST"),
        ("built", "PAST"),
        ("running", "GERUND"),
        ("quickly", "ADVERB"),
        ("regression", "NOUN"),
        ("regressions", "NOUNS"),
        ("statistical", "ADJECTIVE"),
        ("gpt-4", "NUMBER"),
        ("zyx", ""),
    ],
)
def test_parts(word: str, part: str) -> None:
    assert part_of(word) == (getattr(lexicon, part) if part else 0)


def test_words_that_are_listed_as_classes_have_none_of_the_parts() -> None:
    assert {look_at(word).part for word in ("the", "is", "how")} == {CLASSES[word] for word in ("the", "is", "how")}


def test_only_small_words_are_verbs_of_a_sentence() -> None:
    assert look_at("provides").finite
    assert look_at("are").finite
    assert not look_at("Provides").finite
    assert not look_at("reports").finite


def test_names_that_nothing_tells_of_are_names() -> None:
    assert look_at("Zyx").part == UNKNOWN_NAME
    assert look_at("zyx").part == 0
