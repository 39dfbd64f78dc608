"""Examples of the functions in `mlguide_site.markdown.blocks_from_html`."""

from mlguide_site.markdown.blocks_from_html import looks_like_html, safe_address, strip_tags, without_password


def test_looks_like_html() -> None:
    assert (looks_like_html("One<br>Two"), looks_like_html("a < b, List<T> & <stdio.h>")) == (True, False)


def test_strip_tags() -> None:
    assert (strip_tags("<p>One <b>two</b></p><!-- no --><p>Fish &amp; chips</p>")) == "One two\nFish & chips"


def test_safe_address() -> None:
    assert (safe_address("../a b", "https://s.example/x/y/"), safe_address("java\nscript:x", "")) == (
        "https://s.example/x/a%20b",
        "",
    )


def test_without_password() -> None:
    assert (without_password("https://me:secret@show.example/feed")) == "https://show.example/feed"
