"""Tests of refused sources: files that are no sources get a message with what to do, and nothing is written."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from conftest import write_files as write
from faults.scenes import run
from mlguide_site.cli.program import main
from mlguide_site.errors import ContentError, UsageError
from mlguide_site.merge.run import run_import

FEED = '<rss version="2.0"><channel><title>T</title><item><title>One</title><guid>1</guid></item></channel></rss>'
OUTLINE = '<opml version="2.0"><body><outline text="A"><outline text="B"/></outline></body></opml>'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with one note, and with copies of the note in folders of built sites and in a hidden folder."""
    note = "---\nid: show-001\ntitle: One\n---\n\nWords.\n"
    write(
        tmp_path / "kb",
        {"mkdocs.yml": "site_name: T\nsite_dir: 'public/html'  # there\n", "knowledge/series.yml": "show: {title: S}\n"}
        | {"episodes/show/show-001.md": note}
        | {f"{place}/show-001.md": "# Twin\n" for place in ("build/pages", "public/html", ".hidden", "site")},
    )
    return tmp_path / "kb"


def test_what_a_site_was_built_into_is_no_source(root: Path) -> None:
    write(root / "site", {"mine.md": "# Day 1\n\nA page of the site.\n"})
    write(root, {"mkdocs.yml": "site_name: T\n"})
    report = run_import(root, [str(root)], dry_run=True, format="obsidian")
    said = b"".join(write.after or b"" for write in report.writes)
    assert b"A page of the site" not in said


@pytest.mark.parametrize(
    "text", ["WEBVTT\n", "WEBVTT\n\nNOTE only this\n", "WEBVTT - Title\n\nWords without a time.\n"]
)
def test_a_transcript_without_cues_is_none(root: Path, text: str) -> None:
    write(root.parent, {"show-001.vtt": text})
    with pytest.raises(
        ContentError, match="this is neither a transcript nor chapters; check whether it was saved completely"
    ):
        run_import(root, [str(root.parent / "show-001.vtt")])


def test_an_unknown_episode_is_a_mistake_of_the_command(root: Path) -> None:
    write(root.parent, {"a.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"})
    before = sorted(root.rglob("*"))
    assert run("-C", root, "import", root.parent / "a.vtt", "--episode", "show-002") == 2
    assert [path for path in sorted(root.rglob("*")) if path.name not in {".mlguide", "lock"}] == before


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".mlguide/imported/show-001.json", "[]"),
        (".mlguide/imported/entries.json", "{"),
        (".mlguide/imported/files.json", "5"),
    ],
)
def test_check_tells_what_imports_could_not_read(
    root: Path, path: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, {path: text})
    assert run("-C", root, "check") == 1
    assert path in capsys.readouterr().err


def test_an_export_makes_no_folder(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("-C", root, "export", "opml", "-o", root / "nowhere" / "out.opml") == 2
    assert "choose a file in an existing folder" in capsys.readouterr().err
    assert not (root / "nowhere").exists()


SETTINGS = "site_name: T\ndocs_dir: build/pages\ntheme: {name: material, font: false}\nplugins: [mlguide]\n"
BROKEN = {
    "episodes/show/show-002.md": "---\nid: show-002\ntitle: [\n---\n",
    "episodes/show/show-003.md": (
        "---\nid: show-003\ntitle: Three\nrequires: [show-002]\ntools: [saw]\ntopics: [wood]\n"
        "people: [{person: ada}]\n---\n\nSee SH 2, and [that](show-002.md).\n"
    ),
    "knowledge/series.yml": "show: {title: Show, prefix: SH}\n",
    "knowledge/tools.yml": "saw: {name: [\n",
    "knowledge/topics.yml": "wood:\n\tname: Wood\n",
    "knowledge/people.yml": "ada\n",
    "knowledge/glossary.yml": "oak: {term: Oak, topics: [wood]}\n",
}


def test_a_file_that_is_broken_brings_no_other_errors(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, BROKEN | {"mkdocs.yml": SETTINGS})
    assert run("-C", root, "check") == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if ": hint: " not in line and ":" in line]
    assert sorted({line.split(":")[0] for line in errors}) == [
        "episodes/show/show-002.md",
        "knowledge/people.yml",
        "knowledge/tools.yml",
        "knowledge/topics.yml",
    ]


def test_a_series_file_that_is_broken_brings_none_either(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"mkdocs.yml": SETTINGS, "knowledge/series.yml": "show: {title: [\n"})
    assert run("-C", root, "check") == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if ": hint: " not in line and ":" in line]
    assert {line.split(":")[0] for line in errors} == {"knowledge/series.yml"}


@pytest.mark.parametrize("name", ["knowledge/tools.yml", "mkdocs.yml", "episodes/new.csv", ".mlguide/x", ".", "/"])
def test_an_export_takes_the_place_of_nothing_of_the_roots(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"knowledge/tools.yml": "saw: {name: Saw}\n", ".mlguide/kept": "x"})
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    monkeypatch.chdir(root)
    assert run("export", "json", "-o", name) == 2
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with a name")
def test_an_export_takes_the_place_of_no_pipe_and_no_link(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe, link = root.parent / "pipe", root.parent / "link"
    os.mkfifo(pipe)
    link.symlink_to("elsewhere")
    for place in (pipe, link):
        assert run("-C", root, "export", "json", "-o", place) == 2
        assert "no file can be written there" in capsys.readouterr().err
    assert pipe.is_fifo() and link.is_symlink() and not (root.parent / "elsewhere").exists()


def test_a_source_without_a_name_is_not_the_folder_at_hand(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    with pytest.raises(UsageError):
        run_import(root, [""])


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
@pytest.mark.parametrize("folder", [".mlguide", "build"])
def test_nothing_is_kept_outside_of_the_root(root: Path, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    shutil.rmtree(root / folder, ignore_errors=True)
    (root / folder).symlink_to(elsewhere)
    assert run("-C", root, "new", "show", "Two") == 3
    assert f"{folder}: this is a symbolic link" in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("command", [["build"], ["export", "anki"]])
@pytest.mark.parametrize("name", ["SOURCE_DATE_EPOCH", "MLGUIDE_COMMIT_TIME"])
@pytest.mark.parametrize("time", ["", "abc", "-5", "9" * 30, "²"])
def test_a_build_at_no_time_is_refused(
    root: Path, command: list[str], name: str, time: str, monkeypatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, time)
    assert run("-C", root, *command) == 2
    assert name in capsys.readouterr().err


def test_one_bad_source_of_several_is_said_to_keep_back_all(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root.parent, {"feed.xml": FEED, "bad.txt": "nothing of the kind"})
    before = sorted(root.rglob("*.md"))
    sources = [str(root.parent / name) for name in ("feed.xml", "bad.txt")]
    with pytest.raises(SystemExit) as ended:
        main(["-C", str(root), "import", *sources])
    *_, problem, last = capsys.readouterr().err.splitlines()
    assert ended.value.code == 1
    assert "bad.txt:1:1: the format is not recognised" in problem
    assert last.startswith("Nothing was written. Fix the errors above")
    assert sorted(root.rglob("*.md")) == before
    with pytest.raises(SystemExit):
        main(["-C", str(root), "import", sources[1]])
    assert "nothing was written" not in capsys.readouterr().err


def test_a_feed_whose_address_now_serves_another_show_is_refused(root: Path) -> None:
    def show(title: str, *names: str) -> str:
        own = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="https://wood.example/feed.xml"/>'
        items = "".join(f"<item><title>{name}</title><guid>{name}-guid-0001</guid></item>" for name in names)
        return f'<rss version="2.0"><channel><title>{title}</title>{own}{items}</channel></rss>'

    def run_with(text: str, **options: Any) -> list[str]:
        write(root.parent, {"feed.xml": text})
        report = run_import(root, [str(root.parent / "feed.xml")], skip_bad=True, **options)
        return [str(one).partition(":1:1: ")[2] for one in report.problems if "new title" in str(one)]

    assert run_with(show("Wood", "Elm", "Oak")) == []
    notes = sorted((root / "episodes/wood").iterdir())
    refusal = (
        'this feed has the new title "Casino", and none of the episodes that "wood" has from it; if it is the same '
        'show, import it with --series wood; if not, correct "feed" in knowledge/series.yml'
    )
    assert run_with(show("Casino", "Win", "More")) == [refusal]
    assert run_with(show("Casino", "Win", "More"), series="wood", is_sync=True) == [refusal]
    assert sorted((root / "episodes/wood").iterdir()) == notes
    # old episodes may have left the feed, and a show may be renamed
    assert run_with(show("Wood", "Fir")) == []
    assert run_with(show("Woods", "Fir")) == []
    assert run_with(show("Casino", "Win", "More"), series="wood") == []
    assert run_with(show("Casino", "Luck")) == []
