"""The cache is one process's as long as it has it open; others wait for it, and none of them for ever."""

import errno
import os
import random
import sqlite3
from pathlib import Path

import pytest

from mkdocs_incremental import cache
from mkdocs_incremental.cache import BusyError, Cache, CacheError
from mkdocs_incremental.records import PageRecord


def test_only_one_has_it_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "WAIT", 0.05)
    first = Cache(tmp_path / "site.db")
    with pytest.raises(BusyError):
        Cache(tmp_path / "site.db")
    first.close()
    Cache(tmp_path / "site.db").close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_those_who_wait_get_it(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    Cache(path).close()
    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            status = 1
            try:
                for _ in range(200):
                    Cache(path).close()
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]


def test_a_cache_of_another_version_is_told(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "site.db") as connection:
        connection.execute("CREATE TABLE pages (made_path TEXT PRIMARY KEY, other TEXT)")
    with pytest.raises(CacheError, match="another version"):
        Cache(tmp_path / "site.db")


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_cache_is_made_anew_when_it_is_written_to(tmp_path: Path, seed: int) -> None:
    path, chance = tmp_path / "site.db", random.Random(seed)
    page = PageRecord("", "", "x" * 300, "", "", "null", "", "[]", "", True)
    rows = [page._replace(path=f"{number}.md") for number in range(200)]
    first = Cache(path)
    first.record({"site": "s"}, rows, (), replace=True)
    first.close()
    data = bytearray(path.read_bytes())
    at = 4096 * chance.randrange(1, len(data) // 4096)
    data[at : at + 4096] = chance.randbytes(4096)
    path.write_bytes(data)
    try:
        damaged = Cache(path)
    except CacheError:
        return
    damaged.open_journal()
    damaged.record({"site": "s"}, rows[:3], (), replace=True)
    assert damaged.facts()["journal"] == "closed"
    assert list(damaged.records()) == ["0.md", "1.md", "2.md"]
    damaged.close()


def test_what_the_disk_refuses_is_told_with_the_file(tmp_path: Path) -> None:
    store = Cache(tmp_path / "site.db")
    store._connection.execute("PRAGMA max_page_count = 8")
    with pytest.raises(OSError, match="full") as caught:
        store.record({"site": "s" * 100_000}, (), (), replace=True)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(tmp_path / "site.db"))
    store.record({"site": "s"}, (), (), replace=True)
