"""Tests of the import command: what it refuses and what it writes. After an error, nothing is written."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from conftest import everything
from mlguide_site.content import root as root_module
from mlguide_site.content.files import exclusive
from mlguide_site.errors import ContentError, ResourceError, UsageError
from mlguide_site.importers import Source
from mlguide_site.merge import run
from mlguide_site.merge.report import ImportReport, report_lines, report_values
from mlguide_site.merge.run import make_plan, run_import
from mlguide_site.pipeline import inspect

FEEDS = Path(__file__).parents[1] / "importers" / "feed"
PAGES = Path(__file__).parents[1] / "importers" / "directory"
BAD = [
    path
    for path in sorted([*FEEDS.glob("bad-*.in.xml"), *PAGES.glob("bad-*.in.txt")])
    if '"severity": "error"' in path.with_name(path.name.split(".in.")[0] + ".expected.json").read_text("utf-8")
]


PAGE = """Wood & Glue

2 episodes

Planes

Of planes.

Jan 10, 202442 min

Rasps

Of rasps.

Jan 3, 20249 min
"""


RENAMED_FEED = """<rss version="2.0"><channel><title>Wood &amp; Glue</title><item><title>Planes</title>
<guid>urn:wood:planes</guid><pubDate>Mon, 01 Jan 2024 10:00:00 GMT</pubDate>
<description>{text}</description></item></channel></rss>"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "knowledge" / "series.yml").write_text("# the series of this root\n", "utf-8")
    return folder


def notes(root: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted(root.glob("episodes/*/*.md"))}


@pytest.mark.parametrize("path", BAD, ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("named", [False, True], ids=["detected", "named"])
def test_a_bad_source_is_one_clear_problem_and_nothing_is_written(root: Path, path: Path, named: bool) -> None:
    before = everything(root)
    good = FEEDS / "extras.in.xml" if path.parent == FEEDS else PAGES / "one.in.txt"
    with pytest.raises(ContentError) as caught:
        run_import(root, [str(path), str(good)], format=path.parent.name if named else None)
    assert [Path(problem.path).name for problem in caught.value.problems] == [path.name]
    assert everything(root) == before


@pytest.mark.parametrize(
    ("module", "limit", "most", "says"),
    [
        (run, "MAX_SERIES", 0, "knowledge/series.yml:1:1: this import would result in more than 0 series"),
        (root_module, "MAX_FILES", 1, "episodes:1:1: the knowledge base would have more than 1 files"),
        (root_module, "MAX_TEXTS", 100, "more than 0 MiB of notes and knowledge files"),
    ],
)
def test_an_import_that_exceeds_a_limit_of_the_root_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, limit: str, most: int, says: str
) -> None:
    before, source = everything(root), Source("page.txt", PAGE.encode())
    monkeypatch.setattr(module, limit, most)
    with pytest.raises(ContentError) as caught:
        run_import(root, [source])
    assert says in str(caught.value) and everything(root) == before
    monkeypatch.setattr(module, limit, 2 if most < 2 else 1000)
    assert len(run_import(root, [source]).new) == 2


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"sources": []}, UsageError, "no source"),
        ({"sources": ["x"], "format": "fed"}, UsageError, 'did you mean "feed"?'),
        ({"sources": ["x"], "series": "../x"}, UsageError, "can't be the id"),
        ({"sources": ["no-such-file.xml"]}, ContentError, "there is no such file"),
        ({"sources": [str(FEEDS)]}, ContentError, "the folder contains no notes"),
        ({"sources": ["file:///etc/passwd"]}, ResourceError, "only http and https"),
        ({"sources": ["http://127.0.0.1:9/feed"]}, ResourceError, "private network"),
    ],
)
def test_what_is_refused(root: Path, arguments: dict[str, object], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says.replace("?", r"\?").replace('"', '"')):
        run_import(root, **arguments)  # type: ignore[arg-type]
    assert not (root / "episodes").exists()


def test_trailers_bonus_and_numbers_get_ids_of_their_own(root: Path) -> None:
    report = run_import(root, [str(FEEDS / "extras.in.xml")])
    assert report.new == (
        "wood-glue-001",
        "wood-glue-002",
        "wood-glue-bonus-out-takes",
        "wood-glue-trailer",
        "wood-glue-trailer-what-this-show-is",
    )


def test_a_note_that_may_be_another_episode_is_named_once(root: Path, tmp_path: Path) -> None:
    item = "<item><title>{0}: {1}</title><guid>{1}-guid</guid><pubDate>Mon, 0{0} Apr 2024 08:00:00 GMT</pubDate></item>"
    feed, own = tmp_path / "feed.xml", root / "episodes/mic/mic-002.md"
    for items in (item.format(1, "Microphones"), item.format(1, "Microphones") + item.format(2, "Backups")):
        feed.write_text(f'<rss version="2.0"><channel><title>Mic</title>{items}</channel></rss>', "utf-8")
        report = run_import(root, [str(feed)])
        if not own.exists():
            own.write_text("---\nid: mic-002\ntitle: A tour of my booth\ndate: 2024-01-01\n---\n\nMine.\n", "utf-8")
    assert [(one.path, one.message) for one in report.problems] == [
        ("episodes/mic/mic-002.md", 'the source has "Backups" as episode 2, with another title and date')
    ]
    assert run_import(root, [str(feed)]).problems == ()


def test_seasons_that_restart(root: Path) -> None:
    report = run_import(root, [str(FEEDS / "seasons.in.xml")])
    assert report.new == ("four-trees-001", "four-trees-002", "four-trees-s2-001", "four-trees-s2-002")


def test_titles_without_numbers_get_slugs_that_look_like_no_number(root: Path) -> None:
    report = run_import(root, [str(FEEDS / "no-numbers.in.xml")])
    assert report.new == (
        "wood-glue-1-mistake-of-all",
        "wood-glue-on-haste",
        "wood-glue-on-haste-2",
        "wood-glue-on-patience",
        "wood-glue-title-1984",
    )
    assert "Go again." in notes(root)["wood-glue-on-haste"]  # the older one


def test_an_item_told_twice_is_one_episode(root: Path) -> None:
    report = run_import(root, [str(FEEDS / "no-guid.in.xml")])
    assert report.new == ("wood-glue-one", "wood-glue-three", "wood-glue-two")
    assert len(report.problems) == 2


def test_hostile_names_stay_inside(root: Path) -> None:
    report = run_import(root, [str(FEEDS / "hostile.in.xml")])
    assert report.new == ("evil-b-001", "evil-b-002")
    assert {path.name for path in root.parent.iterdir()} == {"kb"}


def test_cut_notes_are_reported(root: Path) -> None:
    report = run_import(root, [str(PAGES / "two-series.in.txt")])
    lines = report_lines(report)
    assert "truncated in the source: grn-005, grn-007, grn-009" in lines
    assert "new series: grn, grt" in lines
    json.dumps(report_values(report))


def test_a_dry_run_shows_the_difference_and_writes_nothing(root: Path) -> None:
    before = everything(root)
    report = run_import(root, [str(PAGES / "one.in.txt")], dry_run=True)
    lines = report_lines(report, diff=True)
    assert everything(root) == before
    assert "+title: ABC 12 Sleepers" in lines
    assert lines[-1].startswith("nothing was written")


def test_two_sources_of_an_episode_become_one_file(root: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE, "utf-8")
    run_import(root, [str(page)])
    assert set(notes(root)) == {"wood-glue-planes", "wood-glue-rasps"}
    report = run_import(root, [str(FEEDS / "plain.in.xml")])
    assert report.new == ("wood-glue-001",)
    assert report.changed == ("wood-glue-planes",)
    assert "guid: wg-2" in notes(root)["wood-glue-planes"]
    # the page is trusted less than the feed, so it no longer changes anything
    assert run_import(root, [str(page)]).changed == ()


@pytest.mark.parametrize("order", [["page.txt", "feed.xml"], ["feed.xml", "page.txt"]])
def test_whole_notes_win_over_cut_ones(root: Path, tmp_path: Path, order: list[str]) -> None:
    whole = " ".join(f"Plank {n} is planed with care." for n in range(40))
    page = "Wood &amp; Glue\n\n3 episodes\n\n".replace("&amp;", "&") + "\n".join(
        f"{title}\n\n{whole.replace('planed', verb)[:500]}\n\nJan {day}, 202442 min\n"
        for title, verb, day in (("Planes", "planed", 9), ("Rasps", "rasped", 8), ("Saws", "sawn", 7))
    )
    feed = (FEEDS / "extras.in.xml").read_text("utf-8").replace("The lathe", "Planes").replace("Turning.", whole)
    (tmp_path / "page.txt").write_text(page, "utf-8")
    (tmp_path / "feed.xml").write_text(feed, "utf-8")
    for name in order:
        run_import(root, [str(tmp_path / name)])
    text = next(text for text in notes(root).values() if "title: Planes" in text)
    assert text.endswith(f"\n{whole}\n")
    assert "truncated" not in text


def test_a_deleted_file_stays_deleted(root: Path) -> None:
    run_import(root, [str(FEEDS / "extras.in.xml")])
    (root / "episodes" / "wood-glue" / "wood-glue-trailer.md").unlink()
    report = run_import(root, [str(FEEDS / "extras.in.xml")])
    assert report.gone == ("wood-glue-trailer",)
    assert "wood-glue-trailer" not in notes(root)


RENAMED = [("wood-glue", "wood-glue-opening"), ("workshop", "workshop-001")]


@pytest.mark.parametrize(("series", "new"), RENAMED)
def test_a_note_that_a_person_renamed_follows_the_source(root: Path, tmp_path: Path, series: str, new: str) -> None:
    source = tmp_path / "feed.xml"
    source.write_text(RENAMED_FEED.format(text="Old words."), "utf-8")
    run_import(root, [str(source)])
    old, path = root / "episodes/wood-glue/wood-glue-planes.md", root / f"episodes/{series}/{new}.md"
    text = old.read_text("utf-8").replace("id: wood-glue-planes", f"id: {new}")
    old.unlink()
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    unchanged = run_import(root, [str(source)])
    assert (unchanged.gone, unchanged.unchanged, unchanged.absent) == ((), (new,), ())
    assert run_import(root, [str(source)]).writes == ()
    source.write_text(RENAMED_FEED.format(text="New words."), "utf-8")
    assert run_import(root, [str(source)]).changed == (new,)
    assert notes(root) == {new: text.replace("Old words.", "New words.")}
    assert run_import(root, [str(source)]).writes == ()
    path.unlink()
    assert run_import(root, [str(source)]).gone == (new,)
    assert notes(root) == {}


def test_a_copy_of_a_note_and_a_short_guid_of_another_series_take_no_record(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "feed.xml"
    source.write_text(RENAMED_FEED.format(text="Old words.").replace("urn:wood:planes", "12"), "utf-8")
    run_import(root, [str(source)])
    old = root / "episodes/wood-glue/wood-glue-planes.md"
    copy = root / "episodes/other/other-001.md"
    copy.parent.mkdir()
    copy.write_text(old.read_text("utf-8").replace("id: wood-glue-planes", "id: other-001"), "utf-8")
    old.unlink()
    assert run_import(root, [str(source)]).gone == ("wood-glue-planes",)


def test_what_was_written_by_hand_is_filled_in_and_never_overwritten(root: Path) -> None:
    path = root / "episodes" / "wood-glue" / "wood-glue-002.md"
    path.parent.mkdir(parents=True)
    path.write_text("---\nid: wood-glue-002\ntitle: Planes, our notes\n---\n\nOurs.\n", "utf-8")
    report = run_import(root, [str(FEEDS / "plain.in.xml")])
    text = path.read_text("utf-8")
    assert "title: Planes, our notes\n" in text
    assert "duration: 00:42:00" in text
    assert text.endswith("---\n\nOurs.\n")
    assert [*report.kept.values()] == [("body", "title")]


def test_a_conflict_leaves_the_file_and_shows_both_sides(root: Path, tmp_path: Path) -> None:
    feed = (FEEDS / "extras.in.xml").read_text("utf-8")
    run_import(root, [str(FEEDS / "extras.in.xml")])
    path = root / "episodes" / "wood-glue" / "wood-glue-001.md"
    path.write_text(path.read_text("utf-8").replace("Standing.", "Sitting."), "utf-8")
    changed = tmp_path / "feed.xml"
    changed.write_text(feed.replace("Standing.", "Standing up."), "utf-8")
    before = path.read_bytes()
    report = run_import(root, [str(changed)])
    assert path.read_bytes() == before
    lines = report_lines(report)
    at = lines.index("episodes/wood-glue/wood-glue-001.md:10: the file and the source differ; your text is kept")
    assert lines[at + 1 : at + 3] == ["  file:   Sitting.", "  source: Standing up."]


@pytest.fixture
def disputed(root: Path, tmp_path: Path) -> Path:
    """Return a note with a field and a passage that a person and the source changed."""
    feed = (FEEDS / "extras.in.xml").read_text("utf-8")
    run_import(root, [str(FEEDS / "extras.in.xml")])
    path = root / "episodes" / "wood-glue" / "wood-glue-001.md"
    text = path.read_text("utf-8").replace("Standing.", "Sitting.").replace("title: ", "title: My ")
    path.write_text(text, "utf-8")
    changed = tmp_path / "feed.xml"
    changed.write_text(feed.replace("Standing.", "Standing up.").replace("The bench", "The new bench"), "utf-8")
    run_import(root, [str(changed)])
    return path


def open_conflicts(root: Path) -> list[str]:
    return [str(problem) for problem in inspect(root) if problem.values().get("conflict")]


def test_check_lists_open_conflicts_until_the_file_has_one_version(disputed: Path, root: Path) -> None:
    note = "episodes/wood-glue/wood-glue-001.md"
    fix = "keep yours: mlguide import SOURCE --keep wood-glue-001; or use the source version: --take wood-glue-001"
    assert open_conflicts(root) == [
        f'{note}:3:8: you and the source (feed) both changed the field "title"; your version is kept; {fix}',
        f"{note}:10:1: you and the source (feed) both changed this passage; your version is kept; {fix}",
    ]
    text = disputed.read_text("utf-8")
    disputed.write_text(text.replace("Sitting.", "Lying."), "utf-8")
    assert len(open_conflicts(root)) == 2
    disputed.write_text(text.replace("Sitting.", "Standing up."), "utf-8")
    assert [one.split(":")[1] for one in open_conflicts(root)] == ["3"]


def test_taking_the_version_of_the_source_ends_its_conflicts(disputed: Path, root: Path, tmp_path: Path) -> None:
    again = run_import(root, [str(tmp_path / "feed.xml")])
    assert again.writes == () and len(again.conflicts) == len(open_conflicts(root)) == 2
    run_import(root, [str(tmp_path / "feed.xml")], choices={"wood-glue-001": "source"})
    assert open_conflicts(root) == [] and "Standing up." in disputed.read_text("utf-8")
    assert run_import(root, [str(tmp_path / "feed.xml")]).writes == ()


def test_keeping_the_version_of_the_file_ends_its_conflicts(disputed: Path, root: Path, tmp_path: Path) -> None:
    before = disputed.read_bytes()
    run_import(root, [str(tmp_path / "feed.xml")], choices={"wood-glue-001": "file"})
    assert open_conflicts(root) == [] and disputed.read_bytes() == before
    again = run_import(root, [str(tmp_path / "feed.xml")])
    assert (again.writes, again.conflicts) == ((), ())
    feed = (tmp_path / "feed.xml").read_text("utf-8")
    (tmp_path / "feed.xml").write_text(feed.replace("Standing up.", "Standing still."), "utf-8")
    assert len(run_import(root, [str(tmp_path / "feed.xml")]).conflicts) == 1


def test_edits_in_other_lines_are_merged(root: Path, tmp_path: Path) -> None:
    lines = ["<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>"]
    feed = (FEEDS / "extras.in.xml").read_text("utf-8").replace("Standing.", f"<![CDATA[{''.join(lines)}]]>")
    source = tmp_path / "feed.xml"
    source.write_text(feed, "utf-8")
    run_import(root, [str(source)])
    path = root / "episodes" / "wood-glue" / "wood-glue-001.md"
    path.write_text(path.read_text("utf-8").replace("One.", "One, by hand."), "utf-8")
    source.write_text(feed.replace("Three.", "Three, told again.").replace("Laughter.", "Much laughter."), "utf-8")
    report = run_import(root, [str(source)])
    assert path.read_text("utf-8").endswith("---\n\nOne, by hand.\n\nTwo.\n\nThree, told again.\n")
    assert notes(root)["wood-glue-bonus-out-takes"].endswith("---\n\nMuch laughter.\n")
    assert report.changed == ("wood-glue-001", "wood-glue-bonus-out-takes")
    assert (report.conflicts, list(report.kept)) == ((), ["wood-glue-001"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("episodes/wood-glue/wood-glue-001.md", b"no front matter"),
        ("episodes/wood-glue/wood-glue-001.md", b"---\nid: \xff\n---\n"),
        ("knowledge/series.yml", b"wood-glue: [\n"),
        ("knowledge/series.yml", b"wood-glue: {titel: x}\n"),
        (".mlguide/imported/wood-glue-001.json", b"[]"),
        (".mlguide/imported/entries.json", b"{"),
    ],
)
def test_a_broken_file_of_the_root_stops_the_import_before_it_writes(root: Path, name: str, content: bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    before = everything(root)
    with pytest.raises(ContentError) as caught:
        run_import(root, [str(FEEDS / "extras.in.xml")])
    assert {problem.path for problem in caught.value.problems} == {name}
    assert everything(root) == before


def test_a_linked_folder_is_not_written_through(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "episodes").mkdir()
    (root / "episodes" / "wood-glue").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ContentError, match="symbolic link"):
        run_import(root, [str(FEEDS / "extras.in.xml")])
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_second_process_waits_and_then_gives_up(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlguide_site.content.files.LOCK_SECONDS", 0.1)
    with exclusive(root), pytest.raises(ResourceError, match="another process"), exclusive(root):
        pass


KILLED = """
import os, sys
from pathlib import Path
from mlguide_site.content import files
from mlguide_site.merge.run import run_import
real, left = files.write_atomic, int(sys.argv[3])
def write(path, data):
    global left
    if path.name != "renaming.json":
        if left == 0:
            os._exit(9)
        left -= 1
    real(path, data)
files.write_atomic = write
run_import(Path(sys.argv[1]), [sys.argv[2]])
"""


@pytest.mark.parametrize("after", [0, 1, 2, 3, 5])
def test_an_interrupted_import_is_finished_by_the_next(root: Path, tmp_path: Path, after: int) -> None:
    source = str(FEEDS / "extras.in.xml")
    done = subprocess.run([sys.executable, "-c", KILLED, str(root), source, str(after)], check=False)
    assert done.returncode == 9
    run_import(root, [source])
    other = tmp_path / "other"
    (other / "knowledge").mkdir(parents=True)
    (other / "knowledge" / "series.yml").write_text("# the series of this root\n", "utf-8")
    run_import(other, [source])
    assert {k.removeprefix(str(root)): v for k, v in everything(root).items()} == {
        k.removeprefix(str(other)): v for k, v in everything(other).items()
    }


def test_pages_of_a_listing_come_in_any_order(root: Path, tmp_path: Path) -> None:
    """Check that promotion which is only frequent on one page is also removed from the other page."""
    text = (PAGES / "two-series.in.txt").read_text("utf-8")
    head, *entries = text.split("S1 Ep ")
    first, second = tmp_path / "1.txt", tmp_path / "2.txt"
    first.write_text(head + "".join(f"S1 Ep {entry}" for entry in entries[:5]), "utf-8")
    second.write_text(head + "".join(f"S1 Ep {entry}" for entry in entries[5:]), "utf-8")
    run_import(root, [str(second), str(first)])
    bodies = notes(root)
    assert [id for id, body in bodies.items() if "folding stool - sit" in body] == []
    again = run_import(root, [str(first), str(second)])
    assert again.writes == ()


@pytest.mark.parametrize("name", ["wood-glue-rasps.md", "wood-glue-rasps.vtt"])
def test_a_file_that_a_person_creates_while_an_import_runs_is_kept(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = f"episodes/wood-glue/{name}"
    page, transcript = tmp_path / "page.txt", tmp_path / "rasps.vtt"
    page.write_text(PAGE, "utf-8")
    transcript.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nOf rasps.\n", "utf-8")

    def plan(*arguments: Any) -> ImportReport:
        report = make_plan(*arguments)
        (root / path).parent.mkdir(parents=True)
        (root / path).write_bytes(b"mine")
        return report

    monkeypatch.setattr("mlguide_site.merge.run.make_plan", plan)
    with pytest.raises(ResourceError, match=f"{path}: the file has just been changed by another program"):
        run_import(root, [str(page), str(transcript)])
    assert {one: one.read_bytes() for one in root.glob("episodes/*/*")} == {root / path: b"mine"}


def test_an_imported_transcript_that_a_person_changes_while_an_import_runs_is_kept(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, transcript = "episodes/wood-glue/wood-glue-rasps.vtt", tmp_path / "rasps.vtt"
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    transcript.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nOf rasps.\n", "utf-8")
    run_import(root, [str(tmp_path / "page.txt"), str(transcript)])
    transcript.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nOf new rasps.\n", "utf-8")

    def plan(*arguments: Any) -> ImportReport:
        report = make_plan(*arguments)
        (root / path).write_bytes(b"mine")
        return report

    monkeypatch.setattr("mlguide_site.merge.run.make_plan", plan)
    with pytest.raises(ResourceError, match=f"{path}: the file has just been changed by another program"):
        run_import(root, [str(transcript)])
    assert (root / path).read_bytes() == b"mine"


def test_notes_never_take_the_episode_of_notes_that_were_removed(root: Path, tmp_path: Path) -> None:
    folder, episodes = tmp_path / "course", root / "episodes/course"

    def write(*names: str, more: str = "") -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for at, name in enumerate(names, 1):
            body = f"On {name} in detail.\n\n- first {name}\n- second {name}\n- third {name}\n{more}"
            (folder / f"{at:02}.md").write_text(body, "utf-8")
        run_import(root, [str(folder)])

    write("wool", "silk", "linen")
    write("silk", "linen")
    write("silk", "linen", more="- one more\n")
    texts = [file.read_text("utf-8") for file in sorted(episodes.glob("*.md"))]
    assert [[name for name in ("wool", "silk", "linen") if name in text] for text in texts] == [
        ["wool"],
        ["silk"],
        ["linen"],
    ]
    assert ["one more" in text for text in texts] == [False, True, True]
