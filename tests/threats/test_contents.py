"""Rows 1 to 6, 15, 16, 18, 19, 39 and 40: content of notes, entries and feeds, from the file to the page."""

import re
from html import escape
from pathlib import Path

import pytest
import yaml

from markup.reading import CONTRACT, EVERYTHING, render, threats, visible
from mlguide_site.content.assets import ASSET_SUFFIXES
from mlguide_site.content.drawings import is_drawing
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.errors import Problem
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.merge.run import run_import
from mlguide_site.pipeline import inspect
from threats import hostile as contents
from threats.conftest import note
from threats.hostile import ACT, SCRIPT
from threats.scan import acts


def imported(root: Path, feed: str) -> Path:
    """Import a feed into the root. Returns the root."""
    (root.parent / "feed.xml").write_text(feed, "utf-8")
    run_import(root, [str(root.parent / "feed.xml")], format="feed", series=None, dry_run=False)
    return root


def read(root: Path) -> dict:
    """Return the notes of a root by id."""
    loaded = load(read_root(root).texts)
    assert loaded.problems == ()
    return dict(loaded.catalog.episodes)


def of_notes(root: Path) -> list[Problem]:
    """Return the problems of the episode files in a root."""
    return [problem for problem in inspect(root) if problem.path.startswith("episodes/")]


def page(root: Path, id: str) -> str:
    """Return the page of an episode in the built site."""
    return next(root.glob(f"site/episodes/*/{id}/index.html")).read_text("utf-8")


# --- 1, 2: feeds


def test_01_what_a_feed_brings_is_clean_when_it_is_written(root) -> None:
    notes = read(imported(root({}), contents.feed()))
    assert len(notes) > 40
    for file in notes.values():
        assert [found.message for found in parse(file.body).findings] == [], file.path
        assert acts(render(to_markdown(parse(file.body)))) == [], file.path
        assert file.meta.audio is None
        assert file.meta.links == ()


ACTING = ("javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example/x")


@pytest.mark.parametrize("address", ACTING)
def test_01_no_field_of_a_feed_takes_an_address_that_acts(root, address) -> None:
    coded = contents.escaped(address)
    feed = (
        '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>T</title>'
        f"<link>{coded}</link><itunes:image href='{coded}'/><podcast:funding url='{coded}'>Give</podcast:funding>"
        f"<item><title>One</title><guid isPermaLink='true'>{coded}</guid><link>{coded}</link>"
        f'<description>&lt;p&gt;&lt;a href="{contents.escaped(coded)}"&gt;here&lt;/a&gt;&lt;/p&gt;</description>'
        f"<enclosure url='{coded}' type='audio/mpeg' length='9'/><itunes:image href='{coded}'/>"
        f"<podcast:transcript url='{coded}' type='text/vtt'/><podcast:chapters url='{coded}' type='application/json'/>"
        f"<podcast:person href='{coded}' img='{coded}'>Ann</podcast:person></item></channel></rss>"
    )
    folder = imported(root({}), feed)
    kept = [path for path in folder.rglob("*") if path.suffix in {".md", ".yml"} and path.is_file()]
    # a guid is only an identifier, and is never shown
    said = [line for path in kept for line in path.read_text("utf-8").splitlines() if not line.startswith("guid:")]
    assert [line for line in said if "alert" in line or "data:" in line or "file:" in line or "evil" in line] == []


TEXTS = (
    "[x](javascript:alert(1))", '--8<-- "mkdocs.yml"', "{{ config }}", "{% include 'x' %}", "word {: onclick=x }",
    "[[javascript:x]]", "<script>alert(1)</script>", "&lt;script&gt;", "*a* _b_ `c` ~~d~~", "# no heading", "- no item",
    "1. none", "> no quote", "| a | b |", "![x](y)", "<http://x.example>", "a \\* b", "*[A]: b", "[^1]: x", ":smile:",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_02_text_of_a_feed_is_shown_as_it_is(root, text) -> None:
    item = (
        f"<entry><id>1</id><title>One</title><content type='text'>{escape(f'Before {text} after.')}</content></entry>"
    )
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{item}</feed>"
    (file,) = read(imported(root({}), feed)).values()
    for extensions in (CONTRACT, EVERYTHING):
        html = render(to_markdown(parse(file.body)), extensions)
        assert threats(html, classes=False) == []
    assert visible(render(to_markdown(parse(file.body)))) == f"Before {text} after."


# --- 3, 4, 39, 40: bodies


def test_03_what_is_removed_is_told_with_its_place_and_strict_fails(root, run) -> None:
    folder = root({"episodes/a/a-001.md": note(f"Words.\n\n  {SCRIPT}\n\nA <b onclick=x>b</b> [c](javascript:d)")})
    plain, strict = (
        run("mlguide", "check", *flags, cwd=folder, status=status) for flags, status in (((), 0), (("--strict",), 1))
    )
    for finished in (plain, strict):
        assert "episodes/a/a-001.md:8:3: removed <script>; " in finished.stderr
        assert "episodes/a/a-001.md:10:3: removed the attributes of <b>; " in finished.stderr
        assert 'episodes/a/a-001.md:10:26: the link "javascript:d" is left out: ' in finished.stderr


def test_04_and_16_new_roots_and_ours_have_no_extension_that_acts(root, checkout) -> None:
    for folder in (root({}), checkout):
        settings = re.sub(r"!ENV \[.*\]", '""', (folder / "mkdocs.yml").read_text("utf-8"))
        listed = yaml.safe_load(settings)["markdown_extensions"]
        names = {name if isinstance(name, str) else next(iter(name)) for name in listed}
        assert names <= set(CONTRACT)
        assert {"attr_list", "md_in_html", "pymdownx.snippets"}.isdisjoint(names)


def test_05_nothing_of_a_title_or_an_entry_is_a_tag_on_any_page(hostile) -> None:
    pages = sorted(hostile.site.rglob("*.html"))
    assert len(pages) > 250
    for path in pages:
        text = path.read_text("utf-8").lower()
        for sign in ("<img src=x", f"<script>{ACT}", "<svg onload", "</title><script", "</script><script>w"):
            assert sign not in text, (path, sign)


@pytest.mark.parametrize("name", contents.NAMES)
def test_05_titles_are_shown_as_they_are(hostile, name) -> None:
    at = contents.NAMES.index(name)
    html = (hostile.site / f"tools/tool-{at}/index.html").read_text("utf-8")
    head = html.partition("</head>")[0]
    shown = " ".join(re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL))
    assert visible(re.sub(r"<a class=\"headerlink.*?</a>", "", shown)) == " ".join(name.split())
    assert acts(re.sub(r"<(?:meta|link|style|script)\b[^>]*>", "", head.partition("<title>")[2])) == []


KEYS = (
    "icon: material/x", "template: 404.html", "hide: 5", "search: 5", "redirect: https://evil.example",
    "render_macros: true", "author: [x]", "status: 1",
)  # fmt: skip


@pytest.mark.parametrize("line", KEYS)
def test_06_the_theme_gets_no_key_of_a_contributor(root, line) -> None:
    folder = root({"episodes/a/a-001.md": note("Words.", line)})
    (found,) = of_notes(folder)
    assert (found.span.line, found.severity.value) == (4, "error")
    assert found.remedy
    assert line.partition(":")[0] in str(found)


def test_06_own_keys_stay_in_the_file(hostile) -> None:
    heads = {path.read_text("utf-8").split("\n---\n")[0] for path in hostile.root.glob("build/pages/**/*.md")}
    keys = {line.partition(":")[0] for head in heads for line in head.splitlines()[1:] if line[:1] != " "}
    assert keys <= {"title", "description", "hide", "kind", "linked_data", "card", "feed", "feed_title"}


# --- 15, 16: templates and snippets


def test_15_braces_are_shown(hostile) -> None:
    id = f"show-{[family for family, _ in contents.bodies()].index('template 1') + 1:03}"
    assert "{{ ''.class.mro }} {% raw %}{{ config }}{% endraw %} {# c #}" in visible(page(hostile.root, id))


def test_16_no_file_is_drawn_in(hostile) -> None:
    id = f"show-{[family for family, _ in contents.bodies()].index('template 6') + 1:03}"
    html = page(hostile.root, id)
    assert html.count("--8&lt;--") + html.count('--8<span class="o">') + html.count("8&lt;-- ") >= 3
    assert "docs_dir" not in html


# --- 18, 19: assets and links

LIVE_FILES = (
    "a.svg",
    "a.html",
    "a.htm",
    "a.xhtml",
    "a.js",
    "a.mjs",
    "a.xml",
    "a.css",
    "a.swf",
    "a.wasm",
    "a.SVG",
    "a.png.svg",
    "a",
)


@pytest.mark.parametrize("name", LIVE_FILES)
def test_18_files_that_a_browser_runs_are_refused(root, run, name) -> None:
    folder = root({"episodes/a/a-001.md": note("Words."), f"episodes/a/{name}": f"<svg onload='{ACT}'/>"})
    (found,) = [problem for problem in inspect(folder) if name in problem.path]
    assert (found.path, found.severity.value) == (f"episodes/a/{name}", "error")
    assert found.remedy


def test_18_nothing_else_is_on_the_list() -> None:
    assert ASSET_SUFFIXES.isdisjoint({".svg", ".html", ".htm", ".xhtml", ".js", ".xml", ".css", ".swf", ".mjs", ".md"})


def test_18_and_no_build_publishes_them(root, run) -> None:
    folder = root({"episodes/a/a-001.md": note("Words."), "episodes/a/a.svg": f"<svg onload='{ACT}'/>"})
    failed = run("mlguide", "build", cwd=folder, status=1)
    assert "episodes/a/a.svg:1:1: this kind of file is not published; " in failed.stderr
    assert not (folder / "site").exists()


REFUSED = (
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "data:text/html,x",
    "javascript:x",
    "%5C%5Cevil.example",
)
OUTSIDE = (
    "../../../../etc/passwd",
    "../../../b.md",
    "/etc/passwd",
    "b/../../../../x.md",
    "javascript.md",
    "..%2f..%2fx.md",
)


@pytest.mark.parametrize("address", REFUSED)
def test_19_addresses_that_act_are_left_out_and_told(root, address) -> None:
    folder = root({"episodes/a/a-001.md": note(f"One.\n\nTwo [three]({address}) four.")})
    (found,) = of_notes(folder)
    assert (found.span.line, found.severity.value) == (8, "warning")
    assert "left out" in found.message


@pytest.mark.parametrize("address", OUTSIDE)
def test_19_links_that_leave_the_root_are_errors(root, address) -> None:
    folder = root({"episodes/a/a-001.md": note(f"One.\n\nTwo [three]({address}) four.")})
    (found,) = of_notes(folder)
    assert (found.span.line, found.severity.value) == (8, "error")
    assert found.message.startswith("broken ")


def test_19_entries_and_front_matter_take_web_addresses_only(root) -> None:
    folder = root(
        {
            "episodes/a/a-001.md": note("Words.", "links: [{title: x, url: 'javascript:x'}]"),
            "episodes/a/a-002.md": note("Words.", "audio: {url: 'data:audio/mpeg,x'}", id="a-002"),
            "knowledge/tools.yml": "x:\n  name: X Tool\n  homepage: 'javascript:x'\n",
            "knowledge/people.yml": "y:\n  name: Y Person\n  links: [{title: z, url: '//evil.example'}]\n",
            "knowledge/resources.yml": "z:\n  title: Z Book\n  urls: ['vbscript:x']\n",
        }
    )
    found = {(problem.path, problem.span.line) for problem in inspect(folder) if "not a web address" in problem.message}
    assert found == {
        ("episodes/a/a-001.md", 4),
        ("episodes/a/a-002.md", 4),
        ("knowledge/tools.yml", 3),
        ("knowledge/people.yml", 3),
        ("knowledge/resources.yml", 3),
    }


# --- 39: names that the theme's scripts look for


def test_39_no_id_or_name_of_a_text_is_one_of_the_theme(hostile) -> None:
    for path in sorted(hostile.site.glob("episodes/*/*/index.html")):
        article = path.read_text("utf-8").partition("<article")[2].partition("</article>")[0]
        named = re.findall(r"<[^>]*\s(?:id|name)=\"?(_(?![0-9])[^\"\s>]*)", article)
        assert named == [], path


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>\n'
DRAWN = (
    '<style>.a{stroke:#333}@media (prefers-color-scheme:dark){.a{stroke:#ccc}}</style><path class="a" d="M0 0h9"/>',
    '<title>A &lt; B</title>\n<g transform="rotate(5)"><text x="1" y="2">a<tspan dy="1">b</tspan></text></g>',
    '<defs><marker id="m"><circle r="2"/></marker></defs><line x1="0" x2="9" marker-end="url(#m)"/>',
    '<style>.a{fill:url(#m);stroke:rgb(1,2,3)}</style><path transform="translate(1 2)" mask="url(\'#m\')"/>',
    # what drawing programs write
    "<!-- Created with a program --><path style='fill:red' d='M0 0'/>",
    '<defs><path id="a" d="M0 0h1"/></defs><use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#a"/>',
    '<image href="data:image/png;base64,iVBORw0KGgo=" width="9"/>',
    '<linearGradient id="b"><stop/></linearGradient><clipPath id="c"><rect/></clipPath><g clip-path="url(#c)"/>',
    '<g id="d"><use href="#e"/></g><g id="e"><path/></g><use href="#d"/>',
    "<style>@font-face{font-family:a;src:url(data:font/woff2;base64,AAA=)}.f{clip-path:url(#c)}</style>",
    '<metadata><RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="http://purl.org/dc/elements/1.1/">'
    "<d:title>x</d:title></RDF></metadata>",
)
ACTIVE = (
    f"<script>{ACT}</script>",
    f'<path onload="{ACT}" d="M0 0"/>',
    f"<path onload='{ACT}'/>",
    f"<path onload={ACT} />",
    f'<PATH OnLoad="{ACT}"/>',
    f'<a href="javascript:{ACT}"><text>x</text></a>',
    '<image href="https://evil.example/x.png"/>',
    "<foreignObject><p>x</p></foreignObject>",
    f'<animate attributeName="href" to="javascript:{ACT}"/>',
    f'<set onbegin="{ACT}"/>',
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>path{fill:url(https://evil.example/x)}</style>",
    "<style>path{fill:\\75rl(x)}</style>",
    '<path fill="url(https://evil.example/x)"/>',
    '<path mask="url(\\2f\\2f evil.example\\2f x.svg)"/>',
    "<style>path{fill:URL(x)}</style>",
    '<path mask="url( x.svg#a)"/>',
    "<path mask=\"image-set('x.png' 1x)\"/>",
    f'<path xlink:href="javascript:{ACT}"/>',
    "<?xml-stylesheet href='x.css'?>",
    "<!DOCTYPE svg [<!ENTITY x '<script/>'>]>",
    "&x;",
    f"</svg><script>{ACT}</script><svg>",
    "<iframe/>",
    "<style><script/></style>",
    '<path style="fill:url(https://evil.example/x)"/>',
    '<path style="fill:\\75rl(x)"/>',
    "<style>a{content:'/*'}b{fill:url(//evil.example/x)}c{content:'*/'}</style>",
    "<style><![CDATA[@import '//evil.example/x.css';]]></style>",
    "<style>@font-face{src:url(https://evil.example/x)}</style>",
    '<use href="https://evil.example/x.svg#a"/>',
    '<use href="data:image/svg+xml,x#a"/>',
    '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    '<image href="data:image/png;base64,AA" onload="x"/>',
    f'<h:script xmlns:h="http://www.w3.org/1999/xhtml">{ACT}</h:script>',
    f'<x xmlns="http://www.w3.org/1999/xhtml" onclick="{ACT}"/>',
    '<math xmlns="http://www.w3.org/1998/Math/MathML" href="https://evil.example/"/>',
    '<g xml:base="https://evil.example/"/>',
    '<filter><feImage href="https://evil.example/x"/></filter>',
    "<style>svg{background:image-set('#a' 3x, 'https://evil.example/x.png' 1x)}</style>",
    '<path style="fill:url(\u00a0#)"/>',
    "<style>a{fill:url&lpar;https://evil.example/x)}</style>",
    # files of a few lines that would draw endlessly
    *(
        "<g id='a0'><path/></g>" + "".join(f"<g id='a{at + 1}'>{one * 10}</g>" for at, one in enumerate(parts))
        for parts in ([f"<use href='#a{at}'/>" for at in range(8)], [f"<path mask='url(#a{at})'/>" for at in range(8)])
    ),
    "<use href='#%61'/>",
    "<use href='#a '/>",
    "<g id='a'><use href='#a'/></g>",
    "<style>"
    + "".join(f".b{at}{{mask:url(#a{at})}}" for at in range(9))
    + "</style>"
    + "".join(f"<mask id='a{at}'>" + f"<path class='b{at + 1}'/>" * 10 + "</mask>" for at in range(9)),
    "<marker id='a'><path d='M0 0 1 1' marker-mid='url(#b)'/></marker><marker id='b'><path/></marker>",
    f"<marker id='a'>{'<path/>' * 999}</marker><path d='M{' 1' * 999}' marker-mid='url(#a)'/>",
    "<g>" * 99 + "</g>" * 99,
)


@pytest.mark.parametrize(
    ("head", "is_read"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>\n', True),
        ('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n', True),
        ('<?xml version="1.0" encoding="UTF-7"?>\n', False),
        ('<?xml version="1.0" encoding="gb18030"?>\n', False),
        ('<!DOCTYPE svg [<!ATTLIST svg onload CDATA "x()">]>\n', False),
        ('<!DOCTYPE svg PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">\n<!-- &commat; -->', False),
        ('<?xml-stylesheet href="//evil.example/x.css"?>\n', False),
        ("<svg></svg>", False),
    ],
)
def test_18_the_beginning_of_a_drawing(head, is_read) -> None:
    assert is_drawing((head + DRAWING.format("<path/>")).encode()) == is_read
    assert not is_drawing((head + DRAWING.format("<path/>")).encode("utf-16"))
    assert not is_drawing(DRAWING.replace("2000/svg", "1999/xhtml").format("").encode())


@pytest.mark.parametrize("inner", DRAWN)
def test_18_a_drawing_without_active_content_is_published(root, inner) -> None:
    folder = root({"episodes/a/a-001.md": note("![A](a.svg)"), "episodes/a/a.svg": DRAWING.format(inner)})
    assert [problem for problem in inspect(folder) if "a.svg" in problem.path + problem.message] == []


@pytest.mark.parametrize("inner", ACTIVE)
def test_18_a_drawing_with_active_content_is_refused(root, inner) -> None:
    folder = root({"episodes/a/a-001.md": note("Words."), "episodes/a/a.svg": DRAWING.format(inner)})
    (found,) = [problem for problem in inspect(folder) if problem.path == "episodes/a/a.svg"]
    assert (found.severity.value, found.message) == ("error", "this kind of file is not published")
