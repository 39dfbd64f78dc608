"""Tests of redirects from former addresses. They work without scripts."""

import pytest
from lxml import html

from labels import Settings
from mlguide_site.content.load import load
from mlguide_site.errors import Span
from mlguide_site.publish.redirects import check_moved, redirect_files

TEXTS = {
    "knowledge/series.yml": "a: {title: Alpha}\nb: {title: Beta}\n",
    "knowledge/tools.yml": 'new: {name: "N & <M>", former: [old, older, live]}\nlive: {name: Live}\n',
    "episodes/a/a-002.md": "---\nid: a-002\ntitle: Two\nformer: [a-001, b-s1-003]\n---\n\nText.\n",
}


def files(**settings):
    catalog = load({path: text.encode() for path, text in TEXTS.items()}).catalog
    return redirect_files(catalog, Settings("T", **settings))


def test_each_former_address_has_a_page_unless_it_is_in_use():
    assert list(files()) == [
        "episodes/a/a-001/index.html",
        "episodes/b/b-s1-003/index.html",
        "tools/old/index.html",
        "tools/older/index.html",
    ]


def test_the_number_of_redirects_is_limited(monkeypatch):
    monkeypatch.setattr("mlguide_site.publish.redirects.MAX_REDIRECTS", 2)
    assert list(files(moved=(("/z/", "tools/new/"),))) == ["tools/old/index.html", "z/index.html"]


def test_addresses_over_the_limit_are_not_examined(monkeypatch):
    monkeypatch.setattr("mlguide_site.publish.redirects.MAX_REDIRECTS", 3)
    examined = []
    monkeypatch.setattr("mlguide_site.publish.redirects._is_own", lambda *given: bool(examined.append(given)))
    note = f"---\nid: a-002\ntitle: Two\nredirects: [{', '.join(f'/{at}/' for at in range(9))}, /0/]\n---\n\nText.\n"
    texts = {"knowledge/series.yml": "a: {title: Alpha}\n", "episodes/a/a-002.md": note}
    catalog = load({path: text.encode() for path, text in texts.items()}).catalog
    assert list(redirect_files(catalog, Settings("T"))) == ["0/index.html", "1/index.html", "2/index.html"]
    assert len(examined) == 3


@pytest.mark.parametrize(
    ("settings", "path", "near", "whole"),
    [
        ({}, "tools/old/index.html", "../new/", "../new/"),
        ({"site_url": "https://x.example/kb/"}, "tools/old/index.html", "../new/", "https://x.example/kb/tools/new/"),
        ({"directories": False}, "tools/old.html", "new.html", "new.html"),
    ],
)
def test_a_page_sends_the_reader_on(settings, path, near, whole):
    page = html.document_fromstring(files(**settings)[path])
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={near}"]
    assert page.xpath("//link[@rel='canonical']/@href") == [whole]
    assert page.xpath("//a/@href") == [near]
    assert page.xpath("//a/text()") == ["tools/new/" if settings.get("directories", True) else "tools/new.html"]
    assert not page.xpath("//script")


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/%D1%81%D1%82%D0%B0%D0%BD/", "стан/index.html"),
        ("/a%20b.html", "a b.html"),
        ("/z/100%25/", "z/100%/index.html"),
        ("/%2e%2e/z/", ""),
        ("/z/%2Fetc/", ""),
        ("/feed%2Exml/", ""),
        ("/z/%5C/", ""),
        ("/z/a%20/", ""),
        ("/%FF/", ""),
        ("/z/%00/", ""),
        ("/%74ools/live/", ""),
    ],
)
def test_files_have_the_names_that_servers_read_in_addresses(address, file):
    note = f"---\nid: a-002\ntitle: Two\nredirects: [{address}]\n---\n\nText.\n"
    texts = {"knowledge/series.yml": "a: {title: Alpha}\n", "episodes/a/a-002.md": note}
    catalog = load({path: text.encode() for path, text in texts.items()}).catalog
    assert list(redirect_files(catalog, Settings("T"))) == ([file] if file else [])


def test_old_addresses_of_a_note_lead_to_its_episode():
    own = "redirects: [/12/, /podcast/two.html, /Tools/live/, /podcast/two.html/x]"
    note = f"---\nid: a-002\ntitle: Two\n{own}\n---\n\nText.\n"
    texts = {**TEXTS, "knowledge/tools.yml": "live: {name: Live}\n", "episodes/a/a-002.md": note}
    catalog = load({path: text.encode() for path, text in texts.items()}).catalog
    found = redirect_files(catalog, Settings("T"))
    assert list(found) == ["12/index.html", "podcast/two.html"]
    assert html.document_fromstring(found["12/index.html"]).xpath("//a/@href") == ["../episodes/a/a-002/"]


@pytest.mark.parametrize(
    "old",
    ["/_headers", "/feed.xml", "/catalog.json", "/sitemap.xml.gz", "/index.md", "/.well-known/x", f"/{'a' * 256}/"],
)
def test_files_that_builds_generate_cannot_be_redirected(old):
    note = f"---\nid: a-002\ntitle: Two\nredirects: [{old}]\n---\n\nText.\n"
    loaded = load({path: text.encode() for path, text in {**TEXTS, "episodes/a/a-002.md": note}.items()})
    assert [problem.span.line for problem in loaded.problems] == [4]
    assert len([*check_moved(loaded.catalog, [(old, "a-002", Span(), Span())])]) == 1


@pytest.mark.parametrize(
    "old", ["/img/p.png", "/img/p.png/x", "/img/p.png/", "/episodes/x/p.png", "/episodes/index.json"]
)
def test_addresses_of_assets_and_lists_and_below_them_are_not_redirected(old):
    note = TEXTS["episodes/a/a-002.md"].replace("title", f"redirects: [{old}, /img/q.png]\ntitle")
    texts = {path: text.encode() for path, text in {**TEXTS, "episodes/a/a-002.md": note}.items()}
    loaded = load(texts, frozenset(["pages/img/p.png", "episodes/x/p.png"]))
    assert "img/q.png/index.html" in redirect_files(loaded.catalog, Settings("T"))
    assert not [path for path in redirect_files(loaded.catalog, Settings("T")) if "p.png" in path or "json" in path]
    assert len([*check_moved(loaded.catalog, [(old, "a-002", Span(), Span())])]) == 1


@pytest.mark.parametrize(("directories", "count"), [(True, 1), (False, 0)])
def test_the_address_of_a_page_without_directories_is_not_redirected(directories, count):
    note = TEXTS["episodes/a/a-002.md"].replace("title", "redirects: [/about.html]\ntitle")
    texts = {**TEXTS, "episodes/a/a-002.md": note, "pages/about.md": "---\ntitle: About\n---\n\nText.\n"}
    catalog = load({path: text.encode() for path, text in texts.items()}).catalog
    assert [*redirect_files(catalog, Settings("T", directories=directories))].count("about.html") == count
    problems = check_moved(catalog, [("/about.html", "a-002", Span(), Span())], directories)
    assert len([*problems]) == 1 - count


def test_an_episode_moved_to_another_series_is_found():
    page = html.document_fromstring(files()["episodes/b/b-s1-003/index.html"])
    assert page.xpath("//a/@href") == ["../../a/a-002/"]


def test_addresses_of_a_site_that_stood_here_before_lead_on():
    moved = (("/podcast/2", "a-002"), ("about.html", ""), ("episodes/12/", "tools/new/"), ("x/tools", "tools/"))
    found = files(moved=moved)
    targets = {path: html.document_fromstring(found[path]).xpath("//a/@href")[0] for path in found if "old" not in path}
    assert targets["podcast/2/index.html"] == "../../episodes/a/a-002/"
    assert targets["about.html"] == "./"
    assert targets["episodes/12/index.html"] == "../../tools/new/"
    assert targets["x/tools/index.html"] == "../../tools/"


@pytest.mark.parametrize(
    ("old", "new", "sign"),
    [
        ("../x", "a-002", "can't be redirected"),
        ("https://x.example/", "a-002", "can't be redirected"),
        ("index.html", "a-002", "can't be redirected"),
        ("tools/live/", "a-002", "can't be redirected"),
        ("episodes/a/12/", "a-002", "can't be redirected"),
        ("x", "a-003", 'did you mean "a-002"'),
        ("x", "https://x.example/", "is not on this site"),
    ],
)
def test_what_cannot_be_redirected_is_told(old, new, sign):
    (problem,) = check_moved(
        load({path: text.encode() for path, text in TEXTS.items()}).catalog, [(old, new, Span(), Span())]
    )
    assert sign in str(problem)
