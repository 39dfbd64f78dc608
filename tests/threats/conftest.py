"""What the tests of threats share: small roots, each made for one test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mlguide_site.editing.scaffold import init_root
from threats import hostile as contents

Root = Callable[..., Path]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """`root({"episodes/a/a-001.md": "…"})`: a new root with these files besides; the series `a` is there."""

    def make(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "kb"
        init_root(folder, "Small", "", None)
        contents.write(folder, "knowledge/series.yml", "a:\n  title: A Show\n")
        for path, text in files.items():
            contents.write(folder, path, text)
        return folder

    return make


def note(body: str, *lines: str, id: str = "a-001") -> str:
    """A note file with a body and lines of front matter besides."""
    return "\n".join(["---", f"id: {id}", "title: One", *lines, "---", "", body, ""])
