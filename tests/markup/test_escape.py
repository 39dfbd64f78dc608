"""Tests of escaping plain text: which characters are escaped and which are kept."""

import time

import pytest

from mlguide_site.markdown import plain
from mlguide_site.markdown.blocks_from_html import parse_html
from mlguide_site.markdown.blocks_to_markdown import block_lines
from mlguide_site.markdown.engine_escape import (
    clean_text,
    drop_unprintable,
    end_line,
    escape_address,
    escape_code,
    escape_heading,
    escape_run,
    escape_text,
    escape_title,
    find_unprintable,
    guard,
    unescape,
)
from mlguide_site.markdown.parse_and_sanitise import parse

ALWAYS = {
    "\\": "\\\\", "`": "&#96;", "*": "\\*", "[": "&#91;", "]": "&#93;", "{": "&#123;", "<": "&lt;", "|": "\\|",
}  # fmt: skip
DROPPED = (
    "\x00 \x08 \x0b \x0c \x0e \x1f \x7f \x84 \x86 \x9f \u202a \u202e \u2066 \u2069 \ud800 \udfff \ufeff \ufff9 \ufffb"
)
FOLDED = "\t\n\r\x85\u2028\u2029"
KEPT = "\u202f\u2065\u206a\ufff8\ufffc\u200b\xa0\xad"


@pytest.mark.parametrize(("sign", "spelled"), ALWAYS.items())
def test_these_are_spelled_wherever_they_stand(sign: str, spelled: str) -> None:
    for before, after in (("a", "b"), ("", "b"), ("a ", " b"), ("1", "2")):
        assert escape_run(f"{before}{sign}{after}") == f"{before}{spelled}{after}"


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        *((f"{left}_{right}", None) for left in "azAZ09" for right in "azAZ09"),
        *((text, text.replace("_", "\\_")) for text in ("_a", "a_", "a _b", "a_ b", "é_a", "a_é", "_", "(_1)")),
        ("__a", "\\_\\_a"),
        *((f"&{sign}", f"&amp;{sign}") for sign in "#azAZ09"),
        ("a&", "a&amp;"),
        *((text, None) for text in ("a & b", "&-a", "&&-")),
        *((f"a{sign}b", f"a&#{ord(sign)};b") for sign in "~^$"),
        *((f"{sign}b", f"&#{ord(sign)};b") for sign in "~^$"),
        *((f"a {sign}b", None) for sign in "~^$"),
        ("a ~~b", "a &#126;&#126;b"),
        ("a ^^b", "a &#94;&#94;b"),
        ("a $$b", "a $&#36;b"),
        ("a=b = c", None),
        ("a==b", "a&#61;=b"),
        ("a === b", "a &#61;&#61;= b"),
        *((text, None) for text in ("a+b", "C++", "C++ b", "a +b", "+")),
        ("++a", "\\++a"),
        ("a++_", "a\\++\\_"),
        *((f":{name}:", f"&#58;{name}:") for name in ("a", "+1", "a-b", "a_b", "1", "123", "a" * 50)),
        *((text, None) for text in ("12:30:15", ":12:", "a:b", ":a b:", f":{'a' * 51}:", "::", "a: b:")),
        (":1a:", "&#58;1a:"),
        ("a!", "a\\!"),
        *((text, None) for text in ("!a", "a! b")),
        *((text, None) for text in ("#", ">", "- a", "1. a", "(a)", '"a"', "a;b", "a/b", "?", "@", "%", "}")),
    ],
)
def test_these_are_spelled_where_they_could_be_markdown(text: str, spelled: str | None) -> None:
    assert escape_run(text) == (text if spelled is None else spelled)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [("a\\", "a&#92;"), ("a\\ ", "a&#92; "), ("\\\\", "\\\\&#92;"), ("\\", "&#92;"), ("\\a ", "\\\\a ")],
)
def test_a_backslash_at_the_end_escapes_nothing_behind_it(text: str, spelled: str) -> None:
    assert escape_run(text) == spelled


def test_what_may_not_be_in_a_text() -> None:
    for sign in DROPPED.split(" "):
        assert (clean_text(f"a{sign}b"), drop_unprintable(f"a{sign}b"), find_unprintable(f"ab{sign}")) == (
            "ab",
            "ab",
            2,
        )
    for sign in FOLDED:
        assert (clean_text(f"a{sign}b"), drop_unprintable(f"a{sign}b")) == ("a b", f"a{sign}b")
        assert find_unprintable(f"a{sign}b") == -1
    for sign in KEPT:
        assert (clean_text(f"a{sign}b"), find_unprintable(f"a{sign}b")) == (f"a{sign}b", -1)


@pytest.mark.parametrize(("line", "ended"), [("a\\!", "a!"), ("a!", "a!"), ("a\\", "a\\"), ("\\!b", "\\!b")])
def test_nothing_follows_the_last_sign_of_a_line(line: str, ended: str) -> None:
    assert end_line(line) == ended


@pytest.mark.parametrize(
    ("line", "guarded"),
    [
        *((f"{mark} a", f"\\{mark} a") for mark in "#>-+"),
        *((line, f"\\{line}") for line in ("#a", ">a", "-", "+", "--a", "-+a", "+-a", "++a", "-\ta", "!!!a", "!!! a")),
        *(
            (line, None)
            for line in ("-a", "+5", "!! a", "! a", "a", "", " - a", "a - b", "1.5", "1)a", "12", "1 .", "?? a")
        ),
        *(
            (f"{number}{mark}", f"{number}\\{mark}")
            for number in ("1", "12", "0123456789")
            for mark in (". a", ") a", ".", ")")
        ),
        ("1.\ta", "1\\.\ta"),
        ("???", "&#63;??"),
        ("??? a", "&#63;?? a"),
        ("///a", "&#47;//a"),
        ("// a", None),
        (": a", "&#58; a"),
        (":", "&#58;"),
        (":::a", "&#58;::a"),
        ("::a", None),
        (":a", None),
    ],
)
def test_a_line_begins_no_block(line: str, guarded: str | None) -> None:
    assert guard(line) == (line if guarded is None else guarded)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [(" a \n b\t", "a   b"), ("- a!", "\\- a!"), ("\x02# a\ufeff", "\\# a"), ("", ""), ("a\\!", "a\\\\!")],
)
def test_a_whole_line(text: str, spelled: str) -> None:
    assert escape_text(text) == spelled


@pytest.mark.parametrize(
    ("line", "spelled"), [("a", "a"), ("C#", "C\\#"), ("a ##", "a \\#\\#"), ("#", "\\#"), ("#a", "#a")]
)
def test_hashes_at_the_end_of_a_heading(line: str, spelled: str) -> None:
    assert escape_heading(line) == spelled


def test_signs_of_a_title() -> None:
    kept = "aZ09é日 -.,;/?@%+…–—‘’“”"
    assert escape_title(f"a{kept}") == f"a{kept}"
    for sign in "\"'()[]{}<>\\`*_&#!|~^$=:":
        assert escape_title(f"a{sign}b") == f"a&#{ord(sign)};b"
    assert escape_title(" a\n b\x02 ") == "a b"


def test_signs_of_an_address() -> None:
    kept = "azAZ09-._~:/?#@!$*+,;=%"
    assert escape_address(f"a{kept}") == f"a{kept}"
    assert escape_address("a&b") == "a&amp;b"
    for sign in "\"'[]{}<>\\`^| \n":
        assert escape_address(f"a{sign}b") == f"a%{ord(sign):02X}b"
    assert (escape_address("é日"), escape_address("a\ud800b")) == ("%C3%A9%E6%97%A5", "a%ED%A0%80b")


@pytest.mark.parametrize(
    ("address", "spelled"),
    [
        ("a(b)c", None), ("a((b)(c))", None), ("(a", "%28a"), ("a)", "a%29"), (")a(", "%29a%28"),
        ("(a))(", "%28a%29%29%28"), ("((a)", "%28%28a%29"),
    ],
)  # fmt: skip
def test_parentheses_of_an_address_stand_in_pairs(address: str, spelled: str | None) -> None:
    assert escape_address(address) == (address if spelled is None else spelled)


def test_signs_of_code() -> None:
    assert (escape_code("a & b"), escape_code("a<b"), escape_code("&lt;")) == ("a &amp; b", "a&lt;b", "&amp;lt;")
    for sign in "`*_{[]\\~^$=|:!+\n\t":
        assert escape_code(f"a{sign}b") == f"a&#{ord(sign)};b"
    assert escape_code("a # b") == "a &#35; b"
    assert escape_code("a   b c") == "a &#32;&#32;b c"
    assert escape_code("a-b(c)'d\">}/.,;@%?") == "a-b(c)'d\">}/.,;@%?"


def test_unescape() -> None:
    assert unescape("a &amp; b &#38; &#x26;") == "a & b & &"
    assert unescape("&#99999999999;") == "&#99999999999;"


def test_many_underscores_take_linear_time() -> None:
    before = time.process_time()
    assert plain.escape("a" + "_" * 200_000 + "b") == "a" + "_" * 200_000 + "b"
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>100%% sure and 50%% off</p>", "100\\%\\% sure and 50\\%\\% off"),
        ("<h2>_Note_</h2>", "\\_Note\\_"),
        ("<h2>Note_s</h2>", "## Note_s"),
        ("<h2>日本_x</h2>", "## 日本_x"),
        ("<h2>!_日本</h2>", "!\\_日本"),
        (
            f"<h2>See <a href='https://a.example/{'b' * 900}'>this</a></h2>",
            f"## See [this](https://a.example/{'b' * 900})",
        ),
        (f"<h2>{'word ' * 120}</h2>", ("word " * 120).strip()),
    ],
)
def test_what_an_import_writes_needs_no_correction(html: str, text: str) -> None:
    written = "\n".join(block_lines(parse_html(html)))
    assert written == text
    assert not parse(written).findings
