"""Which addresses and which HTML may stand on a page."""

import pytest

from mlguide_site.markdown.sanitiser import clean_html, html_links, html_text, refusal


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://a.example",
            "HTTP://A.EXAMPLE/b?c#d",
            "mailto:a@b.example",
            "a.md",
            "../a/b.md#c",
            "#a",
            "?a=b",
            "/a",
        ),
        *(
            "a/b:c",
            "https://a.example:8080/b",
            "a%20b",
            "./a",
            "https://[::1]/",
            "#a:b",
            "https://a.example/?u=javascript:x",
        ),
    ],
)
def test_allowed(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            " ",
            "javascript:x",
            "JavaScript:x",
            " javascript:x",
            "java\nscript:x",
            "java\tscript:x",
            "\x01javascript:x",
            "https://[x",
            "http://a\u2100b/",
        ),
        *(
            "&#106;avascript:x",
            "&amp;#106;avascript:x",
            "javascript&colon;x",
            "java&Tab;script:x",
            "\u00a0javascript:x",
        ),
        *("vbscript:x", "data:x", "file:///x", "blob:x", "about:blank", "ftp://a.example", "ws://a.example", "tel:1"),
        *("//a.example", "\\\\a.example", "/\\a.example", "\\/a.example", "%5C%5Ca.example", "/%5Ca", "a\\b"),
        *("http:", "https:a.example", "http://", "https:///a", "http://\\a", "mailto:", "c:/windows", "a:b", "1:b"),
        *(
            "/\t/a.example",
            "java\u200bscript:x",
            "https:\\\\a.example",
        ),
    ],
)
def test_refused(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>a\n\nb</p>", "<p>a b</p>"),
        ("<p>a</p><p>b</p>", "<div><p>a</p><p>b</p></div>"),
        ("a <b>c</b>", "<div>a <b>c</b></div>"),
        ("<div><p>a", "<div><p>a</p></div>"),
        ("</div><p>a</p></section>", "<p>a</p>"),
        ("<details open><summary>s</summary>t</details>", '<details open=""><summary>s</summary>t</details>'),
        ("<pre>\n a\n\n b\t{{ c }}</pre>", "<pre> a&#10;&#10; b    &#123;&#123; c }}</pre>"),
        ("<td>a</td>", "<div>a</div>"),
        ("<!-- a --><hr><!-- b -->", "<hr>"),
        ("<!-- a -->", ""),
        ("<div> </div>", ""),
        ("<img src=x>", ""),
        ("<h1 id=a>b</h1>", "<h2>b</h2>"),
        ('<p><abbr title="</p><p>">a</abbr></p>', '<p><abbr title="‹/p›‹p›">a</abbr></p>'),
        ('<a href="https://a.example/<p>">b</a>', '<div><a href="https://a.example/%3Cp%3E">b</a></div>'),
        ("<p>a\x02b\x03c</p>", "<p>abc</p>"),
    ],
)
def test_html_is_one_safe_line(html: str, cleaned: str) -> None:
    assert clean_html(html) == cleaned
    assert clean_html(cleaned) == cleaned


def test_text_and_links_of_html() -> None:
    line = clean_html(
        '<p>See <a href="https://a.example/?b&amp;c">the <b>d</b></a>, <br>e</p><ul><li>f</li><li>g</li></ul>'
    )
    assert html_text(line) == "See the d, e f g"
    assert html_links(line) == [("https://a.example/?b&c", "the d")]
