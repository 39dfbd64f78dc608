"""Tests of the cache lock: only one process has the cache open, and others wait for a limited time."""

import os
import random
from pathlib import Path

import pytest

from mkdocs_incremental import cache
from mkdocs_incremental.cache import Cache, CacheError, read_facts


def test_only_one_has_it_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "WAIT", 0.05)
    first = Cache(tmp_path / "site.db")
    with pytest.raises(BlockingIOError, match="another process uses this cache"):
        Cache(tmp_path / "site.db")
    first.close()
    Cache(tmp_path / "site.db").close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_those_who_wait_get_it(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            status = 1
            try:
                for _ in range(20):
                    Cache(path).close()
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]


@pytest.mark.parametrize("seed", range(8))
def test_damage_is_noticed(tmp_path: Path, seed: int) -> None:
    path, chance = tmp_path / "site.db", random.Random(seed)
    store = Cache(path)
    assert store.read() is None
    store.write({"site": "s"}, [["a.md", "\ud800"], ["b.md", "x" * 300]])
    assert read_facts(path) == {"site": "s", "format": cache.FORMAT}
    found = store.read()
    assert found is not None
    assert found[1][0] == ["a.md", "\ud800"]
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data) - 1)] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    with pytest.raises(CacheError):
        store.read()
    path.unlink()
    assert store.read() is None


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    for name in ("site.db", "site.db.lock", "site.db.tmp"):
        (tmp_path / name).symlink_to(precious)
    store = Cache(tmp_path / "site.db")
    with pytest.raises(CacheError, match="symbolic link"):
        store.read()
    store.write({"site": "s"}, [])
    assert read_facts(tmp_path / "site.db")
    assert precious.read_text() == "kept"


def test_what_the_disk_refuses_is_told_with_the_file(tmp_path: Path) -> None:
    store = Cache(tmp_path / "site.db")
    (tmp_path / "site.db").mkdir()
    with pytest.raises(OSError, match="directory") as caught:
        store.write({"site": "s"}, [])
    assert caught.value.filename == str(tmp_path / "site.db")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")] == []
