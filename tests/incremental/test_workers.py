"""Texts put aside between processes."""

import os
from pathlib import Path

import pytest

from mkdocs_incremental.workers import SpillFiles

pytestmark = pytest.mark.skipif(not hasattr(os, "pread"), reason="this system can't read at a place")


def test_what_is_put_aside_is_there_for_any_process(tmp_path: Path) -> None:
    spool = SpillFiles(tmp_path / "not yet there")
    spool.open(2)
    assert [spool.put(0, b"one"), spool.put(0, b"three"), spool.put(1, b"two")] == [0, 3, 0]
    assert spool.get(0, 3, 5) == b"three" and spool.get(1, 0, 3) == b"two"
    if (process := os.fork()) == 0:
        spool.put(1, b"from elsewhere")
        os._exit(0 if spool.get(0, 0, 8) == b"onethree" else 1)
    assert os.waitpid(process, 0)[1] == 0
    assert spool.get(1, 3, 14) == b"from elsewhere"
    # they never have a name that could stay behind
    assert list((tmp_path / "not yet there").iterdir()) == []
    spool.close()


def test_more_files_are_made_where_they_are_needed(tmp_path: Path) -> None:
    spool = SpillFiles(tmp_path)
    spool.open(1)
    spool.put(0, b"kept")
    spool.open(3)
    spool.put(2, b"more")
    assert spool.get(0, 0, 4) == b"kept"
    spool.close()
    spool.open(1)
    with pytest.raises(OSError, match="ends too early"):
        spool.get(0, 0, 4)
    spool.close()
