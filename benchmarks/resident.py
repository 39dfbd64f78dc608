"""Measures how long an edit takes while `mlguide serve` runs: until the page is on disk, in the browser, and in the
search.

Run as `python -m benchmarks.resident [--sizes 60 2000] [--edits 9]`. Each edit adds a sentence to one note, whose page
is open in Chromium. The figures are medians, in milliseconds after the note is saved. With `--strict`, the exit status
is 1 if a figure exceeds its bound.
"""

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import IO, NamedTuple

from playwright.sync_api import Page, sync_playwright

from benchmarks.browsing import CHROMIUM_FLAGS, chromium
from benchmarks.corpus import write_root

BOUNDS = (50, 200, 3000)
"""The maximum milliseconds until the page is on disk, in the browser, and in the search."""
PATIENCE = 300.0
STEP = 0.001


class Wait(NamedTuple):
    """The milliseconds from an edit until the page is on disk, in the browser, and in the search."""

    disk: float
    browser: float
    search: float


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Start a preview of a root, and return its address when it responds."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    program = Path(sys.executable).with_name("mlguide")
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen([program, "serve", "--address", address], cwd=root, stdout=said, stderr=said)
        try:
            _until(lambda: "Serving on" in _read(said) or process.poll() is not None)
            if process.poll() is not None:
                sys.exit(_read(said))
            line = next(line for line in _read(said).splitlines() if "Serving on" in line)
            yield line.split("Serving on ")[1].split()[0]
        finally:
            process.terminate()
            process.wait(60)


def edits(root: Path, page: Page, url: str, count: int) -> Iterator[Wait]:
    """Edit a note several times, and measure each time."""
    note = sorted(root.glob("episodes/*/*.md"))[7]
    path = f"episodes/{note.parent.name}/{note.stem}/"
    built, index = root / "build/preview" / path / "index.html", root / "build/preview/pagefind/pagefind-entry.json"
    text = note.read_text("utf-8")
    _until(index.is_file)
    with page.expect_request("**/events"):
        page.goto(url + path)
    for number in range(count + 1):
        time.sleep(1)
        before, marker = index.read_bytes(), f"Seen for the {number}th time"
        seen: list[float] = []

        def watch(was: bytes = before, words: str = marker, seen: list[float] = seen) -> None:
            _until(lambda: words in built.read_text("utf-8"))
            seen.append(time.perf_counter())
            _until(lambda: index.is_file() and index.read_bytes() != was)
            seen.append(time.perf_counter())

        watcher = threading.Thread(target=watch)
        beside = note.with_name(".edited")
        beside.write_text(f"{text.rstrip()}\n\n{marker}.\n", "utf-8")
        watcher.start()
        start = time.perf_counter()
        beside.replace(note)
        page.get_by_text(marker).wait_for(state="attached", timeout=PATIENCE * 1000)
        shown = time.perf_counter()
        watcher.join()
        if number:  # what the first edit is the first to import or open is no part of the others
            yield Wait(*((at - start) * 1000 for at in (seen[0], shown, seen[1])))


def _until(holds: Callable[[], bool]) -> None:
    end = time.perf_counter() + PATIENCE
    while not _holds(holds):
        if time.perf_counter() > end:
            sys.exit("nothing came of an edit")
        time.sleep(STEP)


def _holds(holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except OSError:
        return False


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def main() -> int:
    """Measure and print the figures. Return 1 if `--strict` is set and a figure exceeds its bound."""
    parser = argparse.ArgumentParser(description="Times edits while the preview runs.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[60, 2000])
    parser.add_argument("--edits", type=int, default=9)
    parser.add_argument("--strict", action="store_true", help="exit with status 1 if a figure exceeds its bound")
    options = parser.parse_args()
    broken = False
    print("| episodes | on disk, ms | in the browser, ms | search fresh, ms |\n" + "| --- " * 4 + "|")
    for size in options.sizes:
        folder = Path(tempfile.mkdtemp())
        try:
            write_root(folder / "root", size)
            with serving(folder / "root") as url, sync_playwright() as drawn:
                browser = drawn.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
                waits = list(edits(folder / "root", browser.new_page(), url, options.edits))
                browser.close()
            told = [median(wait[at] for wait in waits) for at in range(3)]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        broken = broken or any(value > bound for value, bound in zip(told, BOUNDS, strict=True))
        cells = (
            f"{value:.0f}{'' if value <= bound else f' (OVER {bound})'}"
            for value, bound in zip(told, BOUNDS, strict=True)
        )
        print(f"| {size:,} | " + " | ".join(cells) + " |", flush=True)
    return 1 if options.strict and broken else 0


if __name__ == "__main__":
    sys.exit(main())
