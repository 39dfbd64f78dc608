"""Tests of the URLs that are allowed on pages."""

import pytest

from mlguide_site.markdown.sanitiser import refusal


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
