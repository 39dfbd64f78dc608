"""Times `mlguide build` against a bare engine on the same pages, and prints the bounds the project is held to.

"Bare" is `mkdocs build` on the generated pages with the same theme overrides and Markdown extensions, our plugin and
search off. Each figure is a ratio of whole processes, run by turns; medians over the rounds. Run as
`python -m benchmarks.bench [--sizes 500 2000] [--rounds 5]`; results go to `benchmarks/out/results.json` and
`benchmarks/RESULTS.md`.
"""

import argparse
import json
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.corpus import write_root
from benchmarks.weight import Growth, growth, pages_by_kind

HERE = Path(__file__).parent
STAGES = ("read", "load", "parse", "scan", "link", "check", "render", "write")
"""What we do before the engine; the rest of a build is `engine` and `finish`."""
STAGES_BOUND, TIME_BOUND, WEIGHT_BOUND = 0.25, 4.4, 1.2
HELD_AT = 2000
"""The size at which our stages are held to their bound."""
BUSY = 1.3
BARE = """\
INHERIT: mkdocs.yml
site_dir: build/bare
plugins: []
"""


@dataclass(frozen=True)
class Timing:
    """One whole process: seconds on the clock, seconds of processor time, and seconds of each stage where known."""

    wall: float
    processor: float
    stages: Mapping[str, float]


@dataclass(frozen=True)
class Round:
    """A build and the bare engine after it, on the same pages."""

    ours: Timing
    bare: Timing

    @property
    def own_share(self) -> float:
        """Our stages, of bare."""
        return sum(self.ours.stages.get(name, 0.0) for name in STAGES) / self.bare.wall

    @property
    def own_share_processor(self) -> float:
        """Our stages, of bare, by processor time: the better figure where other work keeps the machine busy."""
        own = sum(self.ours.stages.get(name, 0.0) for name in STAGES) / self.ours.wall
        return own * self.ours.processor / self.bare.processor

    @property
    def whole(self) -> float:
        """The whole build, of bare."""
        return self.ours.wall / self.bare.wall


def run(command: Sequence[str], folder: Path) -> Timing:
    """Run one process to its end; it must succeed. Standard output, where it is JSON, names the stages."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timing(wall, processor, json.loads(done.stdout) if done.stdout.strip() else {})


def one_round(root: Path) -> Round:
    """Build from nothing, then run the bare engine on the pages that this left."""
    shutil.rmtree(root / "site", ignore_errors=True)
    for path in sorted((root / "build").rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.name != ".gitkeep":
            path.unlink()
    ours = run(["mlguide", "build", "--timings", "--format", "json"], root)
    bare = run(["mkdocs", "build", "--quiet", "--clean", "--config-file", "bare.yml"], root)
    shutil.rmtree(root / "build" / "bare", ignore_errors=True)
    return Round(ours, bare)


def corpus(work: Path, size: int) -> Path:
    """A root of `size` episodes beside a configuration for the bare engine."""
    root = work / str(size)
    shutil.rmtree(root, ignore_errors=True)
    write_root(root, size)
    (root / "bare.yml").write_text(BARE, "utf-8")
    return root


def measure(work: Path, sizes: Sequence[int], rounds: int) -> dict[int, list[Round]]:
    """All rounds, the sizes by turns, so that what disturbs the machine disturbs them alike."""
    roots = {size: corpus(work, size) for size in sizes}
    found: dict[int, list[Round]] = {size: [] for size in sizes}
    for number in range(1, rounds + 1):
        for size, root in roots.items():
            done = one_round(root)
            found[size].append(done)
            print(f"round {number}, {size} episodes: {done.ours.wall:.1f} s, bare {done.bare.wall:.1f} s", flush=True)
    return found


def times(found: Mapping[int, Sequence[Round]]) -> list[str]:
    """The table of stages and the figures of time, as lines of Markdown."""
    lines = ["| episodes | " + " | ".join((*STAGES, "finish", "engine", "our stages", "whole build")) + " |"]
    lines.append("| --- " * (len(STAGES) + 5) + "|")
    for size, rounds in found.items():
        names = (*STAGES, "finish", "engine")
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


def weighed(weights: Sequence[Growth], few: int, many: int) -> list[str]:
    """The table of pages and how they grow, as lines of Markdown."""
    lines = [f"| kind of page | largest at {few}, bytes | largest at {many:,}, bytes | growth | |", "| --- " * 5 + "|"]
    for row in weights:
        held = verdict(row.ratio, WEIGHT_BOUND) if row.held else "may grow"
        lines.append(f"| {row.kind} | {row.few:,} | {row.many:,} | {row.ratio:.2f} | {held} |")
    return lines


def verdict(value: float, bound: float) -> str:
    """Whether a value keeps to its bound, in words."""
    return f"{'within' if value <= bound else 'OVER'} the bound of {bound}"


def main() -> int:
    """Measure, print, write; 1 where `--strict` is given and a bound is broken."""
    parser = argparse.ArgumentParser(description="Times mlguide build against a bare engine.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, HELD_AT])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--weigh", type=int, nargs=2, default=[60, 2000], help="sizes whose pages are weighed")
    parser.add_argument("--out", type=Path, default=HERE / "out")
    parser.add_argument("--results", type=Path, default=HERE / "RESULTS.md")
    parser.add_argument("--strict", action="store_true", help="exit status 1 where a bound is broken")
    options = parser.parse_args()
    sizes = sorted(set(options.sizes))
    work = options.out / "work"
    found = measure(work, sizes, options.rounds)
    for size in set(options.weigh) - set(found):
        one_round(corpus(work, size))
    few, many = (pages_by_kind(work / str(size) / "site") for size in options.weigh)
    weights = growth(few, many)
    lines = [*times(found), "", *weighed(weights, *options.weigh)]
    print("\n".join(lines))
    title = ["# What the benchmark measured", "", f"`make bench`, medians of {options.rounds} rounds; "]
    title[-1] += f"Python {platform.python_version()}, {platform.system()}, bare engine and build by turns."
    options.results.write_text("\n".join([*title, "", *lines, ""]), "utf-8")
    rows = {size: [asdict(done) for done in rounds] for size, rounds in found.items()}
    data: dict[str, Any] = {"rounds": rows, "pages": [asdict(row) for row in weights]}
    (options.out / "results.json").write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    shutil.rmtree(work)
    return 1 if options.strict and any("OVER" in line for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
