"""Examples of the functions in `mlguide_site.content.resources`."""

from mlguide_site.content.resources import without_comments


def test_without_comments() -> None:
    assert (without_comments(b"// Why.\nconst a = 1 // here\n  // and there\n", "a.js")) == b"const a = 1 // here\n"
