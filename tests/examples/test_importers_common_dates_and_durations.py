"""Examples of the functions in `mlguide_site.importers.common.dates_and_durations`."""

import datetime

from mlguide_site.importers.common.dates_and_durations import When, fill_years


def test_fill_years() -> None:
    assert (fill_years([When(2022, 12, 30, ""), None, When(None, 1, 5, "")])) == [
        datetime.date(2022, 12, 30),
        None,
        datetime.date(2023, 1, 5),
    ]
