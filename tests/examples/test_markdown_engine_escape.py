"""Examples of the functions in `mlguide_site.markdown.engine_escape`."""

from mlguide_site.markdown.engine_escape import escape_address, escape_run, guard


def test_escape_run() -> None:
    assert (escape_run("a_b *c* [d] <e> R & D &amp; {{ x }}"), escape_run("a\\")) == (
        "a_b \\*c\\* &#91;d&#93; &lt;e> R & D &amp;amp; &#123;&#123; x }}",
        "a&#92;",
    )


def test_guard() -> None:
    assert (guard("- a"), guard("12. b"), guard("!!! c"), guard("::: d"), guard("-5 e")) == (
        "\\- a",
        "12\\. b",
        "\\!!! c",
        "&#58;:: d",
        "-5 e",
    )


def test_escape_address() -> None:
    # the lower case of a Turkish capital has a mark
    assert escape_address("a.md#" + "İpuçları".lower()) == "a.md#i\u0307puçları"
    assert (escape_address("https://a.example/b c_(d)?e=1&lt;2"), escape_address("x(y")) == (
        "https://a.example/b%20c_(d)?e=1&amp;lt;2",
        "x%28y",
    )
