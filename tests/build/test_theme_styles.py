"""Tests of the theme's trimmed style sheet: unused rules are removed, unless a site enables more features."""

import pytest
from mkdocs.config import load_config

from conftest import write_files
from mlguide_site.build.engines.configuration import settings_of
from mlguide_site.build.use_trimmed_theme import trimmed_theme
from mlguide_site.content.resources import packaged_templates, theme_files
from mlguide_site.content.site_settings import theme_folder
from mlguide_site.editing.scaffold import root_files
from trim_theme.scripts import lean_script
from trim_theme.styles import lean


def test_the_installed_style_sheet_is_less_than_two_thirds_and_whole() -> None:
    ((path, part),) = [item for item in trimmed_theme().items() if item[0].endswith(".css")]
    text = (part.make() or b"").decode()
    assert path.startswith("assets/stylesheets/main.")
    assert len(text) < 95_000
    assert text.count("{") == text.count("}")
    assert lean(text) == text
    for used in (
        ".md-grid{",
        ".md-header{",
        ".md-nav",
        ".md-typeset table",
        ".admonition",
        ".md-clipboard",
        ".highlight",
    ):
        assert used in text
    assert ".md-search__" not in text


@pytest.mark.parametrize(
    "css",
    [
        '.a{content:"}.md-tag{"}.b{c:d}',
        ".a{background:url(data:image/svg+xml;a,{};)}",
        "@import 'x;y';.a\\{{b:c}",
        ":is(.a,.b) .c{d:e}",
        "@keyframes md-tag{0%{a:b}to{c:d}}",
        "@media screen and (min-width:1px){.a{b:c}}",
        "",
    ],
)
def test_what_is_used_stands_as_it_did(css) -> None:
    assert lean(css) == css


@pytest.mark.parametrize(
    ("old", "new", "plain"),
    [
        ("", "", True),
        ("    - content.code.copy", "    - content.code.copy\n    - content.code.annotate", False),
        ("extra: {generator: false}", "extra: {consent: {title: Cookies}}", False),
        ("plugins:\n", "plugins:\n  - search\n", False),
        ("plugins:\n", "repo_url: https://github.com/o/kb\nplugins:\n", False),
    ],
)
def test_a_site_that_switches_more_on_has_all_of_it(tmp_path, old, new, plain) -> None:
    write_files(tmp_path, root_files("T"))
    settings = tmp_path / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace(old, new, 1), "utf-8")
    config = load_config(config_file=str(settings))
    assert settings_of(config, config.plugins["mlguide"].config).plain_theme is plain


def test_a_theme_of_the_root_is_seen(tmp_path) -> None:
    packaged = theme_files(packaged_templates().parent)
    assert theme_files(tmp_path) == packaged
    theme = tmp_path / "templates" / "theme"
    theme.mkdir(parents=True)
    (theme / "main.html").write_bytes((packaged_templates() / "theme" / "main.html").read_bytes())
    assert theme_files(tmp_path) == packaged
    (theme / "main.html").write_text("{% extends 'base.html' %}", "utf-8")
    assert theme_files(tmp_path) != packaged


def test_with_other_originals_the_themes_own_files_are_used(tmp_path, monkeypatch):
    assert trimmed_theme()
    monkeypatch.setattr("mlguide_site.build.use_trimmed_theme.theme_folder", lambda: tmp_path)
    assert trimmed_theme() == {}


def test_the_packaged_files_are_what_the_command_makes():
    originals = theme_folder()
    assert originals is not None
    for path, part in trimmed_theme().items():
        text = (originals / path).read_text("utf-8")
        assert (part.make() or b"").decode() == (lean(text) if path.endswith(".css") else lean_script(text))
