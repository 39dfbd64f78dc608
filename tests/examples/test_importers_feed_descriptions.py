"""Examples of the functions in `mlguide_site.importers.feed.descriptions`."""

from mlguide_site.importers.feed.descriptions import Part, holds, read_descriptions, spaced_words


def test_read_descriptions() -> None:
    assert (
        read_descriptions([Part("<p>Long notes of the day.</p>"), Part("Long notes…"), Part("Short.")]).text
    ) == "Short.\nLong notes of the day."


def test_holds() -> None:
    full = spaced_words("Three scripts, one decree. The post appeared first on Stones.")
    assert (holds(full, "Three scripts […]\nThe post appeared first on Stones."), holds(full, "Three seals […]")) == (
        True,
        False,
    )


def test_spaced_words() -> None:
    assert spaced_words("CO² and x") == " co2 and x "
    assert spaced_words("\ufdfa" * 9) == f" {chr(0xFDFA) * 9} "
