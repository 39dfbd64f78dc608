"""Tests of two builds of a small show: the added files, the facts on pages, and identical bytes."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import feedparser
import pytest
from lxml import etree, html

from mlguide_site import pipeline
from mlguide_site.build.engines import mkdocs
from mlguide_site.build.pages import Job
from publish.show import ADDRESS, SHOW

CONFIG = f"""site_name: Bridges & Tunnels
site_url: {ADDRESS}
docs_dir: build/pages
theme: {{name: material, custom_dir: build/theme, font: false}}
plugins: [mlguide]
"""
ROBOTS = "User-agent: *\nDisallow: /drafts/\n"


def write(root: Path) -> None:
    """Write a root with the show."""
    for name, text in SHOW.items():
        path = root / name
        if "/" not in name:
            path = root / "episodes" / name[0] / f"{name}.md"
            text = f"---\nid: {name}\ntitle: Title of {name}\n{text}\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (root / "mkdocs.yml").write_text(CONFIG, "utf-8")
    for name in ("pages", "theme"):
        (root / "build" / name).mkdir(parents=True)
    (root / "pages").mkdir()
    (root / "pages/robots.txt").write_text(ROBOTS, "utf-8")


def build(root: Path) -> Path:
    """Build the root. Returns the folder of the site."""
    site = mkdocs.build(root, pipeline.build, Job(print))
    return site


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same site, built in two folders, and twice in the second folder."""
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "other")]
    for folder in folders:
        write(folder)
    build(folders[1])
    return build(folders[0]), build(folders[1])


@pytest.fixture(scope="module")
def site(sites: tuple[Path, Path]) -> Path:
    """The site in the first folder."""
    return sites[0]


def added(site: Path) -> dict[str, bytes]:
    """Return all files except those of the engine and the search index."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.suffix in {".xml", ".json", ".txt", ".md", ".png", ".html"} and "pagefind" not in path.parts
    }


def test_two_builds_give_the_same_bytes(sites) -> None:
    one, other = (added(site) for site in sites)
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []


def test_feeds_of_the_site_and_of_each_series_are_there(site) -> None:
    for path in ("", "episodes/a/", "episodes/b/", "episodes/c/"):
        assert not feedparser.parse((site / path / "feed.xml").read_bytes()).bozo


def test_a_file_of_the_pages_is_not_written_over(site) -> None:
    assert (site / "robots.txt").read_text("utf-8") == ROBOTS


def test_what_feeds_lead_to_in_the_site_is_there(site) -> None:
    text = (site / "feed.xml").read_text("utf-8")
    found = {part.split('"')[0].split("<")[0] for part in text.split(ADDRESS)[1:]}
    assert {"episodes/a/a-001.vtt", "episodes/a/a-001.chapters.json", "people/mo/"} <= found
    for path in found:
        assert (site / path / "index.html" if path.endswith("/") or not path else site / path).is_file(), path


def pages(site: Path) -> dict[str, html.HtmlElement]:
    """The pages by URL, relative to the site."""
    return {
        path.relative_to(site).as_posix().removesuffix("index.html"): html.fromstring(path.read_bytes())
        for path in sorted(site.rglob("index.html"))
    }


def test_every_page_tells_its_address_twin_feed_and_card(site) -> None:
    found = pages(site)
    assert len(found) > 20
    for url, page in found.items():
        head: Callable[[str], list[str]] = page.find("head").xpath
        assert head("link[@rel='canonical']/@href") == [ADDRESS + url]
        assert head("meta[@property='og:url']/@content") == [ADDRESS + url]
        (card,) = head("meta[@property='og:image']/@content")
        assert head("meta[@property='og:image:alt']/@content") == head("meta[@property='og:title']/@content")
        assert (site / card.removeprefix(ADDRESS)).is_file()
        (twin,) = head("link[@type='text/markdown']/@href")
        assert (site / urljoin(ADDRESS + url, twin).removeprefix(ADDRESS)).read_text("utf-8").strip()
        feeds = head("link[@type='application/rss+xml']/@href")
        assert urljoin(ADDRESS + url, feeds[0]) == f"{ADDRESS}feed.xml"
        assert all((site / urljoin(ADDRESS + url, feed).removeprefix(ADDRESS)).is_file() for feed in feeds)
    assert found["episodes/a/"].xpath("//link[@type='application/rss+xml']/@title")[1:] == ["Bridges"]


def test_every_page_describes_itself_and_stands_in_the_map_of_the_site(site) -> None:
    found = pages(site)
    for url, page in found.items():
        (description,) = page.find("head").xpath("meta[@name='description']/@content")
        assert 0 < len(description) <= 320, url
    assert len({page.findtext("head/title") for page in found.values()}) == len(found)
    listed = etree.fromstring((site / "sitemap.xml").read_bytes()).xpath("//*[local-name() = 'loc']/text()")
    assert listed == sorted(ADDRESS + url for url in found)


def test_linked_data_comes_through_the_engine_as_it_was_written(site) -> None:
    scripts = {url: page.xpath("//script[@type='application/ld+json']/text()") for url, page in pages(site).items()}
    assert sum(bool(texts) for texts in scripts.values()) > 12
    for url, texts in scripts.items():
        for text in texts:
            assert json.loads(text)["@context"] == "https://schema.org", url
    (text,) = scripts["episodes/b/b-002/"]
    assert json.loads(text)["@graph"][0]["mainEntityOfPage"] == f"{ADDRESS}episodes/b/b-002/"


def test_links_between_twins_lead_to_twins(site) -> None:
    links = 0
    for path in sorted(site.rglob("*.md")):
        for part in path.read_text("utf-8").split("](")[1:]:
            address = part.split(")")[0].split("#")[0]
            if address and not address.startswith(("http", "mailto", "?")):
                links += 1
                assert (path.parent / address).resolve().is_file(), f"{path.relative_to(site)}: {address}"
    assert links > 50
