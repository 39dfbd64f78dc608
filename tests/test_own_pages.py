"""Tests of handwritten pages in `pages/*.md`: they are in the site, its navigation and its search, and follow edits."""

import re
import shutil
from pathlib import Path

import pytest

from conftest import tree, write_files
from search.indexes import contents

PAGES = {
    "about.md": "---\ntitle: About us\n---\n\nWe weave on weekdays, see [news](news/index.md), [all](path/index.md).\n",
    "news/index.md": "---\ntitle: News\n---\n\n[First](first.md), ![loom](loom.png)\n",
    "news/first.md": "---\ntitle: First news\n---\n\nA quokka came by, as in episode 1.\n",
    "news/loom.png": "x",
}
NAV = "  - Home: index.md\n  - About us: about.md\n  - News: [news/index.md, news/first.md]\n"


@pytest.fixture
def root(run, feed, tmp_path) -> Path:
    """A small root with handwritten pages that the navigation lists."""
    run("mlguide", "init", "kb", "--feed", feed, cwd=tmp_path)
    root = tmp_path / "kb"
    write_files(root / "pages", PAGES)
    settings = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(settings.replace("  - Home: index.md\n", NAV), "utf-8")
    return root


def test_written_pages_are_in_the_navigation_and_the_search(run, root) -> None:
    run("mlguide", "check", "--strict", cwd=root)
    run("mlguide", "build", "--strict", cwd=root)
    tabs = re.findall(
        r'<a href="([^"]*)" class="md-tabs__link">\s*([^<]*?)\s*<', (root / "site/index.html").read_text("utf-8")
    )
    assert ("about/", "About us") in tabs
    assert ("news/", "News") in tabs
    assert "../../episodes/" in (root / "site/news/first/index.html").read_text("utf-8")
    assert (root / "site/news/loom.png").read_text() == "x"
    assert "- [First news](news/first/index.md)" in (root / "site/llms.txt").read_text("utf-8")
    assert "[First](first/index.md)" in (root / "site/news/index.md").read_text("utf-8")
    (index,) = contents(root / "site/pagefind")["languages"].values()
    names = index["filters"]["kind"]["Own page"]
    texts = [index["pages"][name][1].decode("utf-8", "replace") for name in names]
    assert len(texts) == len([name for name in PAGES if name.endswith(".md")])
    assert [text for text in texts if "/news/first/" in text and "quokka" in text]


def test_an_edit_leaves_what_a_clean_build_leaves(run, root, tmp_path) -> None:
    run("mlguide", "build", "--strict", cwd=root)
    edits = [
        ("about.md", PAGES["about.md"].replace("weekdays", "Sundays")),
        ("about.md", PAGES["about.md"].replace("About us", "About them")),
        ("news/second.md", "---\ntitle: Second\n---\n\n[Up](index.md)\n"),
        ("news/second.md", None),
    ]
    for number, (name, text) in enumerate(edits):
        page = root / "pages" / name
        page.write_text(text, "utf-8") if text else page.unlink()
        run("mlguide", "build", cwd=root)
        # the last edit undoes the one before it
        clean = tmp_path / f"clean-{number if text else number - 2}"
        if text:
            shutil.copytree(root, clean, ignore=shutil.ignore_patterns("build", "site"))
            run("mlguide", "build", cwd=clean)
        assert tree(root / "site") == tree(clean / "site"), name


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("index.md", "---\ntitle: Home\n---\n", 'pages/index.md:1:1: the address "index" is reserved for generated'),
        ("script.js", "alert(1)", "pages/script.js:1:1: this kind of file is not published; remove it,"),
        ("CNAME", "a.example", "pages/CNAME:1:1: this kind of file is not published; remove it, and write your domain"),
        ("about.md", "---\ntitle: A\nslug: b\n---\n", 'pages/about.md:3:1: unknown key "slug"; known keys are'),
        (
            "news/index.md",
            "---\ntitle: N\n---\n\n[x](frist.md)\n",
            'pages/news/index.md:5:5: broken link "frist.md"; did you mean "first.md"?',
        ),
        (
            "news/index.md",
            "---\ntitle: N\n---\n\n![x](none.png)\n",
            'pages/news/index.md:5:6: broken image "none.png"; put the file in pages/news/',
        ),
    ],
)
def test_errors_of_written_pages_stop_checks_and_builds(run, root, name, text, said) -> None:
    (root / "pages" / name).write_text(text, "utf-8")
    for command in ("check", "build"):
        done = run("mlguide", command, cwd=root, status=1)
        assert said in done.stdout + done.stderr
    assert not (root / "site").exists()


def test_another_folder_of_pages_is_refused_with_advice(run, root) -> None:
    settings = root / "mkdocs.yml"
    good = settings.read_text("utf-8")
    (root / "docs").mkdir()
    (root / "base.yml").write_text("docs_dir: docs\n", "utf-8")
    for text in (
        good.replace("build/pages", "docs"),
        "INHERIT: base.yml\n" + good.replace("docs_dir: build/pages\n", ""),
    ):
        settings.write_text(text, "utf-8")
        done = run("mlguide", "build", cwd=root, status=1)
        assert (
            '"docs_dir" is not the folder of generated pages; write docs_dir: build/pages; pages that you'
            in done.stderr
        )


def test_what_a_person_writes_into_a_generated_page_is_not_published(run, root) -> None:
    run("mlguide", "build", cwd=root)
    before = tree(root / "site")
    page = root / "build/pages/about.md"
    page.write_text(page.read_text("utf-8") + "\nBy hand.\n", "utf-8")
    run("mlguide", "build", cwd=root)
    assert "By hand." not in page.read_text("utf-8")
    assert tree(root / "site") == before


def test_a_page_among_the_generated_ones_fails_a_strict_build(run, root) -> None:
    run("mlguide", "build", "--strict", cwd=root)
    (root / "build/pages/mine.md").write_text("# Mine\n", "utf-8")
    done = run("mlguide", "build", "--strict", cwd=root, status=1)
    warning = "this file is published, but was not generated; move it to pages/mine.md"
    assert f"build/pages/mine.md:1:1: {warning}" in done.stderr
