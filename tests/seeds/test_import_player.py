"""Tests of the original player's page: with the directory page, it gives 50 episodes, without lost words or wrong
matches."""

import itertools
import re
from pathlib import Path

import pytest

from conftest import everything
from importers.words import words_of
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.markdown.plain import escape, escape_start
from mlguide_site.merge.report import ImportReport
from mlguide_site.merge.run import run_import
from mlguide_site.merge.three_way import read_note

pytestmark = pytest.mark.seeds
DIRECTORY, PLAYER = "000_4d1c88396ec92ff9.txt", "001_98404462571344a5.txt"
OTHERS = ["002_e72248f853d8b312.txt", "003_06e75722b1bdaa26.txt", "004_aa598ef4d0ae881f.txt"]
TRUE = {2: "mla-024", 4: "mla-023", 6: "mla-022", 8: "mlg-033", 10: "mla-021", 12: "mla-020", 14: "mla-019"}
TRUE |= {16: "mla-017", 18: "mla-016", 20: "mla-015", 21: "mlg-033"}
"""Maps the line of each text on the page to the text's episode."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> tuple[Path, ImportReport]:
    root = tmp_path_factory.mktemp("kb")
    return root, run_import(root, [str(seeds / PLAYER), str(seeds / DIRECTORY)])


def blocks(seeds: Path) -> list[tuple[int, list[str]]]:
    """Return the texts of the page with their lines. The page is read without the importer."""
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate((seeds / PLAYER).read_text("utf-8").split("\n"), 1):
        plain = line.removeprefix("info_outline")
        if plain == "Machine Learning Guide":
            found.append((number + 1, []))
            continue
        if plain != line:
            found.append((number, []))
        found[-1][1].append(plain)
    return found


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def test_fifty_episodes_and_the_one_of_both_once(both: tuple[Path, ImportReport]) -> None:
    root, report = both
    assert len(list(root.glob("episodes/*/*.md"))) == len(report.new) == 50
    assert len(list(root.glob("episodes/*/mlg-033*"))) == 1
    files = read_root(root)
    assert files.problems == () and load(files.texts, files.assets).problems == ()


def test_none_is_matched_wrongly_and_the_transformers_by_their_words(both: tuple[Path, ImportReport]) -> None:
    _, report = both
    found = {one.line: (one.id, one.by) for one in report.matched}
    assert {line: id for line, (id, _) in found.items()} == {line: TRUE[line] for line in found}
    assert found[8] == ("mlg-033", "text") and found[21][0] == "mlg-033"
    assert {by for line, (_, by) in found.items() if line not in (8, 21)} <= {"neighbours", "title"}
    assert {one.line for one in report.pending} == set(TRUE) - set(found)


def test_every_word_is_in_an_episode_or_waits_or_is_promotion(both: tuple[Path, ImportReport], seeds: Path) -> None:
    root, report = both
    (path,) = (root / ".mlguide" / "pending").glob("*/*")
    assert path.read_bytes() == (seeds / PLAYER).read_bytes()
    waiting = {text.line: text.text for text in report.pending}
    taken = {one.line: one.id for one in report.matched}
    assert len(blocks(seeds)) == len(TRUE)
    for line, lines in blocks(seeds):
        text = "\n".join(lines)
        if line in waiting:
            assert escape_start(escape(text.strip())).endswith(waiting[line])
            continue
        front, body, _ = read_note((root / "episodes" / taken[line][:3] / f"{taken[line]}.md").read_text("utf-8"), "")
        patterns = [one.pattern for one in report.promotion if one.series == taken[line][:3]]
        if line == 21:
            bare = [word for word in text.split() if word != "-"]
            assert words_of(body) == bare
        elif line != 8:
            said, kept = tokens(text), tokens(str(front["summary"]))
            lead = said[: len(said) - len(kept)]
            assert said == lead + kept
            assert not lead or lead in map(tokens, patterns)


def test_nesting_is_intact(both: tuple[Path, ImportReport]) -> None:
    body = (both[0] / "episodes" / "mlg" / "mlg-033.md").read_text("utf-8")
    lines = body.split("\n")
    at = lines.index("- **Q, K, V Explained:**")
    assert [line.partition(":")[0] for line in lines[at + 1 : at + 5]] == [
        "    - **Query (Q)",
        "    - **Key (K)",
        "    - **Value (V)",
        "- **Multi-Head Attention",
    ]
    assert sum(line.startswith("## ") for line in lines) == 10


def test_any_order_and_any_company_gives_the_same_root(
    both: tuple[Path, ImportReport], tmp_path: Path, seeds: Path
) -> None:
    wanted = everything(both[0])
    for at, order in enumerate(itertools.permutations([DIRECTORY, PLAYER])):
        root = tmp_path / f"order-{at}"
        for name in (*order, PLAYER):
            run_import(root, [str(seeds / name)])
        assert everything(root) == wanted, order


@pytest.mark.slow
def test_the_other_sources_make_no_difference(tmp_path: Path, seeds: Path) -> None:
    together = tmp_path / "together"
    names = [PLAYER, *OTHERS, DIRECTORY]
    run_import(together, [str(seeds / name) for name in names])
    wanted = everything(together)
    for at, order in enumerate((names, names[::-1], [OTHERS[1], PLAYER, OTHERS[0], DIRECTORY, OTHERS[2]])):
        root = tmp_path / f"order-{at}"
        for name in order:
            run_import(root, [str(seeds / name)])
        assert everything(root) == wanted, order


def test_again_changes_nothing(both: tuple[Path, ImportReport], seeds: Path) -> None:
    root, _ = both
    before = everything(root)
    assert run_import(root, [str(seeds / PLAYER)]).writes == ()
    assert run_import(root, []).writes == ()
    assert everything(root) == before
