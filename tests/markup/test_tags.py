"""Tests of inline HTML tags: allowed tags, the replacements of other tags, and the places in reports."""

import pytest

from markup.reading import render
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.markdown.sanitiser import INLINE_TAGS, VOID_TAGS


def shown(body: str) -> str:
    """Return the HTML of a paragraph's content."""
    return render(to_markdown(parse(body))).removeprefix("<p>").removesuffix("</p>").replace("\n", " ")


PAIRS = sorted(INLINE_TAGS - VOID_TAGS - {"code", "em", "strong"})


@pytest.mark.parametrize("tag", PAIRS)
def test_tags_of_the_list_stay_in_pairs(tag: str) -> None:
    assert shown(f"a <{tag}>b</{tag}> c") == f"a <{tag}>b</{tag}> c"
    assert shown(f"a <{tag.upper()} class=x>b</{tag}> c") == f"a <{tag}>b</{tag}> c"
    assert shown(f"a <{tag}>b") == f"a &lt;{tag}&gt;b"
    assert shown(f"a </{tag}>b") == f"a &lt;/{tag}&gt;b"
    assert shown(f"a </{tag}>b<{tag}>") == f"a &lt;/{tag}&gt;b&lt;{tag}&gt;"


def test_the_list_is_this_one() -> None:
    listed = "abbr b br cite code del dfn em i ins kbd mark q s samp small strong sub sup u var wbr"
    assert listed.split() == sorted(INLINE_TAGS)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("a <b><i>b</i></b> c", "a <b><i>b</i></b> c"),
        ("a <b>b <i>c</b> d</i>", "a &lt;b&gt;b <i>c&lt;/b&gt; d</i>"),
        ("a <b>b *c</b> d*", "a &lt;b&gt;b <em>c&lt;/b&gt; d</em>"),
        ("a *b <b>c* d</b>", "a <em>b &lt;b&gt;c</em> d&lt;/b&gt;"),
        ("a <b>*b*</b> c", "a <b><em>b</em></b> c"),
        ("a<br>b<br/>c<BR class=x>d", "a<br>b<br>c<br>d"),
        ("a</br>b", "a&lt;/br&gt;b"),
        ("a<wbr>b", "a<wbr>b"),
        ("a <hr> b", "a &lt;hr&gt; b"),
        ("a <!-- b --> c", "a  c"),
        ("a <script>b</script> c", "a &lt;script&gt;b&lt;/script&gt; c"),
        ("a <?b?> c", "a &lt;?b?&gt; c"),
        ("a <b\x02>c</b>", "a <b>c</b>"),
        ("a <b2>c</b2> d", "a &lt;b2&gt;c&lt;/b2&gt; d"),
    ],
)
def test_what_stays_and_what_is_text(body: str, html: str) -> None:
    assert shown(body) == html


@pytest.mark.parametrize(
    ("body", "line", "column", "message"),
    [
        ("a <b x>c</b>", 1, 3, "removed the attributes of <b>"),
        ("a <B x>c</B>", 1, 3, "removed the attributes of <b>"),
        ("a <p>", 1, 3, "<p> is shown as text"),
        ("a </p>", 1, 3, "</p> is shown as text"),
        ("a <?b?>", 1, 3, "markup is shown as text"),
        ("a\nb <p> <p>", 2, 3, "<p> is shown as text"),
        ("a  \nb <p>", 2, 3, "<p> is shown as text"),
        ("a <b\nx>c</b> <p>", 2, 9, "<p> is shown as text"),
        ("`<q>`  \nb </q>", 2, 3, "</q> is shown as text"),
        ("`</q>`  \nb </q>", 2, 3, "</q> is shown as text"),
        ("`</q>`\nb </q>", 2, 3, "</q> is shown as text"),
        ("</q>a\nb </q>", 1, 1, "</q> is shown as text"),
        ("a\n</q>b\nc </q>", 2, 1, "</q> is shown as text"),
        ("`a\nb` <p>\nc <p>", 3, 3, "<p> is shown as text"),
        ("abc <b\nx>c</b> <b\nx>d</b>", 2, 9, "removed the attributes of <b>"),
        ("a <b\nx>c</b>`</q>`\nd </q>", 3, 3, "</q> is shown as text"),
    ],
)
def test_where_it_is_told(body: str, line: int, column: int, message: str) -> None:
    found = [(finding.line, finding.column, finding.message) for finding in parse(body).findings]
    assert (line, column, message) in found
    # of equal tags in a line, only the first is told
    lines = body.replace("`</q>`", "").split("\n")
    assert len(found) == sum(sign in line for line in lines for sign in ("<p>", "</p>", "</q>", "<?", "x>"))


@pytest.mark.parametrize("body", ["a <b>c</b>", "a <b />c</b>", "a <!-- b -->", "a<br/>b", "a<br />b"])
def test_nothing_is_told_of_what_is_as_it_should_be(body: str) -> None:
    assert not parse(body).findings


def test_a_break_is_a_space_to_those_who_read_the_text() -> None:
    assert [block.text for block in parse("a<br>b<BR/>c").blocks] == ["a b c"]
    assert shown("<br>a<br>") == "a"


@pytest.mark.parametrize("tag", ["code", "kbd", "samp", "var"])
def test_no_name_is_looked_for_in_code(tag: str) -> None:
    assert [segment.text for segment in parse(f"a <{tag}>b</{tag}> c").segments] == ["a ", " c"]
    assert not parse(f"a <{tag}>https://a.example</{tag}>").links
