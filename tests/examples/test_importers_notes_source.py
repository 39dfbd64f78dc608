"""Examples of the functions in `mlguide_site.importers.notes.source`."""

from mlguide_site.importers.notes.source import stem_title


def test_stem_title() -> None:
    assert (stem_title("notes/my_first-course.md"), stem_title("Rye-wheat - 01-mixed (60-40).md")) == (
        "my first course",
        "Rye-wheat 01 mixed (60-40)",
    )
