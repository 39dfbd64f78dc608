"""Engines by name, what they say, and where the site stands."""

import importlib.util
from pathlib import Path

import pytest

from engines.root import write
from mkdocs_incremental.output import exchange
from mlguide_site import pipeline
from mlguide_site.build.engines import OPTIONAL, Run, load_engine
from mlguide_site.build.engines.children import run_module
from mlguide_site.build.engines.diagnosis import EngineError
from mlguide_site.build.engines.zensical import Hearer
from mlguide_site.errors import ContentError, UsageError

ISSUE = """\x1b[33mWarning:\x1b[0m page does not exist
   \x1b[38;5;246m╭\x1b[0m\x1b[38;5;246m─\x1b[0m\x1b[38;5;246m[\x1b[0m a/b.md:3:21 \x1b[38;5;246m]\x1b[0m
   \x1b[38;5;246m│\x1b[0m
 \x1b[38;5;246m3 │\x1b[0m [gone](q.md)
1 issue found"""


@pytest.mark.parametrize("name", sorted(OPTIONAL))
def test_an_engine_that_is_not_installed_is_told_with_the_command_that_installs_it(name: str, monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=rf'{name} is not installed; run, .*: python3 -m pip install "\.\[{name}\]"'):
        load_engine(name)


def test_a_theme_from_outside_of_the_root_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "kb")
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "secret.css").write_text("secret", "utf-8")
    settings = root / "mkdocs.yml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("custom_dir: build/theme", "custom_dir: ../theme"), "utf-8")
    assert settings.read_text("utf-8") != text
    with pytest.raises(ContentError, match=r'mkdocs\.yml:\d+:\d+: "\.\./theme" leads out of the root; name a place'):
        load_engine("mkdocs")(root, pipeline.build, Run(lambda _: None))
    (root / "linked").symlink_to(tmp_path / "theme")
    settings.write_text(text.replace("custom_dir: build/theme", "custom_dir: linked"), "utf-8")
    with pytest.raises(ContentError, match="leads out of the root"):
        load_engine("mkdocs")(root, pipeline.build, Run(lambda _: None))
    assert not (root / "site").exists()


def heard(*lines: str) -> tuple[Hearer, list[str]]:
    said: list[str] = []
    hearer = Hearer(said.append)
    for line in lines:
        hearer.hear(line)
    return hearer, said


def test_issues_are_told_in_a_line_each() -> None:
    assert heard(*ISSUE.splitlines(), "Build finished in 1.00s")[1] == ["warning: a/b.md:3:21: page does not exist"]


def test_a_theme_override_that_fails_is_told_with_its_place() -> None:
    hearer, said = heard(
        "Traceback (most recent call last):",
        '  File "main.py", line 81, in build',
        "RuntimeError: unknown method: string has no method named split (in partials/foot.html:7)",
    )
    failure = hearer.failure(1)
    assert isinstance(failure, ContentError)
    assert str(failure).startswith("templates/theme/partials/foot.html:7:1: this fails in the build: unknown method")
    assert said == []


@pytest.mark.parametrize("line", ["zensical.config.ConfigurationError: no such theme", "killed"])
def test_any_other_end_is_told_by_its_last_words(line: str) -> None:
    hearer, said = heard("Build started", line, "")
    assert isinstance(hearer.failure(-9), EngineError)
    assert said == [f"error: Zensical ended with status -9: {line.rpartition('Error: ')[2]}"]


def test_a_process_imports_nothing_from_the_folder_it_works_in(tmp_path: Path) -> None:
    (tmp_path / "platform.py").write_text("print('taken over')\n", "utf-8")
    lines: list[str] = []
    assert run_module("platform", [], tmp_path, lines.append) == 0
    assert lines
    assert "taken over" not in lines
    assert run_module("no_such_module_at_all", [], tmp_path, lines.append) == 1


def test_a_finished_tree_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    fresh, site, old = (tmp_path / name for name in ("fresh", "public/site", "old"))
    for text in ("one", "two"):
        fresh.mkdir()
        (fresh / text).touch()
        exchange(fresh, site, old)
        assert [path.name for path in site.iterdir()] == [text]
        assert not fresh.exists() and not old.exists()


def test_the_old_tree_comes_back_where_the_new_one_cannot_stand(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    with pytest.raises(OSError):
        exchange(tmp_path / "missing", site, tmp_path / "old")
    assert site.is_dir()
