"""Tests of commands in a separate process: prompt exit, exit status, and complete output."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

START = "import sys; from mlguide_site.cli.program import program; sys.argv = ['mlguide', *sys.argv[1:]]"
AT_EXIT = "import atexit; atexit.register(print, 'at exit')"
THREAD = "import threading; threading.Thread(target=lambda: (threading.main_thread().join(), print('done'))).start()"


def run(*lines: str, arguments: tuple[str, ...] = ("--version",), to: Path | None = None) -> tuple[int, str, str]:
    """Run a program of these lines. Returns its exit status, output and errors."""
    command = [sys.executable, "-c", "\n".join([START, *lines, "program()", "print('still here')"]), *arguments]
    if to is not None:
        with to.open("w") as file:
            ran = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, text=True, check=False)
        return ran.returncode, "", ran.stderr
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout, ran.stderr


def test_what_is_to_be_done_at_the_end_is_done_and_said() -> None:
    status, output, _ = run(AT_EXIT)
    assert status == 0
    assert output.startswith("mlguide ")
    assert output.endswith("\nat exit\n")


def test_other_threads_are_waited_for() -> None:
    assert run(THREAD)[1].endswith("done\n")


def test_the_status_is_that_of_the_command() -> None:
    status, output, errors = run(arguments=("no-such-command",))
    assert (status, output) == (2, "")
    assert "No such command" in errors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_what_can_not_be_said_is_a_failure() -> None:
    status, _, errors = run(to=Path("/dev/full"))
    assert status == 3
    assert "No space left" in errors and "Traceback" not in errors


@pytest.mark.parametrize(("arguments", "status"), [(("--version",), 0), (("no-such-command",), 2)])
@pytest.mark.parametrize("closed", ["sys.stdout = None", "sys.stderr = None"])
def test_what_was_closed_before_needs_no_flushing(arguments, status, closed) -> None:
    ended, _, errors = run(closed, arguments=arguments)
    assert ended == status
    assert "Traceback" not in errors


def test_what_is_said_where_nobody_listens_goes_nowhere_else() -> None:
    status, output, _ = run("sys.stdin = sys.stderr = None", arguments=("no-such-command",))
    assert (status, output) == (2, "")


def test_a_loop_of_links_is_no_root(tmp_path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    status, _, errors = run(arguments=("-C", str(tmp_path / "loop"), "build"))
    assert status == 2
    assert "no mkdocs.yml here" in errors and "Traceback" not in errors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_a_failure_that_can_not_be_said_is_one_of_the_disk(tmp_path) -> None:
    command = [sys.executable, "-c", f"{START}\nprogram()", "-C", str(tmp_path / "none"), "build", "--jobs", "2"]
    (tmp_path / "none").mkdir()
    with Path("/dev/full").open("w") as full:
        assert subprocess.run(command, stderr=full, check=False).returncode == 3


def test_a_path_that_is_no_text_is_refused(tmp_path) -> None:
    odd = tmp_path / os.fsdecode(b"b\xffd")
    try:
        odd.mkdir()
    except OSError:
        pytest.skip("the file system takes no such name")
    (odd / "mkdocs.yml").write_text("site_name: Odd\n")
    status, _, errors = run(arguments=("-C", str(odd), "build"))
    assert status == 2
    assert "the path is not valid UTF-8" in errors


def test_an_interrupt_of_a_plain_build_ends_quietly(tmp_path) -> None:
    status, _, errors = run(
        "import mlguide_site.cli.commands",
        "def stop(*_, **__): raise KeyboardInterrupt",
        "mlguide_site.cli.commands._check_time = stop",
        f"open({str(tmp_path / 'mkdocs.yml')!r}, 'w').close()",
        arguments=("-C", str(tmp_path), "build"),
    )
    assert (status, errors) == (130, "")


def test_an_interrupt_while_commands_are_imported_ends_quietly() -> None:
    status, _, errors = run(
        "import builtins, mlguide_site.cli.program; real = builtins.__import__",
        "def stop(name, *rest):",
        "    if name == 'mlguide_site.cli.commands': raise KeyboardInterrupt",
        "    return real(name, *rest)",
        "builtins.__import__ = stop",
    )
    assert (status, errors) == (130, "")
