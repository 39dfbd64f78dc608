"""Tests of Zensical's settings: the same as MkDocs' settings in `mkdocs.yml`, but for another folder."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from mlguide_site.build.engines.zensical import zensical_settings
from mlguide_site.markdown.engine_markdown import EXTENSIONS

SLUGIFY = ("name:markdown.extensions.toc.slugify_unicode", "")


class Loader(yaml.SafeLoader):
    """Reads the values of unknown tags as pairs of tag and value."""


Loader.add_multi_constructor("!", lambda loader, tag, node: (tag, node.value))
Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, tag, node: (tag, node.value))


def written_settings(root: Path, text: str, features: tuple[str, ...] = ("a",), notice: str = "") -> Any:
    """Return the settings that Zensical reads, without resolving tags."""
    (root / "mkdocs.yml").write_text(text, "utf-8")
    return yaml.load(zensical_settings(root, list(features), notice, True, (), ()), Loader)


def test_folders_and_look_are_set_and_the_rest_stays(tmp_path: Path) -> None:
    text = """
site_name: S
docs_dir: elsewhere
site_dir: public
hooks: [h.py]
theme: {name: material, custom_dir: build/theme, features: [x], language: de}
plugins: [mlguide, {tags: {tags: true}}]
nav: [{Home: index.md}]
use_directory_urls: no
"""
    assert written_settings(tmp_path, text) == {
        "site_name": "S",
        "docs_dir": "pages",
        "site_dir": "site",
        "theme": {
            "name": "material",
            "variant": "classic",
            "custom_dir": "theme",
            "features": ["a"],
            "language": "de",
        },
        "plugins": [{"tags": {"tags": True}}, {"search": {"enabled": False}}],
        "markdown_extensions": [{"toc": {"slugify": SLUGIFY}} if name == "toc" else name for name in EXTENSIONS],
        "nav": [{"Home": "index.md"}],
        "extra_css": ["assets/mlguide/site.css"],
        "use_directory_urls": False,
    }


def test_the_style_sheet_of_the_pages_comes_first(tmp_path: Path) -> None:
    text = "site_name: S\nplugins: [mlguide]\nextra_css: [own.css, assets/mlguide/site.css]\n"
    assert written_settings(tmp_path, text)["extra_css"] == ["assets/mlguide/site.css", "own.css"]


def test_what_a_root_chose_wins(tmp_path: Path) -> None:
    text = (
        "site_name: S\ntheme: {name: material, variant: modern}\nplugins: {mlguide: {}, search: {}}\n"
        "copyright: <a href='https://me.example' onclick=x>Mine</a> &copy; <script>x</script>\n"
    )
    found = written_settings(tmp_path, text, notice="Ours")
    assert found["theme"]["variant"] == "modern"
    assert found["plugins"] == [{"search": {}}]
    assert found["copyright"] == '<a href="https://me.example">Mine</a> © '


def test_the_licence_of_the_texts_is_shown_where_nothing_else_is(tmp_path: Path) -> None:
    assert written_settings(tmp_path, "site_name: S\ntheme: material\n", notice="CC0")["copyright"] == "CC0"


def test_tags_that_only_the_engine_knows_stay(tmp_path: Path) -> None:
    text = (
        "site_name: !ENV [NAME, 'x: y']\nmarkdown_extensions: [{x: {y: !!python/name:a.b ''}}]\nsite_url: no\n"
        "plugins:\n- mlguide:\n    edit_url: !ENV HOME\n"
    )
    found = written_settings(tmp_path, text)
    assert found["site_name"][0] == "ENV"
    assert [node.value for node in found["site_name"][1]] == ["NAME", "x: y"]
    assert found["markdown_extensions"][0]["x"]["y"][0].endswith("a.b")


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("[tables, toc]", ["tables", {"toc": {"slugify": SLUGIFY}}]),
        ("{toc: {permalink: true, slugify: !!python/name:a.b ''}}", [{"toc": {"permalink": True, "slugify": SLUGIFY}}]),
        ("[tables]", ["tables", {"toc": {"slugify": SLUGIFY}}]),
    ],
)
def test_anchors_are_always_made_as_links_need_them(tmp_path: Path, listed: str, expected: Any) -> None:
    found = written_settings(tmp_path, f"site_name: S\nmarkdown_extensions: {listed}\n")
    assert found["markdown_extensions"] == expected


def test_inherited_settings_are_joined_as_mkdocs_joins_them(tmp_path: Path) -> None:
    (tmp_path / "up").mkdir()
    (tmp_path / "up/base.yml").write_text("INHERIT: top.yml\nnav: [a, b]\nextra: {x: 1, y: {p: 1}}\n", "utf-8")
    (tmp_path / "up/top.yml").write_text("site_name: T\nplugins: [tags]\nextra: {z: 3}\n", "utf-8")
    found = written_settings(tmp_path, "INHERIT: up/base.yml\nnav: [c]\nextra: {y: {q: 2}}\nplugins: [mlguide]\n")
    assert (found["site_name"], found["nav"]) == ("T", ["c"])
    assert found["extra"] == {"x": 1, "y": {"p": 1, "q": 2}, "z": 3}
    assert found["plugins"] == [{"search": {"enabled": False}}]


def test_pages_in_the_navigation_are_in_folders_of_their_own(tmp_path: Path) -> None:
    nav = "nav: [index.md, {About: about.md, Blog: [blog/index.md, {First: blog/first.md}]}, {Else: 'https://x.example/a.md'}]"
    found = written_settings(tmp_path, f"site_name: S\n{nav}\n")["nav"]
    assert found[:2] == [
        "index.md",
        {"About": "about/index.md", "Blog": ["blog/index.md", {"First": "blog/first/index.md"}]},
    ]
    assert found[2] == {"Else": "https://x.example/a.md"}
    text = zensical_settings(tmp_path, [], "", False, (), ())
    assert yaml.load(text, Loader)["nav"] == yaml.safe_load(nav)["nav"]


def test_a_root_without_a_navigation_gets_the_default(tmp_path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: T\n")
    nav = [{"Home": "index.md"}, {"Tools": "tools/index.md"}, {"Us": "about.md"}]
    text = zensical_settings(tmp_path, [], "", True, ["tools/index.md"], nav)
    assert yaml.load(text, Loader)["nav"] == [{"Home": "index.md"}, {"Us": "about/index.md"}]
