"""Tests of builds that are killed at random moments, with and without worker processes: the next build completes them,
whatever was edited before and after.

Only a few moments are tested. `MLGUIDE_FAULTS=all` (set by `make fuzz`) tests two hundred.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.corpus import write_root
from benchmarks.edits import EDITS
from conftest import tree
from conftest import write_files as write

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="processes are forked and killed by groups")
ALL = os.environ.get("MLGUIDE_FAULTS") == "all"
TRIES = 200 if ALL else 5
EPISODES = 40
"""Enough episodes to build pages and files in several processes."""
SOURCES = ("episodes/", "knowledge/", "mkdocs.yml")


def sources(root: Path) -> dict[str, str]:
    return {name: data.decode() for name, data in tree(root).items() if name.startswith(SOURCES)}


def become(root: Path, state: Mapping[str, str]) -> None:
    """Edit a root until it has these sources."""
    found = sources(root)
    for name in found.keys() - state.keys():
        (root / name).unlink()
    write(root, {name: text for name, text in state.items() if found.get(name) != text})


def building(root: Path) -> subprocess.Popen[bytes]:
    command = [Path(sys.executable).with_name("mlguide"), "-C", root, "build", "--jobs", "2"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)


def built(root: Path) -> dict[str, bytes]:
    """Return the site of an undisturbed build."""
    process = building(root)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said.decode()
    return tree(root / "site")


def test_a_build_killed_at_a_random_moment_is_made_good_by_the_next(tmp_path: Path) -> None:
    root, chance = tmp_path / "kb", random.Random(20)
    write_root(root, EPISODES, 1)
    states = [sources(root)]
    for edit in list(EDITS.values())[:: 1 if ALL else 3]:
        become(root, states[0])
        edit(root, 1)
        states.append(sources(root))
    meant = []
    for number, state in enumerate(states):
        become(tmp_path / f"clean-{number}", state)
        meant.append(built(tmp_path / f"clean-{number}"))
    become(root, states[0])
    start = time.monotonic()
    assert built(root) == meant[0]
    whole = time.monotonic() - start
    killed, at = 0, 0
    for number in range(4 * TRIES):
        if killed == TRIES:
            break
        at = chance.choice([other for other in range(len(states)) if other != at])
        become(root, states[at])
        process, alone = building(root), chance.random() < 0.5
        time.sleep(chance.random() * whole)
        if alone:
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=300)
        killed += process.returncode == -signal.SIGKILL
        assert sources(root) == states[at]
        if chance.random() < 0.5:
            at = chance.randrange(len(states))
            become(root, states[at])
        found = built(root)
        wrong = [name for name in sorted(found.keys() | meant[at].keys()) if found.get(name) != meant[at].get(name)]
        assert not wrong, f"{wrong[:5]} after kill {number}{' of the first process alone' if alone else ''}, edit {at}"
    assert killed == TRIES
