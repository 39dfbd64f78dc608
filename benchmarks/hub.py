"""Measures builds of a hub: speed-up by a second worker, Dask's overhead, memory, and builds after small changes.

Run as `python -m benchmarks.hub [--shows 200] [--episodes 100]`. It compares these runs on the same shows: a plain
loop, one worker and two workers. Two plain loops over an eighth of the shows each, beside each other, tell how much
faster two processors of this machine can be at all. Then it builds with two workers after no change, after an edit of
one show, and after a change of the hub alone. A quarter of the shows is measured too, to see what grows with their
number.
"""

import argparse
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.corpus import write_shows
from mlguide_site.build.inputs import program_digest
from mlguide_site.hub import HUB, SHOWS
from mlguide_site.hub.hub_file import HubFile, add_shows, init_hub, read_hub
from mlguide_site.hub.joins import join
from mlguide_site.hub.partial import Partial, names_of
from mlguide_site.hub.run import build_hub_site, current_records, hub_context, publish
from mlguide_site.hub.show_task import ShowJob, build_show
from mlguide_site.hub.store import Store, tree_digest

BOUNDS = {
    "two workers are faster by": (1.8, ">="),
    "overhead over a loop, one worker": (0.05, "<="),
    "memory of client and scheduler, MiB": (400, "<="),
    "memory of a worker, MiB": (600, "<="),
    "memory of a worker, growth with four times the shows": (1.1, "<="),
    "memory of client and scheduler, growth with four times the shows": (1.1, "<="),
    "nothing changed, share of cold": (0.02, "<="),
    "one show changed without the hub's site, share of cold": (0.02, "<="),
    "the hub's site, growth with four times the mentions": (4.4, "<="),
}
"""The bound of each figure."""


class Run(NamedTuple):
    """A run: wall-clock seconds, and the largest memory in MiB of the command's process and of a worker process."""

    wall: float
    client: float
    worker: float


@contextmanager
def watched(process: psutil.Process, peaks: list[float]) -> Iterator[None]:
    """Note the largest memory in MiB of a process (first) and of its child processes (second), ten times a second."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            try:
                children = [one.memory_info().rss for one in process.children()]
                found = [process.memory_info().rss, max(children, default=0)]
            except psutil.Error:
                continue
            peaks[:] = [max(old, new / 2**20) for old, new in zip(peaks, found, strict=True)]

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def run(label: str, *command: str | Path) -> Run:
    """Run a command of this environment's Python to its end, and print what it needed."""
    print(f"{label} …", end=" ", flush=True)
    start, peaks = time.perf_counter(), [0.0, 0.0]
    with subprocess.Popen([sys.executable, "-m", *command], stderr=subprocess.PIPE, text=True) as process:
        with watched(psutil.Process(process.pid), peaks):
            output = process.communicate()[1]
        if process.returncode:
            sys.exit(output)
    found = Run(time.perf_counter() - start, *peaks)
    print(f"{found.wall:.1f} s, {found.client:.0f} MiB, worker {found.worker:.0f} MiB", flush=True)
    return found


def loop(root: Path) -> None:
    """Build a hub without Dask: one show after the other, then the hub's site."""
    file, place, program = read_hub(root), str(root / "store"), program_digest()
    for slug, show in file.hub.shows.items():
        address = file.hub.url(f"{SHOWS}/{slug}/")
        outcome = build_show(ShowJob(slug, show, address, str(root), place, program, {}, file.hub.title))
        if outcome.state != "built":
            sys.exit(f"{slug}: {outcome.problems}")
    records = current_records(place, file, [])
    catalogs = (Partial.model_validate_json(Store(place).read(record.catalog)) for record in records.values())
    names = [one for catalog in catalogs for one in names_of(catalog)]
    (root / ".mlguide").mkdir(exist_ok=True)
    context = hub_context(file.hub, program, records)
    publish(
        root,
        place,
        file.hub.shows,
        {HUB: build_hub_site(file.hub, place, context, records, join(names, file)), **records},
    )


def beside(folder: Path, shows: int) -> float:
    """Return how much faster two plain loops over `shows` shows are beside each other than one after the other."""
    alone = run(f"loop, {shows} shows", "benchmarks.hub", "--loop", new_hub(folder, "alone", shows)).wall
    print("two loops beside each other …", end=" ", flush=True)
    start = time.perf_counter()
    loops = [(sys.executable, "-m", "benchmarks.hub", "--loop", new_hub(folder, name, shows)) for name in ("a", "b")]
    if sum(process.wait() for process in [subprocess.Popen(one) for one in loops]):
        sys.exit("a loop failed")
    print(f"{time.perf_counter() - start:.1f} s", flush=True)
    return 2 * alone / (time.perf_counter() - start)


def new_hub(folder: Path, name: str, shows: int) -> Path:
    """Create a hub of the first shows of the corpus in `folder`."""
    root = folder / name
    init_hub(root, "Benchmark", "https://bench.example/")
    add_shows(root, [str(folder / f"show-{at:03}") for at in range(1, shows + 1)], None)
    return root


def mentions(root: Path, file: HubFile) -> int:
    """Return how often episodes mention the entries of all shows, each entry and episode counted once."""
    store = Store(str(root / "store"))
    listed = (json.loads(store.read(one.catalog)) for one in current_records(str(root / "store"), file, []).values())
    return sum(len(entry["episodes"]) for partial in listed for entry in partial["entries"])


def build(label: str, root: Path, workers: int) -> Run:
    """Run `mlguide hub build`."""
    return run(f"{label}, {root.name}", "mlguide_site", "-C", root, "hub", "build", "--workers", str(workers))


def settled(root: Path) -> Run:
    """Add a pair of different entries to `hub.yml`, which changes the hub's site and no show, and build again."""
    with (root / "hub.yml").open("a", encoding="utf-8") as file:
        file.write("different:\n  - [tool:show-1/other, tool:show-2/other]\n")
    return build("the hub changed", root, 2)


def measure(folder: Path, shows: int, episodes: int) -> dict[str, float]:
    """Return the figures, by name. The content of `folder` is replaced."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_shows(folder, shows, episodes)
    few = new_hub(folder, "quarter", max(1, shows // 4))
    small = build("cold, two workers", few, 2)
    calm, changed = build("nothing changed", few, 2), settled(few)
    parallel = beside(folder, max(1, shows // 8))
    looped, one, two = (new_hub(folder, name, shows) for name in ("loop", "one", "two"))
    plain = run(f"loop, {shows} shows", "benchmarks.hub", "--loop", looped)
    single, double = build("cold, one worker", one, 1), build("cold, two workers", two, 2)
    digests = {tree_digest(root / "site") for root in (looped, one, two)}
    if len(digests) > 1:
        sys.exit("the three sites differ")
    idle, again = build("nothing changed", two, 2), settled(two)
    note = next((folder / "show-001/episodes").rglob("*.md"))
    note.write_bytes(note.read_bytes() + b"\nOne more line.\n")
    edited = build("one show changed", two, 2)
    share = again.wall - idle.wall
    more = mentions(two, read_hub(two)) / mentions(few, read_hub(few))
    return {
        "two workers are faster by": single.wall / double.wall,
        "overhead over a loop, one worker": single.wall / plain.wall - 1,
        "memory of client and scheduler, MiB": double.client,
        "memory of a worker, MiB": double.worker,
        "memory of a worker, growth with four times the shows": double.worker / small.worker,
        "memory of client and scheduler, growth with four times the shows": double.client / small.client,
        "nothing changed, share of cold": idle.wall / single.wall,
        "one show changed without the hub's site, share of cold": (edited.wall - share) / single.wall,
        "the hub's site, growth with four times the mentions": share / (changed.wall - calm.wall) / more * 4,
        "the hub's site, seconds": share,
        "two plain loops are faster by": parallel,
    }


def table(figures: dict[str, float]) -> Iterator[str]:
    """Yield the lines of a table that compares the figures with their bounds."""
    yield from ("| figure | | bound |", "| --- | --- | --- |")
    for name, value in figures.items():
        bound, sign = BOUNDS.get(name, (0.0, ""))
        holds = value <= bound if sign == "<=" else value >= bound
        yield f"| {name} | {value:.3g} | {f'{sign} {bound}' + ('' if holds else ': NOT MET') if sign else ''} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure a hub, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shows", type=int, default=200)
    parser.add_argument("--episodes", type=int, default=100)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "out" / "hub", help="a folder to replace")
    parser.add_argument("--loop", type=Path, metavar="HUB", help="build this hub without Dask, and measure nothing")
    options = parser.parse_args(arguments)
    if options.loop:
        loop(options.loop)
        return
    print(f"{options.shows} shows of {options.episodes} episodes", flush=True)
    print("\n".join(table(measure(options.out, options.shows, options.episodes))))


if __name__ == "__main__":
    main()
