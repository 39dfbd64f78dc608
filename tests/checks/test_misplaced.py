"""Files that nothing reads where they stand: each is told once, with its right place; what people keep there isn't."""

from pathlib import Path

import pytest

from mlguide_site.checks import misplaced as module
from mlguide_site.editing.scaffold import init_root
from mlguide_site.errors import Severity
from mlguide_site.pipeline import inspect

NOTE = (
    "---\nid: {id}\ntitle: Leeks\nx-file: kept\n---\n\nSee [the table](beds.txt) and [the plot](dun-001/plot.json).\n"
)
TALK = "WEBVTT\n\n00:00.000 --> 00:02.000\nWater them.\n"
LOST = "no episode takes this file by its name; "
UNREAD = "nothing reads this file; "


@pytest.fixture
def root(tmp_path: Path) -> Path:
    init_root(tmp_path / "kb", "T", "", None, lambda _: None)
    write(tmp_path / "kb", "knowledge/series.yml", "dun: {title: Dun}\n")
    for id in ("dun-001", "dun-002"):
        write(tmp_path / "kb", f"episodes/dun/{id}.md", NOTE.format(id=id))
    write(tmp_path / "kb", "episodes/dun/beds.txt", "Bed one: leeks.")
    write(tmp_path / "kb", "episodes/dun/dun-001/plot.json", "{}")
    write(tmp_path / "kb", "episodes/dun/dun-001.vtt", TALK)
    assert inspect(tmp_path / "kb") == ()
    return tmp_path / "kb"


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("knowledge/terms.yml", f"{UNREAD}move its entries into knowledge/glossary.yml, and remove it"),
        ("knowledge/toppics.yml", f"{UNREAD}move its entries into knowledge/topics.yml, and remove it"),
        ("knowledge/tools/spade.yml", f"{UNREAD}move its entries into knowledge/tools.yml, and remove it"),
        ("knowledge/more/Persons.yaml", f"{UNREAD}move its entries into knowledge/people.yml, and remove it"),
        ("knowledge/tools.yml.txt", f"{UNREAD}move its entries into knowledge/tools.yml, and remove it"),
        (
            "knowledge/recipes.yml",
            f"{UNREAD}move its entries into one of series.yml, topics.yml, tools.yml, resources.yml, glossary.yml, "
            "people.yml, and remove it",
        ),
        ("tools.yml", f"{UNREAD}move its entries into knowledge/tools.yml, and remove it"),
        ("dun-003.md", f"{UNREAD}move it to episodes/dun/dun-003.md"),
        ("episodes/dun-002.vtt", f"{LOST}move it to episodes/dun/dun-002.vtt"),
        ("episodes/dun/dun-002/talk.srt", f"{LOST}move it to episodes/dun/dun-002.srt"),
        ("episodes/dun/dun-002.en.VTT", f"{LOST}rename it to dun-002.vtt"),
        ("episodes/dun/dun-2.srt", f"{LOST}rename it to dun-002.srt"),
        ("episodes/dun/dun-1.vtt", f"{LOST}episodes/dun/dun-001.vtt exists already: remove one of the two"),
        ("episodes/dun/dun-002-chapters.json", f"{LOST}rename it to dun-002.chapters.json"),
        ("episodes/dun/dun-009.json", f"{LOST}add its notes, episodes/dun/dun-009.md, or remove it"),
        (
            "episodes/dun/talk.srt",
            f"{LOST}name it after its episode, as in episodes/<series>/<id>.srt, or remove it",
        ),
        (
            "episodes/dun/dun-002.txt",
            "notes end in .md, and no notes lead to this text; link it from notes, or read it with: "
            "mlguide import episodes/dun/dun-002.txt --episode dun-002, and remove it",
        ),
    ],
)
def test_a_file_that_nothing_reads_is_told_once_with_its_right_place(root: Path, path: str, expected: str) -> None:
    write(root, path, "{}")
    [found] = inspect(root)
    assert (str(found), found.severity) == (f"{path}:1:1: {expected}", Severity.WARNING)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("episode/dun-003.md", "that of a knowledge base is called episodes; move its files into episodes/"),
        ("Episodes/dun/dun-003.md", "that of a knowledge base is called episodes; move its files into episodes/"),
        ("knowlege/tools.yml", "that of a knowledge base is called knowledge; move its files into knowledge/"),
        ("template/home.md.jinja", "that of a knowledge base is called templates; rename it to templates"),
        ("dun/dun-003.md", "which holds notes; move its files into episodes/dun/"),
    ],
)
def test_a_folder_that_nothing_reads_is_told_once(root: Path, path: str, expected: str) -> None:
    for other in ("", ".more"):
        write(root, path.replace(".", f"{other}.", 1) if other else path, "{}")
    folder = path.partition("/")[0]
    [found] = [str(problem) for problem in inspect(root)]
    assert found.startswith(f"{folder}:1:1: nothing reads this folder") and found.endswith(expected)


@pytest.mark.parametrize(
    "path",
    [
        "knowledge/README.md",
        "knowledge/tools.yml~",
        "knowledge/.tools.yml.swp",
        "episodes/README.md",
        "episodes/dun/readme.txt",
        "episodes/dun/dun-001.md~",
        "episodes/dun/#dun-001.md#",
        "episodes/dun/.DS_Store",
        "episodes/dun/Thumbs.db",
        "episodes/dun/.gitkeep",
        "episodes/dun/dun-002.chapters.json",
        "episodes/dun/leek.png",
        "docs/dun-003.md",
        "notes.md",
        "requirements.txt",
        "tests/knowledge/terms.yml",
    ],
)
def test_what_people_keep_beside_the_notes_is_not_told(root: Path, path: str) -> None:
    write(root, path, '{"chapters": [{"startTime": 0, "title": "Sowing"}], "version": "1.2.0"}')
    assert inspect(root) == ()


def test_what_is_told_leads_to_a_root_without_problems(root: Path) -> None:
    write(root, "episodes/dun-003.md", NOTE.format(id="dun-003"))
    [found] = inspect(root)
    assert found.remedy == "move it to episodes/dun/dun-003.md"
    (root / "episodes/dun-003.md").rename(root / "episodes/dun/dun-003.md")
    assert inspect(root) == ()
    write(root, "episodes/dun-004/dun-003.md", NOTE.format(id="dun-003").replace("dun-001/", "../dun/dun-001/"))
    moved = inspect(root)[0]
    write(root, "episodes/dun-003.md", NOTE.format(id="dun-003"))
    assert moved.remedy != inspect(root)[0].remedy == "episodes/dun/dun-003.md exists already: remove one of the two"


def test_a_transcript_of_notes_that_cannot_be_read_is_not_told(root: Path) -> None:
    write(root, "episodes/dun/dun-003.md", "---\nid: dun-003\n---\n")
    write(root, "episodes/dun/dun-003.vtt", TALK)
    assert [problem.message for problem in inspect(root)] == ['"title" is missing']


def test_so_many_are_told_at_most(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REPORTED", 2)
    for number in range(3):
        write(root, f"episodes/dun/talk-{number}.vtt", TALK)
    assert len(inspect(root)) == 2
