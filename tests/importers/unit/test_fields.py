"""Tests of dates, durations, truncated notes and URLs in all their forms."""

import pytest

from mlguide_site.content.assets import asset_name
from mlguide_site.importers.common.addresses import (
    _patterns,
    find_addresses,
    is_web_address,
    own_address,
    own_pattern,
    public_address,
    web_address,
)
from mlguide_site.importers.common.dates_and_durations import (
    When,
    day_order,
    duration_field,
    is_unsure,
    read_date,
    read_length,
    read_stamp,
)
from mlguide_site.importers.common.naming import Person, read_person, whole_number
from mlguide_site.importers.common.truncation import truncated_texts
from mlguide_site.importers.directory import looks_like_stamp
from mlguide_site.importers.notes.dialects import day_of


@pytest.mark.parametrize(
    "text",
    [
        *("Feb 26, 2026", "February 26 2026", "Feb. 26th, 2026", "26 Feb 2026", "26. February 2026", "26-Feb-2026"),
        *("Thursday, 26 February 2026", "2026-02-26", "2026/02/26", "2026.2.26", "26.02.2026", "26/2/2026"),
        *("Thu, 26 Feb 2026 23:59:59 -0800", "2026-02-26T00:00:00Z", "2026 Feb 26"),
    ],
)
def test_dates(text: str) -> None:
    assert str(read_date(text)) == "2026-02-26"


@pytest.mark.parametrize(
    "text", ["", "soon", "Feb 30, 2026", "26 Feb 1889", "26 Feb 2201", "2026-13-01", "0000-00-00", "Marches 3, 2026"]
)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("42 min", 2520),
        ("42m", 2520),
        ("42 minutes", 2520),
        ("42 min 5 sec", 2525),
        ("1h 11m", 4260),
        ("1 hr 11 min", 4260),
        ("1 hour, 11 minutes", 4260),
        ("1h", 3600),
        ("1h 0m", 3600),
        ("58 sec", 58),
        ("01:11:00", 4260),
        ("71:00", 4260),
        ("4260", 4260),
        ("4260.5", 4260),
        ("0", 0),
        ("", None),
        ("1 Std. 2 Min.", 3720),
        ("48 Minuten", 2880),
        ("1 h 5 min", 3900),
        ("1 heure et 5 minutes", 3900),
        ("1 hora y 5 minutos", 3900),
        ("2 ore", 7200),
        ("45 Sek.", 45),
        ("1 hour and a half", None),
        ("an hour", None),
        ("1:99", None),
        ("-5", None),
        ("999999999999", None),
        ("٤٢ min", None),
    ],
)
def test_lengths(text: str, seconds: int | None) -> None:
    assert read_length(text) == seconds


@pytest.mark.parametrize(
    "line",
    [
        "Feb 26, 202642 min",
        "Feb 26, 2026 42 min",
        "Feb 26, 2026 · 42 min",
        "Feb 26, 2026 | 42m",
        "26/02/2026 - 00:42:00",
        "2026-02-2642 min",
        "2026-02-2600:42:00",
        "42 minFeb 26, 2026",
        "42 min • 26 Feb 2026",
    ],
)
def test_stamps(line: str) -> None:
    found = read_stamp(line)
    assert found is not None
    assert (str(found.when and found.when.date), found.duration) == ("2026-02-26", "00:42:00")


@pytest.mark.parametrize(
    "line", ["On Feb 26, 2026 we met", "Feb 26, 202", "Feb 26, 20265", "42 min", "Feb 26, 2026 42 men", "x" * 100]
)
def test_what_is_no_stamp(line: str) -> None:
    assert read_stamp(line) is None


def texts(*lengths: int, end: str = "") -> list[str]:
    return [("word " * 2000)[: n - len(end) - 3] + f"{k:03}"[-3:] + end for k, n in enumerate(lengths)]


@pytest.mark.parametrize(
    ("notes", "cut"),
    [
        (texts(5000, 4999, 5000, 3000), (True, True, True, False)),
        (texts(5000, 1200), (True, False)),
        (texts(5000, 4990, 4995, end="."), (False, False, False)),
        (texts(5000, 5000, 5000, end=" https://a.example/notes"), (False, False, False)),
        (texts(5001, 3000), (False, False)),
        (texts(3170, 3170, 400), (True, True, False)),
        (texts(90, 90, 90), (False, False, False)),
        ([f"{n} " * 60 + "Music by the house band, all rights reserved" for n in "abc"], (False, False, False)),
        (["é" * 2055, "aé" * 1370, "a" * 300], (True, True, False)),
        ([], ()),
    ],
)
def test_cut_notes(notes: list[str], cut: tuple[bool, ...]) -> None:
    assert truncated_texts(notes) == cut


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("at show.example/12.", ["https://show.example/12"]),
        ("(see http://a.example/x?y=1#z)", ["http://a.example/x?y=1#z"]),
        ("and/or 1/2 a.b/c m@show.example/x", []),
        ("https://a.example/a,https://b.example/b", ["https://a.example/a,https://b.example/b"]),
        ("javascript:alert/1 //evil.example/x", []),
        ("show.example", []),
    ],
)
def test_addresses(text: str, urls: list[str]) -> None:
    assert find_addresses(text) == urls


@pytest.mark.parametrize(
    ("notes", "pattern"),
    [
        ([(n, [f"https://s.example/{n}"]) for n in (1, 2, 3)], "https://s.example/{number}"),
        ([(n, [f"https://s.example/{n}"]) for n in (1, 2)], ""),
        ([(n, [f"https://s.example/ep-{n:03}/"]) for n in (7, 8, 120)], "https://s.example/ep-{number:03}/"),
        (
            [(n, [f"https://s.example/{n}", "https://o.example/x"]) for n in (100, 101, 102)],
            "https://s.example/{number}",
        ),
        ([(1, ["https://a.example/1"]), (2, ["https://b.example/2"]), (3, ["https://c.example/3"])], ""),
        ([(n, [f"https://s.example/{n}"] if n < 4 else ["https://s.example/about"]) for n in range(1, 9)], ""),
    ],
)
def test_own_patterns(notes: list[tuple[int, list[str]]], pattern: str) -> None:
    assert own_pattern(notes) == pattern


def test_an_address_has_few_patterns() -> None:
    assert len([*_patterns(f"https://a.example/{'1/' * 200}", 1)]) == 8


@pytest.mark.parametrize(
    ("urls", "own"),
    [
        (["https://s.example/e/7"], "https://s.example/e/7"),
        (["https://s.example/e/ep7"], "https://s.example/e/ep7"),
        (["https://s.example/e/17"], ""),
        (["https://s.example/e/7/more"], ""),
        (["https://s.example/e/7-to-9"], ""),
        (["https://o.example/e/7"], ""),
    ],
)
def test_own_addresses(urls: list[str], own: str) -> None:
    assert own_address("https://s.example/e/{number}", 7, urls) == own


@pytest.mark.parametrize(
    ("name", "expected"), [("https://show.example/feed", True), ("feed.xml", False), ("file:///etc/passwd", True)]
)
def test_a_source_name_with_a_scheme_is_an_address(name: str, expected: bool) -> None:
    assert is_web_address(name) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://me:pw@show.example/feed", "https://show.example/feed"),
        ("https://show.example/feed?auth=abc", ""),
        ("https://show.example/feed?authorization=abc", ""),
        (author := "https://show.example/feed?authorid=12", author),
        ("https://show.example/feed?id=UCBa659QWEk1AI4Tg--mrJ2A", ""),
        (channel := "https://video.example/feed?channel_id=UCBa659QWEk1AI4Tg--mrJ2A", channel),
    ],
)
def test_a_public_address_has_no_secrets(url: str, expected: str) -> None:
    assert public_address(url) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(2520, "00:42:00"), (0, ""), (None, "")])
def test_duration_of_front_matter(seconds: int | None, expected: str) -> None:
    assert duration_field(seconds) == expected


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("a b", "https://s.example/x/", "https://s.example/x/a%20b"),
        ("mailto:a@b.example", "", ""),
        (None, "", ""),
    ],
)
def test_a_web_address_is_absolute(url: str | None, base: str, expected: str) -> None:
    assert web_address(url, base) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [(["3/4/2026", "3/25/2026"], False), (["3/4/2026"], None), (["25/3/2026"], True)],
)
def test_order_of_day_and_month(lines: list[str], expected: bool | None) -> None:
    assert day_order(lines) is expected


@pytest.mark.parametrize(("text", "expected"), [("3/4/2026", True), ("03.04.2026", False), ("3 Apr 2026", False)])
def test_day_and_month_may_be_swapped(text: str, expected: bool) -> None:
    assert is_unsure(When(2026, 4, 3, text)) is expected


@pytest.mark.parametrize(("value", "expected"), [(" 12 ", 12), ("3.5", None), ("1e9", None)])
def test_whole_numbers(value: str, expected: int | None) -> None:
    assert whole_number(value) == expected


def test_people_have_a_role_and_links() -> None:
    person = read_person("Ann Onym", "Guest", "", "https://a.example/ann", "")
    assert person == Person("Ann Onym", "guest", (("a.example", "https://a.example/ann"),))
    assert read_person("Ann", "Cover Art Designer", "Visuals").role == "visuals: cover art designer"
    assert read_person("Ann").role == "host"


def test_an_asset_is_named_after_its_file_and_type() -> None:
    assert asset_name("attachments/My picture (1).PNG", b"\xff\xd8\xff\xe0") == "my-picture-1.jpg"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("j/2024_05_01.md", "2024-05-01"),
        ("20240501.md", "2024-05-01"),
        ("2024-05-01 Wednesday.md", "2024-05-01"),
        ("2024-05-01 Saws", "None"),
    ],
)
def test_daily_notes_are_named_after_their_day(name: str, day: str) -> None:
    assert str(day_of(name)) == day


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        *((line, True) for line in ("Mercredi · 41 min", "41 min", "3 Tishri 578541 min")),
        *((line, False) for line in ("Bake for 20 min", "Time: 20 min", "12", "Oven 14:05", "1. two")),
    ],
)
def test_lines_that_look_like_a_duration(line: str, expected: bool) -> None:
    assert looks_like_stamp(line) is expected
