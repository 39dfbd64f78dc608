"""Labels fit their sources, the other show's notes are structured, and the figures count exact spans."""

from pathlib import Path

import pytest

from benchmarks.structure import measure
from benchmarks.structure.labelling import label_note, read_labels
from benchmarks.structure.marked import blocks_of
from benchmarks.structure.material import FOLDER
from benchmarks.structure.sources import PAGE, PARTS, read_notes
from mlguide_site.recovery.lattice import BODY, HEADING, ITEM, LABEL, PARAGRAPH
from mlguide_site.recovery.recovery import Place

RUN = 8


def runs(text: str) -> set[tuple[str, ...]]:
    words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def test_figures_count_exact_spans(monkeypatch) -> None:
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


def test_labelled_notes_become_blocks() -> None:
    text = "Intro here. Two Words Hinge: Turns well. Pin: Whole item Odd Parts Said so."
    places = {
        Place(2, 2, "heading"), Place(4, 1, "label"), Place(7, 1, "label"), Place(8, 2, "item"),
        Place(10, 2, "heading"),
    }  # fmt: skip
    assert blocks_of((text, frozenset(places))) == [
        (PARAGRAPH, "Intro here."), (HEADING, "Two Words"), (LABEL, "Hinge:"), (BODY, "Turns well."), (LABEL, "Pin:"),
        (ITEM, "Whole item"), (HEADING, "Odd Parts"), (PARAGRAPH, "Said so."),
    ]  # fmt: skip


def test_outlines_become_labels() -> None:
    tokens = "An intro. Big Doors Hinge: Turns. One thing. Another thing. End".split()
    outline = ["# Big Doors", ": Hinge:", "-*"]
    assert [tuple(label) for label in label_note(tokens, outline[:2])] == [
        (0, 2, "paragraph"), (2, 2, "heading"), (4, 1, "label"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="not found"):
        label_note(tokens, ["# No Such Words"])


def test_the_other_show_has_enough_structured_notes() -> None:
    notes = [measure.flattened(path.read_text("utf-8")) for path in sorted(measure.OTHER.glob("*.md"))]
    assert len(notes) >= 20
    assert all(any(place.kind == "heading" for place in places) for _, places in notes)


@pytest.mark.seeds
@pytest.mark.skipif(not PAGE.exists(), reason="the founding page is absent")
def test_labels_belong_to_their_part_and_lie_in_their_text() -> None:
    notes = {note.digest: note for note in read_notes()}
    for part in PARTS:
        labels = read_labels(part)
        assert {digest for digest, note in notes.items() if note.part == part} == set(labels)
        for digest, places in labels.items():
            tokens = notes[digest].text.split()
            assert all(place.offset + place.size <= len(tokens) for place in places)
            assert all(tokens[place.offset + place.size - 1].endswith(":") for place in places if place.kind == "label")


@pytest.mark.seeds
@pytest.mark.skipif(not PAGE.exists(), reason="the founding page is absent")
def test_nothing_in_the_material_is_copied() -> None:
    founding = set().union(*(runs(path.read_text("utf-8", "replace")) for path in sorted(PAGE.parent.glob("*.txt"))))
    own: list[Path] = [*sorted(FOLDER.rglob("*.txt")), *sorted(measure.OTHER.glob("*.md"))]
    shared = [(path.name, " ".join(run)) for path in own for run in runs(path.read_text("utf-8")) & founding]
    assert not shared
