"""Examples of the functions in `mlguide_site.pages.formatting`."""

from datetime import date

from mlguide_site.model.wording import Wording
from mlguide_site.pages.formatting import (
    clamp,
    clock,
    day,
    gist,
    host,
    language,
    length,
    listing,
    plain_line,
    ranges,
    size,
    teaser,
)


def test_clamp() -> None:
    assert (clamp("one two three", 9), clamp("one", 9), clamp("unbreakable", 6)) == ("one two…", "one", "unbre…")


def test_plain_line() -> None:
    assert (plain_line("a\n b\x07")) == "a b"


def test_day() -> None:
    assert (day(date(2020, 11, 9)), day(date(2020, 11, 9), "de"), day(date(2020, 11, 9), "pt-BR"), day(None)) == (
        "9 Nov 2020",
        "9. November 2020",
        "9 de novembro de 2020",
        "",
    )
    assert ([day(date(2025, 5, 9), language, "My") for language in ("en", "de", "es", "tlh")]) == [
        "May 2025",
        "Mai 2025",
        "mayo de 2025",
        "2025-05",
    ]
    assert ([day(date(2025, 5, 9), language, "dM") for language in ("en", "de", "tlh")]) == [
        "9 May",
        "9. Mai",
        "05-09",
    ]
    assert ([day(date(2025, 9, 5), language, "M") for language in ("en", "de", "fr", "tlh")]) == [
        "Sep",
        "Sep",
        "sept.",
        "09",
    ]


def test_language() -> None:
    assert (language("de"), language("pt-br"), language("de", "fr"), language("en-gb")) == (
        "German",
        "Brazilian Portuguese",
        "allemand",
        "",
    )
    assert (language("qxx"), language("de", "tlh")) == ("qxx", "de")


def test_length() -> None:
    english = Wording("en", {"n-hours": "{} h", "n-minutes": "{} min", "n-seconds": "{} s"}).translate
    arabic = Wording("ar", {"n-hours": "{} س", "n-minutes": "{} د", "n-seconds": "{} ث"}).translate
    found = [length(seconds, english) for seconds in (1860, 3900, 7200, 45, None)]
    assert found == ["31 min", "1 h 5 min", "2 h", "45 s", ""]
    assert [length(seconds, arabic) for seconds in (3900, 45)] == ["1 س 5 د", "45 ث"]


def test_clock() -> None:
    assert (clock(65.4), clock(3600), clock(0)) == ("1:05", "1:00:00", "0:00")


def test_size() -> None:
    assert (size(42_300_000), size(900), size(None)) == ("42 MB", "1 kB", "")


def test_listing() -> None:
    english = Wording("en", {"list-separator": ", ", "list-last": "{} and {}", "n-more": "{} more"}).translate
    assert (listing(["a"], english), listing(["a", "b", "c"], english), listing(list("abcde"), english)) == (
        "a",
        "a, b and c",
        "a, b, c and 2 more",
    )


def test_ranges() -> None:
    assert (ranges([4, 18, 30, 31, 33, 34, 35])) == ("4", "18", "30", "31", "33–35")


def test_host() -> None:
    assert (host("https://www.docker.com/x"), host("mailto:a@b.example")) == ("docker.com", "a@b.example")


def test_teaser() -> None:
    text = "A loom needs 1,000 threads: first warp, then weft, then a lot of patience"
    assert teaser(text, 60) == "A loom needs 1,000 threads: first warp, then weft…"


def test_gist() -> None:
    rest = "and what both of them add to the price of the cloth that is sold at the market of the town"
    assert gist(f"The looms of the far north: the warp, the weft, {rest}") == "The looms of the far north"
    assert gist(f"How to make the warp of a loom, how to make the weft, {rest}") == "How to make the warp of a loom"
    # a few words before a colon, and a part of a list, would say too little
    for text in (f"Before a loom: how the warp is made, {rest}", f"Warp, weft and the patience they need, {rest}"):
        assert gist(text) == text
