"""Property tests of readers: they only raise the project's exceptions, problems have a remedy, and imports pass `check`
and change nothing when repeated. `make fuzz` tests the same readers for longer."""

import sys
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.mutate import minimise, mutate
from benchmarks.fuzz.readers import ALLOWED, READERS, Reader, pack, unpack

SINGLE = [name for name in READERS if not name.startswith("import-")]
WHOLE = [name for name in READERS if name.startswith("import-")]
# `make fuzz` reduces failing inputs; shrinking them here would take minutes
BOUNDED = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def made(reader: Reader, random: Random) -> bytes:
    """Return an input as `make fuzz` generates it: from the grammar or an example, with or without mutations."""
    if reader.examples and random.randrange(3) == 0:
        return mutate(random, random.choice(reader.examples), reader.examples)
    data = reader.make(random).encode("utf-8", "surrogatepass")
    return mutate(random, data, reader.examples) if random.randrange(3) == 0 else data


def behaves(reader: Reader, data: bytes) -> None:
    with suppress(*ALLOWED):
        reader.read(data)


@pytest.mark.parametrize("name", SINGLE)
@settings(BOUNDED, max_examples=40)
@given(random=st.randoms(use_true_random=False))
def test_readers_raise_nothing_but_their_own(name: str, random: Random) -> None:
    behaves(READERS[name], made(READERS[name], random))


@pytest.mark.parametrize("name", SINGLE)
@settings(BOUNDED, max_examples=40)
@given(data=st.binary(max_size=300))
def test_readers_take_any_bytes(name: str, data: bytes) -> None:
    behaves(READERS[name], data)


@pytest.mark.parametrize("name", WHOLE)
@settings(BOUNDED, max_examples=8)
@given(random=st.randoms(use_true_random=False))
def test_what_is_imported_passes_check_and_stays(name: str, random: Random) -> None:
    behaves(READERS[name], made(READERS[name], random))


@pytest.mark.parametrize("name", READERS)
def test_examples_behave(name: str) -> None:
    for data in READERS[name].examples:
        behaves(READERS[name], data)


def test_folders_are_packed_and_unpacked() -> None:
    files = {"a.md": b"one\ntwo", "b/c.png": b"\x00\xff"}
    assert unpack(pack(files)) == files


def test_failing_inputs_are_cut_down() -> None:
    data = b"x" * 500 + b"<a" + b"y" * 700 + b">" + b"z" * 90
    assert minimise(data, lambda one: b"<a" in one and b">" in one) == b"<a>"


@pytest.mark.skipif(sys.platform == "win32", reason="the caps need Unix")
def test_the_long_run_finds_what_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.fuzz import worker

    def fails(data: bytes) -> str:
        if b"q" in data:
            raise KeyError("q")
        return ""

    monkeypatch.setattr(worker, "MEBIBYTES", 10**6)
    reader = Reader("x", fails, lambda random: random.choice("aq") * 9, ())
    assert worker.failure(reader, b"a") == ""
    assert worker.failure(reader, b"q") == "KeyError : 'q'"
    with TemporaryDirectory() as folder, open(f"{folder}/at", "wb") as progress:
        found = worker.run(reader, 1, 0, 20, Path(folder), progress.fileno())
        assert found["kinds"]["KeyError "] > 1
        assert [path.read_bytes() for path in Path(folder).glob("x-*.bin")] == [b"q"]


@pytest.mark.skipif(sys.platform == "win32", reason="the caps need Unix")
def test_inputs_are_the_same_each_time() -> None:
    from benchmarks.fuzz.worker import input_of

    for name in SINGLE:
        assert input_of(READERS[name], 1, 5) == input_of(READERS[name], 1, 5)
        assert input_of(READERS[name], 1, 5) != input_of(READERS[name], 2, 5)
