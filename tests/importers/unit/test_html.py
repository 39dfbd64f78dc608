"""Tests of converting HTML notes to Markdown, including hostile HTML."""

import time

import pytest

from mlguide_site.importers.feed.descriptions import Part, cut_promotion, read_descriptions
from mlguide_site.markdown.blocks_from_html import parse_html, strip_tags
from mlguide_site.markdown.blocks_to_markdown import blocks_to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/><br>Three<br>", "One\\\nTwo\n\nThree"),
        ("<h1>A</h1><h2>B</h2>", "# A\n\n## B"),
        ("<h3>B</h3>", "### B"),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "- a\n  1. b"),
        ("<strong>a</strong> <em>b</em> <del>c</del>", "**a** *b* ~~c~~"),
        ("a<b>b</b>c <b>d:</b>e", "a**b**c d:e"),
        ('<a href="/x">y</a>', "[y](https://s.example/x)"),
        ('<a href="javascript:x">y</a>', "y"),
        ('<a href="mailto:a@b.example">y</a>', "[y](mailto:a@b.example)"),
        ('<img src="a.png" alt="An [odd] name">', "[Image: An \\[odd\\] name](https://s.example/a.png)"),
        ('<a href="/x"><img src="a.png" alt="Cover"></a>', "[Image: Cover](https://s.example/x)"),
        ('<audio src="a.mp3">Listen</audio>', "[Audio](https://s.example/a.mp3) Listen"),
        (
            '<audio><source src="/a.mp3"><a href="/a.mp3">Listen</a></audio>',
            "[Media](https://s.example/a.mp3) [Listen](https://s.example/a.mp3)",
        ),
        ('a<img src="/b.png">c', "a[Image](https://s.example/b.png)c"),
        ('a <img src="/b.gif" width="1" height="1">', "a"),
        ('a <img src="/b.gif" width="1" height="400">', "a [Image](https://s.example/b.gif)"),
        ('a <img src="/b.gif" width="1px" alt="c">', "a [Image: c](https://s.example/b.gif)"),
        ('a <img src="/b.gif" width="100" height="100">', "a [Image](https://s.example/b.gif)"),
        ("<blockquote><p>q</p></blockquote>", "> q"),
        ("<code>a`b</code>", "``a`b``"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("<table><tr><td>a|b</td><td>c</td></tr></table>", "a|b | c"),
        ("<table><tr><th>a|b<th>c<tr><td>d<td></table>", "| a\\|b | c |\n| --- | --- |\n| d |  |"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "|  |  |\n| --- | --- |\n| a | b |\n| c | d |"),
        ("<table><tr><th>a<tr><td>b</table>", "a\n\nb"),
        ("<table><tr><th>a<th>b<tr><td>c</table>", "a | b\n\nc"),
        ("<table><tr><th>a<th>b<tr><td>c<td><pre>d</pre></table>", "a | b\n\nc\n\n```\nd\n```"),
        ("<table><tr><td><td><tr><td><td></table>", ""),
        ("<p>- a</p><p>1. b</p><p># c</p>", "\\- a\n\n1\\. b\n\n\\# c"),
        ("<p> a   b\n c </p>", "a b c"),
        ("a <b plane", "a \\<b plane"),
        ("<script>x</script><style>y</style><!-- z -->w", "w"),
        ("a <script> b<p>c</p>", "a \\<script> b\n\nc"),
        ("<style>x</style>a <STYLE> b<p>c</p>", "a \\<STYLE> b\n\nc"),
        ("<!-- x -->a <!-- b<p>c</p>", "a \\<!-- b\n\nc"),
        ("a <? b", "a \\<? b"),
        ("a <template>b <b>c</b></template><template>d<p>e</p>", "a b **c**d\n\ne"),
        ("<svg><style>x</style><path d='M0'/><text>a</text></svg> b", "a b"),
        ("<math><mi>L</mi><mo>=</mo><msqrt><mi>x</mi></msqrt></math>.", "L=x."),
        ('<math><mi>x</mi><annotation encoding="application/x-tex">a&lt;b</annotation></math>.', "`a<b`."),
        ('<math alttext="x^2"><msup><mi>x</mi><mn>2</mn></msup></math>.', "`x^2`."),
        ('<math alttext="x"></math></b><span class="katex-html"><b>x</b></span>.', "`x`."),
        ('<span class="katex-html">x</span>.', "x."),
        ("&lt;b&gt; &amp;amp; é", "\\<b> \\&amp; é"),
    ],
)
def test_markdown(html: str, markdown: str) -> None:
    assert blocks_to_markdown(parse_html(html, "https://s.example/"))[0] == markdown


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<p>Stay. Buy <b>big</b> <a href='https://a.example'>boots</a>! Go.</p>", "Stay. Go."),
        ("<ul><li>Stay</li><li><a href='https://a.example'>Buy big boots</a></li></ul>", "- Stay"),
        ("<p>Buy big boots</p><p>Stay</p>", "Stay"),
        ("<p>Buy</p><p>big boots</p>", "Buy\n\nbig boots"),
    ],
)
def test_promotion_goes_across_tags_but_not_across_blocks(html: str, left: str) -> None:
    assert blocks_to_markdown(cut_promotion(parse_html(html), ["Buy big boots"])[0])[0] == left


def test_promotion_in_a_cell_leaves_the_columns_as_they_are() -> None:
    html = "<table><tr><th>a<th>b<tr><td>Buy big boots<td>c</table>"
    left = "| a | b |\n| --- | --- |\n|  | c |"
    assert blocks_to_markdown(cut_promotion(parse_html(html), ["Buy big boots"])[0])[0] == left


@pytest.mark.parametrize("cell", ["long text " * 2000, "<b>x</b> y " * 1000, "</td><td>" * 9000])
def test_a_table_with_a_long_row_becomes_text_within_the_limits(cell: str) -> None:
    text, fault = blocks_to_markdown(parse_html(f"<table>{f'<tr><td>a</td><td>{cell}</td></tr>' * 2}</table>"))
    assert text.split("\n")[0].startswith("a")
    assert fault == ""


@pytest.mark.parametrize(
    "piece",
    [
        "<table><tr><td>",
        "<table><tr><th>a<th>",
        "<tr><td>",
        "<a>",
        "<a ",
        "<div>",
        "<b>",
        "<p><b>",
        "<ul><li>",
        "<!--",
        "<script>",
        "</script",
        "<style></style>",
        "<svg>",
        "<math>",
        "<math></math>",
        '<math alttext="x">',
        ' alttext="x"',
        '<math alttext="x"></math>',
        "<annotation ",
        "&",
        "&#",
        "<br>",
        "<",
        "<b></b>",
        "</p>",
        "[",
        "*a",
    ],
)
def test_hostile_html_takes_time_in_proportion(piece: str) -> None:
    times = [time.process_time()]
    for size in (30_000, 120_000):
        html = f"Start {piece * (size // len(piece))} end"
        blocks_to_markdown(parse_html(html))
        strip_tags(html)
        times.append(time.process_time())
    start, quarter, whole = times
    assert whole - quarter < 8 * (quarter - start) + 1


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["Long notes.", "Long"], "Long notes."),
        (["Long", "Long notes."], "Long notes."),
        (["<p>Long <b>notes</b>.</p>", "Long notes."], "Long notes."),
        (["Long notes of a day.", "Long notes of…"], "Long notes of a day."),
        (["Notes.", "Something else."], "Something else.\nNotes."),
        (["", "  ", "Notes."], "Notes."),
    ],
)
def test_each_word_of_several_descriptions_comes_once(parts: list[str], text: str) -> None:
    assert read_descriptions([Part(part) for part in parts]).text == text
