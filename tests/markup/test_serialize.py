"""Tests of writing Markdown: links on names, resolved URLs and escaped plain text."""

import pytest

from markup.reading import CONTRACT, EVERYTHING, outline, render, visible
from mlguide_site.markdown.document import Insertion
from mlguide_site.markdown.engine_escape import escape_text
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse


def test_links_are_set_on_names() -> None:
    document = parse("Use **Rope Maker** and Winch, not Winch!")
    set_links = {
        1: [Insertion(0, 10, "../tools/rope-maker.md")],
        2: [Insertion(5, 10, "https://w.example/?a=b&c"), Insertion(16, 21, "../tools/winch.md")],
    }
    assert to_markdown(document, set_links) == (
        "Use <strong>[Rope Maker](../tools/rope-maker.md)</strong> and "
        "[Winch](https://w.example/?a=b&amp;c), "
        "not [Winch](../tools/winch.md)!\n"
    )


def test_a_name_over_two_lines_is_one_link() -> None:
    document = parse("a Rope\nMaker b")
    assert to_markdown(document, {0: [Insertion(2, 12, "r.md")]}) == "a [Rope Maker](r.md) b\n"


@pytest.mark.parametrize(
    ("language", "code", "written"),
    [
        ("Python", "a\n" * 750, "Python"),
        ("python", "a\n" * 751, ""),
        ("python", "a" * 121 + "\n", ""),
        ("csharp", "a\n", ""),  # Pygments needs quadratic time
    ],
)
def test_only_short_code_in_common_languages_has_syntax_highlighting(language, code, written) -> None:
    assert to_markdown(parse(f"```{language}\n{code}```\n")) == f"```{written}\n{code}```\n"


def test_the_highlighted_code_of_a_text_is_limited() -> None:
    body = "\n".join(f"```{language}\n{'a' * 100}\n```\n" for language in ["csharp", *["r"] * 201])
    written = to_markdown(parse(body)).split("\n\n")
    assert [block[3:4].strip() for block in written] == ["", *["r"] * 200, ""]


@pytest.mark.parametrize(
    "body", ["Winch!", "!Winch", "*Winch*s", "_Winch_", "[Winch]", "1. Winch", "| Winch |\n|---|", "# W\n\nWinch"]
)
def test_a_link_changes_no_text(body: str) -> None:
    document = parse(body)
    at = next(at for at, segment in enumerate(document.segments) if "Winch" in segment.text)
    start = document.segments[at].text.index("Winch")
    html = render(to_markdown(document, {at: [Insertion(start, start + 5, "w.md")]}))
    assert '<a href="w.md">Winch</a>' in html
    assert visible(html) == visible(render(to_markdown(document)))


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("[a *b <https://b.example>* d](https://c.example)", "[a <em>b https://b.example</em> d](https://c.example)"),
        ("[a <https://b.example> d](javascript:c)", "a [https://b.example](https://b.example) d"),
        ("[a <javascript:b> d](https://c.example)", "[a javascript:b d](https://c.example)"),
    ],
)
def test_an_address_inside_a_link_is_text(body: str, written: str) -> None:
    assert to_markdown(parse(body)) == f"{written}\n"


def test_addresses_are_resolved() -> None:
    pages = {"a.md": "../notes/a.md", "b%20c.png": "media/b c.png"}
    document = parse('[A](a.md "t") [gone *x*](gone.md) ![B](b%20c.png) ![gone](gone.png) https://k.example')
    assert to_markdown(document, resolve=lambda href: href if "://" in href else pages.get(href)) == (
        '[A](../notes/a.md "t") gone <em>x</em> ![B](media/b%20c.png) gone [https://k.example](https://k.example)\n'
    )


@pytest.mark.parametrize(
    "address", ["a b", "a(b", "a)b", "a(b)c", 'a"b', "a'b", "a\\b", "a_b*c", "a&copy=1", "<a>", "é", "a#b"]
)
def test_any_address_survives(address: str) -> None:
    html = render(to_markdown(parse("[x](y)"), resolve=lambda _: address))
    [(tag, attributes, inner)] = outline(html)
    assert (tag, inner) == ("a", ["x"])
    assert "title" not in attributes


TEXTS = (
    "# a", "- b", "1. c", "1) d", "> e", "*f* _g_ **h**", "`i`", "[j](k)", "![l](m)", "<n>", "&amp;", "a | b", "\\",
    "\\\\*", "snake_case __dunder__", "a ~~b~~ c", "x^2^", "==y==", "{{ z }}", "{: .a }", "!!! note", "??? tip",
    "--8<--", "[TOC]", "C#", "C++", "AT&T", "&#42;", "&copy", "a  b", "***", "---", "===", "+++", "5 * 6",
    "[^1]: a", "*[a]: b", ": a", "::: a", "/// a", "$a$", "@a #1", "12:30", "https://a.example/b_c", "a\\", "`",
    "``", "!", "wow!", "数据", "É",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    folded = " ".join(text.split())
    assert visible(render(escape_text(text), CONTRACT)) == folded
    assert visible(render(f"# {escape_text(text)} x", CONTRACT)) == f"{folded} x"
    assert visible(render(f"- {escape_text(text)}\n- b", CONTRACT)) == f"{folded} b"
    assert visible(render(f"| {escape_text(text)} | c |\n| --- | --- |", CONTRACT)) == f"{folded} c"
    assert escape_text(text).count("\n") == 0


@pytest.mark.parametrize(
    "text", [text for text in TEXTS if "https" not in text and "@" not in text and "--" not in text]
)
def test_escaped_text_is_shown_as_it_is_with_every_extension(text: str) -> None:
    assert visible(render(escape_text(text), EVERYTHING)) == " ".join(text.split())


def test_escaped_text_holds_nothing_unprintable() -> None:
    assert escape_text("a\x00\x02\x03\x1b[31m\u202eb\u2028c\td") == "a&#91;31mb c d"
