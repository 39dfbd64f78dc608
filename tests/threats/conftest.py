"""Fixtures of security tests: small roots, created for each test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mlguide_site.editing.scaffold import init_root
from threats import hostile as contents

Root = Callable[..., Path]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """`root({"episodes/a/a-001.md": "…"})` returns a new root with these files and the series `a`."""

    def make(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "kb"
        init_root(folder, "Small", "", None)
        contents.write(folder, "knowledge/series.yml", "a:\n  title: A Show\n")
        for path, text in files.items():
            contents.write(folder, path, text)
        return folder

    return make


def note(body: str, *lines: str, id: str = "a-001") -> str:
    """Return the text of a note with a body and additional lines of front matter."""
    return "\n".join(["---", f"id: {id}", "title: One", *lines, "---", "", body, ""])
