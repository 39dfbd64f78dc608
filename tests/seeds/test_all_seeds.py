"""Tests of the original sources together: any import order gives the same root, and no word is lost."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from conftest import Run, everything
from importers.words import changed_words, without_runs
from mlguide_site.editing.scaffold import init_root
from mlguide_site.errors import Severity
from mlguide_site.merge.report import ImportReport
from mlguide_site.merge.run import run_import
from mlguide_site.merge.three_way import read_note
from mlguide_site.pipeline import inspect

pytestmark = pytest.mark.seeds
ORDERS = ("43210", "10423", "31042")


def sources(seeds: Path) -> dict[str, str]:
    """Return the paths of the sources by their number."""
    return {path.name[2]: str(path) for path in sorted(seeds.glob("00[0-4]_*.txt"))}


def fresh(root: Path) -> Path:
    init_root(root, "All", "", None)
    return root


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> tuple[Path, ImportReport]:
    root = fresh(tmp_path_factory.mktemp("all") / "kb")
    return root, run_import(root, list(sources(seeds).values()))


@pytest.fixture(scope="module")
def wanted(together: tuple[Path, ImportReport]) -> dict[str, bytes]:
    return everything(together[0])


@pytest.mark.parametrize("order", ORDERS)
def test_any_order_gives_the_same_root(tmp_path: Path, seeds: Path, wanted: dict[str, bytes], order: str) -> None:
    root = fresh(tmp_path / "kb")
    for digit in order:
        run_import(root, [sources(seeds)[digit]])
    found = everything(root)
    assert sorted(found) == sorted(wanted)
    assert [path for path in wanted if found[path] != wanted[path]] == []


def test_again_changes_nothing(together: tuple[Path, ImportReport], seeds: Path, wanted: dict[str, bytes]) -> None:
    assert run_import(together[0], list(sources(seeds).values())[::-1]).writes == ()
    assert everything(together[0]) == wanted


def test_what_is_in_the_root_is_valid(together: tuple[Path, ImportReport]) -> None:
    assert [problem for problem in inspect(together[0]) if problem.severity is not Severity.HINT] == []


def body(root: Path, id: str) -> str:
    [path] = root.glob(f"episodes/*/{id}.md")
    return read_note(path.read_text("utf-8"), path.name)[1]


def letters(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def test_no_word_of_the_page_is_lost(together: tuple[Path, ImportReport], seeds: Path) -> None:
    root, report = together
    lines = Path(sources(seeds)["0"]).read_text("utf-8").split("\n")
    titles = {at: found for at, line in enumerate(lines) if (found := re.match(r"S1 Ep \d+(ML[AG]) (\d{3}) ", line))}
    assert len(titles) == 50
    for at, title in titles.items():
        series = title[1].lower()
        id = f"{series}-{title[2]}"
        listed = [found.pattern for found in report.promotion if found.series == series]
        words = without_runs(lines[at + 2].split(), listed)
        if id == "mlg-033":
            # the player's page also has this episode, with other quotation marks
            found = letters(body(root, id))
            rest = iter(found)
            assert [word for word in letters(" ".join(words)) if word not in rest] == []
        else:
            assert changed_words(words, body(root, id)) == [], id


@pytest.mark.parametrize("digit", ["2", "3", "4"])
def test_notes_are_as_if_imported_alone(tmp_path: Path, seeds: Path, wanted: dict[str, bytes], digit: str) -> None:
    root = fresh(tmp_path / "kb")
    run_import(root, [sources(seeds)[digit]])
    alone = {path: data for path, data in everything(root).items() if path.startswith("episodes/")}
    assert alone and {path: wanted[path] for path in alone} == alone


def test_the_site_shows_all_of_it(together: tuple[Path, ImportReport], run: Run) -> None:
    root, report = together
    assert len(report.new) == 59
    run("mlguide", "build", "--strict", cwd=root)
    catalog = json.loads((root / "site" / "catalog.json").read_text("utf-8"))
    kinds = {series["id"]: series["kind"] for series in catalog["series"]}
    assert Counter(kinds[one["series"]] for one in catalog["episodes"]) == {
        "podcast": 50, "lectures": 3, "course": 5, "log": 1,
    }  # fmt: skip
    assert Counter(one["status"] for one in catalog["episodes"]) == {"published": 58, "cancelled": 1}
    assert sum(one["title"] == "Transformers" for one in catalog["episodes"]) == 1
    for one in catalog["episodes"]:
        assert (root / "site" / one["url"].removeprefix("/") / "index.html").exists() or one["url"].endswith(".html")
