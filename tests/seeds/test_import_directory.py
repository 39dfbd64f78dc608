"""Tests of the original directory page: exactly its episodes are imported, with every word of their notes."""

import re
from pathlib import Path

import pytest

from importers.words import changed_words, without_runs
from mlguide_site.merge.report import ImportReport, report_lines
from mlguide_site.merge.run import run_import
from mlguide_site.merge.three_way import read_note

pytestmark = pytest.mark.seeds
NAME = "000_4d1c88396ec92ff9.txt"
TITLE = re.compile(r"S1 Ep \d{1,2}(ML[GA]) (\d{3}) (.+)")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
STAMP = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4})(?:(\d+)h )?(\d+)(?:m|m?( min))$")
CUT = {f"mlg-{n:03}" for n in (34, 35, 36)} | {f"mla-{n:03}" for n in (9, 16, 17, 19, 20, 26, 27)}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> tuple[Path, ImportReport]:
    root = tmp_path_factory.mktemp("kb")
    return root, run_import(root, [str(seeds / NAME)])


def entries(seeds: Path) -> dict[str, tuple[str, str, str, str]]:
    """Return title, date, length and notes of each entry, by id. The page is read without the importer."""
    lines = (seeds / NAME).read_text("utf-8").split("\n")
    found = {}
    for at, line in enumerate(lines):
        if title := TITLE.fullmatch(line):
            stamp = STAMP.fullmatch(lines[at + 4])
            assert stamp, lines[at + 4]
            day = f"{stamp[3]}-{MONTHS.index(stamp[1]) + 1:02}-{int(stamp[2]):02}"
            length = f"{int(stamp[4] or 0):02}:{int(stamp[5]):02}:00"
            found[f"{title[1].lower()}-{title[2]}"] = (title[3], day, length, lines[at + 2])
    return found


def test_exactly_the_episodes_of_the_page(imported: tuple[Path, ImportReport], seeds: Path) -> None:
    root, report = imported
    expected = entries(seeds)
    assert len(expected) == 50
    assert report.new == tuple(sorted(expected))
    assert {path.stem for path in root.glob("episodes/*/*.md")} == set(expected)


def test_titles_dates_and_lengths(imported: tuple[Path, ImportReport], seeds: Path) -> None:
    for id, (title, day, length, _) in entries(seeds).items():
        front = note(imported[0], id)[0]
        assert (front["title"], front["date"], front["duration"]) == (title, day, length)


def note(root: Path, id: str) -> tuple[dict[str, object], str]:
    path = root / "episodes" / id.partition("-")[0] / f"{id}.md"
    front, body, _ = read_note(path.read_text("utf-8"), path.name)
    return dict(front), body


def test_no_word_is_lost_but_promotion(imported: tuple[Path, ImportReport], seeds: Path) -> None:
    root, report = imported
    for id, (_, _, _, notes) in entries(seeds).items():
        listed = [found.pattern for found in report.promotion if found.series == id.partition("-")[0]]
        assert changed_words(without_runs(notes.split(), listed), note(root, id)[1]) == [], id


def test_recurring_promotion_is_gone(imported: tuple[Path, ImportReport], seeds: Path) -> None:
    root, report = imported
    bodies = {id: note(root, id)[1] for id in entries(seeds)}
    assert [id for id, body in bodies.items() if "walking desk" in body or "Generate a podcast" in body] == []
    assert sum("desk" in found.pattern and found.episodes for found in report.promotion) == 49
    assert all(found.pattern.split()[0] != "Links" for found in report.promotion)


def test_cut_notes_and_missing_numbers(imported: tuple[Path, ImportReport]) -> None:
    root, report = imported
    assert set(report.cut) == CUT
    assert {id for id in report.new if note(root, id)[0].get("truncated") == "true"} == CUT
    assert any('Page 1 of 2" but contains 50;' in str(problem) for problem in report.problems)


def test_own_addresses(imported: tuple[Path, ImportReport]) -> None:
    root, _ = imported
    text = (root / "knowledge" / "series.yml").read_text("utf-8")
    assert "address: https://ocdevel.com/mlg/mla-{number}\n" in text
    assert "address: https://ocdevel.com/mlg/{number}\n" in text
    assert note(root, "mla-012")[0]["links"] == [{"title": "Show notes", "url": "https://ocdevel.com/mlg/mla-12"}]
    assert note(root, "mlg-035")[0]["links"] == [{"title": "Show notes", "url": "https://ocdevel.com/mlg/mlg35"}]


def test_again_changes_nothing(imported: tuple[Path, ImportReport], seeds: Path) -> None:
    root, _ = imported
    before = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    report = run_import(root, [str(seeds / NAME)])
    assert "nothing changed (50 episodes)" in report_lines(report)
    assert {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()} == before
