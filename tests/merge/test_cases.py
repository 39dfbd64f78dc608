"""Tests of sequences of imports. Each folder of `cases/` is a case; a new case only needs files.

`import-1/`, `import-2/` … have the sources of each import. Before import N, the files of `edit-N/` are copied over the
root, and the files that `remove-N.txt` names are removed. These steps simulate edits by a person. `expected.txt` has
the reports and the resulting files of the root; `make accept` rewrites it. After each import, repeating the import must
change nothing, and the root must pass `mlguide check`.
"""

import shutil
from pathlib import Path

import pytest

from mlguide_site.editing.scaffold import init_root
from mlguide_site.errors import Severity
from mlguide_site.merge.report import report_lines
from mlguide_site.merge.run import run_import
from mlguide_site.pipeline import inspect

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())
SHOWN = ("episodes/", "knowledge/series.yml", ".mlguide/pending/")


def texts(root: Path) -> list[str]:
    """Return the path and text of each file that an import writes for people."""
    found = sorted(path for path in root.rglob("*") if path.is_file())
    named = [(path.relative_to(root).as_posix(), path) for path in found]
    return [
        f"==> {name}\n{path.read_text('utf-8')}"
        for name, path in named
        if name.startswith(SHOWN) and path.stat().st_size
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_import(case: Path, tmp_path: Path, golden, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "kb"
    init_root(root, "T", "", None)
    monkeypatch.chdir(case)
    said: list[str] = []
    for step in sorted(case.glob("import-*")):
        number = step.name.removeprefix("import-")
        if (edits := case / f"edit-{number}").is_dir():
            shutil.copytree(edits, root, dirs_exist_ok=True)
        if (removals := case / f"remove-{number}.txt").is_file():
            for name in removals.read_text("utf-8").split():
                (root / name).unlink()
        sources = [path.relative_to(case).as_posix() for path in sorted(step.iterdir())]
        report = run_import(root, sources)
        said += [f"==> {step.name}", *report_lines(report), *map(str, report.problems)]
        assert run_import(root, sources[::-1]).writes == ()
        assert not [str(one) for one in inspect(root) if one.severity is Severity.ERROR]
    golden(case / "expected.txt", "\n".join([*said, "", *texts(root)]))
