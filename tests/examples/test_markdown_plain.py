"""Examples of the functions in `mlguide_site.markdown.plain`."""

from mlguide_site.markdown.plain import ends_sentence, escape


def test_ends_sentence() -> None:
    assert ([ends_sentence(w) for w in ["done.", "done.)", "e.g.", "Ep.", "why?", "J.", "done", "1."]]) == [
        True,
        True,
        False,
        False,
        True,
        False,
        False,
        False,
    ]


def test_escape() -> None:
    assert (
        escape("expand_dims and 2 * 3 stay, *this* and [x](y) do not; {{ a }} <b> &amp;")
    ) == "expand_dims and 2 * 3 stay, \\*this\\* and \\[x\\](y) do not; \\{{ a }} \\<b> \\&amp;"
    assert (escape("a <"), escape("a <", is_end=False)) == ("a <", "a \\<")
