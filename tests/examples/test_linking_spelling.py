"""Examples of the functions in `mlguide_site.linking.spelling`."""

from mlguide_site.linking.spelling import keeps_capitals


def test_keeps_capitals() -> None:
    assert (keeps_capitals("the Master Algorithm", "The Master Algorithm"), keeps_capitals("spark", "Spark")) == (
        True,
        False,
    )
