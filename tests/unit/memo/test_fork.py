"""Work shared among processes."""

import os

import pytest

from mlguide_site.build.memo import fork
from mlguide_site.build.memo.fork import shared

ITEMS = list(range(fork.FEW * 3))
PARENT = os.getpid()
forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    # what runs the tests may have threads of its own
    monkeypatch.setattr(fork, "can_fork", lambda: hasattr(os, "fork"))


@pytest.mark.parametrize("jobs", [1, 2, 3, 8])
def test_results_stand_in_the_order_of_the_items(jobs):
    assert shared(lambda item: [item, f"ü{item}"], ITEMS, jobs) == [[item, f"ü{item}"] for item in ITEMS]


@forking
def test_several_processes_work():
    assert len(set(shared(lambda item: os.getpid(), ITEMS, 2))) == 2
    assert set(shared(lambda item: os.getpid(), ITEMS[:2], 2)) == {PARENT}


@forking
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_one_raises_is_raised(jobs):
    def make(item):
        if item == ITEMS[-1]:
            raise KeyError(item)
        return item

    with pytest.raises(KeyError):
        shared(make, ITEMS, jobs)


@forking
def test_the_share_of_a_process_that_was_stopped_is_done_here(monkeypatch):
    forked = []
    begin = os.fork

    def noted():
        forked.append(begin())
        return forked[-1]

    monkeypatch.setattr(os, "fork", noted)

    def make(item):
        if os.getpid() != PARENT and item > len(ITEMS) // 2:
            os.kill(os.getpid(), 9)
        return item * 2

    assert shared(make, ITEMS, 2) == [item * 2 for item in ITEMS]
    assert forked
    for pid in forked:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


@pytest.mark.parametrize("jobs", [1, 3])
def test_shares_are_told_their_number(jobs):
    shares = fork.in_shares(lambda number, share: [number, sum(share)], ITEMS, jobs)
    assert [number for _, (number, _) in shares] == list(range(len(shares)))
    assert all(sum(share) == total for share, (_, total) in shares)
    assert sorted(item for share, _ in shares for item in share) == ITEMS
