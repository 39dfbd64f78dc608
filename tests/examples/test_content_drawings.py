"""Examples of the functions in `mlguide_site.content.drawings`."""

from mlguide_site.content.drawings import is_drawing


def test_is_drawing() -> None:
    assert (
        is_drawing(b'<svg viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'),
        is_drawing(b'<svg onload="act()"></svg>'),
    ) == (True, False)
