"""Tests of the preview, started by `mlguide` and by MkDocs: it shows every kind of edit, builds once per edit, and
shows drafts."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from conftest import CHECKOUT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="stops the server with a POSIX signal")]

COMMANDS = {"mlguide": ["mlguide", "serve", "--address"], "mkdocs": ["mkdocs", "serve", "--dev-addr"]}
PATIENCE = 60.0
QUIET = 3.0
"""The number of seconds within which a build loop would start another build."""
# not "Documentation built in 0.30 seconds": MkDocs doesn't print a repeated message again
BEGUN, ABORTED = "Building documentation", "Aborted with"
BUILT = {"mlguide": ("Built ",), "mkdocs": ("Serving on", "Reloading browsers")}


class Preview:
    """A running preview of a root, and its log."""

    def __init__(self, url: str, log: Path, program: str) -> None:
        self.url = url
        self.log = log
        self.program = program

    def text(self, path: str) -> str:
        """Return the current text of a page, or an empty string if the page is not available."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def wait_for(self, path: str, words: str) -> None:
        """Wait until a page contains a text."""
        end = time.monotonic() + PATIENCE
        while words not in self.text(path):
            assert time.monotonic() < end, f"{path} never showed {words!r}\n{self.log.read_text('utf-8')}"
            time.sleep(0.1)

    def built(self, log: str) -> int:
        """Return the number of builds that are finished and shown according to a log."""
        return sum(log.count(words) for words in BUILT[self.program])

    def is_at_rest(self, log: str) -> bool:
        """Return whether all builds in a log are finished."""
        if self.program == "mkdocs":
            return log.count(BEGUN) == self.built(log) + log.count(ABORTED)
        return self.built(log) > 0


def settled(previews: list[Preview]) -> list[int]:
    """Wait until no preview has built for a while. Returns the number of builds of each preview."""
    end = time.monotonic() + PATIENCE
    while True:
        before = [preview.log.read_text("utf-8") for preview in previews]
        time.sleep(QUIET)
        now = [preview.log.read_text("utf-8") for preview in previews]
        counts = [preview.built(log) for preview, log in zip(previews, now, strict=True)]
        if counts == [preview.built(log) for preview, log in zip(previews, before, strict=True)] and all(
            preview.is_at_rest(log) for preview, log in zip(previews, now, strict=True)
        ):
            return counts
        assert time.monotonic() < end, "a preview did not finish building\n" + "\n".join(now)


def edit(path: Path, text: str) -> None:
    """Replace a file atomically, as editors do. The preview must never read a partial file."""
    fresh = path.parents[2] / f"{path.name}.edited"
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


@contextmanager
def serving(folder: Path, command: list[str]) -> Iterator[Preview]:
    """Serve a root until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder.parent / "serve.log"
    program = Path(sys.executable).with_name(command[0])
    # tests that run in the background of a shell ignore Ctrl+C, and so would their child processes
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [program, *command[1:], f"127.0.0.1:{port}"],
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        signal.signal(signal.SIGINT, before)
        try:
            yield Preview(f"http://127.0.0.1:{port}/", log, command[0])
        finally:
            process.send_signal(signal.SIGINT)
            try:
                status = process.wait(20)
            finally:
                process.kill()
    assert status == 0, log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")


@pytest.fixture
def root(run, feed, tmp_path) -> Path:
    """A small root with a custom template."""
    run("mlguide", "init", "kb", "--feed", feed, cwd=tmp_path)
    (tmp_path / "kb" / "templates").mkdir()
    shutil.copy(CHECKOUT / "templates" / "episode.md.jinja", tmp_path / "kb" / "templates")
    return tmp_path / "kb"


def test_the_previews_follow_edits_without_loops(root, tmp_path) -> None:
    """Check both previews with the same edits beside each other, because most of the time is spent waiting."""
    name = min(root.glob("episodes/*/*.md")).relative_to(root)
    page, soon = f"episodes/{name.parent.name}/{name.stem}/", f"{name.parent.name}-soon"
    draft = name.with_name(f"{soon}.md")
    roots = [shutil.copytree(root, tmp_path / command / "kb") for command in COMMANDS]
    with ExitStack() as stack:
        previews = [stack.enter_context(serving(*pair)) for pair in zip(roots, COMMANDS.values(), strict=True)]

        def change(path: Path | str, text: str, shown: str, words: str) -> None:
            """Append a text to a file, or write a new file, and wait until a page contains some words."""
            for folder in roots:
                before = (folder / path).read_text("utf-8") if (folder / path).exists() else ""
                edit(folder / path, before + text)
            for preview in previews:
                preview.wait_for(shown, words)

        for preview in previews:
            preview.wait_for(page, "</html>")
        counts = settled(previews)

        change(name, "\nA sentence that was not there.\n", page, "A sentence that was not there.")
        assert settled(previews) == [count + 1 for count in counts]

        tool = "freshly-made:\n  name: Freshly Made\n  category: Other\n"
        change("knowledge/tools.yml", tool, "tools/freshly-made/", "Freshly Made")
        assert settled(previews) == [count + 2 for count in counts]

        change("templates/episode.md.jinja", "\nA foot of our own.\n", page, "A foot of our own.")
        assert settled(previews) == [count + 3 for count in counts]

        front = f"---\nid: {soon}\ntitle: Not yet\nstatus: draft\n---\n\nSoon.\n"
        change(draft, front, f"episodes/{name.parent.name}/{soon}/", "Not yet")
        for folder in roots:
            (folder / draft).unlink()
        assert settled(previews) == [count + 5 for count in counts]

        change("pages/about.md", "---\ntitle: About\n---\n\nWho we are.\n", "about/", "Who we are.")
        change("pages/about.md", "\nWho we were.\n", "about/", "Who we were.")
        assert settled(previews) == [count + 7 for count in counts]


def test_an_error_is_shown_and_its_mending_too(root) -> None:
    note = min(root.glob("episodes/*/*.md"))
    page = f"episodes/{note.parent.name}/{note.stem}/"
    good = note.read_text("utf-8")
    with serving(root, COMMANDS["mlguide"]) as preview:
        preview.wait_for(page, "</html>")
        edit(note, good.replace("title:", "titel:", 1))
        end = time.monotonic() + PATIENCE
        while f"{note.relative_to(root).as_posix()}:3:1: " not in preview.log.read_text("utf-8"):
            assert time.monotonic() < end, preview.log.read_text("utf-8")
            time.sleep(0.1)
        assert "Goodbye" not in preview.text(page)
        edit(note, good + "\nMended.\n")
        preview.wait_for(page, "Mended.")


def test_a_preview_of_a_broken_root_begins_once_it_is_mended(root) -> None:
    settings = root / "mkdocs.yml"
    good = settings.read_text("utf-8")
    settings.write_text(good.replace("site_name:", "site_name: [", 1), "utf-8")
    with serving(root, COMMANDS["mlguide"]) as preview:
        end = time.monotonic() + PATIENCE
        while "Not built" not in preview.log.read_text("utf-8"):
            assert time.monotonic() < end, preview.log.read_text("utf-8")
            time.sleep(0.1)
        fresh = root / "mkdocs.fresh"
        fresh.write_text(good, "utf-8")
        fresh.replace(settings)
        preview.wait_for("", "</html>")


def test_files_that_come_and_go_together_are_followed(root) -> None:
    """Check changes as from switching branches: many files at once, a renamed folder and a new folder."""
    note = min(root.glob("episodes/*/*.md"))
    series = note.parent.name
    with serving(root, COMMANDS["mlguide"]) as preview:
        preview.wait_for(f"episodes/{series}/{note.stem}/", "</html>")
        others = sorted(path for path in note.parent.glob("*.md") if path != note)
        for path in others:
            path.unlink()
        for number in range(801, 804):
            path = note.with_name(f"{series}-{number}.md")
            path.write_text(f"---\nid: {path.stem}\ntitle: Of the other branch {number}\n---\n\nText.\n", "utf-8")
        shutil.rmtree(root / "templates")
        (root / "templates" / "assets").mkdir(parents=True)
        (root / "templates" / "assets" / "own.txt").write_text("A file of our own.", "utf-8")
        preview.wait_for(f"episodes/{series}/{series}-803/", "Of the other branch 803")
        preview.wait_for("assets/mlguide/own.txt", "A file of our own.")
        if others:
            assert "</html>" not in preview.text(f"episodes/{series}/{others[0].stem}/")
