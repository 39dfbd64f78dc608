"""Tests of engines: selection by name, messages, theme folders, and imports of the engine's process."""

import importlib.util
import os
import re
import sys
from pathlib import Path

import pytest

from conftest import tree, write_files
from engines.root import write
from mkdocs_incremental import output
from mkdocs_incremental.output import exchange
from mlguide_site import pipeline
from mlguide_site.build.engines import OPTIONAL, load_engine, run_module
from mlguide_site.build.engines.configuration import settings_warnings
from mlguide_site.build.engines.zensical import EngineLines
from mlguide_site.build.pages import Job
from mlguide_site.content.site_settings import settings_problems
from mlguide_site.errors import ContentError, Severity, UsageError

ISSUE = """\x1b[33mWarning:\x1b[0m page does not exist
   \x1b[38;5;246m╭\x1b[0m\x1b[38;5;246m─\x1b[0m\x1b[38;5;246m[\x1b[0m a/b.md:3:21 \x1b[38;5;246m]\x1b[0m
   \x1b[38;5;246m│\x1b[0m
 \x1b[38;5;246m3 │\x1b[0m [gone](q.md)
1 issue found"""


@pytest.mark.parametrize("name", sorted(OPTIONAL))
def test_an_engine_that_is_not_installed_is_told_with_the_command_that_installs_it(name: str, monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    remedy = rf'run .*: pipx install --force "\.\[{name}\]", uv tool .*, pip install "\.\[{name}\]"'
    with pytest.raises(UsageError, match=f"{name} is not installed; {remedy}"):
        load_engine(name)


def test_an_address_from_a_workflow_that_the_settings_ignore_is_reported(tmp_path: Path, monkeypatch) -> None:
    root, settings = write(tmp_path / "kb"), tmp_path / "kb/mkdocs.yml"
    text = settings.read_text("utf-8")
    for line, is_ignored in (("", True), ('site_url: !ENV [MLGUIDE_SITE_URL, ""]\n', False)):
        settings.write_text(re.sub(r"^site_url:.*\n", "", text, flags=re.M) + "\n" + line, "utf-8")
        monkeypatch.setenv("MLGUIDE_SITE_URL", "https://a.example/")
        assert ["MLGUIDE_SITE_URL" in one.message for one in settings_warnings(root)] == [True] * is_ignored
        monkeypatch.delenv("MLGUIDE_SITE_URL")
        assert settings_warnings(root) == ()


def test_a_theme_from_outside_of_the_root_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "kb")
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "secret.css").write_text("secret", "utf-8")
    settings = root / "mkdocs.yml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("custom_dir: build/theme", "custom_dir: ../theme"), "utf-8")
    assert settings.read_text("utf-8") != text
    with pytest.raises(ContentError, match=r'mkdocs\.yml:\d+:\d+: "custom_dir" is outside the root'):
        load_engine("mkdocs")(root, pipeline.build, Job(lambda _: None))
    (root / "linked").symlink_to(tmp_path / "theme")
    settings.write_text(text.replace("custom_dir: build/theme", "custom_dir: linked"), "utf-8")
    with pytest.raises(ContentError, match='"custom_dir" is outside the root'):
        load_engine("mkdocs")(root, pipeline.build, Job(lambda _: None))
    assert not (root / "site").exists()


@pytest.mark.parametrize("value", [".", "''", "null", "overrides", "fifos", "../theme"])
def test_a_theme_folder_publishes_no_files_from_elsewhere(tmp_path: Path, value: str) -> None:
    root = write(tmp_path / "kb")
    (tmp_path / "theme").mkdir()
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (root / "overrides/deep").mkdir(parents=True)
    (root / "overrides/deep/x.txt").symlink_to(tmp_path / "secret.txt")
    (root / "fifos").mkdir()
    os.mkfifo(root / "fifos/x.txt")
    settings = root / "mkdocs.yml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("custom_dir: build/theme", f"custom_dir: {value}"), "utf-8")
    messages = {"overrides": 'x.txt" in "custom_dir" is a symbolic link', "fifos": "is not a regular file"}
    message = messages.get(value, "is outside the root" if value == "../theme" else "is the root itself")
    assert [message in one.message for one in settings_problems(root) if one.severity == Severity.ERROR] == [True]
    with pytest.raises(ContentError, match=r'mkdocs\.yml:\d+:\d+: .*"custom_dir" is ') as raised:
        load_engine("mkdocs")(root, pipeline.build, Job(lambda _: None))
    assert message in str(raised.value) and not (root / "site").exists()


def test_a_root_keeps_its_overrides_links_and_plugins_and_our_policy(tmp_path: Path) -> None:
    root = write(tmp_path / "kb")
    (root / "overrides").mkdir()
    main = '{% extends "base.html" %}{% block announce %}Sow now{% endblock %}'
    (root / "overrides/main.html").write_text(main, "utf-8")
    settings = root / "mkdocs.yml"
    text = settings.read_text("utf-8").replace("custom_dir: build/theme", "custom_dir: overrides")
    social = "{icon: fontawesome/brands/mastodon, link: 'https://m.example/@dun', name: Dun's posts}"
    text = text.replace(
        "extra: {generator: false}", f"extra: {{generator: false, social: [{social}, {{link: 'https://b.example/'}}]}}"
    )
    text = text.replace("plugins:\n", "plugins:\n  - tags\n  - search\n")
    settings.write_text(text, "utf-8")
    site = load_engine("mkdocs")(root, pipeline.build, Job(lambda _: None))
    page = (site / "index.html").read_text("utf-8")
    assert page.count("Content-Security-Policy") == page.count("Sow now") == 1
    assert 'property="og:title"' in page
    footer = page.partition('<footer class="md-footer">')[2]
    assert 'href="https://m.example/@dun"' in footer
    assert "Dun&#39;s posts</a>" in footer
    assert "b.example/</a>" in footer
    assert footer.count("<svg") == 1
    assert all((site / name).exists() for name in ("tags.json", "search/search_index.json"))


def heard(*lines: str) -> tuple[EngineLines, list[str]]:
    said: list[str] = []
    hearer = EngineLines(said.append)
    for line in lines:
        hearer(line)
    return hearer, said


def test_issues_are_told_in_a_line_each() -> None:
    assert heard(*ISSUE.splitlines(), "Build finished in 1.00s")[1] == ["warning: a/b.md:3:21: page does not exist"]


def test_the_last_line_is_kept() -> None:
    assert heard("Build started", "RuntimeError: unknown method (in partials/foot.html:7)", "")[0].last == (
        "RuntimeError: unknown method (in partials/foot.html:7)"
    )


def test_a_process_imports_nothing_from_the_folder_it_works_in(tmp_path: Path) -> None:
    (tmp_path / "platform.py").write_text("print('taken over')\n", "utf-8")
    lines: list[str] = []
    assert run_module("platform", [], tmp_path, lines.append) == 0
    assert lines
    assert "taken over" not in lines
    assert run_module("no_such_module_at_all", [], tmp_path, lines.append) == 1


def test_a_finished_tree_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    fresh, site = (tmp_path / name for name in ("fresh", "public/site"))
    for text in ("one", "two"):
        fresh.mkdir()
        (fresh / text).touch()
        exchange(fresh, site)
        assert [path.name for path in site.iterdir()] == [text]
        assert not fresh.exists() and not (tmp_path / "fresh.old").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_hidden_files_of_a_site_stay_unless_the_build_has_written_new_ones(tmp_path: Path) -> None:
    fresh, site = tmp_path / "fresh", tmp_path / "site"
    write_files(site, {".git/config": "git", ".well-known/security.txt": "2025", ".well-known/own": "mine", "old": ""})
    os.mkfifo(site / ".git/pipe")
    (site / ".link").symlink_to("old")
    write_files(fresh, {".well-known/security.txt": "2026"})
    exchange(fresh, site)
    assert tree(site) == {".git/config": b"git", ".well-known/security.txt": b"2026", ".well-known/own": b"mine"}
    assert (site / ".git/pipe").is_fifo() and (site / ".link").is_symlink()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such call")
def test_the_site_is_there_at_every_moment_of_an_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, site = tmp_path / "fresh", tmp_path / "site"
    for folder in (fresh, site):
        folder.mkdir()
        (folder / "index.html").write_text(folder.name, "utf-8")

    def rename(source: Path, _: Path) -> None:
        raise AssertionError(f"{source} is gone until the next rename")

    monkeypatch.setattr(os, "rename", rename)
    exchange(fresh, site)
    assert (site / "index.html").read_text("utf-8") == "fresh"
    assert not fresh.exists()


def test_without_such_a_call_trees_are_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_swap", lambda *_: False)
    test_a_finished_tree_takes_the_place_of_the_old_one(tmp_path)
    test_the_old_tree_comes_back_where_the_new_one_cannot_stand(tmp_path)


def test_the_old_tree_comes_back_where_the_new_one_cannot_stand(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    with pytest.raises(OSError):
        exchange(tmp_path / "missing", site)
    assert site.is_dir()
