"""Examples of the functions in `mlguide_site.model.transcript`."""

from mlguide_site.model.transcript import format_time, one_line, read_seconds, read_time


def test_one_line() -> None:
    assert (one_line(" a\x00b\n c\u202e ")) == "a b c"


def test_read_time() -> None:
    assert (read_time("01:02:03.500"), read_time("02:03,5"), read_time("00:99:00"), read_time("9999:00:00")) == (
        3723.5,
        123.5,
        None,
        None,
    )


def test_read_seconds() -> None:
    assert (read_seconds(1.23456), read_seconds(True), read_seconds(-1), read_seconds("3")) == (1.235, None, None, None)


def test_format_time() -> None:
    assert (format_time(3723.5)) == "01:02:03.500"
