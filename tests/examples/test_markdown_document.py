"""Examples of the functions in `mlguide_site.markdown.document`."""

from mlguide_site.markdown.document import opening_of


def test_opening_of() -> None:
    assert (
        opening_of(["Hello :) Today is Day 134!", "In short:", "covered the last lectures"], "Day 134")
    ) == "covered the last lectures"
