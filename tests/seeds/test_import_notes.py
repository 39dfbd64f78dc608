"""Tests of the original notes: exactly their sessions, days and entries are imported, with every word."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import everything
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import Problem
from mlguide_site.merge.report import ImportReport
from mlguide_site.merge.run import run_import
from mlguide_site.merge.three_way import read_note

pytestmark = pytest.mark.seeds
DIRECTORY, LECTURES, COURSE, LOG = (
    "000_4d1c88396ec92ff9.txt",
    "002_e72248f853d8b312.txt",
    "003_06e75722b1bdaa26.txt",
    "004_aa598ef4d0ae881f.txt",
)
EMBED = re.compile(r"!\[\[([^\[\]]+)\]\]")


@pytest.fixture(scope="module", params=[LECTURES, COURSE, LOG], ids=["lectures", "course", "log"])
def each(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, seeds: Path
) -> tuple[str, Path, ImportReport]:
    root = tmp_path_factory.mktemp("kb")
    return request.param, root, run_import(root, [str(seeds / request.param)])


def imported(root: Path, seeds: Path, name: str) -> ImportReport:
    return run_import(root, [str(seeds / name)])


def notes(root: Path) -> list[tuple[dict[str, object], str]]:
    found = []
    for path in sorted(root.glob("episodes/*/*.md")):
        front, body, _ = read_note(path.read_text("utf-8"), path.name)
        found.append((dict(front), body))
    return found


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def without_front_matter(text: str) -> str:
    while found := re.match(r"\s*---\n(?:[^\n]*\n){0,6}?---\n", text):
        text = text[found.end() :]
    return text


def missing(source: list[str], target: list[str]) -> Iterator[str]:
    """Yield the words of a source that a target lacks or has in another order."""
    at = 0
    for word in source:
        try:
            at = target.index(word, at) + 1
        except ValueError:
            yield word


def test_every_word_stands_in_its_order(each: tuple[str, Path, ImportReport], seeds: Path) -> None:
    name, root, _ = each
    series = read_yaml((root / "knowledge" / "series.yml").read_text("utf-8"), "").value
    source = without_front_matter((seeds / name).read_text("utf-8"))
    result = [str(next(iter(series.values()))["title"])]
    for front, body in notes(root):
        # a day's number is in its id, and its title is its heading; text before the first day becomes part of it
        result.append(f"{front['title']}\n{body}" if name != COURSE else f"Day {int(str(front['id'])[-3:])} {body}")
    if name == COURSE:
        for front, _ in notes(root):
            source = source.replace(f": {front['title']}", "")
        intro = source.index("## Day 1")
        source = (
            "# Machine Learning School\n## Day 1\n"
            + source[len("# Machine Learning School") : intro]
            + source[intro + 8 :]
        )
        source = re.sub(r">\s?NOTE:", "", source)
    if name == LECTURES:
        title = notes(root)[0][0]["title"]
        result[1] = result[1].replace(f"{title}\n", "", 1).replace("JX3Q)\n", f"JX3Q)\n{title}\n", 1)
    # a URL occurs once, in its place; a label may precede it
    lost = list(missing(tokens(source), tokens("\n".join(result))))
    assert lost == []


def test_lectures(tmp_path: Path, seeds: Path) -> None:
    report = imported(tmp_path, seeds, LECTURES)
    found = notes(tmp_path)
    assert [front["title"] for front, _ in found] == [
        "Beyond Jupyter Notebooks: MLOps Environment Setup & First Deployment",
        "Introduction to AI/ML, with KIMO",
        "What can Philosophy do for Responsible AI",
    ]
    assert [front["date"] for front, _ in found] == ["2022-09-28", "2022-09-29", "2022-10-12"]
    assert [front.get("status") for front, _ in found] == [None, None, "cancelled"]
    assert [front["place"] for front, _ in found] == ["Youtube", "Zoom", "Zoom"]
    assert [[link["title"] for link in front.get("links", ())] for front, _ in found] == [  # type: ignore[attr-defined]
        ["Video", "Setup"],
        ["Certificate Request"],
        [],
    ]
    assert [id[-4:] for id in report.new] == ["-001", "-002", "-003"]
    said = "\n".join(map(str, report.problems))
    for part in ("M78yxeOGQyaqAdlsj7JX3Q", "has no year", "unfinished upload", "extra parenthesis"):
        assert said.count(part) == 1, part
    text = (seeds / LECTURES).read_text("utf-8")
    bodies = "\n".join(body for _, body in found)
    pictures = re.findall(r"!\[\]\((\S+)\)", text)
    assert len(pictures) == 19
    assert all(bodies.count(f"]({url})") == 1 for url in pictures)
    assert "$f$" in bodies


def test_course(tmp_path: Path, seeds: Path) -> None:
    report = imported(tmp_path, seeds, COURSE)
    found = notes(tmp_path)
    assert [(int(str(front["id"])[-3:]), front["title"]) for front, _ in found] == [
        (1, "Day 1"),
        (2, "Better Data"),
        (3, "Model Evaluation"),
        (5, "Day 5"),
        (6, "Day 6"),
    ]
    assert [front["date"] for front, _ in found] == [f"2024-07-{day:02}" for day in (1, 4, 8, 11, 15)]
    series = next(iter(read_yaml((tmp_path / "knowledge" / "series.yml").read_text("utf-8"), "").value.values()))
    assert (series["kind"], series["home"]) == ("course", "https://www.ml.school/program")
    lines = (seeds / COURSE).read_text("utf-8").split("\n")
    embeds = [(at, name) for at, line in enumerate(lines, 1) for name in EMBED.findall(line)]
    assert embeds and [p for p in embeds if not reported(report, *p)] == []
    bodies = "\n".join(body for _, body in found)
    assert all(bodies.count(f"[Missing file: {name}") == 1 for _, name in embeds)
    source = "\n".join(lines)
    highlights = sum(line.startswith("==") for line in lines)
    assert bodies.count("<mark>") == bodies.count("</mark>") == highlights
    assert bodies.count("!!! note") == source.count(">NOTE:")
    assert "**Better data** is" in bodies


def reported(report: ImportReport, line: int, name: str) -> bool:
    return [p.span.line for p in report.problems if isinstance(p, Problem) and f'"{name}"' in p.message] == [line]


def test_resources_of_the_course(tmp_path: Path, seeds: Path) -> None:
    imported(tmp_path, seeds, COURSE)
    resources = read_yaml((tmp_path / "knowledge" / "resources.yml").read_text("utf-8"), "").value
    assert len(resources) >= 15
    assert all(entry["title"] and entry["urls"] for entry in resources.values())
    books = {entry["title"]: entry["authors"] for entry in resources.values() if entry.get("authors")}
    assert len(books) == 5
    assert books["Machine Learning Engineering with Python"] == ["Andrew P. McMahon"]


def test_log(tmp_path: Path, seeds: Path) -> None:
    report = imported(tmp_path, seeds, LOG)
    ((front, body),) = notes(tmp_path)
    assert (front["title"], report.new) == ("Day 134", ("learning-log-134",))
    assert body.count("\n## ") == 4
    assert body.count("- **Level ") == 5 and body.count("- **Q") == 6
    terms = read_yaml((tmp_path / "knowledge" / "glossary.yml").read_text("utf-8"), "").value
    assert [entry["abbreviations"] for entry in terms.values()] == [["CV"], ["FE"], ["FM"], ["HPT"], ["PEFT"]]


def test_again_changes_nothing(each: tuple[str, Path, ImportReport], seeds: Path) -> None:
    name, root, _ = each
    before = everything(root)
    assert imported(root, seeds, name).writes == ()
    assert everything(root) == before


def test_the_root_is_valid(each: tuple[str, Path, ImportReport]) -> None:
    files = read_root(each[1])
    assert files.problems == ()
    assert load(files.texts, files.assets).problems == ()
