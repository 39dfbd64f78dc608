"""The cache is one process's as long as it has it open; others wait for it, and none of them for ever."""

import os
from pathlib import Path

import pytest

from mlguide_site.rebuild import store
from mlguide_site.rebuild.store import BusyError, Store


def test_only_one_has_it_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WAIT", 0.05)
    first = Store(tmp_path / "site.db")
    with pytest.raises(BusyError):
        Store(tmp_path / "site.db")
    first.close()
    Store(tmp_path / "site.db").close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_those_who_wait_get_it(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    Store(path).close()
    children = []
    for _ in range(3):
        child = os.fork()
        if not child:
            status = 1
            try:
                for _ in range(200):
                    Store(path).close()
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
