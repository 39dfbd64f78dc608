"""Examples of the functions in `mlguide_site.merge.keys`."""

from mlguide_site.merge.keys import subject


def test_subject() -> None:
    assert subject("Lecture 3 (Mon, March 18, 2024): Sorting") == "sorting"
    assert (subject("12 Mar 2024"), subject("Python 3 for all")) == ("12mar2024", "python3forall")
