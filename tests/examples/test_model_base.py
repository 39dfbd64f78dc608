"""Examples of the functions in `mlguide_site.model.base`."""

from mlguide_site.model.base import is_allowed_url, parse_duration


def test_parse_duration() -> None:
    assert (parse_duration("00:31:00"), parse_duration("4:05"), parse_duration("100:00:00")) == (1860, 245, 360000)


def test_is_allowed_url() -> None:
    assert (
        is_allowed_url("https://a.example/x"),
        is_allowed_url("javascript:alert(1)"),
        is_allowed_url("//a.example"),
    ) == (True, False, False)
    assert (is_allowed_url("https://[::1]/x"), is_allowed_url("https://[x")) == (True, False)
