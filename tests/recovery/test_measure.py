"""The figures count exact spans."""

import pytest

from benchmarks.structure import measure
from mlguide_site.recovery.recovery import Place


def test_figures_count_exact_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    true = frozenset({Place(0, 2, "heading"), Place(4, 1, "heading"), Place(2, 1, "label")})
    found = [Place(0, 2, "heading"), Place(4, 2, "heading"), Place(2, 1, "label")]
    monkeypatch.setattr(measure, "find_places", lambda *_: found)
    figures = measure.figures([("text", true)])
    assert figures["heading"] == (0.5, 0.5, 0.5, 2)
    assert figures["label"] == (1, 1, 1, 1)


def test_a_flattened_note_keeps_its_words_and_places() -> None:
    text, places = measure.flattened("Intro.\n\n## Two Words\n\n- **Hinge:** Turns well.\n- Whole item\n")
    assert text == "Intro. Two Words Hinge: Turns well. Whole item"
    assert places == {Place(0, 1, "paragraph"), Place(1, 2, "heading"), Place(3, 1, "label"), Place(6, 2, "item")}
