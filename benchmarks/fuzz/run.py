"""Fuzzes parsers: `python -m benchmarks.fuzz.run --count 10000 --seed 1 [READER…]`.

Each parser runs in its own process. If a process dies, a new process continues after the input that caused it. The exit
status is 1 if any input fails. The seed and a number identify each input; `--only NUMBER` parses one input and shows
the traceback.
"""

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.fuzz.readers import READERS
from benchmarks.fuzz.worker import input_of

OUT = Path(__file__).parents[1] / "out" / "fuzz"


def fuzz(name: str, seed: int, first: int, count: int, out: Path) -> dict[str, Any]:
    """Parse `count` inputs, beginning with number `first`, and return the combined results of all processes."""
    progress = out / f"{name}.at"
    total: dict[str, Any] = {"inputs": 0, "slowest": 0.0, "number": -1, "peak": 0.0, "failures": []}
    start, end = first, first + count
    while start < end:
        command = [sys.executable, "-m", "benchmarks.fuzz.worker", name, seed, start, end - start, out, progress]
        ended = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        for line in ended.stdout.splitlines():
            value = json.loads(line)
            if "failure" in value:
                total["failures"].append(value)
            else:
                total["peak"] = max(total["peak"], value["peak"])
                if value["slowest"] > total["slowest"]:
                    total |= {"slowest": value["slowest"], "number": value["number"]}
        if ended.returncode == 0:
            total["inputs"] += end - start
            break
        at = int(progress.read_bytes() or b"-1") if progress.exists() else -1
        if at < start:
            raise SystemExit(f"{name}: the process does not start\n{ended.stderr[-2000:]}")
        told = (ended.stderr.strip().splitlines() or [""])[-1]
        data = input_of(READERS[name], seed, at)
        (out / f"{name}-died-{at}.bin").write_bytes(data)
        what = f"the process died ({ended.returncode}): {told[:200]}"
        total["failures"].append({"failure": what, "number": at, "file": f"{name}-died-{at}.bin"})
        total["inputs"] += at + 1 - start
        start = at + 1
    progress.unlink(missing_ok=True)
    return total


def _row(name: str, found: dict[str, Any]) -> str:
    """Return a row of the table for a parser, with each failure on its own line below."""
    columns = f"{found['inputs']:8,} {found['slowest']:10.3f} {found['number']:8} {found['peak']:9.0f}"
    failures = [f"    input {one['number']}: {one['failure']} ({OUT.name}/{one['file']})" for one in found["failures"]]
    return "\n".join([f"{name:20} {columns} {len(failures):9}", *failures])


def main() -> int:
    """Fuzz the parsers named on the command line, or all parsers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*", metavar="READER", help=f"some of {', '.join(READERS)}")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, metavar="NUMBER", help="the first number")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="number of parsers that run in parallel")
    parser.add_argument("--only", type=int, default=-1, help="parse only the input with this number")
    options = parser.parse_args()
    unknown = [name for name in options.readers if name not in READERS]
    if unknown:
        parser.error(f"no reader {unknown[0]}; there are {', '.join(READERS)}")
    names = list(dict.fromkeys(options.readers or READERS))
    if options.only >= 0:
        for name in names:
            READERS[name].read(input_of(READERS[name], options.seed, options.only))
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    print(f"{'reader':20} {'inputs':>8} {'slowest s':>10} {'number':>8} {'peak MiB':>9} {'failures':>9}", flush=True)
    failed = 0
    with ThreadPoolExecutor(max(1, options.jobs)) as pool:
        results = pool.map(lambda one: fuzz(one, options.seed, options.first, options.count, OUT), names)
        # each waits for a process of its own; what they find is told in the order in which they are named
        for name, found in zip(names, results, strict=True):
            failed += len(found["failures"])
            print(_row(name, found), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
