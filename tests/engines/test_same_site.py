"""Tests that every engine builds the same site from a knowledge base: URLs, main text, links and facts."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from engines.conftest import Builds
from engines.extracted import files, found, page
from engines.root import ADDRESS
from mlguide_site import pipeline
from mlguide_site.build.engines import load_engine
from mlguide_site.build.pages import Job

pytestmark = pytest.mark.slow


@pytest.fixture(params=["properdocs", "zensical"])
def engine(request: pytest.FixtureRequest) -> str:
    """An engine that is compared with MkDocs."""
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["folders", "files"])
def sites(request: pytest.FixtureRequest, engine: str, builds: Builds) -> tuple[Path, Path]:
    """The sites that MkDocs and the other engine build."""
    return builds("mkdocs", request.param), builds(engine, request.param)


def test_the_same_files_and_pages_that_say_the_same(sites: tuple[Path, Path]) -> None:
    one, other = map(files, sites)
    assert sorted(one) == sorted(other)
    pages = [path for path in one if path.endswith(".html") and path != "404.html"]
    assert len(pages) > 25
    for path in pages:
        address = ADDRESS + path.removesuffix("index.html")
        assert page(one[path], address) == page(other[path], address), path
    # the list for offline reading has the digests of all pages, and the service worker has the digest of the list
    addresses = [{row[0] for row in json.loads(found["offline.json"])} for found in (one, other)]
    # the files of the themes differ, and the names of the search's files contain digests of pages
    assert {one for one in addresses[0] ^ addresses[1] if not one.startswith(("assets/", "pagefind/"))} == set()
    apart = {"404.html", "sitemap.xml.gz", "offline.json", "sw.js", *pages}
    assert [path for path in one if path not in apart and one[path] != other[path]] == []
    if has_address := "feed.xml" in one:
        assert gzip.decompress(one["sitemap.xml.gz"]) == gzip.decompress(other["sitemap.xml.gz"])
    assert [path for path in one if "sitemap" in path] == ["sitemap.xml", "sitemap.xml.gz"] * has_address


def test_a_missing_address_leads_to_the_same_places(sites: tuple[Path, Path]) -> None:
    # only the footer names the engine
    one, other = ((site / "404.html").read_text("utf-8").partition("<footer")[0].split() for site in sites)
    assert one == other
    assert any("episodes/" in word for word in one)


def test_the_same_is_found(sites: tuple[Path, Path]) -> None:
    one, other = map(found, sites)
    assert one == other
    assert len(one) > 12


def test_engines_that_take_turns_in_one_root_leave_each_other_no_trace(builds: Builds, tmp_path: Path) -> None:
    expected = builds("mkdocs", True)
    root = tmp_path / "kb"
    shutil.copytree(builds("zensical", True).parent, root)
    site = load_engine("mkdocs")(root, pipeline.build, Job(lambda line: None))
    assert files(site) == files(expected)
    again = load_engine("zensical")(root, pipeline.build, Job(lambda line: None))
    assert files(again) == files(builds("zensical", True))
