"""Tests of the words and abbreviations in prose, and of strings that can't be names."""

import pytest

from mlguide_site.editing.suggest.candidates import expand, expansions, is_no_name, is_person
from mlguide_site.editing.suggest.capitalised_runs import capitalises_nouns, is_marked, runs_of, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A Foundation Model (FM) and RL (reinforcement learning).",
            {"FM": "Foundation Model", "RL": "reinforcement learning"},
        ),
        ("It (Linux) runs.", {}),
        ("VMs: virtual machines.", {"VM": "virtual machine"}),
        ("Networks (GANs) of generative adversarial networks", {}),
        ("Use Oracle Android (Android) or Android (Oracle Android).", {}),
    ],
)
def test_an_abbreviation_has_an_expansion(text, expected):
    assert {one[0]: one[1] for one in expansions(text)} == expected


@pytest.mark.parametrize(
    ("short", "words", "expected"),
    [
        ("GANs", ["Generative", "Adversarial", "Networks"], ("GAN", "Generative Adversarial Network")),
        ("k-NN", ["k-nearest", "neighbours"], ("k-NN", "k-nearest neighbours")),
        ("AWS", ["always"], None),
        ("ML", ["Machine", "for", "Learning", "of"], None),
    ],
)
def test_words_expand_an_abbreviation(short, words, expected):
    assert expand(short, words) == expected


def test_a_footnote_number_is_no_part_of_a_word() -> None:
    assert [word.text for word in words_of("Warp¹, Weft²³ and H₂O")] == ["Warp", "Weft", "and", "H₂O"]


def test_endings_after_an_apostrophe_are_no_part_of_a_name() -> None:
    words = [(word.text, word.owner) for word in words_of("Docker'da, JS’a, the dog's Don't, Qu'est O'Reilly")]
    assert words == [
        ("Docker", True), ("JS", True), ("the", False), ("dog", True), ("Don't", False), ("Qu'est", False),
        ("O'Reilly", False),
    ]  # fmt: skip


def test_words_have_sentence_starts_and_owners():
    words = [(word.text, word.first, word.owner) for word in words_of("Use PyTorch's C++. Go")]
    assert words == [("Use", True, False), ("PyTorch", False, True), ("C++", False, False), ("Go", True, False)]


@pytest.mark.parametrize("word", ["PyTorch", "EC2", "Node.js", "AWS", "C++", "iPhone"])
def test_a_word_looks_like_a_name(word):
    assert is_marked(word)


@pytest.mark.parametrize("word", ["Docker", "Follow-Up"])
def test_a_capital_at_the_start_is_no_mark_of_a_name(word):
    assert not is_marked(word)


def test_german_capitalises_nouns():
    text = "Die neue Brücke trägt seit gestern auch Züge, sagt der Leiter der Werft. "
    assert capitalises_nouns([words_of(text * 3)])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("4K", True), ("192K", True), ("SOUL.md", True), ("CEOs", True), ("Q3", True)]
    + [(name, False) for name in ("EC2", "Node.js", "CUDA")],
)
def test_a_quantity_or_a_file_is_no_name(name, expected):
    assert is_no_name(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"), [("Jane Roe", True), ("J. Q. Roe", True), ("Open Source", False), ("NASA", False)]
)
def test_a_first_and_last_name_may_be_a_person(name, expected):
    assert is_person(name, frozenset(["open"])) is expected


def test_expansions_of_many_equal_letters_take_little_time():
    words = " ".join(["-".join("a" * 16)] * 6)
    assert list(expansions(f"apple {words} zebra (AAAAAAAA)")) == []


def test_words_that_are_too_long_for_a_name_are_not_cut(monkeypatch):
    """The search for attached words takes quadratic time."""
    monkeypatch.setattr("mlguide_site.editing.suggest.capitalised_runs._ATTACHED", None)
    text = f"See Aa{'-aed' * 5000}-Z."
    assert [one.last for one in runs_of(text, words_of(text), frozenset())] == [1]


def test_words_end_where_the_script_changes():
    words = [(word.text, word.first) for word in words_of("用PyTorch训练，Docker也")]
    assert words == [("用", True), ("PyTorch", False), ("训练", False), ("Docker", True), ("也", False)]
