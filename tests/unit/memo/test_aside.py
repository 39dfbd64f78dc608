"""Texts that are put aside."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_incremental.workers import SpillFiles
from mlguide_site.build.memo import aside
from mlguide_site.build.memo.aside import Aside
from mlguide_site.errors import ResourceError


@given(st.lists(st.tuples(st.text(st.characters()), st.integers(0, 3))))
def test_what_is_put_aside_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, int]]) -> None:
    spool = SpillFiles(tmp_path_factory.mktemp("spool"))
    kept = Aside(spool)
    kept._left = 8
    told = [kept.put(text, number) for text, number in texts]
    assert [kept.get(one) for one in told] == [text for text, _ in texts]
    assert all(isinstance(one, str) for one in told) == (sum(len(text) for text, _ in texts) <= 8)
    spool.close()


def test_few_texts_stay_in_memory(tmp_path: Path) -> None:
    assert Aside(SpillFiles(tmp_path)).put("x" * 1000) == "x" * 1000
    assert not list(tmp_path.iterdir())


def test_without_a_spool_all_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "ROOM", 0)
    assert Aside().put("text") == "text"


def test_what_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "ROOM", 0)
    spool = SpillFiles(tmp_path)
    kept = Aside(spool)
    told = kept.put("text")
    spool.close()
    with pytest.raises(ResourceError, match="build again"):
        kept.get(told)
    with pytest.raises(ResourceError, match="build again"):
        Aside().get(5)
