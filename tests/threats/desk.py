"""A small root, with the command line as users see it."""

from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import write_files as write
from faults.scenes import run

SETTINGS = """\
site_name: T
docs_dir: build/pages
theme: {name: material, custom_dir: build/theme, font: false}
plugins: [mlguide]
"""
NOTE = "---\nid: show-001\ntitle: One\n---\n\nText.\n"


class Result(NamedTuple):
    """The exit status and the errors of a command."""

    status: int
    errors: str


class Desk:
    """A root with one series and no notes."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.root, self.capture = folder, folder / "kb", capture
        write(self.root, {"mkdocs.yml": SETTINGS, "knowledge/series.yml": "show: {title: Show, prefix: SH}\n"})

    def put(self, path: str, data: bytes | str) -> Path:
        """Write a file of the root."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.encode() if isinstance(data, str) else data)
        return place

    def source(self, data: bytes | str, name: str = "source.xml") -> Path:
        """Write a file beside the root."""
        place = self.folder / name
        place.write_bytes(data.encode() if isinstance(data, str) else data)
        return place

    def run(self, *arguments: object) -> Result:
        """Run a command on the root. Its output must have no traceback."""
        self.capture.readouterr()
        status = run("-C", self.root, *arguments)
        errors = self.capture.readouterr().err
        assert "Traceback" not in errors and "unexpected" not in errors
        return Result(status, errors)

    def notes(self) -> dict[str, bytes]:
        """Return the notes of the root by file name."""
        return {path.name: path.read_bytes() for path in sorted((self.root / "episodes").rglob("*.md"))}
