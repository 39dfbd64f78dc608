"""Examples of the functions in `mlguide_site.importers.feed.descriptions`."""

from mlguide_site.importers.feed.descriptions import Part, read_descriptions


def test_read_descriptions() -> None:
    assert (
        read_descriptions([Part("<p>Long notes of the day.</p>"), Part("Long notes…"), Part("Short.")]).text
    ) == "Short.\nLong notes of the day."
