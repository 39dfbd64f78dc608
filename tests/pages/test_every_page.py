"""Tests of all kinds of pages together."""

import posixpath
import re
from dataclasses import replace
from html import unescape
from urllib.parse import urlsplit

import pytest
import yaml

from labels import ENGLISH
from mlguide_site.build.pages import PageMaker
from mlguide_site.content.resources import packaged_templates
from mlguide_site.editing.scaffold import root_files
from mlguide_site.model.slugs import page_url
from mlguide_site.pages.page_kinds import INDEX_PAGES, PAGE_KINDS
from mlguide_site.pages.render import Renderer
from pages.builder import TALK, ferns, make, note, own_page, render
from pages.parsed import Page

INDEXES = INDEX_PAGES | {"index.md"}
TAKEN_ALONG = {"glossary.apkg", "glossary.csv", "notes.epub", "resources.opml"}
"""Published files that pages link to and that are not pages."""
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}{# x",
    "[a](javascript:alert(1)) *b* `c` _d_",
    "```",
    "~~~",
    "# x ## y #",
    "!!! note",
    "12. twelve",
    "- item",
    "&amp; &lt;i&gt; &#60;",
    "__config",
    '--8<-- "mkdocs.yml"',
    "a\\",
    "C#",
    "x: y # z",
    "=====",
    "| a | b |",
    "</li></ul></div>",
    "[^1]: x",
    "*[HTML]: x",
    "[x]: https://x.example",
    "שלום 数据 \U0001f469\u200d\U0001f52c",
]


@pytest.fixture(scope="module")
def garden():
    return ferns(20)


@pytest.fixture(scope="module")
def pages(garden):
    return render(garden)


def named(text: str):
    """Return a knowledge base in which everything has the same name."""
    way = [{"title": text, "url": "https://x.example/?a=1&b=2"}]
    fields = {"title": text, "summary": text, "place": text, "links": way, "topics": ["t"], "tools": ["u"]}
    return make(
        {
            "series": {"s": {"title": text, "summary": text, "licence": text, "author": text, "subscribe": way}},
            "topics": {"t": {"name": text, "summary": text}},
            "tools": {"u": {"name": text, "category": text, "summary": text, "licence": text, "topics": ["t"]}},
            "resources": {"r": {"title": text, "summary": text, "authors": [text], "children": {"c": {"title": text}}}},
            "glossary": {"g": {"term": text, "definition": text}},
            "people": {"p": {"name": text, "role": text, "summary": text, "links": way}},
        },
        [
            note("s-001", **fields, people=[{"person": "p", "role": text}]),
            note("s-002", **fields, requires=["s-001"], resources=["r"]),
            own_page("about", title=text, description=text),
        ],
        site_description=text,
    )


def test_empty_root_has_every_index():
    pages = render(make({}))
    assert set(pages) == INDEXES
    assert all("mg-empty" in text for path, text in pages.items() if path != "search/index.md")


def test_every_kind_has_pages(garden):
    assert {view.kind for view in garden.pages.values()} == {kind.name for kind in PAGE_KINDS}


def test_the_navigation_lists_every_index(garden):
    site = garden.site
    nav = PageMaker(site.linked, site.settings, Renderer([packaged_templates()])).nav
    listed = [path for one in nav for path in one.values()]
    assert sorted(listed) == sorted([*INDEXES - {"search/index.md"}, "about.md", "notes/why.md"])
    assert yaml.safe_load(root_files("New")["mkdocs.yml"])["nav"] == [
        {name.partition("/")[0].removesuffix(".md").replace("index", "home").capitalize(): name}
        for name in listed
        if name in INDEXES
    ]


def test_views_are_values(garden):
    again = ferns(20)
    for path, view in garden.pages.items():
        assert view == again.pages[path]
        assert repr(view) == repr(again.pages[path])


def test_digest_tells_views_apart(garden):
    assert len({repr(view) for view in garden.pages.values()}) == len(garden.pages)


def destination(path: str, href: str, directories: bool) -> str:
    """Return the URL that a link on a page leads to, relative to the site's root."""
    if href.endswith(".md"):
        return page_url(posixpath.normpath(posixpath.join(posixpath.dirname(path), href)), directories)
    here = page_url(path, directories)
    folder = here if directories else posixpath.dirname(here)
    joined = posixpath.normpath(posixpath.join("/", folder, href)).lstrip("/")
    return f"{joined}/" if joined and href.endswith("/") else joined


@pytest.mark.parametrize("directories", [True, False], ids=["folders", "files"])
def test_every_link_leads_to_a_page(directories):
    parsed = {
        page_url(path, directories): (path, Page(text)) for path, text in render(ferns(directories=directories)).items()
    }
    ids = {url: set(page.all("id")) for url, (_, page) in parsed.items()}
    for path, page in parsed.values():
        for href in [href for href in page.all("href") if not urlsplit(href).scheme]:
            address, _, anchor = href.partition("#")
            address = address.partition("?")[0]
            url = destination(path, address, directories) if address else page_url(path, directories)
            assert url in parsed or url in TAKEN_ALONG or (url.startswith("topics/") and url.endswith(".epub")), (
                f"{path}: {href}"
            )
            assert not anchor or anchor in ids[url], f"{path}: {href}"


def test_html_is_closed_in_order(pages):
    for path, text in pages.items():
        page = Page(text)
        assert not page.wrong, f"{path}: {page.wrong}"
        ids = page.all("id")
        assert len(ids) == len(set(ids)), path
        assert set(page.all("aria-labelledby")) <= set(ids), path


def test_blocks_of_html_have_no_empty_line(pages):
    for path, text in pages.items():
        for chunk in re.split(r"\n\s*\n", text.split("---\n", 2)[2].strip("\n")):
            if chunk.startswith("<") and not chunk.startswith("<!--["):
                opened = re.findall(r"<(\w+)[^>]*(?<!/)>", chunk)
                closed = re.findall(r"</(\w+)>", chunk)
                assert sorted(tag for tag in opened if tag not in {"img", "input"}) == sorted(closed), (
                    f"{path}: {chunk[:200]}"
                )


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_shown_as_they_are(text):
    base = named(text)
    for path, page_text in render(base).items():
        page = Page(page_text)
        assert not page.wrong, f"{path}: {page.wrong}"
        assert not {"script", "img", "i", "em", "table", "pre"} & {tag for tag, _ in page.tags}, path
        assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes), path
        assert not any(href.strip().lower().startswith(("javascript:", "data:")) for href in page.all("href")), path
        assert "__config" not in page.all("id"), path
        # the site's name is in the header, and the heading of the home page says what the site is for
        promise = base.site.translate("home-promise") if path == "index.md" else ""
        assert page.h1 == (promise or base.pages[path].title), path
        head = yaml.safe_load(page_text.split("---\n")[1])
        assert set(head) <= {"title", "description", "hide", "kind"}, path
        assert unescape(head["title"]) == base.pages[path].title, path
        assert not re.search(r"[<>\"]", head["title"] + head["description"]), path


def test_paths_are_apart_whatever_the_slugs():
    slugs = ["page", "page-2", "mentions-2", "mentions", "2"]
    base = make(
        {
            "series": {slug: {"title": slug} for slug in slugs},
            "tools": {slug: {"name": f"tool {slug}"} for slug in slugs}
            | {f"x{n}": {"name": f"x{n}"} for n in range(150)},
        },
        [
            (path.replace(f"episodes/{id.partition('-')[0]}/", f"episodes/{series}/"), data)
            for series in slugs
            for number in range(1, 56)
            for id in [f"{series}-{number:03}"]
            for path, data in [note(id, tools=["page"])]
        ],
    )
    count = sum(len(list(kind.subjects(base.site))) for kind in PAGE_KINDS)
    assert len(base.pages) == count
    urls = {page_url(path) for path in base.pages}
    assert len(urls) == count


def test_every_description_that_nobody_wrote_is_a_label():
    """Check that sites in other languages have no English descriptions."""
    notes = [note(f"s-{number:03}", "On the Xylograph.") for number in range(60)]
    labels = {key: f"{key} {label}" for key, label in ENGLISH.labels.items()}
    base = make(
        {
            "series": {"s": {"title": "S"}},
            "topics": {"t": {"name": "T"}},
            "tools": {"x": {"name": "Xylograph", "topics": ["t"]}},
            "glossary": {"g": {"term": "G"}},
        },
        [*notes, ("episodes/s/s-001.vtt", TALK.encode())],
        wording=replace(ENGLISH, labels=labels),
    )
    own = {path: view for path, view in base.pages.items() if view.kind != "episode"}
    assert {view.kind for view in own.values()} >= {"home", "search", "mentions", "graph", "transcript", "term"}
    assert [path for path, view in own.items() if not re.match("about-|mentions-page-of ", view.description)] == []
