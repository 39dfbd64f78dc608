"""Examples of the functions in `mlguide_site.importers.common.dates_and_durations`."""

import datetime

from mlguide_site.importers.common.dates_and_durations import Stamp, When, day_order, fill_years, read_stamp, read_when


def test_fill_years() -> None:
    assert (fill_years([When(2022, 12, 30, ""), None, When(None, 1, 5, "")])) == [
        datetime.date(2022, 12, 30),
        None,
        datetime.date(2023, 1, 5),
    ]


def test_read_when() -> None:
    assert [read_when(text).text for text in ("29 Sept 0900 until Oct 2nd", "I may 2 times, Oct 2nd, 2022 @ 1100")] == [
        "29 Sept",
        "Oct 2nd, 2022",
    ]


def test_read_stamp() -> None:
    assert (read_stamp("Mi., 12. März 2025 · 1 Std. 2 Min.")) == Stamp(
        when=When(year=2025, month=3, day=12, text="Mi., 12. März 2025"), duration="01:02:00"
    )


def test_day_order() -> None:
    assert (day_order(["25/3/2026"]), day_order(["3/25/2026"])) == (True, False)
    assert day_order(["25/3/2026", "3/25/2026", "3/4/2026"]) is None
