"""Tests of finding a browser: a missing browser is installed if possible, otherwise named, and a failure in CI."""

import pytest

from browser import chromium


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without a browser. `bare(apt=True, ci=True, installs="chromium")` sets its abilities and records
    commands."""
    ran = []

    def machine(*, apt: bool, ci: bool, installs: str = "", root: bool = True, has: str = "") -> list[list[str]]:
        found = {has: f"/usr/bin/{has}", chromium.APT_GET: "apt-get" if apt else None}

        def which(name: str) -> str | None:
            return found.get(name)

        def command(words: list[str], **_: object) -> None:
            ran.append(words)
            if installs and installs == words[-1]:
                found[installs] = f"/usr/bin/{installs}"

        monkeypatch.delenv("CHROMIUM", raising=False)
        monkeypatch.setenv("CI", "true" if ci else "")
        monkeypatch.setattr(chromium, "PLACES", ())
        monkeypatch.setattr(chromium.shutil, "which", which)
        monkeypatch.setattr(chromium.subprocess, "run", command)
        monkeypatch.setattr(chromium.os, "geteuid", lambda: 0 if root else 1000, raising=False)
        return ran

    return machine


@pytest.mark.parametrize("has", ["", "chromium"])
def test_the_shell_is_installed_where_that_is_possible(bare, capsys, has) -> None:
    ran = bare(apt=True, ci=True, installs=chromium.SHELL, has=has)
    assert chromium.main() == 0
    assert [(words[1], words[-1]) for words in ran] == [("update", "-qq"), ("install", chromium.SHELL)]
    assert "Installing Chromium" in capsys.readouterr().out
    assert chromium.executable() == f"/usr/bin/{chromium.SHELL}"


def test_where_there_is_no_shell_the_browser_is_installed(bare, capsys) -> None:
    ran = bare(apt=True, ci=False, installs="chromium")
    assert chromium.main() == 0
    assert [words[-1] for words in ran] == ["-qq", chromium.SHELL, "chromium"]
    assert "Browser tests use chromium" in capsys.readouterr().out


def test_outside_of_ci_a_browser_that_is_there_is_enough(bare) -> None:
    ran = bare(apt=True, ci=False, has="chromium")
    assert chromium.main() == 0
    assert ran == []


@pytest.mark.parametrize(("apt", "root"), [(False, True), (True, False)], ids=["no apt-get", "not root"])
def test_without_it_the_skip_is_named(bare, capsys, apt, root) -> None:
    assert bare(apt=apt, ci=False, root=root) == []
    assert chromium.main() == 0
    assert "the browser tests are skipped" in capsys.readouterr().out


def test_in_ci_a_missing_browser_is_a_failure(bare, capsys) -> None:
    bare(apt=True, ci=True)
    assert chromium.main() == 1
    assert "CI needs a browser" in capsys.readouterr().err


def test_a_named_browser_wins(monkeypatch, tmp_path) -> None:
    program = tmp_path / "my-browser"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    assert chromium.executable() == str(program)
