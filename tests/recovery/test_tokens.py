"""Tests of tokens, the marks between them, and the ends of sentences."""

import pytest

from mlguide_site.recovery.tokens import ends_colon, ends_sentence, list_signs, read_tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Care ;## Oil and Grease Oil it.", {"Oil": "heading"}),
        ("Care ## Oil it.", {"Oil": "heading"}),
        ("Bring: • Rope • Tape", {"Rope": "item", "Tape": "item"}),
        ("Bring: - Rope. - Tape. - Glue.", {"Rope.": "item", "Tape.": "item", "Glue.": "item"}),
        ("Bring: * rope * tape * glue", {"rope": "item", "tape": "item", "glue": "item"}),
        ("A rope - Strong and thin - held.", {}),
        ("The note C # stands alone", {}),
    ],
)
def test_literal_marks_belong_to_what_follows_them(text: str, expected: dict[str, str]) -> None:
    assert {token.text: token.mark for token in read_tokens(text) if token.mark} == expected


def test_tokens_know_where_they_stand() -> None:
    text = "One  two\n three"
    tokens = read_tokens(text)
    assert [text[token.start : token.start + len(token.text)] for token in tokens] == ["One", "two", "three"]
    assert [token.hard for token in tokens] == [False, False, True]


@pytest.mark.parametrize("word", ["etc.", "vs.", "Dr.", "U.S.", "T.J.", "3.5", "Node.js", "end"])
def test_no_sentence_ends_with(word: str) -> None:
    assert not ends_sentence(word)


@pytest.mark.parametrize(("word", "expected"), [("Parts:", True), ('"Parts":', True), (":", False), ("a:b", False)])
def test_a_label_ends_in_a_colon(word: str, expected: bool) -> None:
    assert ends_colon(word) is expected


def test_signs_between_numbers_are_no_list() -> None:
    assert list_signs("So 2 * 3 * 4 * 5 is x".split(), ()) == frozenset()
