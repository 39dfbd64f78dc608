"""Tests of flattened notes with known block starts."""

from benchmarks.structure.shows import flatten
from mlguide_site.recovery.markdown import HEADING, ITEM, LABEL, PARAGRAPH


def test_a_flattened_note_keeps_its_words_and_blocks() -> None:
    note = flatten("Intro.\n\n## Two Words\n\n- **Hinge:** Turns well.\n- Whole item\n\n**Bold line**\n")
    assert note.text == "Intro. Two Words Hinge: Turns well. Whole item Bold line"
    assert [(one.kind, one.start, one.end) for one in note.blocks] == [
        (PARAGRAPH, 0, 1),
        (HEADING, 1, 3),
        (LABEL, 3, 4),
        (ITEM, 6, 8),
        (HEADING, 8, 10),
    ]
