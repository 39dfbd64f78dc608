"""Compiled templates are kept where only their user can write."""

import os
from pathlib import Path

import pytest

from mlguide_site.rebuild import compiled


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes of folders")
def test_only_a_folder_of_ones_own_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "user_cache_path", lambda name, **_: tmp_path / name)
    cache = compiled.template_cache()
    assert cache is not None
    assert Path(cache.directory).stat().st_mode & 0o777 == 0o700
    (tmp_path / compiled.NAME).chmod(0o777)
    assert compiled.template_cache() is None


def test_without_a_home_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(compiled, "user_cache_path", lambda name, **_: tmp_path / "file" / name)
    assert compiled.template_cache() is None
