"""Tests of folders of Hugo, Jekyll, Quartz and MkDocs: the import, the check and the build have no errors, and a second
import changes nothing."""

import re
import shutil
from pathlib import Path

import pytest

from conftest import everything
from mlguide_site.cli.program import main
from mlguide_site.importers.notes.front_matter import read_head
from mlguide_site.importers.notes.source import Line
from mlguide_site.merge.run import run_import

CASES = Path(__file__).parent.parent / "importers"
FOLDERS = (
    "hugo/bundles hugo/json hugo/toml jekyll/collection jekyll/feed-fields jekyll/posts"
    " obsidian/mkdocs obsidian/quartz-garden obsidian/quartz-lessons obsidian/quartz-podcast"
).split()


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return end.value.code


@pytest.mark.parametrize("case", FOLDERS)
def test_a_folder_becomes_a_site(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "kb"
    assert run("init", str(root)) == 0
    shutil.copytree(CASES / f"{case}.files", tmp_path / "show")
    monkeypatch.chdir(root)
    assert run("import", "../show") == 0
    written = everything(root)
    assert run("import", "../show") == 0
    assert everything(root) == written
    assert run("check", "--strict") == 0
    assert run("build", "--strict") == 0
    if case == "hugo/toml":
        note = (root / "episodes/show/show-001.md").read_text("utf-8")
        assert "redirects: [/1, /floor-looms]" in note
        assert "x-sponsors: [reedshop]" in note
        assert "[the table looms](show-002.md#which-reed)" in note
        assert (root / "site/floor-looms/index.html").is_file()
        assert not (root / "site/episodes/show/show-003").exists()


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", text))


@pytest.mark.parametrize("case", FOLDERS)
def test_no_word_and_no_field_is_lost(case: str, tmp_path: Path) -> None:
    source = CASES / f"{case}.files"
    report = run_import(tmp_path, [str(source)])
    notes = "\n".join(path.read_text("utf-8") for path in (tmp_path / "episodes").rglob("*.md"))
    people = (
        (tmp_path / "knowledge/people.yml").read_text("utf-8") if (tmp_path / "knowledge/people.yml").exists() else ""
    )
    known = notes + people + "\n".join(map(str, report.problems))
    lists = [one.message.partition("): ")[2].split(", ") for one in report.problems if " skipped (" in one.message]
    skipped = {name for names in lists for name in names}
    for path in sorted(source.rglob("*.m*d*")):
        if path.relative_to(source).as_posix() in skipped:
            continue
        text = path.read_text("utf-8")
        lines = [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]
        head = read_head(lines)
        body = "\n".join(line.text for line in lines[len(head.lines) :])
        # the names of tags aren't text
        body = re.sub(r"\{[{%][^{}]*[%}]\}|\{:[^{}]*\}|\{ ?[.#][^{}]*\}|===|\]\([^)]*\)", " ", body)
        assert words(body) - words(known) <= {"TOC"}
        assert all(f"{key}: " in notes for key in head.extra)
