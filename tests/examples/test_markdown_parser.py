"""Examples of the functions in `mlguide_site.markdown.parser`."""

from mlguide_site.markdown.parser import read_opening


def test_read_opening() -> None:
    assert read_opening('!!! warning "Mind the gap"') == ("!!!", "warning", "Mind the gap")
    assert read_opening("???+ tip") == ("???+", "tip", "Tip")
    assert read_opening("!!! note Mind: the gap") == ("!!!", "note", "Mind: the gap")
