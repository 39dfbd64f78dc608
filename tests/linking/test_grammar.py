"""Tests of the checks whether a word is a verb or a name, and of the folding of texts."""

import pytest

from mlguide_site.linking.disambiguation import Place, begins_sentence
from mlguide_site.linking.folding import folded_words, is_boundary, key


def place(text: str, word: str) -> Place:
    return Place(text, text.index(word), text.index(word) + len(word))


@pytest.mark.parametrize(
    ("text", "is_verb"),
    [
        ("it may spark joy", True),
        ("to spark your interest", True),
        ("a spark of joy", False),
        ("use spark to sort", False),
    ],
)
def test_adjacent_words_identify_a_verb(text: str, is_verb: bool) -> None:
    assert place(text, "spark").is_verb is is_verb


@pytest.mark.parametrize(
    ("text", "is_subject"), [("Spark runs on", True), ("Spark your", False), ("Spark: fast", True), ("Spark", True)]
)
def test_a_verb_or_the_end_of_the_clause_follows_a_name(text: str, is_subject: bool) -> None:
    assert place(text, "Spark").is_subject is is_subject


@pytest.mark.parametrize(
    ("text", "in_longer_name"), [("off to Nova Scotia", True), ("a Nova for me", False), ("In Nova we trust", False)]
)
def test_a_capitalised_word_beside_a_name_makes_the_name_longer(text: str, in_longer_name: bool) -> None:
    assert place(text, "Nova").in_longer_name is in_longer_name


@pytest.mark.parametrize(
    ("text", "is_name"), [("buy the Nova", True), ("Nova is fast", False), ("a Bossa Nova is", False)]
)
def test_a_capitalised_word_inside_a_sentence_is_a_name(text: str, is_name: bool) -> None:
    assert place(text, "Nova").is_name is is_name


@pytest.mark.parametrize(("text", "begins"), [("So. Go on", True), ("we Go", False), ("Go", True), ("- (Go", True)])
def test_the_first_word_of_a_sentence_or_list_item_is_found(text: str, begins: bool) -> None:
    assert begins_sentence(text, text.index("Go")) is begins


def test_spellings_that_differ_in_case_and_separators_have_the_same_key() -> None:
    assert key("Scikit-Learn") == key("scikit learn")


def test_letters_of_scripts_without_spaces_are_words() -> None:
    assert [is_boundary("a", letter) for letter in "学カ를aя"] == [True, True, True, False, False]
    assert not is_boundary("를", "와")
    assert folded_words("Node.js: a node, 用docker를") == ["node", "js", "a", "node", "用", "docker", "를"]
