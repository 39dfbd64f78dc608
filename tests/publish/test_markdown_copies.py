"""Tests of Markdown copies: clean Markdown, links to other copies, and no active content."""

import re
import time
from dataclasses import replace
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from labels import Settings
from memory import traced
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.publish.markdown_copies import html_to_markdown, markdown_copy, markdown_path
from publish.show import SETTINGS

PLAIN = Settings("S")
PAGE = """---
title: "Winch"
description: "---"
linked_data: |-
  {"a":1}
---

<nav class="mg-crumbs" aria-label="Breadcrumb"><ol>
<li><a href="../../tools/">Tools</a></li>
</ol></nav>


# Winch

<div class="mg-head">
<p class="mg-lead">It pulls &amp; pulls.</p>
<dl class="mg-facts">
<div><dt>Category</dt><dd><a href="../../tools/#c.lifting">Lifting</a></dd></div>
<div><dt>Topics</dt><dd>
<ul class="mg-chips">
<li><a href="../../topics/cables/">Cables</a></li>
<li><a href="../../topics/ropes/">Ropes</a></li>
</ul>
</dd></div>
</dl>
<audio controls src="https://a.example/x.mp3"></audio>
</div>

Notes with a [link](rope.md#knots), [one up](../index.md) and `[code](rope.md)`.

```python
<div>
[kept](rope.md)
```

![Picture](winch/a.png "A title")

<section aria-labelledby="s.m">
<h2 id="s.m">Mentions <span>2 episodes</span></h2>

<ol class="mg-mentions">
<li class="mg-hue1"><a href="../../episodes/a/a-001/">One</a><p><span>BR 001</span> <time>3 Mar</time> </p>
<blockquote><p>The <mark>winch</mark> pulls.</p><p><a href="../../episodes/a/a-001/#top">Top</a></p></blockquote>
</li>
</ol>
</section>
"""
COPY = """# Winch

It pulls & pulls.

Category: [Lifting](../../tools/index.md#c.lifting)

Topics:

- [Cables](../../topics/cables/index.md)
- [Ropes](../../topics/ropes/index.md)

Notes with a [link](../rope/index.md#knots), [one up](../../index.md) and `[code](rope.md)`.

```python
<div>
[kept](rope.md)
```

![Picture](../winch/a.png "A title")

## Mentions 2 episodes

- [One](../../episodes/a/a-001/index.md) · BR 001 3 Mar · The winch pulls. · [Top](../../episodes/a/a-001/index.md#top)
"""


def test_a_page_as_markdown() -> None:
    assert markdown_copy("tools/winch.md", PAGE, PLAIN) == COPY


def test_a_copy_tells_its_page_where_the_site_has_an_address() -> None:
    assert (
        markdown_copy("tools/winch.md", PAGE, SETTINGS)
        == f"{COPY}\n---\n\nPage: <https://kb.example/name/tools/winch/>\n"
    )


def test_a_subtitle_follows_a_colon() -> None:
    page = '# Knots<span class="mg-visually-hidden">:</span> <small>A \\*guide\\* to `ropes`</small>\n'
    assert markdown_copy("resources/knots.md", page, PLAIN) == "# Knots: A \\*guide\\* to `ropes`\n"


def test_footnotes_are_markdown_again() -> None:
    body = """[^a]: Of [hemp](rope.md).
[^b]:
        code[^a]

A rope[^a] of `[^a]`, `` <sup id="fnref.1"><a href="#fn.1" role="doc-noteref">1</a></sup> `` and [wire](rope.md)[^b].

- [ ] Wind it[^a]
"""
    page = "# Rope\n\n" + to_markdown(parse(body, "Rope"))
    assert "doc-backlink" in page and 'id="fn.2"' in page
    expected = """# Rope

A rope[^1] of `[^a]`, `<sup id="fnref.1"><a href="#fn.1" role="doc-noteref">1</a></sup>` and [wire](../rope/{})[^2].

- ☐ Wind it[^1]

[^1]: Of [hemp](../rope/{}).

[^2]:

```
code[^a]
```
"""
    copy = markdown_copy("tools/coil.md", page, PLAIN)
    assert copy.rstrip() == expected.replace("{}", "index.md").rstrip()
    flat = markdown_copy("tools/coil.md", page, replace(PLAIN, directories=False))
    assert flat.rstrip() == expected.replace("../rope/{}", "rope.md").rstrip()


def test_an_index_has_its_copy_beside_it_and_links_as_they_are() -> None:
    text = "# Tools\n\n[Winch](winch.md) and [home](../index.md)\n"
    assert (
        markdown_copy("tools/index.md", text, PLAIN) == "# Tools\n\n[Winch](winch/index.md) and [home](../index.md)\n"
    )
    assert markdown_path("tools/index.md") == "tools/index.md"


def test_without_folders_pages_are_files_and_so_are_copies() -> None:
    settings = Settings("S", directories=False)
    text = '# W\n\n<p><a href="../tools/index.html#x">T</a></p>\n\n[R](rope.md)\n'
    assert markdown_copy("tools/w.md", text, settings) == "# W\n\n[T](../tools/index.md#x)\n\n[R](rope.md)\n"
    assert markdown_path("tools/w.md", False) == "tools/w.md"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p>1. <i>a</i>*b*_c_ d_e [x] &lt;b> &amp;lt; wow!<a href="/y">y</a></p>', None),
        ("<ul><li>one<ol><li>two</li></ol></li><li>three</li></ul>", "- one\n    - two\n- three"),
        ("<p><span>a</span> <span>b</span></p><hr><p>c</p>", "a b\n\nc"),
        ("<details><summary>More</summary><p>x</p></details>", "More\n\nx"),
        ("<table><tr><th>a</th><th>b</th></tr></table>", "a\n\nb"),
        ("<p><code>x_y</code> <kbd>a*b*</kbd></p>", "x_y a\\*b\\*"),
        ("<script>alert(1)</script><style>p{}</style><svg><title>t</title></svg>", ""),
        ('<a href="javascript:alert(1)">x</a> <a href="a b(c)">y</a>', "x [y](a%20b%28c%29)"),
        ('<a href="b/"><span>Next: B 1</span>One</a><a href="c/">d</a>', "[Next: B 1 One](b/) [d](c/)"),
        ("<p>a</p><!-- b --><p># c</p>", "a\n\n\\# c"),
        (
            "<ol><li><h2>One</h2><ul><li>two</li></ul><div><h3>Tools</h3><ul><li>three</li></ul></div></li></ol>",
            "- One\n    - two\n    - Tools\n    - three",
        ),
        ("<h2></h2><ul></ul><dl></dl><p> </p>", ""),
        ("<div>a<p>b</p>c</div>", "a\n\nb\n\nc"),
        ("", ""),
    ],
)
def test_html_becomes_markdown(html: str, expected: str | None) -> None:
    made = html_to_markdown(html, str)
    if expected is None:
        read = MarkdownIt().render(made)
        assert read == '<p>1. a*b*_c_ d_e [x] &lt;b&gt; &amp;lt; wow!<a href="/y">y</a></p>\n'
    else:
        assert made == expected


HOSTILE = [
    "</script>",
    "]]>",
    "<!-- x",
    "**b**",
    "![x](javascript:alert(1))",
    "[y](z)",
    "# h",
    "> q",
    "- i",
    "\x00\x1b[31m",
    "`c",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_stay_words(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    read = MarkdownIt("commonmark").render(html_to_markdown(f"<p>{escaped}</p>", str))
    assert re.fullmatch(r"<p>[^<>]*</p>\n", read), read


WORDS = st.text(st.sampled_from("ab1.)-+#=~|>*_`[](){}<&;!\\\"':/ \u00e9\u4e00"), min_size=1, max_size=30)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_any_words_read_the_same_in_the_copy(words: list[str]) -> None:
    html = "".join(f"<p>{escape(text)} <b>x</b></p><ul><li>{escape(text)}</li></ul>" for text in words)
    read = MarkdownIt("commonmark").render(html_to_markdown(html, str))
    written = [text for word in words for text in (f"{word} x", word) if text.strip()]
    found = [unescape(re.sub(r"</?(strong|p|li|ul)>", "", line)) for line in re.split(r"</p>|</li>", read)]
    assert [" ".join(line.split()) for line in found if line.strip()] == [" ".join(text.split()) for text in written]


@pytest.mark.parametrize("piece", ["<div>", "<ul><li>", "<b>", "<a href='", "`", "[", "](", "<dl><dt>", "<p"])
def test_work_grows_with_the_length_of_what_never_ends_or_nests_deeply(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        markdown_copy("a.md", f"# T\n\n{piece * count}\n\n<div>{piece * count}\n", PLAIN)
        return time.process_time() - start

    quarter = seconds(5_000)
    assert seconds(20_000) < 8 * quarter + 1


def test_a_paragraph_that_begins_with_a_tag_is_no_block() -> None:
    body = "<b>One</b> [two](rope.md)\n"
    assert markdown_copy("tools/index.md", body, PLAIN) == "<b>One</b> [two](rope/index.md)\n"


@pytest.mark.parametrize("comment", ["<!-- -->", "<!-- a\nb -->", "<!---->"])
def test_a_comment_ends_where_it_is_closed(comment: str) -> None:
    page = f"# Title\n\n- a\n\n{comment}\n\n* b\n\n## Words\n\nThe end.\n"
    assert markdown_copy("tools/index.md", page, PLAIN) == "# Title\n\n- a\n\n* b\n\n## Words\n\nThe end.\n"


def test_what_only_works_in_a_browser_is_left_out() -> None:
    page = """<div class="mg-head">
<div class="mg-progress mg-progress--episode">
<label class="mg-checkbox"><input type="checkbox"><span>Finished</span></label></div>
<p class="mg-links"><a href="https://a.example/">Away</a></p>
<p class="mg-actions mg-progress--list"><a href="a/">Go</a> <span class="mg-progress mg-count">0 of 9</span></p>
<p class="mg-heads"><span>Price</span></p>
<a class="mg-find" href="search/"><svg><path d="M1 1"/></svg><span>Search</span><kbd>/</kbd></a>
<nav class="mg-tags"><h2>On this page</h2><ul><li><a href="#s.order">Order</a></li></ul></nav>
</div>

<figure class="mg-graph mg-graph--episodes"><div class="mg-net"><div></div><ul>
<li><a href="tools/rope/">Rope</a></li>
</ul></div><figcaption>Tool</figcaption></figure>

<section><h2>Map</h2>
<p><a href="graph/">Graph</a></p></section>

<div class="mg-progress mg-progress--path"><p class="mg-count">0 of 9 heard</p></div>

<form class="mg-filter"><label><span>Words</span><input name="find"></label><p role="status">9 things</p></form>

<fieldset><p>Read this.</p><label>Not this</label></fieldset>

Notes.
"""
    assert markdown_copy("episodes/a/a-001.md", page, PLAIN) == (
        "[Away](https://a.example/)\n\n[Go](a/index.md)\n\n## Map\n\n[Graph](graph/index.md)\n\nRead this.\n\nNotes.\n"
    )


def test_many_tags_need_little_memory() -> None:
    html = "<div>\n" + '<p><a href="#t-1">1</a> <span id="t-1">x</span></p>\n' * 20_000 + "</div>\n"
    assert traced(lambda: html_to_markdown(html, str))[1] < 10 * len(html)
