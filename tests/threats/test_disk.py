"""Nothing is lost if a process is killed, the disk refuses, or two processes run. Rows 30 to 33.

`tests/faults/` simulates this for every command and operation; this module tests real processes.
"""

import re
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from conftest import CHECKOUT, FEED, tree
from faults.disk import FULL, Disk, failing
from faults.scenes import LATER
from mlguide_site.content import files
from threats.desk import NOTE, SETTINGS, Desk

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def child(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python process that runs a script. The script prints its progress to standard output."""
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


STALLS = """
import os, sys, time
from mlguide_site.cli.program import main
real, count = os.fsync, [0]
def stall(handle):
    real(handle)
    count[0] += 1
    if count[0] == int(sys.argv[1]):
        print("here", flush=True)
        time.sleep(60)
os.fsync = stall
main(sys.argv[2:])
"""


@posix
@pytest.mark.parametrize("at", [1, 3, 4])
def test_30_a_process_killed_in_mid_write_leaves_old_or_new(desk: Desk, at: int) -> None:
    desk.run("import", desk.source(FEED))
    before = desk.notes()
    desk.source(LATER, "later.xml")
    clean = desk.folder / "clean"
    shutil.copytree(desk.root, clean)
    process = child(STALLS, at, "-C", desk.root, "import", desk.folder / "later.xml")
    assert process.stdout and process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    again = Desk(desk.folder, desk.capture)
    run = again.run("import", desk.folder / "later.xml")
    desk.run("-C", clean, "import", desk.folder / "later.xml")
    meant = {path.name: path.read_bytes() for path in clean.rglob("episodes/**/*.md")}
    assert run.status == 0 and again.notes() == meant and before.keys() <= meant.keys()


def test_31_a_full_disk_leaves_the_old_bytes_and_says_so(desk: Desk) -> None:
    desk.put("mkdocs.yml", SETTINGS)
    desk.run("import", desk.source(FEED))
    later, before = desk.source(LATER, "later.xml"), desk.notes()
    with failing(Disk(desk.root)) as disk:
        desk.run("import", "--dry-run", later)
        assert disk.count == 0
    with failing(Disk(desk.root)) as disk:
        assert desk.run("import", later).status == 0
    after, steps = desk.notes(), disk.count
    assert steps > 10 and before != after
    failed = 0
    for at in range(0, steps, 3):
        shutil.rmtree(desk.root)
        desk.put("mkdocs.yml", SETTINGS)
        desk.run("import", desk.folder / "source.xml")
        with failing(Disk(desk.root, at, FULL)):
            result = desk.run("import", later)
        # existing folders are not created again
        assert (
            result.status == 3 and ": No space left; free some space and run the command again" in result.errors
        ) or not result.status
        assert result.status or desk.notes() == after
        failed += result.status == 3
        assert all(data in (before.get(name), after[name]) for name, data in desk.notes().items())
        assert before.keys() <= desk.notes().keys() and not list(desk.root.rglob("*.tmp"))
    assert failed > 3


@posix
def test_31_a_folder_that_may_not_be_written_to_is_named(desk: Desk) -> None:
    place = desk.put("episodes/show/show-001.md", NOTE.replace("Text", "Text, as it was"))
    place.parent.chmod(0o555)
    try:
        if (place.parent / "x").parent.stat().st_uid == 0:
            pytest.skip("nothing is forbidden to root")
        result = desk.run("new", "show", "Two")
        assert result.status == 3 and "Permission denied" in result.errors
    finally:
        place.parent.chmod(0o755)
    assert desk.notes() == {"show-001.md": place.read_bytes()}


HOLDS = """
import sys
from pathlib import Path
from mlguide_site.content.files import exclusive
with exclusive(Path(sys.argv[1])):
    print("here", flush=True)
    sys.stdin.readline()
"""


def test_32_a_second_process_waits_and_then_gives_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert files.LOCK_SECONDS == 10
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.3)
    command = [sys.executable, "-c", HOLDS, str(desk.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "here\n"
        source = desk.source(FEED)
        for arguments in (("import", source), ("new", "show", "Two"), ("check", "--fix"), ("build",)):
            result = desk.run(*arguments)
            assert result.status == 3 and "another process is using this root" in result.errors, arguments
        assert desk.notes() == {}
        holder.communicate("\n")
    assert desk.run("import", source).status == 0


def test_32_imports_at_the_same_time_lose_nothing(desk: Desk) -> None:
    """Check that two imported feeds and two new episodes at the same time lose nothing, and that all numbers are
    unique."""
    other = (
        re.sub("(?i)bridges(?: and tunnels)?", "Roads", FEED).replace("Hanging by", "Held by").replace("Under", "By")
    )
    one, two = desk.source(FEED), desk.source(other, "roads.xml")
    run = "import sys; from mlguide_site.cli.program import main; main(sys.argv[1:])"
    jobs = [("import", one), ("import", two), ("new", "show", "A"), ("new", "show", "B")]
    processes = [child(run, "-C", desk.root, *job) for job in jobs]
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], said
    names = [f"{series}-00{number}.md" for series in ("bridges-and-tunnels", "roads", "show") for number in (1, 2)]
    assert sorted(desk.notes()) == names
    assert desk.run("check").status == 0


KILLED = """
import sys
from pathlib import Path
sys.path.append(sys.argv[1])
from faults.disk import SIGNAL, Disk, failing
from mlguide_site.cli.program import main
with failing(Disk(Path(sys.argv[2]), int(sys.argv[3]), SIGNAL)):
    main(["-C", sys.argv[2], "build"])
"""


@posix
def test_33_a_build_that_is_killed_is_completed_by_the_next(desk: Desk) -> None:
    desk.run("import", desk.source(FEED))
    assert desk.run("build").status == 0
    notes, first = desk.notes(), tree(desk.root / "site")
    (path,) = (desk.root / "episodes").rglob("*-001.md")
    before = path.read_bytes()
    edited, clean = before + b"\nA sentence more.\n", desk.folder / "clean"
    path.write_bytes(edited)
    shutil.copytree(desk.root, clean)
    shutil.rmtree(clean / "site")
    # in the root itself: in a copied root, no cached file state would be valid
    with failing(Disk(desk.root)) as disk:
        assert desk.run("build").status == 0
    assert desk.run("-C", clean, "build").status == 0
    meant = tree(clean / "site")
    assert tree(desk.root / "site") == meant != first
    # undoing the edit must also remove the pages of the killed build
    for part, undone in ((0.4, False), (0.7, True), (0.9, False), (0.9, True)):
        path.write_bytes(before)
        assert desk.run("build").status == 0
        assert tree(desk.root / "site") == first
        path.write_bytes(edited)
        process = child(KILLED, CHECKOUT / "tests", desk.root, int(disk.count * part))
        process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL
        assert desk.notes().keys() == notes.keys() and path.read_bytes() == edited
        if undone:
            path.write_bytes(before)
        assert desk.run("build").status == 0
        assert tree(desk.root / "site") == (first if undone else meant)
