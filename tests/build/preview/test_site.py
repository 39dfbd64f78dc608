"""Tests of the preview's site."""

import shutil
from pathlib import Path

import pytest

from conftest import write_files
from mlguide_site.build.preview.site import PreviewSite
from mlguide_site.editing.scaffold import root_files

NOTE = "episodes/looms/looms-001.md"


@pytest.mark.parametrize("deleted", ["build", "build/preview"])
def test_a_deleted_folder_is_built_again(tmp_path: Path, deleted: str) -> None:
    write_files(tmp_path, root_files("T"))
    files = {
        NOTE: b"---\nid: looms-001\ntitle: Looms\nsummary: All about looms.\n---\n\n## Parts\n\nBeams.\n\nText.\n",
        "knowledge/series.yml": b"looms: {title: L}\n",
    }
    write_files(tmp_path, files)
    site = PreviewSite(tmp_path, str, "http://127.0.0.1:8000/")
    site.build()
    site.finish()
    pages = sorted(path.relative_to(site.site) for path in site.site.rglob("index.html"))
    (tmp_path / NOTE).write_bytes(files[NOTE].replace(b"Text.", b"A text."))
    assert site.render_early([str(tmp_path / NOTE)]) == ["episodes/looms/looms-001/"]
    shutil.rmtree(tmp_path / deleted)
    (tmp_path / NOTE).write_bytes(files[NOTE].replace(b"Text.", b"Another text."))
    assert site.render_early([str(tmp_path / NOTE)]) == []
    assert site.build() is None
    assert sorted(path.relative_to(site.site) for path in site.site.rglob("index.html")) == pages
    assert "Another text." in (site.site / "episodes/looms/looms-001/index.html").read_text("utf-8")
    site.close()
