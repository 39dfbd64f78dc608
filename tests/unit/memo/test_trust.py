"""The mark by which a user knows their own files."""

import os
import stat

import pytest

from mlguide_site.build.memo.trust import FILE, cache_folder, owner_mark


def test_a_user_has_one_mark_that_nobody_else_can_know(tmp_path):
    one, other = owner_mark(tmp_path / "a"), owner_mark(tmp_path / "b")
    assert len(one) == 32
    assert one != other
    assert owner_mark(tmp_path / "a") == one


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
def test_the_secret_is_the_users_own(tmp_path):
    owner_mark(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a" / FILE).stat().st_mode) == 0o600


def test_where_no_secret_can_be_kept_there_is_no_mark(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    assert owner_mark(tmp_path / "file") == ""
    assert owner_mark(None) == ""


def test_a_damaged_secret_is_made_anew(tmp_path):
    (tmp_path / FILE).write_bytes(b"short")
    assert len(owner_mark(tmp_path)) == 32


@pytest.mark.skipif(os.name != "posix", reason="other systems name the folder otherwise")
def test_a_relative_cache_folder_is_none(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert cache_folder() is None
