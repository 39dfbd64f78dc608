"""Tiny roots with what is expected of them: `expected/problems.txt` and, where given, pages and catalog.

A folder beside this file is a root; its `expected/` holds `problems.txt` (what `mlguide check` prints) and any page or
machine file by its path. `make accept` rewrites those that are there; a new case needs an empty file for each.
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
