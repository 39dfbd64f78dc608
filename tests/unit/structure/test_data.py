"""The shipped weights: their size, their file, and that they were learnt from what is in the repository."""

import numpy as np
import pytest

from benchmarks.structure import train
from benchmarks.structure.sources import PAGE
from mlguide_site.recovery.data import pack, shipped, unpack


def test_the_weights_were_learnt_from_the_material_and_code_that_are_here() -> None:
    assert shipped().digest == train.digest(), "run python -m benchmarks.structure.train"


def test_the_file_is_small() -> None:
    assert train.TARGET.stat().st_size <= 400_000


def test_packing_twice_changes_nothing() -> None:
    data = train.TARGET.read_bytes()
    model, digest = unpack(data)
    again = unpack(pack(model, digest))
    assert np.allclose(again.model.weights, model.weights, atol=1e-6)
    assert again.digest == digest
    assert pack(again.model, digest) == pack(model, digest)


@pytest.mark.parametrize("data", [b"", b"MLGSTRC1", b"x" * 200_000, pack(shipped().model, bytes(32))[:-1]])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a file of weights"):
        unpack(data)


@pytest.fixture
def few(monkeypatch) -> None:
    """Few of the notes that were written whole, so that learning takes seconds."""
    notes = train.written("notes")[::100]
    monkeypatch.setattr(train, "written", lambda *_: notes)
    monkeypatch.setattr(train, "WHOLE", {"notes": 4, "alike": 4})
    monkeypatch.setattr(train, "SEEDS", train.SEEDS[:2])
    monkeypatch.setattr(train, "MARKED", 34)
    # other processes wouldn't know of this
    monkeypatch.setattr(train, "models", lambda tasks: [train.learnt(*task) for task in tasks])


def test_training_is_repeatable(tmp_path, monkeypatch, capsys, few) -> None:
    made = []
    for name in ("one", "two"):
        monkeypatch.setattr("sys.argv", ["train", "--out", str(tmp_path / name), "-n", "12"])
        train.main()
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert "bytes" in capsys.readouterr().out


def test_the_measuring_third_is_never_learnt_from() -> None:
    assert "measuring" not in train.LABELLED


@pytest.mark.seeds
@pytest.mark.skipif(not PAGE.exists(), reason="the founding page is absent")
def test_labelled_notes_are_learnt_from() -> None:
    assert len(list(train.labelled_examples(train.known(), 20, 7))) > 30


def test_where_the_page_is_absent_training_says_so(tmp_path, monkeypatch, capsys, few) -> None:
    monkeypatch.setattr("sys.argv", ["train", "--out", str(tmp_path / "made"), "-n", "24"])
    monkeypatch.setattr(train, "labelled", lambda _: [])
    train.main()
    assert "absent" in capsys.readouterr().out
