"""Property tests of feeds: imported notes pass `check`, and importing a feed again changes nothing."""

import re
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from importers.words import words_of
from mlguide_site.errors import ContentError, Severity
from mlguide_site.importers.feed import descriptions
from mlguide_site.importers.feed.descriptions import Part, read_descriptions
from mlguide_site.markdown.block_records import Paragraph, Run, fold, line_text, text_lines
from mlguide_site.markdown.blocks_from_html import parse_html
from mlguide_site.markdown.blocks_to_markdown import MAX_COST, blocks_to_markdown, split_paragraph
from mlguide_site.merge.run import run_import
from mlguide_site.pipeline import inspect

ODD = "\x01 \x0b \x7f \x85 \x9f \xa0 \xad \u200b \u200d \u2028 \u202e \u2066 \ufeff \ufffe \U0001f600 é ß İ".split(" ")
SIGNS = st.sampled_from([*"*_`[]()<>#&;:!~|\\{}%$^=+-.\"'/@ \n\t01aZ", *ODD])
ADDRESSES = st.one_of(
    st.sampled_from(
        "https://a.example/b http://a.example javascript:alert(1) //a.example/x ../x #y mailto:a@b.example mailto:x"
        " data:text/html,x https:// https://@x http://[ http://a.example:99999/ https://a.example/%00 ftp://a.example"
        " https://a.example/b(c)d https://a.example/?a=1&amp;b=2 https://exa mple.com \\\\x\\y file:///etc/passwd".split()
    ),
    st.text(SIGNS, max_size=12).map(lambda text: f"https://a.example/{text}"),
)
TEXT = st.lists(
    st.one_of(
        st.text(SIGNS, max_size=10), ADDRESSES, st.sampled_from(["word ", "{{ x }}", "--8<-- ", "&#1;", "&copy;"])
    ),
    max_size=8,
).map("".join)
TAGS = (
    "b i em s code a p div ul ol li blockquote pre table tr td th h1 h2 h6 br hr img iframe script style x-y dl dd svg"
)


@st.composite
def elements(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    name = draw(st.sampled_from(TAGS.split()))
    attribute = draw(st.sampled_from(["href", "src", "title", "alt", "onclick", "start", "style"]))
    value = draw(st.one_of(ADDRESSES, TEXT)).replace('"', "")
    end = draw(st.sampled_from([f"</{name}>", "", "</b>"]))
    return f'<{name} {attribute}="{value}">{draw(inner)}{end}'


HTML = st.recursive(TEXT, lambda inner: st.lists(elements(inner), max_size=4).map("".join), max_leaves=8)
DATES = st.sampled_from(
    ["Mon, 01 Apr 2024 08:00:00 GMT", "2024-04-02", "soon", "", "1/4/2024", "99999999999", "30 Feb 2024"]
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXT,
        "guid": TEXT,
        "link": ADDRESSES,
        "pubDate": DATES,
        "description": HTML,
        "content:encoded": HTML,
        "itunes:summary": HTML,
        "itunes:subtitle": TEXT,
        "itunes:episode": st.sampled_from(["1", "2", "007", "x", "-1", "99999", "1e3"]),
        "itunes:season": st.sampled_from(["1", "2", "0"]),
        "itunes:duration": st.sampled_from(["61", "1:02:03", "x", "99999999"]),
        "itunes:episodeType": st.sampled_from(["full", "trailer", "bonus", "x"]),
        "podcast:person": TEXT,
        "podcast:license": TEXT,
        "podcast:location": TEXT,
    },
)
ATTRIBUTES = st.lists(
    st.tuples(
        st.sampled_from(
            "enclosure podcast:transcript podcast:chapters podcast:person podcast:soundbite podcast:season"
            " podcast:episode itunes:image podcast:funding atom:link media:content".split()
        ),
        st.dictionaries(
            st.sampled_from(
                "url href type length language rel startTime duration name display role group img xml:base".split()
            ),
            st.one_of(ADDRESSES, TEXT, st.sampled_from(["audio/mpeg", "en", "captions", "1.5", "enclosure"])),
            max_size=4,
        ),
    ),
    max_size=4,
)
SPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:media="http://search.yahoo.com/mrss/"'
)


def xml_text(text: str) -> str:
    """Escape a text for XML. Control characters are written as references, as some programs wrongly do."""
    return "".join(c if c >= " " or c in "\n\t" else f"&#{ord(c)};" for c in escape(text))


def rss(channel: dict[str, str], items: list[tuple[dict[str, str], list[tuple[str, dict[str, str]]]]]) -> bytes:
    def inside(fields: dict[str, str], extras: list[tuple[str, dict[str, str]]]) -> str:
        texts = [f"<{name}>{xml_text(text)}</{name}>" for name, text in fields.items()]
        for name, attributes in extras:
            pairs = " ".join(f'{key}="{xml_text(value)}"' for key, value in attributes.items())
            texts.append(f"<{name} {pairs}>x</{name}>")
        return "".join(texts)

    shown = "".join(f"<item>{inside(*one)}</item>" for one in items)
    return f"<rss version='2.0' {SPACES}><channel>{inside(channel, [])}{shown}</channel></rss>".encode(
        "utf-8", "replace"
    )


FEEDS = st.builds(rss, FIELDS, st.lists(st.tuples(FIELDS, ATTRIBUTES), min_size=1, max_size=4))
NOTES = "<rss><channel><title>T</title><item><title>A</title><description>{}</description></item></channel></rss>"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(FEEDS)
@example(NOTES.format("&lt;a href='https://a.example/\x9fb'&gt;x&lt;/a&gt;").encode())
@example(NOTES.format("&lt;p&gt;" + "[" * 150 + "&lt;/p&gt;").encode())
@example(NOTES.format("word " * 30_000).encode())
@example(NOTES.format("&lt;b&gt;word&lt;/b&gt; " * 9_000).encode())
@example(NOTES.format("*word* [x](y) " * 9_000).encode())
@example(NOTES.format("x" * 30_000).encode())
@example(NOTES.format("&lt;ul&gt;&lt;li&gt;" * 200 + "x").encode())
@example(NOTES.format("a\n" * 39_000).encode())
@example(NOTES.format("&lt;&lt;&lt;&lt;&lt;&lt;&lt; HEAD\n&gt;&gt;&gt;&gt;&gt;&gt;&gt; x").encode())
def test_what_is_imported_passes_check_and_stays(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        root, source = Path(folder) / "kb", Path(folder) / "source"
        (root / "knowledge").mkdir(parents=True)
        (root / "mkdocs.yml").write_text("site_name: KB\ndocs_dir: build/pages\nplugins:\n  - mlguide:\n", "utf-8")
        source.write_bytes(data)
        try:
            run_import(root, [str(source)], format="feed")
        except ContentError as error:
            assert error.problems and not (root / "episodes").exists()
            return
        assert [str(problem) for problem in inspect(root) if problem.severity is Severity.ERROR] == []
        assert run_import(root, [str(source)], format="feed").writes == ()


@settings(max_examples=150, deadline=None)
@given(HTML)
def test_no_sign_of_notes_is_lost_or_made_up(html: str) -> None:
    blocks = parse_html(html, "https://a.example/")
    shown = "".join("".join(text_lines(blocks)).split())
    assert "".join(words_of(blocks_to_markdown(blocks)[0])) == shown


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["word", "End.", "#", "1.", "-", "a\\", "x" * 5000, "é"]), max_size=9000))
def test_split_paragraphs_keep_their_words(words: list[str]) -> None:
    parts = split_paragraph(Paragraph((fold([Run(" ".join(words))]),)))
    assert " ".join(line_text(line) for part in parts for line in part) == " ".join(words)
    assert len(parts) == 1 or max(len(line_text(line)) for part in parts for line in part) <= MAX_COST


WORDS = "soil worm heap rain spade https://soil.example/ https://worm.example/".split()
SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join), min_size=1, max_size=8)


@given(SENTENCES, st.data())
def test_no_word_of_several_versions_of_a_description_is_lost(sentences: list[str], data: st.DataObject) -> None:
    def version() -> str:
        own = [data.draw(st.sampled_from([one, one, one, "", "heap worm"])) for one in sentences]
        link = data.draw(st.sampled_from(["{}", '<a href="https://heap.example/">{}</a>']))
        before, after = data.draw(st.sampled_from([("", ". "), ("", "\n"), ("<p>", "</p>"), ("<li>", "</li>")]))
        return "".join(before + link.format(one) + after for one in own if one)

    versions = [version() for _ in range(data.draw(st.integers(2, 3)))]
    result = read_descriptions([Part(one) for one in versions])
    addresses = [run.style.href for line in descriptions._lines(result.blocks) for run in line or ()]
    words = {word for one in versions for word in re.findall(r"\w+", re.sub("<[^>]*>", " ", one))}
    assert words <= {*re.findall(r"\w+", " ".join([result.text, *addresses]))}
