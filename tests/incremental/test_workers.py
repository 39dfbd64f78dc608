"""Tests of work that is shared among processes."""

import os
import subprocess
import sys
import time

import pytest

from mkdocs_incremental import workers
from mkdocs_incremental.workers import in_parallel

ITEMS = list(range(workers.FEW * 3))
PARENT = os.getpid()
forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    # the test runner may have started threads
    monkeypatch.setattr(workers, "can_fork", lambda: hasattr(os, "fork"))


@pytest.mark.parametrize("jobs", [1, 2, 3, 8])
def test_results_are_in_the_order_of_the_items(jobs):
    assert in_parallel(lambda item: (item, f"ü{item}"), ITEMS, jobs) == [(item, f"ü{item}") for item in ITEMS]


@forking
def test_several_processes_work():
    assert len(set(in_parallel(lambda item: os.getpid(), ITEMS, 2))) == 2
    assert set(in_parallel(lambda item: os.getpid(), ITEMS[:2], 2)) == {PARENT}


@forking
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_one_raises_is_raised(jobs):
    def make(item):
        if item == ITEMS[-1]:
            raise KeyError(item)
        return item

    with pytest.raises(KeyError):
        in_parallel(make, ITEMS, jobs)


@forking
def test_the_share_of_a_process_that_was_stopped_is_done_here():
    def make(item):
        if os.getpid() != PARENT and item > len(ITEMS) // 2:
            os.kill(os.getpid(), 9)
        return item * 2

    assert in_parallel(make, ITEMS, 2) == [item * 2 for item in ITEMS]


KILLED = """
import pathlib, sys, time
from mkdocs_incremental.workers import in_parallel

def make(number):
    time.sleep(0.05)
    pathlib.Path(sys.argv[1], str(number)).touch()

in_parallel(make, range(400), 2)
"""


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="work is shared where processes can fork")
def test_a_worker_whose_parent_was_killed_stops(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", KILLED, tmp_path])
    while len(list(tmp_path.iterdir())) < 4:
        time.sleep(0.01)
        assert process.poll() is None
    process.kill()
    process.wait()
    time.sleep(0.3)
    left = set(tmp_path.iterdir())
    time.sleep(0.5)
    assert set(tmp_path.iterdir()) == left
