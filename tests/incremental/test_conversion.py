"""Tests of the fast conversion of pages: it gives the same results as MkDocs and Python-Markdown."""

import tempfile
from pathlib import Path

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.preprocessors import HtmlBlockPreprocessor
from markdown.treeprocessors import InlineProcessor
from mkdocs.config.base import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page, _RawHTMLPreprocessor

from memory import traced
from mkdocs_incremental.conversion import REUSABLE, Anchors, Blocks, convert, is_plain, without_blocks

PLAIN = [
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<hr>",
    "<hr/>",
    "<br>",
    "<br />",
    '<img src="a.png">',
    '<div id="a" class="x y">',
    '<a name="b">',
    '<a href="c.md" id="d &amp; e">',
    "</a>",
    '<div\n id="f">',
    "<ul><li>x</li></ul>",
    "<svg>",
    '<path d="M0 0"/>',
    "<title>",
    "</title>",
    "<title>T &amp; x</title>",
    "</svg>",
    '<h2 id="">',
    "</h2>",
    "<p hidden id>",
    "</table>",
    "<td/>",
    "&amp;",
    "&#39;",
    "&#x2F;",
    "a & b",
    "a < b",
    "R&D;",
    "?a=1&b=2",
    '<p name="n">',
]
ODD = [
    "<!-- c -->",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<style>x</style>",
    "<DIV>",
    "</DIV >",
    "<a href=x>",
    "<a b='c'>",
    "<?php ?>",
    "<!DOCTYPE html>",
    "<![CDATA[x]]>",
    "&#;",
    "&#x",
    "<",
    "</",
    "</>",
    "<a",
    '<p id="',
    "<x-y>",
    "</p a>",
    "<p `>",
    "<textarea>",
    "</textarea>",
    "<iframe>",
    '<p ID="z">',
    '<p id="a>b">',
    "<p/ >",
    "<title/>",
    "<plaintext>",
    "\x0b<div>",
]
TEXT = [
    "word",
    " ",
    "  ",
    "    ",
    "\n",
    "\n\n",
    "\n \n",
    "`",
    "```\n",
    "- item\n",
    "# Title\n",
    "[x](b.md#c)",
    "*e*",
    ">",
    '"',
    "\\",
]
texts = st.lists(st.sampled_from(PLAIN * 2 + TEXT * 3 + ["\n", "\n\n"] * 12), max_size=24).map("".join)
odd_texts = st.lists(st.sampled_from(PLAIN + TEXT * 2 + ODD + ["\n", "\n\n"] * 8), max_size=24).map("".join)


def both_ways(text):
    """Return the results of the original preprocessors and of the fast ones for a text."""
    old, new = markdown.Markdown(), markdown.Markdown()
    lines = old.preprocessors["normalize_whitespace"].run(text.split("\n"))
    slow, fast = _RawHTMLPreprocessor(), Anchors()
    assert slow.run(list(lines)) == fast.run(list(lines))
    original = HtmlBlockPreprocessor(old).run(list(lines)), old.htmlStash.rawHtmlBlocks, slow.present_anchor_ids
    return original, (Blocks(new).run(list(lines)), new.htmlStash.rawHtmlBlocks, fast.present_anchor_ids)


@settings(max_examples=600)
@given(texts | odd_texts)
def test_raw_html_is_found_as_by_the_parsers(text):
    slow, fast = both_ways(text)
    assert fast == slow


@pytest.mark.parametrize("text", [*ODD, *(f"<div>\n{odd}\n</div>\n\ntext {odd}" for odd in ODD)])
def test_what_is_odd_is_left_to_the_parsers(text):
    slow, fast = both_ways(text)
    assert fast == slow


@pytest.mark.parametrize(
    "text", ['<div id="a">\n<p>x</p>\n</div>\n\ntext <b>x</b> &amp; more\n', "<svg><title>a &amp; b</title></svg>\n"]
)
def test_what_is_plain_needs_no_parser(text):
    assert is_plain(text)
    assert without_blocks(text, markdown.Markdown()) is not None


def test_many_tags_need_little_memory():
    text = "<div>\n" + '<p><a href="#t-1">1</a> <span id="t-1">x</span></p>\n' * 20_000 + "</div>\n"
    assert traced(lambda: Blocks(markdown.Markdown()).run([text]))[1] < 4 * len(text)


EXTENSIONS = (
    "admonition",
    "attr_list",
    "def_list",
    "fenced_code",
    "md_in_html",
    "sane_lists",
    "smarty",
    "tables",
    "toc",
)
EXTENSIONS += ("pymdownx.details", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.superfences")
EXTENSIONS += ("pymdownx.tasklist",)


@pytest.fixture(scope="module", params=[EXTENSIONS, sorted(REUSABLE)], ids=["many", "reusable"])
def project(request):
    with tempfile.TemporaryDirectory() as folder:
        # without this file, the settings of the current folder would be read
        settings_file = Path(folder) / "mkdocs.yml"
        settings_file.write_text("site_name: Site\n")
        (Path(folder) / "docs").mkdir()
        extensions = [{name: {"permalink": True}} if name == "toc" else name for name in request.param]
        yield load_config(
            config_file=str(settings_file),
            site_name="Site",
            site_dir=f"{folder}-site",
            markdown_extensions=extensions,
        )


def rendered(config, texts, render):
    """Render pages one after the other, and return what rendering sets on them."""
    files = Files([File(f"{name}.md", config.docs_dir, config.site_dir, True) for name in "abc"])
    found = []
    for text in texts:
        page = Page(None, files.get_file_from_path("a.md"), config)
        page.markdown = text
        render(config, files)(page)
        links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
        toc = [(item.title, item.id, item.level, len(item.children)) for item in page.toc]
        found.append((page.content, toc, page.title, page.present_anchor_ids, links))
    return found


MORE = [
    "```python\nx = 1\n```\n",
    "~~~\ny\n~~~\n",
    "!!! note\n    In it.\n",
    '??? tip "T"\n    Folded.\n',
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
    "## Same\n",
    "## Same\n",
    "[ref]: b.md\n",
    "[ref][]\n",
    "{: #own .c }\n",
    "Term\n:   What.\n",
    "- [x] done\n",
    "`#!py a`\n",
    "*[HTML]: x\n",
    '<div markdown="1">\n*in*\n</div>\n',
    '"quoted" -- text\n',
    "**b** and _e_",
    "==marked== ~~gone~~ H~2~O",
    "text[^1] ",
    "\n[^1]: A note.\n",
    "<https://example.org/?a=1&b>",
    "two  \nlines",
    "\\*no\\_",
    "    code\n",
]


def test_pages_of_a_new_root_share_a_converter():
    packaged = Path(__file__).parents[2] / "mkdocs.yml"
    assert REUSABLE.issuperset(load_config(str(packaged))["markdown_extensions"])


def test_the_private_name_of_python_markdown_is_still_there():
    assert callable(InlineProcessor._InlineProcessor__handleInline)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(MORE + PLAIN + TEXT + ["\n\n"] * 6), max_size=14).map("".join), min_size=2, max_size=4
    )
)
def test_a_page_is_converted_as_by_mkdocs(project, texts):
    expected = rendered(project, texts, lambda config, files: lambda page: page.render(config, files))
    assert rendered(project, texts, lambda config, files: lambda page: convert(page, config, files)) == expected
