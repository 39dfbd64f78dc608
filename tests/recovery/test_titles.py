"""Usual section titles are recognised, even on a page with one note."""

from mlguide_site.recovery.features import MAX_USUAL, section_titles
from mlguide_site.recovery.recovery import recover


def test_a_usual_title_is_a_heading() -> None:
    [found] = recover(["Wir sprechen über Öfen. Links Die Gilde der Töpfer"])
    assert found.markdown == "Wir sprechen über Öfen.\n\n## Links\n\nDie Gilde der Töpfer"


def test_titles_are_short() -> None:
    assert all(0 < len(title) <= MAX_USUAL for title in section_titles())
