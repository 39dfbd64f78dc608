"""Tests of `mlguide check`: it reports every problem and the uncertain structure of imported notes."""

from pathlib import Path

import pytest

from mlguide_site.cli.program import main
from mlguide_site.errors import Severity
from mlguide_site.merge.records import FOLDER, Base, BodyBase, dump_record, line_hashes
from mlguide_site.pipeline import inspect
from mlguide_site.recovery import Recovery, UncertainPlace

BODY = "Doors.\n\n- **Hinges:** Oil them.\n- **Locks:** Graphite only."
NOTE = f"---\nid: a-001\ntitle: Doors\n---\n\n{BODY}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "mkdocs.yml": "site_name: A\ndocs_dir: build/pages\ntheme: {name: material, font: false}\nplugins: [mlguide]\n",
        "knowledge/series.yml": "a:\n  title: A\n  kind: podcast\n",
        "episodes/a/a-001.md": NOTE,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    doubts = (UncertainPlace(2, 3, "label", "heading", 40), UncertainPlace(3, 3, "label", "item", 50))
    base = Base("a", body=BodyBase("directory", False, line_hashes(BODY), Recovery("t", "m", doubts)))
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "a-001.json").write_bytes(dump_record(base))
    return tmp_path


def test_what_is_in_doubt_is_a_hint(root: Path) -> None:
    found = inspect(root)
    assert [(problem.path, problem.span.line, problem.span.column) for problem in found] == [
        ("episodes/a/a-001.md", 8, 3),
        ("episodes/a/a-001.md", 9, 3),
    ]
    assert {problem.severity for problem in found} == {Severity.HINT}


def test_notes_that_no_import_wrote_are_in_no_doubt(root: Path) -> None:
    (root / FOLDER / "a-001.json").unlink()
    assert inspect(root) == ()


def test_a_broken_record_is_a_problem(root: Path) -> None:
    (root / FOLDER / "a-001.json").write_text("<<<<<<< ours\n")
    [found] = inspect(root)
    assert (found.path, found.severity) == (f"{FOLDER}/a-001.json", Severity.ERROR)


@pytest.mark.parametrize("format", ["csv", "epub"])
def test_an_export_says_that_records_with_errors_are_missing(root, format, capsys) -> None:
    (root / "knowledge/tools.yml").write_text("a: {name: A}\n2: {title: B}\n", "utf-8")
    with pytest.raises(SystemExit) as done:
        main(["-C", str(root), "export", format, "-o", str(root / "out")])
    assert not done.value.code
    assert "records with errors are not exported; run mlguide check to list" in capsys.readouterr().err


def test_the_command_confirms_and_goes_on(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["-C", str(root), "check", "--confirm", "episodes/a/a-001.md:9", "--strict"]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr().err
    assert not ended.value.code
    assert "confirmed: 1 line\n" in said and "a-001.md:8:3: hint: " in said and "a-001.md:9:3" not in said
    assert said.splitlines()[-1].startswith("0 errors, 0 warnings, 1 hint; next: ")
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
