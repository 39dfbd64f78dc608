"""Property tests of converting texts to Markdown: no word is lost or changed, and no reader raises an exception."""

import re
from html import escape as html_escape
from unicodedata import normalize

from hypothesis import example, given, settings
from hypothesis import strategies as st

from importers.words import changed_words, words_of
from markup.reading import has_formulas
from mlguide_site.errors import Problem
from mlguide_site.importers import Context, Draft, EntryDraft, FileDraft, Source
from mlguide_site.importers.common.promotion import find_matches, without
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.markdown.block_records import plain_blocks, text_lines
from mlguide_site.markdown.blocks_from_html import parse_html, strip_tags
from mlguide_site.markdown.blocks_to_markdown import blocks_to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.recovery.recovery import recover_bodies

MARKS = "*_`[]()<>#&;:!~|\\{}%$^=+-.\"'/@ 0a1Z"
ODD = (
    "word Word The of is: Label: end. e.g. 1. - # > --- *** ``` ~~~ | a|b [x](y) <b> </div> <!-- --> &amp; &#60; {{x}}",
    "{%x%} {:.y} http://a.example/b_c_(d) __init__ **x** 1) + === --8<-- !!! ??? ::: [^1] ![i](u) A&B C++ 12:30 \\",
)
WORD = st.one_of(st.text(MARKS, min_size=1, max_size=8), st.sampled_from(" ".join(ODD).split()))
LINE = st.lists(WORD, max_size=12).map(" ".join)
TEXT = st.lists(LINE, max_size=6).map("\n".join)
FEW = settings(max_examples=150, deadline=None)


@FEW
@given(TEXT)
@example("a\\\nb")
@example("a | b\n--- | ---\nc | d")
def test_plain_text_is_shown_as_it_stands(text: str) -> None:
    assert words_of(blocks_to_markdown(plain_blocks(text))[0]) == text.split()


PRICE = st.lists(st.sampled_from([*"$ $$ a 5 , ( ) x_1 US \\ . { ^".split(), " "]), max_size=12).map("".join)


@FEW
@given(PRICE, PRICE, PRICE)
@example("", "\\ ", "$")
@example("Plan $x", "_1$ at", " $5 or 6$, ($a$) and $$y^2$$.")
def test_dollar_signs_of_imported_text_are_no_formula(before: str, bold: str, after: str) -> None:
    parts = [html_escape(part) for part in (before, bold, after)]
    blocks = parse_html("<p>{}<b>{}</b>{}</p>".format(*parts))
    for body in (blocks_to_markdown(blocks)[0], blocks_to_markdown(plain_blocks(before + bold + after))[0]):
        document = parse(body)
        assert not has_formulas(document)
        shown = "".join(block.text for block in document.blocks)
        assert "".join(shown.split()) == "".join((before + bold + after).split())


@FEW
@given(TEXT)
def test_recovered_structure_keeps_every_word(text: str) -> None:
    [body] = recover_bodies((text,))
    assert changed_words(text.split(), body.markdown) == []


@FEW
@given(TEXT, st.lists(LINE.filter(lambda line: "*" not in line and line.strip()), max_size=3))
def test_promotion_takes_out_what_matches_and_nothing_else(text: str, patterns: list[str]) -> None:
    matches = find_matches(text, patterns)
    taken = [word for match in matches for word in text[match.start : match.end].split()]
    left = without(text, patterns)[0].split()
    assert sorted(left + taken) == sorted(text.split())
    rest = iter(text.split())
    assert all(word in rest for word in left)


def element(name: str) -> st.SearchStrategy[str]:
    return NODES.map(lambda inner: f"<{name}>{inner}</{name}>")


INLINE = "b strong i em a s code span u sub"
BLOCK = "p div ul li ol blockquote h1 h3 table tr td dl dt dd section"
PLAIN = LINE.map(html_escape)
NODES: st.SearchStrategy[str] = st.deferred(
    lambda: st.lists(
        st.one_of(
            PLAIN,
            st.just("<br>"),
            st.just("<br/><br>"),
            st.just('<a href="https://a.example/x(y)">link</a>'),
            st.sampled_from(INLINE.split()).flatmap(element),
            st.sampled_from(BLOCK.split()).flatmap(element),
        ),
        max_size=4,
    ).map("".join)
)


def letters(words: list[str]) -> str:
    """Return the letters and digits of words. Uninterpreted markup doesn't change them."""
    return "".join(re.findall(r"[^\W_]", "".join(words)))


@FEW
@given(NODES)
@example("<b>foo:</b>bar")
@example("<b>a</b><i>b</i><b>c</b>")
@example("wow!<a href='https://a.example'>x</a>")
@example("<p>a\\<br>b</p>")
@example("<b></b>0)")
@example("<code>![i](u)<br><br><a href='https://a.example'>x</a></code>")
def test_html_notes_keep_every_word(html: str) -> None:
    # browsers move content that a table can't contain before the table; the cleaned tree does the same
    assert letters(words_of(blocks_to_markdown(parse_html(html))[0])) == letters(list(text_lines(parse_html(html))))


@FEW
@given(NODES)
def test_stripped_html_keeps_every_word(html: str) -> None:
    assert sorted(letters(strip_tags(html).split())) == sorted(letters(list(text_lines(parse_html(html)))))


CELLS = st.one_of(PLAIN, NODES, PLAIN.map(lambda text: f"{text}<br>{text}"))
ROWS = st.lists(
    st.lists(st.tuples(st.sampled_from(["th", "td"]), CELLS), min_size=1, max_size=3), min_size=1, max_size=3
)


@FEW
@given(ROWS, PLAIN)
@example([[("th", "a"), ("th", "\\|")], [("td", "&lt;br&gt; | b"), ("td", "<code>`c|d`</code>")]], "")
@example([[("td", "a<br>b"), ("td", "")], [("td", "<p>c</p><p>d</p>"), ("td", "e|f")]], "A | B")
@example([[("td", "a<br>b")], [("td", "<h3>c</h3>"), ("td", "")]], "d")
@example([[("th", "<sub><tr></tr>0</sub>")]], "")
def test_tables_keep_every_word_in_order(rows: list[list[tuple[str, str]]], caption: str) -> None:
    written = ["".join(f"<{tag}>{cell}</{tag}>" for tag, cell in row) for row in rows]
    html = f"<table><caption>{caption}</caption>{''.join(f'<tr>{row}</tr>' for row in written)}</table>"
    shown = letters(words_of(blocks_to_markdown(parse_html(html))[0]))
    assert shown == letters(list(text_lines(parse_html(html))))
    words = [
        word for text in (caption, *(cell for row in rows for _, cell in row)) for word in strip_tags(text).split()
    ]
    # a row inside a cell ends the cell, so the parser leaves out a subscript that `strip_tags` keeps
    assert sorted(normalize("NFKC", "".join(shown))) == sorted(normalize("NFKC", "".join(letters(words))))


HEAD = "<rss version='2.0'><channel><title>T</title><item>"
TAIL = "</item></channel></rss>"
SOURCES = st.one_of(
    st.binary(max_size=400),
    TEXT.map(str.encode),
    TEXT.map(lambda text: f"Show\n\n1 episode\n\nTitle\n\n{text}\n\nFeb 26, 202642 min\n".encode()),
    NODES.map(lambda html: f"{HEAD}<title>{html}</title>{TAIL}".encode()),
    st.tuples(st.sampled_from("title guid pubDate description link".split()), NODES).map(
        lambda pair: f"{HEAD}<{pair[0]}>{html_escape(pair[1])}</{pair[0]}>{TAIL}".encode()
    ),
)


@settings(max_examples=120, deadline=None)
@given(SOURCES)
def test_no_reader_raises(data: bytes) -> None:
    for importer in IMPORTERS:
        source = Source("x", data)
        importer.sniff(source)
        for item in importer.items(source, Context()):
            assert isinstance(item, (Draft, EntryDraft, FileDraft, Problem))
