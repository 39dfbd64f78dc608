"""Golden tests of tiny roots.

A folder beside this file is a root. Its folder `expected/` has the file `problems.txt` (the output of `mlguide check`),
and pages or machine-readable files by their path. `make accept` rewrites existing files; a new case needs an empty file
for each of them.
"""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from labels import Settings
from mlguide_site.errors import ContentError
from mlguide_site.pipeline import build, examine
from mlguide_site.publish.catalog import catalog_json

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/expected"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_site(case, tmp_path, golden):
    root = tmp_path / case.name
    shutil.copytree(case, root, ignore=shutil.ignore_patterns("expected"))
    (root / "build/pages").mkdir(parents=True)
    examined = examine(root)
    settings = Settings("Tiny", site_url="https://tiny.example/", edit_url="https://host.example/edit/{path}")
    made = {
        "problems.txt": "".join(f"{problem}\n" for problem in examined.problems),
        "catalog.json": catalog_json(examined.linked, settings).decode(),
    }
    with suppress(ContentError):
        build(root, settings)
    for path in (root / "build/pages").rglob("*.md"):
        made[path.relative_to(root / "build/pages").as_posix()] = path.read_text("utf-8")
    wanted = sorted(path for path in (case / "expected").rglob("*") if path.is_file())
    assert wanted
    for path in wanted:
        name = path.relative_to(case / "expected").as_posix()
        assert name in made, f"{name} is expected, but not made"
        golden(path, made[name])
