"""Tests of dates and durations in text."""

from datetime import date

from mlguide_site.importers.common.dates_and_durations import read_date, read_stamp, read_when
from mlguide_site.importers.directory import dates_of


def test_read_when() -> None:
    assert [read_when(text)[:3] for text in ("Mon, 15.04.24", "3/25/2024", "3/4/2024")] == [
        (2024, 4, 15),
        (2024, 3, 25),
        (2024, 4, 3),
    ]
    assert read_when("31 Feb 2022") is None


def test_read_date() -> None:
    assert [
        str(read_date(text)) for text in ("Tue, 09 Jan 2024 23:30:00 -0800", "Tue, 9 Jan 24 01:00 GMT", "10/25/2023")
    ] == ["2024-01-09", "2024-01-09", "2023-10-25"]


def test_read_stamp() -> None:
    assert [read_stamp(text).when[:3] for text in ("Mar 3 · 1 hr 5 min", "3 days ago41 min")] == [
        (None, 3, 3),
        (None, 0, 0),
    ]
    assert not any(map(read_stamp, ("Mar 3", "Yesterday we", "Mar 341 min", "In March 3 · 4 min", "2 eggs · 4 min")))


def test_dates_of() -> None:
    assert dates_of([read_stamp(text) for text in ("Mar 3 · 5 min", "Feb 24 · 4 min", "Dec 23, 2024 · 38 min")]) == [
        date(2025, 3, 3),
        date(2025, 2, 24),
        date(2024, 12, 23),
    ]
