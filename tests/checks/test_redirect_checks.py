"""Tests of redirects: their targets must be addresses of the site."""

from pathlib import Path

import pytest

from mlguide_site.checks.site_features import check_features
from mlguide_site.config import Settings
from mlguide_site.content.load import load
from mlguide_site.errors import Span
from mlguide_site.publish.redirects import check_moved, redirect_files

TEXTS = {
    "knowledge/series.yml": "a: {title: Alpha}\n",
    "pages/about.md": "---\ntitle: About\n---\n",
    "pages/blog/index.md": "---\ntitle: Blog\n---\n",
    "episodes/a/a-001.md": "---\nid: a-001\ntitle: One\n---\n\nText.\n",
    "episodes/a/a-002.md": "---\nid: a-002\ntitle: Two\nstatus: draft\n---\n\nText.\n",
}


def messages(root: Path, text: str) -> list[str]:
    (root / "mkdocs.yml").write_text(text, "utf-8")
    loaded = load({path: text.encode() for path, text in TEXTS.items()}, drafts=True)
    return [str(problem) for problem in check_features(root, loaded.catalog) if "redirects: " in problem.message]


@pytest.mark.parametrize(("new", "is_there"), [("a-001", True), ("dun-099", False), ("tools/", True), ("blog/", True)])
def test_what_stands_for_former_addresses(new: str, is_there: bool, tmp_path: Path) -> None:
    found = messages(tmp_path, f"site_name: S\nplugins:\n  - mlguide:\n      redirects: {{bad: {new}}}\n")
    wrong = [] if is_there else [f'mkdocs.yml:4:24: redirects: "{new}" is not on this site']
    assert [one.partition(";")[0] for one in found] == wrong


@pytest.mark.parametrize(
    ("old", "is_free"), [("about", False), ("blog/index.html", False), ("about.html", True), ("blog/first", True)]
)
def test_addresses_of_written_pages_are_not_redirected(old: str, is_free: bool, tmp_path: Path) -> None:
    found = messages(tmp_path, f"site_name: S\nplugins:\n  - mlguide:\n      redirects: {{{old}: a-001}}\n")
    expected = [] if is_free else [f'mkdocs.yml:4:19: redirects: "{old}" can\'t be redirected']
    assert [one.partition(";")[0] for one in found] == expected


def test_redirects_to_drafts_wait_for_their_pages(tmp_path: Path) -> None:
    texts = {**TEXTS, "knowledge/tools.yml": "docker: {name: Docker, category: C, status: draft}\n"}
    catalog = load({path: text.encode() for path, text in texts.items()}).catalog
    moved = (("old/1.html", "a-002"), ("old/2.html", "tools/docker/"), ("old/3.html", "a-001"))
    assert list(check_moved(catalog, [(*pair, Span(), Span()) for pair in moved])) == []
    assert [*redirect_files(catalog, Settings("S", moved=moved))] == ["old/3.html"]
