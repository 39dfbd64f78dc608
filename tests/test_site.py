"""Tests of the files of the built site: they are reproducible, equal with every command, and have no broken links."""

import os
import posixpath
import shutil
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import html

from conftest import ADDRESS, copy_root, tree

pytestmark = pytest.mark.slow


def assert_same(one: Path, other: Path) -> None:
    """Check that two folders have the same files with the same bytes. A failure shows the names of different files."""
    left, right = tree(one), tree(other)
    assert sorted(left) == sorted(right)
    assert [path for path in sorted(left) if left[path] != right[path]] == []


def test_mkdocs_builds_the_same_site_in_another_folder_time_zone_locale_and_hash_order(bundled, run, tmp_path) -> None:
    root = copy_root(tmp_path / "another folder" / "kb")
    for path in root.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    variables = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    run("mkdocs", "build", "--strict", "--quiet", cwd=root, **variables)
    assert_same(bundled.site, root / "site")


NAMING = ("tools/docker/index.html", "episodes/mla/mla-012/index.html", "episodes/mla/index.html", "catalog.json")


def test_what_is_gone_from_the_notes_is_gone_and_the_next_build_changes_nothing(bundled, run, bundled_copy) -> None:
    made = run("mlguide", "new", "mla", "A passing note on Docker", cwd=bundled_copy).stdout.split(":")[0]
    note = bundled_copy / made
    note.write_text(note.read_text("utf-8") + "\nDocker, and what MLA 012 says of it.\n", "utf-8")
    run("mlguide", "build", cwd=bundled_copy)
    assert not any((bundled_copy / "site" / name).read_bytes() == (bundled.site / name).read_bytes() for name in NAMING)
    note.unlink()
    run("mlguide", "build", cwd=bundled_copy)
    assert_same(bundled.site, bundled_copy / "site")
    # nothing has changed since the last build
    run("mlguide", "build", cwd=bundled_copy)
    assert_same(bundled.site, bundled_copy / "site")


def test_a_failed_build_leaves_the_last_good_site(bundled, run, tmp_path) -> None:
    root = copy_root(tmp_path / "kb")
    shutil.copytree(bundled.site, root / "site")
    note = min(root.glob("episodes/*/*.md"))
    note.write_text(note.read_text("utf-8").replace("title:", "titel:", 1), "utf-8")
    failed = run("mlguide", "build", cwd=root, status=1)
    assert f"{note.relative_to(root).as_posix()}:3:1: " in failed.stderr
    assert_same(bundled.site, root / "site")


def broken_links(site: Path, address: str) -> list[str]:
    """Return the links, images, styles and scripts that lead to a missing file or anchor of the site."""
    pages = {path: html.fromstring(path.read_bytes()) for path in sorted(site.rglob("*.html"))}
    anchors = {path: {"", *page.xpath("//@id"), *page.xpath("//a/@name")} for path, page in pages.items()}
    base, faults = urlsplit(address), []

    @cache
    def fault(link: str) -> str:
        target = urlsplit(link)
        if (target.scheme, target.netloc) != (base.scheme, base.netloc):
            return ""
        inside = posixpath.relpath(unquote(target.path), base.path)
        file = site / inside
        file = file / "index.html" if target.path.endswith("/") else file
        if inside.startswith("..") or not file.is_file():
            return "no such file"
        return "no such place" if file in anchors and unquote(target.fragment) not in anchors[file] else ""

    for path, page in pages.items():
        here = address + path.relative_to(site).as_posix()
        links = page.xpath("//a/@href | //link[not(@rel='canonical')]/@href | //img/@src | //script/@src")
        faults += [
            f"{here}: {value}: {found}" for value in dict.fromkeys(links) if (found := fault(urljoin(here, value)))
        ]
    return faults


def test_every_link_leads_somewhere(bundled) -> None:
    pages = broken_links(bundled.site, "https://nowhere.example/")
    # without a configured URL, the page for missing pages doesn't know the site's path; the next test covers it
    assert [fault for fault in pages if "/404.html:" not in fault] == []


def test_every_link_leads_somewhere_under_a_path(addressed) -> None:
    assert broken_links(addressed.site, ADDRESS) == []


def test_ids_are_unique_on_every_page(bundled) -> None:
    doubled = []
    for path in sorted(bundled.site.rglob("*.html")):
        ids = html.fromstring(path.read_bytes()).xpath("//@id")
        doubled += [f"{path.relative_to(bundled.site)}: {id}" for id in sorted(set(ids)) if ids.count(id) > 1]
    assert doubled == []


def test_the_sitemap_names_every_page_once_and_no_day_of_a_build(addressed) -> None:
    text = (addressed.site / "sitemap.xml").read_text("utf-8")
    listed = html.fromstring(text.split("?>", 1)[-1].encode()).xpath("//loc/text()")
    files = {path.relative_to(addressed.site).as_posix() for path in addressed.site.rglob("*.html")} - {"404.html"}
    assert sorted(listed) == sorted(ADDRESS + path.removesuffix("index.html") for path in files)
