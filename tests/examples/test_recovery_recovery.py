"""Examples of the functions in `mlguide_site.recovery.recovery`."""

from mlguide_site.recovery.recovery import _places


def test_places() -> None:
    assert (_places("Hinges: Oil & • a*b", "- **Hinges:** Oil &amp; a\\*b")) == {
        0: (0, 3),
        8: (0, 15),
        12: (0, 19),
        16: (0, 25),
    }
