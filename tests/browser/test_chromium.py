"""A missing browser is installed where that is possible, named where it is not, and a failure in CI."""

import pytest

from browser import chromium


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without a browser; `bare(apt=True, ci=True, installs=True)` sets what it can do, and notes commands."""
    ran = []

    def machine(*, apt: bool, ci: bool, installs: bool = False, root: bool = True) -> list[list[str]]:
        found = {"chromium": None, chromium.APT_GET: "apt-get" if apt else None}

        def which(name: str) -> str | None:
            return found.get(name)

        def command(words: list[str], **_: object) -> None:
            ran.append(words)
            if installs and "install" in words:
                found["chromium"] = "/usr/bin/chromium"

        monkeypatch.delenv("CHROMIUM", raising=False)
        monkeypatch.setenv("CI", "true" if ci else "")
        monkeypatch.setattr(chromium, "PLACES", ())
        monkeypatch.setattr(chromium.shutil, "which", which)
        monkeypatch.setattr(chromium.subprocess, "run", command)
        monkeypatch.setattr(chromium.os, "geteuid", lambda: 0 if root else 1000, raising=False)
        return ran

    return machine


def test_it_is_installed_where_that_is_possible(bare, capsys) -> None:
    ran = bare(apt=True, ci=True, installs=True)
    assert chromium.main() == 0
    assert [words[:2] for words in ran] == [["apt-get", "update"], ["apt-get", "install"]]
    assert "Installing Chromium" in capsys.readouterr().out


@pytest.mark.parametrize(("apt", "root"), [(False, True), (True, False)], ids=["no apt-get", "not root"])
def test_without_it_the_skip_is_named(bare, capsys, apt, root) -> None:
    assert bare(apt=apt, ci=False, root=root) == []
    assert chromium.main() == 0
    assert "the browser tests are skipped" in capsys.readouterr().out


def test_in_ci_a_missing_browser_is_a_failure(bare, capsys) -> None:
    bare(apt=True, ci=True)
    assert chromium.main() == 1
    assert "CI does not go on without" in capsys.readouterr().err


def test_a_named_browser_wins(monkeypatch, tmp_path) -> None:
    program = tmp_path / "my-browser"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    assert chromium.executable() == str(program)
