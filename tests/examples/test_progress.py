"""Examples of the functions in `mlguide_site.progress`."""

from mlguide_site.progress import timing_lines


def test_timing_lines() -> None:
    assert timing_lines({"load": 1.0, "engine": 2.0}, 4.0)[1:] == [
        "load      1.000    25%",
        "engine    2.000    50%",
        "other     1.000    25%",
        "all       4.000   100%",
    ]
