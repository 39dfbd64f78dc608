"""Examples of the functions in `mlguide_site.linking.spelling`."""

from mlguide_site.linking.spelling import keeps_capitals, spellings
from mlguide_site.model.records import Kind


def test_keeps_capitals() -> None:
    assert (keeps_capitals("the Master Algorithm", "The Master Algorithm"), keeps_capitals("spark", "Spark")) == (
        True,
        False,
    )


def test_spellings() -> None:
    assert [one.text for one in spellings("scikit-learn", Kind.TOOL)] == ["scikit-learn", "scikitlearn"]
