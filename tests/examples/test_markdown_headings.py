"""Examples of the functions in `mlguide_site.markdown.parse_and_sanitise`."""

from mlguide_site.markdown.parse_and_sanitise import Outline


def test_anchor() -> None:
    outline = Outline("Notes")
    assert (
        outline.anchor("Notes"),
        outline.anchor("Grüße & Küsse"),
        outline.anchor("数据"),
        outline.anchor("__config"),
    ) == ("notes_1", "grüße-küsse", "数据", None)
