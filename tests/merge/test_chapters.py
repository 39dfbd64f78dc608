"""Chapters made from the times in notes: only where an episode has none, never instead of a person's or a feed's."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mlguide_site.merge import run_import
from mlguide_site.merge.episodes import Files
from mlguide_site.merge.records import digest
from mlguide_site.merge.sidecars import Sidecars, note_chapters

NOTE = "---\nid: mill-001\ntitle: Mill\n{more}---\n\n{body}\n"
PATH = "episodes/mill/mill-001.md"
FILE = "episodes/mill/mill-001.chapters.json"
LIST = "- 0:00 Opening\n- 4:30 - The *wheel* and the [race](https://mill.example/race)\n- \\[9:00\\] Letters"


def made(
    body: str, more: str = "", before: str | None = None, present: bytes | None = None, written: bytes | None = None
) -> list[tuple[float, str]] | None:
    """Start and title of the chapters that a note gives, None where it gives none. `present` is in the file, `written`
    what an import wrote there."""
    with TemporaryDirectory() as folder:
        if present is not None:
            (Path(folder) / FILE).parent.mkdir(parents=True)
            (Path(folder) / FILE).write_bytes(present)
        files = Files(Path(folder))
        sidecars = Sidecars(files, {} if written is None else {FILE: digest(written)})
        sidecars.make_chapters(PATH, before, NOTE.format(body=body, more=more))
    data = files.writes.get(FILE)
    return data and [(one["startTime"], one["title"]) for one in json.loads(data)["chapters"]]


def test_titles_are_plain_text() -> None:
    assert made(LIST) == [(0, "Opening"), (270, "The wheel and the race"), (540, "Letters")]


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (LIST, "chapters: https://mill.example/1.json\n"),
        (f"{LIST}\n\nOr so:\n\n{LIST}", ""),
        ("- 9:00 Doors open\n- 10:00 Talks\n- 12:00 Lunch", ""),
        ("- 0:00 Opening\n- 4:30 The wheel", ""),
        ("- 0:00 Opening\n- 4:30 The wheel\n- 4:20 Letters", ""),
        ("At 0:00 it began, at 4:30 it went on, and at 9:00 it was over.", ""),
    ],
)
def test_what_are_no_chapters(body: str, more: str) -> None:
    assert made(body, more) is None


def test_what_a_file_holds_is_followed_only_where_it_was_made_so() -> None:
    old = NOTE.format(body=LIST, more="")
    mine = note_chapters(old, PATH)
    new = LIST.replace("Letters", "Your letters")
    assert made(new, before=old, present=mine, written=mine) is not None
    # an import that was stopped before it recorded the file
    assert made(new, before=old, present=mine) is not None
    # a feed's, one that a person changed, one that a person took away
    assert made(new, before=old, present=b"feed", written=b"feed") is None
    assert made(new, before=old, present=b"hand", written=mine) is None
    assert made(new, before=old, written=mine) is None


FEED = (
    '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:psc="http://podlove.org/simple-chapters">'
    "<channel><title>Mill</title><item><title>Anfang</title><guid>1</guid><pubDate>Mon, 01 Jan 2024 08:00:00 GMT"
    "</pubDate><itunes:episode>1</itunes:episode><itunes:duration>900</itunes:duration><description>Of mills.\n\n"
    "0:00 Opening\n4:30 The wheel\n9:00 {last}</description>{chapters}</item></channel></rss>"
)
OWN = '<psc:chapters><psc:chapter start="0:00" title="Los"/></psc:chapters>'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "knowledge" / "series.yml").write_text("mill:\n  title: Mill\n", "utf-8")
    return folder


def feed(root: Path, last: str = "Letters", chapters: str = "") -> str:
    path = root.parent / "feed.xml"
    path.write_text(FEED.format(last=last, chapters=chapters), "utf-8")
    return str(path)


def test_an_import_makes_them_says_so_and_does_it_once(root: Path) -> None:
    report = run_import(root, [feed(root)])
    assert report.assets == (FILE,)
    assert [problem.message for problem in report.problems if problem.path == FILE] == [
        "these chapters are made from the times in the notes"
    ]
    assert '"title": "The wheel"' in (root / FILE).read_text("utf-8")
    assert run_import(root, [feed(root)]).writes == ()
    run_import(root, [feed(root, "Your letters")])
    assert '"title": "Your letters"' in (root / FILE).read_text("utf-8")


def test_a_feeds_own_chapters_win_whenever_they_come(root: Path) -> None:
    run_import(root, [feed(root)])
    run_import(root, [feed(root, chapters=OWN)])
    assert '"title": "Los"' in (root / FILE).read_text("utf-8")
    run_import(root, [feed(root, "Your letters")])
    assert '"title": "Los"' in (root / FILE).read_text("utf-8")


def test_a_persons_file_stays(root: Path) -> None:
    (root / FILE).parent.mkdir(parents=True)
    (root / FILE).write_text("{}", "utf-8")
    assert run_import(root, [feed(root)]).assets == ()
    assert (root / FILE).read_text("utf-8") == "{}"
