"""Tests of the plugin's settings: the pages that a root's navigation must list, and entries that are left out."""

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

import pytest
from markdown.extensions.toc import slugify_unicode
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from conftest import run_command, write_files
from mlguide_site.build.engines.configuration import settings_of, without_empty
from mlguide_site.content.site_settings import read_origin
from mlguide_site.editing.scaffold import root_files


@pytest.mark.parametrize("named", ["", 'not_in_nav: "/notes/"\n'])
def test_a_root_need_not_name_pages_beside_the_navigation(tmp_path, named) -> None:
    write_files(tmp_path, root_files("T"))
    settings = tmp_path / "mkdocs.yml"
    before, _, rest = settings.read_text("utf-8").partition("not_in_nav: |\n")
    own = rest.splitlines(keepends=True)
    patterns = [line.strip() for line in own[: next(at for at, line in enumerate(own) if line[:1] != " ")]]
    settings.write_text(before + named + "".join(own[len(patterns) :]), "utf-8")
    config = load_config(str(settings))
    config = config.plugins["mlguide"].on_config(config)
    assert config.not_in_nav is not None
    pages = ["notes/a.md", "index.md", "new-kind/index.md", "new-kind/page/2.md"]
    for page in pages + [pattern.replace("**", "a").replace("*", "b").removeprefix("/") for pattern in patterns]:
        assert config.not_in_nav.match_file(page if page.endswith(".md") else f"{page}c.md"), page


def test_a_page_that_the_navigation_lacks_is_reported_once(tmp_path: Path) -> None:
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    (tmp_path / "kb/pages").mkdir(exist_ok=True)
    (tmp_path / "kb/pages/about.md").write_text("---\ntitle: About\n---\n\nText.\n", "utf-8")
    done = run_command("mlguide", "build", cwd=tmp_path / "kb")
    reports = [line for line in (done.stdout + done.stderr).splitlines() if "about.md" in line]
    assert len(reports) == 1 and "nav doesn't list these pages: about.md" in reports[0]


def configured(root: Path, listed: str, text: str) -> MkDocsConfig:
    """Return the settings of a new root in which `text` replaces the settings `listed`."""
    write_files(root, root_files("T"))
    settings = root / "mkdocs.yml"
    before = settings.read_text("utf-8")
    assert listed in before
    settings.write_text(before.replace(listed, text, 1), "utf-8")
    return load_config(str(settings))


@pytest.mark.parametrize("styles", ["", "extra_css: [own.css]\n", "extra_css: [own.css, ./assets/mlguide/site.css]\n"])
def test_the_style_sheet_of_the_pages_comes_first_and_need_not_be_listed(tmp_path: Path, styles: str) -> None:
    config = configured(tmp_path, "extra_css: [assets/mlguide/site.css]\n", styles)
    found = ["assets/mlguide/site.css", *(["own.css"] if styles else [])]
    assert config.plugins["mlguide"].on_config(config).extra_css == found


def test_pages_have_no_link_to_the_file_that_was_generated(tmp_path: Path) -> None:
    config = configured(tmp_path, "extra_css:", "repo_url: https://github.com/o/kb\nextra_css:")
    assert config.edit_uri == "edit/master/docs/"
    assert not config.plugins["mlguide"].on_config(config).edit_uri


@pytest.mark.parametrize("toc", ["admonition", "toc", "toc: {slugify: !!python/name:re.escape ''}"])
def test_anchors_are_always_made_as_links_need_them(tmp_path: Path, toc: str) -> None:
    config = configured(tmp_path, "toc: {permalink: true, permalink_title: Link to this section}", toc)
    assert config.plugins["mlguide"].on_config(config).mdx_configs["toc"]["slugify"] is slugify_unicode


@pytest.mark.parametrize("has_nav", [True, False])
def test_empty_indexes_are_left_out_of_the_navigation(tmp_path: Path, has_nav: bool) -> None:
    def tabs() -> list[str]:
        """Build, and return the labels of the tabs. All pages must have the same tabs."""
        run_command("mlguide", "build", "--strict", cwd=tmp_path / "kb")
        pages = [path.read_text("utf-8") for path in (tmp_path / "kb/site").rglob("index.html")]
        found = {tuple(re.findall(r'class="md-tabs__link"[^>]*>\s*([^<]+?)\s*<', page)) for page in pages}
        assert len(found) == 1
        return list(found.pop())

    run_command("mlguide", "init", "kb", cwd=tmp_path)
    if not has_nav:
        path = tmp_path / "kb/mkdocs.yml"
        path.write_text(re.sub(r"(?m)^nav:\n(  - .*\n)+", "", path.read_text("utf-8")), "utf-8")
    assert tabs() == ["Home"]
    run_command("mlguide", "new", "tool", "Warping mill", cwd=tmp_path / "kb")
    assert tabs() == ["Home", "Tools"]
    (tmp_path / "kb/knowledge/tools.yml").write_text("")
    assert tabs() == ["Home"]


def test_sections_without_pages_are_left_out() -> None:
    nav = [{"Home": "index.md"}, {"All": [{"Tools": "tools/index.md"}, {"More": ["path/index.md"]}]}, "about.md"]
    assert without_empty(nav, {"path/index.md"}) == [nav[0], {"All": [{"Tools": "tools/index.md"}]}, "about.md"]
    assert without_empty(nav, {"path/index.md", "tools/index.md"}) == [nav[0], "about.md"]
    assert without_empty(None, {"a.md"}) is None


def test_a_root_sets_the_number_of_episodes_in_feeds(tmp_path: Path) -> None:
    write_files(tmp_path, root_files("T"))
    settings = tmp_path / "mkdocs.yml"
    for text, expected in (("", 300), ("      items: 40\n", 40)):
        settings.write_text(settings.read_text("utf-8").replace("  - mlguide:\n", f"  - mlguide:\n{text}"), "utf-8")
        config = load_config(str(settings))
        assert settings_of(config, config.plugins["mlguide"].config).items == expected


def test_names_and_descriptions_may_have_several_lines(tmp_path: Path) -> None:
    write_files(tmp_path, root_files("T"))
    settings = tmp_path / "mkdocs.yml"
    lines = [line for line in settings.read_text("utf-8").splitlines() if not line.startswith("site_name")]
    new = ["site_name: |", "  Bridges", "  in winter", "site_description: >", "  About ice,", "", "  and bridges."]
    settings.write_text("\n".join([*new, *lines]) + "\n", "utf-8")
    config = load_config(str(settings))
    found = settings_of(config, config.plugins["mlguide"].config)
    assert (found.site_name, found.site_description) == ("Bridges in winter", "About ice, and bridges.")
    assert read_origin(tmp_path).name == "Bridges in winter"


HOOK = """from pathlib import Path

def on_post_build(config):
    for path in Path(config.site_dir).rglob("*.html"):
        path.write_text(path.read_text("utf-8").replace("</body>", "<!-- counted --></body>"), "utf-8")
"""


def test_pages_and_hooks_of_a_root_keep_what_browsers_need(tmp_path: Path) -> None:
    run_command("mlguide", "init", "kb", "--site-url", "https://kb.example/", cwd=tmp_path)
    root = tmp_path / "kb"
    main = '{% extends "base.html" %}{% block extrahead %}<meta name="verify" content="1">{% endblock %}'
    lost = '{% extends "main.html" %}{% block content %}<h1>Lost</h1>{% endblock %}'
    own = {"templates/theme/main.html": main, "templates/theme/404.html": lost, "hook.py": HOOK}
    write_files(root, {path: text.encode() for path, text in own.items()})
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("hooks: [hook.py]\n")
        file.write("copyright: <a href='https://me.example'><img alt='Me' src=x></a> &copy; <b onclick=x>1</b>\n")
    run_command("mlguide", "build", "--strict", cwd=root)
    page = (root / "site/index.html").read_text("utf-8")
    for sign in (
        'name="verify"',
        'rel="manifest"',
        "application/rss+xml",
        "Content-Security-Policy",
        "<!-- counted -->",
        '<a href="https://me.example">Me</a> © <b>1</b>',
    ):
        assert sign in page, sign
    missing = (root / "site/404.html").read_text("utf-8")
    assert "<h1>Lost</h1>" in missing and "Content-Security-Policy" in missing and 'name="verify"' in missing
    # browsers compare the pages that readers save with these digests
    for path, _, digest in json.loads((root / "site/offline.json").read_bytes()):
        file = root / "site" / path
        data = (file / "index.html" if file.is_dir() else file).read_bytes()
        assert b64encode(hashlib.sha256(data).digest()).decode() == digest, path


def test_analytics_come_with_scripts_that_run_in_their_order(tmp_path: Path) -> None:
    """The theme's script for analytics needs the theme's bundle as soon as the page is parsed."""
    run_command("mlguide", "init", "kb", cwd=tmp_path)
    root = tmp_path / "kb"
    settings = (root / "mkdocs.yml").read_text("utf-8")
    for extra, is_ahead in ("", True), (", analytics: {provider: google, property: G-1}", False):
        text = settings.replace("extra: {generator: false", "extra: {generator: false" + extra)
        (root / "mkdocs.yml").write_text(text, "utf-8")
        run_command("mlguide", "build", cwd=root)
        page = (root / "site/index.html").read_text("utf-8")
        assert ('<link rel="preload" as="script"' in page) == is_ahead
        assert ('<script src="assets/mlguide/site.js">' in page) != is_ahead
