"""Fixtures of the tests of workflows: a sandbox with a small root."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from conftest import write_files
from hosting.sandbox import Sandbox
from mlguide_site.editing.scaffold import root_files

ROOT = {
    **{path: root_files("Wool notes")[path].decode() for path in ("mkdocs.yml", ".gitignore")},
    "knowledge/series.yml": "wool:\n  title: The Wool Show\n  prefix: Wool\n",
    "knowledge/tools.yml": "spindle:\n  name: Spindle\n  category: Spinning\n  summary: Twists fibres into yarn.\n",
    "episodes/wool/wool-001.md": "---\nid: wool-001\ntitle: Shearing\n---\n\n## Notes\n\nA Spindle.\n",
}


@pytest.fixture
def sandbox_of(tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """Return a function that creates a sandbox from the files of a repository, by path."""
    made: list[Sandbox] = []

    def make(files: Mapping[str, str], **actions: Path) -> Sandbox:
        made.append(Sandbox(tmp_path, write_files(tmp_path / "root", files), actions))
        return made[-1]

    yield make
    for one in made:
        one.host.stop()
