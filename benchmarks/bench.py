"""Compares the time of `mlguide build` with a plain engine on the same pages, and prints the bounds.

"Bare" is `mkdocs build` on the generated pages with the same theme overrides and Markdown extensions, but without our
plugin and search. Each figure is a ratio of process times. The processes run in turns, and the figure is the median of
all rounds. A round consists of a cold build, the bare engine, one edit of each kind, and a build without changes.
Optionally, other generators build the same Markdown.

Run as `python -m benchmarks.bench [--sizes 500 2000] [--rounds 5]`. The results are written to
`benchmarks/out/results.json` and `benchmarks/RESULTS.md`.
"""

import argparse
import compileall
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import mlguide_site
from benchmarks.aside import fresh, set_aside
from benchmarks.corpus import write_root
from benchmarks.edits import EDITS
from benchmarks.processes import Timing, run
from benchmarks.rivals import HUGO, HUGO_FEEDS, hugo, hugo_program, zensical
from benchmarks.weight import Growth, growth, pages_by_kind

HERE = Path(__file__).parent
STAGES = ("load", "scan", "link", "check", "render", "write")
"""Our stages before the engine. The other stages of a build are `engine`, `finish` and `search`."""
COLD_BOUND, STAGES_BOUND, TIME_BOUND, EDIT_GROWTH_BOUND, WEIGHT_BOUND = 0.65, 0.25, 4.4, 3.2, 1.2
EDIT_BOUND, SEARCH_BOUND, NOTHING_BOUND, ALIAS_BOUND, MEMORY_BOUND = 0.08, 0.25, 0.02, 0.35, 300
HELD_AT = 2000
"""The number of episodes at which the bounds on time apply."""
BUSY = 1.3
BARE = """\
INHERIT: mkdocs.yml
site_dir: build/bare
plugins: []
"""
BUILD = ("mlguide", "build", "--timings", "--format", "json")


@dataclass(frozen=True)
class Round:
    """The measurements of one round: a cold build, the bare engine on the same pages, a build after each edit, a build
    without changes, and other generators."""

    ours: Timing
    bare: Timing
    edits: Mapping[str, Timing]
    nothing: Timing
    others: Mapping[str, Timing]

    @property
    def own_share(self) -> float:
        """The time of our stages, as a share of the bare build."""
        return sum(self.ours.stages.get(name, 0.0) for name in STAGES) / self.bare.wall

    @property
    def own_share_processor(self) -> float:
        """The processor time of our stages, as a share of the bare build. If the machine is busy, this figure is more
        reliable."""
        own = sum(self.ours.stages.get(name, 0.0) for name in STAGES) / self.ours.wall
        return own * self.ours.processor / self.bare.processor

    @property
    def whole(self) -> float:
        """The time of the whole build, as a share of the bare build."""
        return self.ours.wall / self.bare.wall


def one_round(root: Path, number: int = 1, others: bool = False) -> Round:
    """Run a cold build, then the bare engine on the resulting pages, then the edits."""
    for folder in (root / "site", root / "build"):
        set_aside(folder, root.parent)
    ours = run(BUILD, root)
    bare = run(["mkdocs", "build", "--quiet", "--clean", "--config-file", "bare.yml"], root)
    set_aside(root / "build" / "bare", root.parent)
    rivals: dict[str, Timing] = {}
    if others:
        rivals |= zensical(root)
        if program := hugo_program():
            rivals |= hugo(root, program)
    edits = {}
    for name, edit in EDITS.items():
        edit(root, number)
        edits[name] = run(BUILD, root)
    return Round(ours, bare, edits, run(["mlguide", "build"], root), rivals)


def corpus(work: Path, size: int) -> Path:
    """Create a root with `size` episodes, and settings for the bare engine."""
    root = work / str(size)
    write_root(root, size)
    (root / "bare.yml").write_text(BARE, "utf-8")
    return root


def measure(work: Path, sizes: Sequence[int], rounds: int, others: bool) -> dict[int, list[Round]]:
    """Run all rounds. The sizes take turns, so that other load on the machine affects all sizes alike."""
    roots = {size: corpus(work, size) for size in sizes}
    found: dict[int, list[Round]] = {size: [] for size in sizes}
    for number in range(1, rounds + 1):
        for size, root in roots.items():
            done = one_round(root, number, others)
            found[size].append(done)
            print(f"round {number}, {size} episodes: {done.ours.wall:.1f} s, bare {done.bare.wall:.1f} s", flush=True)
    return found


def times(found: Mapping[int, Sequence[Round]]) -> list[str]:
    """Return the table of stages and the times as lines of Markdown."""
    lines = ["| episodes | " + " | ".join((*STAGES, "finish", "search", "engine", "our stages", "whole build")) + " |"]
    lines.append("| --- " * (len(STAGES) + 6) + "|")
    for size, rounds in found.items():
        names = (*STAGES, "finish", "search", "engine")
        shares = [median(r.ours.stages.get(name, 0.0) / r.bare.wall for r in rounds) for name in names]
        totals = [median(r.own_share for r in rounds), median(r.whole for r in rounds)]
        lines.append(f"| {size:,} | " + " | ".join(f"{share:.3f}" for share in (*shares, *totals)) + " |")
    lines += ["", "Each number is a share of the bare engine's time on the same pages.", ""]
    waited = max(t.wall / t.processor for rounds in found.values() for r in rounds for t in (r.ours, r.bare))
    busy = waited > BUSY
    for size, rounds in found.items():
        own = median(r.own_share for r in rounds)
        processor = median(r.own_share_processor for r in rounds)
        held = f", {verdict(processor if busy else own, STAGES_BOUND)}" if size == HELD_AT else ""
        lines.append(f"- Our stages at {size:,} episodes: {own:.3f} of bare{held} (by processor time {processor:.3f})")
    for small, large in zip(list(found), list(found)[1:], strict=False):
        pairs = list(zip(found[small], found[large], strict=True))
        grown = median(b.ours.wall / a.ours.wall for a, b in pairs)
        bare = median(b.bare.wall / a.bare.wall for a, b in pairs)
        processor = median(b.ours.processor / a.ours.processor for a, b in pairs)
        held = (
            verdict(processor if busy else grown, TIME_BOUND)
            if large == 4 * small
            else f"for {large / small:.1f} times the episodes"
        )
        also = f"by processor time {processor:.2f}, bare {bare:.2f}"
        lines.append(f"- Time from {small:,} to {large:,} episodes: {grown:.2f} times, {held} ({also})")
    if busy:
        said = f"up to {waited:.1f} s on the clock for a second's work; the bounds are held by processor time"
        lines.append(f"- The machine was busy with other work: {said}")
    return lines


def edited(found: Mapping[int, Sequence[Round]]) -> list[str]:
    """Return the figures of builds after edits, of builds without changes, of memory, and of other generators."""
    lines = []
    for size, rounds in found.items():
        lines += [
            "",
            f"At {size:,} episodes, as shares of the bare engine:",
            "",
            "| build | share | |",
            "| --- " * 3 + "|",
        ]
        for name, seconds, bound in _builds(rounds):
            share = median(taken / done.bare.wall for taken, done in zip(seconds, rounds, strict=True))
            held = verdict(share, bound) if bound and size == HELD_AT else ""
            lines.append(f"| {name} | {share:.3f} | {held} |")
        lines.append("")
        for name in (HUGO, HUGO_FEEDS):
            if all(name in done.others for done in rounds):
                ratio = median(done.edits["body"].without("search") / done.others[name].wall for done in rounds)
                lines.append(f"- A body edit without search takes {ratio:.2f} of the time of: {name}")
        peak, bare = max(done.ours.memory for done in rounds), max(done.bare.memory for done in rounds)
        held = f", {verdict(round(peak), MEMORY_BOUND)}" if size > HELD_AT else ""
        lines.append(f"- Memory of the largest process of a cold build: {peak:.0f} MiB{held} (bare {bare:.0f})")
    for small, large in zip(list(found), list(found)[1:], strict=False):
        pairs = [(a.edits["body"], b.edits["body"]) for a, b in zip(found[small], found[large], strict=True)]
        grown = median(after.without("search") / before.without("search") for before, after in pairs)
        fourfold = large == 4 * small
        held = verdict(grown, EDIT_GROWTH_BOUND) if fourfold else f"for {large / small:.1f} times the episodes"
        lines.append(f"- A body edit from {small:,} to {large:,} episodes: {grown:.2f} times, {held}")
    return lines


def _builds(rounds: Sequence[Round]) -> Iterator[tuple[str, list[float], float]]:
    """Return each kind of build: its name, its seconds in each round, and its bound, or 0 if it has no bound."""
    yield "cold, without search", [done.ours.without("search") for done in rounds], COLD_BOUND
    yield "cold", [done.ours.wall for done in rounds], 0.0
    for name in EDITS:
        bound = EDIT_BOUND if name == "body" else ALIAS_BOUND if name.startswith("alias") else 0.0
        yield f"{name}, without search", [done.edits[name].without("search") for done in rounds], bound
    yield "body", [done.edits["body"].wall for done in rounds], SEARCH_BOUND
    yield "nothing changed", [done.nothing.wall for done in rounds], NOTHING_BOUND
    for name in rounds[0].others:
        yield name, [done.others[name].wall for done in rounds], 0.0


def weighed(weights: Sequence[Growth], few: int, many: int) -> list[str]:
    """Return the table of page sizes and their growth as lines of Markdown."""
    lines = [f"| kind of page | largest at {few}, bytes | largest at {many:,}, bytes | growth | |", "| --- " * 5 + "|"]
    for row in weights:
        held = verdict(row.ratio, WEIGHT_BOUND) if row.held else "may grow"
        lines.append(f"| {row.kind} | {row.few:,} | {row.many:,} | {row.ratio:.2f} | {held} |")
    return lines


def verdict(value: float, bound: float) -> str:
    """Return words that say whether a value is within its bound."""
    return f"{'within' if value <= bound else 'OVER'} the bound of {bound}"


def machine() -> str:
    """Return a description of the machine and the versions."""
    versions = [f"{name} {version(name)}" for name in ("mkdocs", "mkdocs-material", "zensical", "pagefind-bin")]
    return (
        f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} processors, {', '.join(versions)}"
    )


def main() -> int:
    """Measure, print and write the figures. Return 1 if `--strict` is set and a figure exceeds its bound."""
    # pip compiles what it installs; a checkout is compiled by its first run, but not where that may write nothing
    compileall.compile_dir(Path(mlguide_site.__file__).parent, quiet=1)
    parser = argparse.ArgumentParser(description="Compare mlguide build with a bare engine.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, HELD_AT])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--others", action="store_true", help="also time Zensical, and Hugo if it is installed")
    parser.add_argument("--weigh", type=int, nargs=2, default=[60, 2000], help="sizes at which pages are weighed")
    parser.add_argument("--out", type=Path, default=HERE / "out")
    parser.add_argument("--results", type=Path, default=HERE / "RESULTS.md")
    parser.add_argument("--strict", action="store_true", help="exit with status 1 if a figure exceeds its bound")
    options = parser.parse_args()
    sizes = sorted(set(options.sizes))
    work = fresh(options.out / "work")
    found = measure(work, sizes, options.rounds, options.others)
    for size in set(options.weigh) - set(found):
        one_round(corpus(work, size))
    few, many = (pages_by_kind(work / str(size) / "site") for size in options.weigh)
    weights = growth(few, many)
    lines = [*times(found), *edited(found), "", *weighed(weights, *options.weigh)]
    print("\n".join(lines))
    taken = f"medians of {options.rounds} rounds" if options.rounds > 1 else "one round"
    title = ["# What the benchmark measured", "", f"`make bench`, {taken}; "]
    title[-1] += f"{machine()}, bare engine and build by turns."
    options.results.write_text("\n".join([*title, "", *lines, ""]), "utf-8")
    rows = {size: [asdict(done) for done in rounds] for size, rounds in found.items()}
    data: dict[str, Any] = {"rounds": rows, "pages": [asdict(row) for row in weights]}
    (options.out / "results.json").write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    shutil.rmtree(work)
    return 1 if options.strict and any("OVER" in line for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
