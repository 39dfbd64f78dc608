"""Examples of the functions in `mlguide_site.errors`."""

from mlguide_site.errors import counted, nearest, visible


def test_visible() -> None:
    assert (visible("a\x1b[31mb")) == "a\\x1b[31mb"


def test_counted() -> None:
    assert (counted(1, "episode"), counted(2, "text")) == ("1 episode", "2 texts")


def test_nearest() -> None:
    assert (nearest("mlop", ["gans", "mlops"]), nearest("mlop", ["gans"])) == ("mlops", "")
