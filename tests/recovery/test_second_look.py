"""Tests of the second look at possible headings, which compares them with the others on the page."""

import pytest

from mlguide_site.recovery import recovery
from mlguide_site.recovery.features import Note
from mlguide_site.recovery.recovery import read_page, recover
from mlguide_site.recovery.scorer import shipped
from mlguide_site.recovery.second_look import FEWEST_NOTES, compare

PLANTS = "Fern Moss Sage Rue Thyme Nettle Yarrow Tansy".split()
TEXTS = [
    f"We met {plant} at dawn. Wild links {plant} grows {plant} well. Last picks A {plant} again." for plant in PLANTS
]
OWN, RIVAL, MORE, OTHERS, MEAN, MOST, SHARE, NOTES, ONCE, ORDER, CAPITALS, LENGTH = range(12)


def notes_of(texts: list[str]) -> list[Note]:
    return list(read_page(texts, (), shipped()[0].lexicon).notes)


def test_possible_headings_are_compared_with_the_others_of_the_page() -> None:
    notes = notes_of(TEXTS)
    links, picks = notes[0].keys.index("wild"), notes[0].keys.index("last")
    scores = [{(links, links + 2): 0.8, (links, links + 3): 0.1, (picks, picks + 2): 0.5, (0, 1): 0.01} for _ in notes]
    rows = compare(notes, scores)
    first, longer, second, start = rows[0]
    assert first[OWN] > 0 > second[RIVAL] and longer[RIVAL] == pytest.approx(first[OWN])
    assert (first[OTHERS], first[MEAN], first[MOST]) == (7, pytest.approx(0.8), 0.8)
    assert (longer[OTHERS], longer[MEAN]) == (0, -1)
    assert (first[ONCE], first[ORDER]) == (1, pytest.approx(1)), "both titles are once in each note, in one order"
    assert longer[ORDER] == -1
    # the other probable title has two words in the same form, too
    assert first[LENGTH] > start[LENGTH] == 0 and second[CAPITALS] > first[CAPITALS] > 0.5
    assert [len(own) for own in rows] == [len(own) for own in scores]


def test_words_without_a_constant_order_are_no_titles() -> None:
    texts = [text.replace("dawn", "tea dawn") if at % 2 else f"{text} tea" for at, text in enumerate(TEXTS)]
    notes = notes_of(texts)
    starts = [[note.keys.index(word) for word in ("wild", "tea")] for note in notes]
    rows = compare(
        notes, [{(links, links + 2): 0.5, (links + 3, links + 4): 0.4, (tea, tea + 1): 0.5} for links, tea in starts]
    )
    (links, _, tea), *_ = rows
    assert tea[ORDER] < 0.3 < links[ORDER]


@pytest.mark.parametrize(("count", "is_compared"), [(FEWEST_NOTES, True), (FEWEST_NOTES - 1, False)])
def test_small_pages_and_pages_beside_structured_notes_have_no_second_look(
    monkeypatch: pytest.MonkeyPatch, count: int, is_compared: bool
) -> None:
    calls: list[int] = []
    monkeypatch.setattr(recovery, "compare", lambda notes, scores: calls.append(len(notes)) or compare(notes, scores))
    found = recover(TEXTS[:count])
    assert bool(calls) is is_compared
    for text, one in zip(TEXTS, found, strict=False):
        assert one.markdown.replace("#", "").replace("-", "").split() == text.replace("-", "").split()
    recover(TEXTS[:count], ["## Wild links\n\nFern.\n"])
    assert len(calls) == is_compared


def test_a_whole_note_is_no_heading() -> None:
    texts = ["Listen Now"] * 7 + ["Listen Now on Apple"] * 3
    assert [one.markdown for one in recover(texts)] == texts
