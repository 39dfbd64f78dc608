"""What the policy's tables list, seen by what becomes of each tag, attribute and address."""

import pytest

from mlguide_site.markdown.sanitiser import (
    clean_html,
    html_links,
    html_text,
    is_absolute,
    refusal,
    removals,
)

ROOTS = "article aside blockquote details div dl figure footer h2 h3 h4 h5 h6 header ol p pre section table ul".split()
"""Those that may stand by themselves."""
INLINE = "a abbr b cite code del dfn em i ins kbd mark q s samp small strong sub sup u var".split()
DROPPED = "script style iframe object applet noscript template svg math frameset noframes".split()
"""Those that go with all that is in them."""
GONE = (
    "acronym address area audio base basefont bdi bdo big body button canvas center data datalist dialog dir embed"
    " fieldset font form head hgroup html img input label legend link main map marquee menu menuitem meta meter nav"
    " optgroup option output param picture portal progress rp rt ruby search select slot source span strike summary2"
    " textarea time title track tt video x-own xmp"
).split()
"""Those whose text stays, where they have any."""
TOLD_NOT = {"span", "center"}
"""Those that go without a word: they say nothing."""


@pytest.mark.parametrize("tag", ROOTS)
def test_blocks_stay(tag: str) -> None:
    inside = {"ul": "<li>x</li>", "ol": "<li>x</li>", "dl": "<dt>x</dt><dd>y</dd>"}.get(tag, "x")
    inside = "<tbody><tr><td>x</td></tr></tbody>" if tag == "table" else inside
    element = f"<{tag}>{inside}</{tag}>"
    assert clean_html(element) == element
    assert list(removals(element)) == []


@pytest.mark.parametrize("tag", INLINE)
def test_inline_tags_stay(tag: str) -> None:
    assert clean_html(f"<p>a <{tag}>x</{tag}></p>") == f"<p>a <{tag}>x</{tag}></p>"
    assert clean_html(f"<{tag}>x</{tag}>") == f"<div><{tag}>x</{tag}></div>"
    assert list(removals(f"<{tag}>x</{tag}>")) == []


def test_the_parts_of_blocks_stay() -> None:
    for element in (
        "<details><summary>s</summary>t</details>",
        "<figure><figcaption>c</figcaption>x</figure>",
        "<table><caption>c</caption><colgroup><col></colgroup><thead><tr><th>h</th></tr></thead>"
        "<tbody><tr><td>d</td></tr></tbody><tfoot><tr><td>f</td></tr></tfoot></table>",
        "<p>a<br>b<wbr>c</p>",
        "<div><hr>a</div>",
        "<hr>",
    ):
        assert clean_html(element) == element
        assert list(removals(element)) == []


def test_a_first_heading_is_one_below() -> None:
    assert clean_html("<h1>a</h1>") == "<h2>a</h2>"
    assert list(removals("<h1>a</h1>")) == []


@pytest.mark.parametrize("tag", DROPPED)
def test_these_go_with_what_is_in_them(tag: str) -> None:
    # a browser reads no <frameset> here, so that what is in it is text
    assert html_text(clean_html(f"<div>a<{tag}>x</{tag}>b</div>")) == ("axb" if tag == "frameset" else "ab")
    assert [what for _, what in removals(f"<div><{tag}>x</{tag}></div>")] == [f"<{tag}>"]


@pytest.mark.parametrize("tag", GONE)
def test_these_go_and_their_text_stays(tag: str) -> None:
    cleaned = clean_html(f"<div>a<{tag} id=x>b</{tag}></div>")
    assert f"<{tag}" not in cleaned
    told = [what for _, what in removals(f"<{tag}>b</{tag}>")]
    assert told == ([] if tag in TOLD_NOT else [f"<{tag}>"])


ATTRIBUTES = {
    "details": {"open": ""},
    "th": {"colspan": "2", "rowspan": "3", "scope": "row"},
    "td": {"colspan": "2", "rowspan": "3"},
    "a": {"href": "https://a.example/", "title": "t"},
    "abbr": {"title": "t"},
    "ol": {"start": "4"},
}
OTHERS = {"id": "x", "class": "x", "style": "x", "name": "x", "onclick": "x", "lang": "en", "dir": "ltr", "target": "x"}


def element(tag: str, attributes: str) -> str:
    """An element of a kind in its place."""
    if tag in {"td", "th"}:
        return f"<table><tbody><tr><{tag}{attributes}>x</{tag}></tr></tbody></table>"
    return f"<ol{attributes}><li>x</li></ol>" if tag == "ol" else f"<div><{tag}{attributes}>x</{tag}></div>"


@pytest.mark.parametrize("tag", [*ATTRIBUTES, "p", "div", "li"])
def test_only_these_attributes_stay(tag: str) -> None:
    every = {name: value for own in ATTRIBUTES.values() for name, value in own.items()} | OTHERS
    for name, value in every.items():
        html = element(tag, f' {name}="{value}"')
        kept = name in ATTRIBUTES.get(tag, {})
        assert (f"{name}=" in clean_html(html)) == kept, html
        assert [what for _, what in removals(html)] == ([] if kept else [f"attribute {name} of <{tag}>"])


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ('<p><a href="javascript:x">a</a></p>', "attribute href of <a>"),
        ('<p><a href="&#106;avascript:x">a</a></p>', "attribute href of <a>"),
        ("<p><a href='b.md'>a</a></p>", "attribute href of <a>"),
        ("<p><a href=/b>a</a></p>", "attribute href of <a>"),
        ("<P ONCLICK=x>a</P>", "attribute onclick of <p>"),
        ("<p x='>' onclick=x>a</p>", "attribute x of <p>"),
        ("<p x='>' onclick=x>a</p>", "attribute onclick of <p>"),
        ('<p x=">" onclick=x>a</p>', "attribute onclick of <p>"),
        ('<p/onclick="x">a</p>', "attribute onclick of <p>"),
        ('<p "x"onclick=y>a</p>', "attribute onclick of <p>"),
        ("<p 'x'onclick=y>a</p>", "attribute onclick of <p>"),
    ],
)
def test_values_that_may_not_be_are_told(html: str, what: str) -> None:
    assert what in [what for _, what in removals(html)]
    assert what.split()[1] not in clean_html(html)


@pytest.mark.parametrize("scope", ["row", "col", "rowgroup", "colgroup"])
def test_scopes(scope: str) -> None:
    assert f'scope="{scope}"' in clean_html(element("th", f' scope="{scope}"'))


@pytest.mark.parametrize("address", ["https://a.example/", "http://a.example/b?c#d", "mailto:a@b.example", "#c"])
def test_links_of_html_lead_out_or_to_an_anchor(address: str) -> None:
    assert html_links(clean_html(f'<p><a href="{address}">a</a></p>')) == [(address, "a")]


def test_removals_stand_where_they_are() -> None:
    html = "<p>a</p>\n<form x=y><b onclick=z>c</b></form><script>d</script>"
    told = [(9, "<form>"), (19, "attribute onclick of <b>"), (44, "<script>")]
    assert list(removals(html)) == told
    assert list(removals("<p>a<br/>b<wbr/></p>")) == []
    # rather what is none is told than that one is not
    assert [what for _, what in removals('<p ">x">a</p>')] == ["attribute x of <p>"]
    assert [what for _, what in removals('<p y=z">x">a</p>')] == ["attribute y of <p>", "attribute x of <p>"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("javascript:x", 'its scheme is "javascript"'),
        ("abcdefghijklmnopqrstuvwxyz:x", 'its scheme is "abcdefghijklmnopqrst"'),
        ("a1+.-:x", 'its scheme is "a1+.-"'),
        ("https:a", "it is not a whole address"),
        ("https://a b", None),
        ("https://a\\b", "it is not a whole address"),
        ("https://[a", "it is not a whole address"),
        ("https://h.example:99999999/", "it is not a whole address"),
        ("https://h.example:65536/", "it is not a whole address"),
        ("https://h.example:x/", "it is not a whole address"),
        ("https://%/", "it is not a whole address"),
        ("https://a%2fb.example/", "it is not a whole address"),
        ("https://a%20b/", "it is not a whole address"),
        ("https://a<b/", "it is not a whole address"),
        ("https://a|b/", "it is not a whole address"),
        ("https://a^b/", "it is not a whole address"),
        ("https://a[b/", "it is not a whole address"),
        ("https://[a]/", "it is not a whole address"),
        ("https://[::1%25a]/", "it is not a whole address"),
        ("https://[::1]:99999/", "it is not a whole address"),
        ("https://:80/", "it is not a whole address"),
        ("https://%zz@:1/", "it is not a whole address"),
        ("https://h.example:/", None),
        ("https://h.example:65535/", None),
        ("https://u:p@h.example/%", None),
        ("https://b\u00fccher.example/", None),
        ("https://%61.example/", None),
        ("https://a_b.example/", None),
        ("https://[::1]:80/a", None),
        ("https://?a", "it is not a whole address"),
        ("https://#a", "it is not a whole address"),
        ("https://@a.example", "it is not a whole address"),
        ("https://\u3000a", "it is not a whole address"),
        ("https://a.example/\u3000", "it is not a whole address"),
        ("mailto:a\u3000@b", "it is not a whole address"),
        ("mailto:a@b\u3000", "it is not a whole address"),
        ("mailto:a@b\\c", "it is not a whole address"),
        ("mailto:a", "it is not a whole address"),
        ("mailto:a\\@b", "it is not a whole address"),
        ("", "it is empty"),
        (" \u200b", "it is empty"),
        ("\\a", "it holds a backslash"),
        ("%5Ca", "it holds a backslash"),
        ("/%5Ca", "it holds a backslash"),
        ("/%2Fa", "it holds a backslash"),
        ("%2f%2fa", "it holds a backslash"),
        ("//a", "it names a host without a scheme"),
        ("1a:b", "it looks like a scheme"),
        ("a b:c/d", 'its scheme is "ab"'),
        ("a_b:c", "it looks like a scheme"),
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


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("<p>a<b>b</b><i>c</i></p><p>d</p>", "abc d"),
        ('<p>a<br>b<a href="#c">c</a></p>', "a bc"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("&lt;a&gt; &amp;amp;", "<a> &amp;"),
    ],
)
def test_the_text_of_html(line: str, text: str) -> None:
    assert html_text(line) == text


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>a&nbsp;b</p><pre>c&nbsp;d</pre>", "<div><p>a b</p><pre>c\u00a0d</pre></div>"),
        ("<p>a \n\t b</p>", "<p>a b</p>"),
        ("<pre>\n\n a\n\tb </pre>", "<pre> a&#10;    b </pre>"),
        ("<p>x</p><pre>a\nb</pre>", "<div><p>x</p><pre>a&#10;b</pre></div>"),
        ("<pre>a</pre> <pre>b</pre>", "<div><pre>a</pre> <pre>b</pre></div>"),
        ("<p>{{ a }}{</p>", "<p>&#123;&#123; a }}&#123;</p>"),
        ("<div>a</div>b", "<div><div>a</div>b</div>"),
        ("a<div>b</div>", "<div>a<div>b</div></div>"),
        ("<table><colgroup><col></colgroup><tbody><tr><td>a</td></tr></tbody></table>", None),
        ("<div><br><wbr></div>", ""),
        ("<p><hr></p>", "<div><p></p><hr><p></p></div>"),
        ("<hr><p>a</p>", "<div><hr><p>a</p></div>"),
        (
            "<table><colgroup><col></colgroup></table><p>a</p>",
            "<div><table><colgroup><col></colgroup></table><p>a</p></div>",
        ),
        ("<p>a</p><hr>", "<div><p>a</p><hr></div>"),
        ('<ol start="<3>"><li>a</li></ol>', '<ol start="‹3›"><li>a</li></ol>'),
        (
            '<p><a href="https://a.example/<b>" title="<c>">d</a></p>',
            '<p><a href="https://a.example/%3Cb%3E" title="‹c›">d</a></p>',
        ),
    ],
)
def test_one_line_of_html(html: str, cleaned: str | None) -> None:
    assert clean_html(html) == (html if cleaned is None else cleaned)
