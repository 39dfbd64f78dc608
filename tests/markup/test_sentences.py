"""Tests of the sentence around a name."""

import pytest

from mlguide_site.markdown.sentences import refers_back, sentence_at


def around(text: str, name: str, limit: int = 240) -> str:
    start = text.index(name)
    sentence, first, last = sentence_at(text, start, start + len(name), limit)
    assert sentence[first:last] == " ".join(name.split())
    return sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. The WINCH lifts. Two.", "The WINCH lifts."),
        ("WINCH lifts. Two.", "WINCH lifts."),
        ("One. WINCH", "WINCH"),
        ("One! WINCH? Two.", "WINCH?"),
        ("He said “no.” WINCH came.", "WINCH came."),
        ("It lifts, e.g. a WINCH, i.e. a drum. Next.", "It lifts, e.g. a WINCH, i.e. a drum."),
        ("Rope vs. WINCH vs. Chain. Next.", "Rope vs. WINCH vs. Chain."),
        ("Dr. Hill and Mrs. Dale use a WINCH. Next.", "Dr. Hill and Mrs. Dale use a WINCH."),
        ("It pulls 3.5 t with a WINCH by 2.0 m. Next.", "It pulls 3.5 t with a WINCH by 2.0 m."),
        ("Node.js runs the WINCH and Vue.js not. Next.", "Node.js runs the WINCH and Vue.js not."),
        ("The U.S. Navy has a WINCH. Next.", "The U.S. Navy has a WINCH."),
        ("See Fig. 3 and No. 4 of the WINCH. Next.", "See Fig. 3 and No. 4 of the WINCH."),
        ("He said no. WINCH it was.", "WINCH it was."),
        ("J. R. Hill built the WINCH. Next.", "J. R. Hill built the WINCH."),
        ("Ropes etc. and a WINCH. Next.", "Ropes etc. and a WINCH."),
        ("It stopped … then the WINCH broke. Next.", "It stopped … then the WINCH broke."),
        ("滑轮。WINCH很重。绳子。", "WINCH很重。"),
        ("One.\n  The  WINCH\tlifts.", "The WINCH lifts."),
        ("Use (a WINCH). Next.", "Use (a WINCH)."),
        ("no end here WINCH and none there", "no end here WINCH and none there"),
    ],
)
def test_sentence(text: str, sentence: str) -> None:
    assert around(text, "WINCH") == sentence


def test_a_name_may_hold_what_ends_a_sentence() -> None:
    assert around("One. Use What? Now! today. Two.", "What? Now!") == "Use What? Now! today."
    assert around("One. Use Rope\n Maker. Two.", "Rope\n Maker") == "Use Rope Maker."


def test_a_long_sentence_is_cut_at_words() -> None:
    text = f"{'before ' * 50}WINCH{' behind' * 50}."
    cut = around(text, "WINCH", 60)
    assert len(cut) <= 60
    assert cut.startswith("…before ")
    assert cut.endswith(" behind…")


def test_room_left_on_one_side_is_used_on_the_other() -> None:
    cut = around(f"A WINCH{' behind' * 50}.", "WINCH", 60)
    assert cut.startswith("A WINCH behind")
    assert 50 < len(cut) <= 60
    cut = around(f"{'before ' * 50}WINCH.", "WINCH", 60)
    assert cut.endswith("before WINCH.")
    assert 50 < len(cut) <= 60


def test_words_longer_than_the_room_go() -> None:
    assert around(f"{'x' * 100}WINCH{'y' * 100}", "WINCH", 20) == "…WINCH…"


def test_the_name_is_kept_whole() -> None:
    name = "W" * 50
    assert around(f"a {name} b", name, 20) == f"…{name}…"


def test_places_out_of_the_text_are_brought_into_it() -> None:
    assert sentence_at("abc", 5, 9) == ("abc", 3, 3)
    assert sentence_at("", 0, 0) == ("", 0, 0)
    assert sentence_at("abc", -3, 2) == ("abc", 0, 2)


def test_a_huge_text_is_not_read_whole() -> None:
    text = "a. " * 300_000
    for start in range(0, len(text), 9_000):
        assert len(sentence_at(text, start, start + 1)[0]) <= 240


@pytest.mark.parametrize(
    ("text", "refers"),
    [("It lifts.", True), ("Items lift.", False), ("And so on.", True), ("Androids do.", False)]
    + [(f"{word} x.", True) for word in ("So", "Und", "Aber", "Et", "C’est", "Pero", "Así", "لكن", "هذا")],
)
def test_words_that_refer_to_the_sentence_before(text: str, refers: bool) -> None:
    assert refers_back(text) is refers
