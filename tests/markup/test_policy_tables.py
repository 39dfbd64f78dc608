"""Tests of the reasons for which URLs are refused."""

import pytest

from mlguide_site.markdown.sanitiser import is_absolute, refusal


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("javascript:x", 'its scheme is "javascript"'),
        ("abcdefghijklmnopqrstuvwxyz:x", 'its scheme is "abcdefghijklmnopqrst"'),
        ("a1+.-:x", 'its scheme is "a1+.-"'),
        ("https:a", "it is not a complete address"),
        ("https://a b", None),
        ("https://a\\b", "it is not a complete address"),
        ("https://[a", "it is not a complete address"),
        ("https://h.example:99999999/", "it is not a complete address"),
        ("https://h.example:65536/", "it is not a complete address"),
        ("https://h.example:x/", "it is not a complete address"),
        ("https://%/", "it is not a complete address"),
        ("https://a%2fb.example/", "it is not a complete address"),
        ("https://a%20b/", "it is not a complete address"),
        ("https://a<b/", "it is not a complete address"),
        ("https://a|b/", "it is not a complete address"),
        ("https://a^b/", "it is not a complete address"),
        ("https://a[b/", "it is not a complete address"),
        ("https://[a]/", "it is not a complete address"),
        ("https://[::1%25a]/", "it is not a complete address"),
        ("https://[::1]:99999/", "it is not a complete address"),
        ("https://:80/", "it is not a complete address"),
        ("https://%zz@:1/", "it is not a complete address"),
        ("https://h.example:/", None),
        ("https://h.example:65535/", None),
        ("https://u:p@h.example/%", None),
        ("https://b\u00fccher.example/", None),
        ("https://%61.example/", None),
        ("https://a_b.example/", None),
        ("https://[::1]:80/a", None),
        ("https://?a", "it is not a complete address"),
        ("https://#a", "it is not a complete address"),
        ("https://@a.example", "it is not a complete address"),
        ("https://\u3000a", "it is not a complete address"),
        ("https://a.example/\u3000", "it is not a complete address"),
        ("mailto:a\u3000@b", "it is not a complete address"),
        ("mailto:a@b\u3000", "it is not a complete address"),
        ("mailto:a@b\\c", "it is not a complete address"),
        ("mailto:a", "it is not a complete address"),
        ("mailto:a\\@b", "it is not a complete address"),
        ("", "it is empty"),
        (" \u200b", "it is empty"),
        ("\\a", "it contains a backslash"),
        ("%5Ca", "it contains a backslash"),
        ("/%5Ca", "it contains a backslash"),
        ("/%2Fa", "it contains a backslash"),
        ("%2f%2fa", "it contains a backslash"),
        ("//a", "it names a host without a scheme"),
        ("1a:b", "its first part looks like a scheme"),
        ("a b:c/d", 'its scheme is "ab"'),
        ("a_b:c", "its first part looks like a scheme"),
        ("a/b:c", None),
        ("a?b:c", None),
        ("a#b:c", None),
        ("a%5Cb", None),
    ],
)
def test_why_an_address_is_refused(address: str, reason: str | None) -> None:
    assert refusal(address) == reason


@pytest.mark.parametrize(
    "sign", [chr(code) for code in (0, 9, 10, 13, 31, 32, 127, 159, 160, 173, 0x200B, 0x200F, 0x2028)]
)
def test_signs_that_a_browser_leaves_out_hide_no_scheme(sign: str) -> None:
    assert refusal(f"{sign}java{sign}script{sign}:x") == 'its scheme is "javascript"'


@pytest.mark.parametrize("sign", [chr(code) for code in (0x202A, 0x202F, 0x2060, 0x206F, 0xFEFF)])
def test_nor_do_those_that_nobody_sees(sign: str) -> None:
    assert refusal(f"{sign}java{sign}script{sign}:x") == 'its scheme is "javascript"'


def test_what_leads_out_of_the_site() -> None:
    assert [is_absolute(address) for address in ("http:x", "X-a.+1:b", "a", "/a:b", "1:b", "")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
