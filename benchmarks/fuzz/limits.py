"""Measures time and memory at the limits: `python -m benchmarks.fuzz.limits [READER…]`.

Each hostile input has the maximum size that its parser accepts, and is parsed in its own process. The table shows the
worst results of each parser.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from benchmarks.fuzz.feed_shapes import FEEDS
from benchmarks.fuzz.readers import ALLOWED, READERS
from benchmarks.fuzz.shapes import NOTES, OUTLINES, TEXTS, TIMED, VAULTS, YAML, Shape
from benchmarks.fuzz.worker import MEBIBYTES, SECONDS, peak
from mlguide_site.content.yaml_read import MAX_KNOWLEDGE
from mlguide_site.importers import opml, transcript
from mlguide_site.importers.feed import xml
from mlguide_site.importers.notes import source
from mlguide_site.markdown import limits
from mlguide_site.merge import sources as gather

TURNS = 5
_BEYOND = re.compile(r"(?:more|larger|longer|deeper) than")


class Limit(NamedTuple):
    """A parser's maximum size in bytes, and the shapes of its inputs."""

    size: int
    shapes: Mapping[str, Shape]
    head: bytes = b""


_DAY = b"# Notes\n\n## Day 1\n\n"
LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "hackmd": Limit(source.MAX_NOTES_SOURCE_BYTES, TEXTS, _DAY),
        "obsidian": Limit(source.MAX_NOTES_SOURCE_BYTES, TEXTS, _DAY),
        "log": Limit(source.MAX_NOTES_SOURCE_BYTES, TEXTS, _DAY),
        "vault": Limit(gather.MAX_NOTES_BYTES, VAULTS),
        "feed": Limit(xml.MAX_FEED_BYTES, FEEDS),
        "opml": Limit(opml.MAX_OPML_BYTES, OUTLINES),
        "transcript": Limit(transcript.MAX_TRANSCRIPT_BYTES, TIMED),
        "note": Limit(limits.MAX_NOTE_BYTES, NOTES),
        "knowledge": Limit(MAX_KNOWLEDGE, YAML),
        "markup": Limit(limits.MAX_NOTE_BYTES, TEXTS),
    }
)


def measure(name: str, shape: str, part: float = 1.0) -> dict[str, Any]:
    """Parse an input of one shape and a share of the maximum size in this process. Return processor seconds, peak
    memory and the outcome."""
    limit = LIMITS[name]
    data = limit.head + limit.shapes[shape](int(limit.size * part) - len(limit.head))
    base, start, told = peak(), time.process_time(), ""
    try:
        told = READERS[name].read(data)[:90]
    except ALLOWED as error:
        told = str(error).splitlines()[0][:90]
    except MemoryError:
        told = "MemoryError"
    return {"seconds": time.process_time() - start, "peak": peak(), "base": base, "bytes": len(data), "told": told}


def worst(name: str, shape: str) -> dict[str, Any]:
    """Return the slowest result for a shape. If the full size is rejected, try a third of the size, and so on."""
    runs = []
    for turn in range(TURNS):
        runs.append(_apart(name, shape, 0.33**turn))
        if not _BEYOND.search(runs[-1]["told"]):
            break
    most = max(run["peak"] for run in runs)
    return max(runs, key=lambda run: float(run["seconds"])) | {"peak": most}


def _apart(name: str, shape: str, part: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.fuzz.limits", "--one", name, shape, str(part)]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    except subprocess.TimeoutExpired:
        return {"seconds": 120.0, "peak": 0.0, "base": 0.0, "bytes": 0, "told": "still running after two minutes"}
    if ended.returncode:
        told = (ended.stderr.strip().splitlines() or ["?"])[-1][:90]
        return {"seconds": 0.0, "peak": 0.0, "base": 0.0, "bytes": 0, "told": f"died: {told}"}
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the slowest and the largest input of each parser or, with `--all`, every input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*", metavar="READER")
    parser.add_argument("--all", action="store_true", help="print a row for each shape")
    parser.add_argument("--one", nargs=3, metavar=("READER", "SHAPE", "PART"), help="measure one shape, and print JSON")
    options = parser.parse_args(arguments)
    if options.one:
        name, shape, part = options.one
        print(json.dumps(measure(name, shape, float(part))))
        return 0
    beyond = 0
    print(f"{'reader':12} {'shape':28} {'bytes':>11} {'CPU s':>7} {'MiB':>5}  outcome", flush=True)
    for name in options.readers or list(LIMITS):
        rows = []
        for shape in LIMITS[name].shapes:
            found = worst(name, shape)
            over = found["seconds"] > SECONDS or found["peak"] > MEBIBYTES or found["told"].startswith("died")
            beyond += over
            rows.append((found["seconds"], found["peak"], shape, found, over))
            if options.all or over:
                _show(name, shape, found, over)
        _show(name, *max(rows)[2:])
        _show(name, *max(rows, key=lambda row: row[1])[2:])
    return 1 if beyond else 0


def _show(name: str, shape: str, found: Mapping[str, Any], over: bool) -> None:
    mark = " BEYOND" if over else ""
    line = (
        f"{name:12} {shape:28} {found['bytes']:11,} {found['seconds']:7.2f} {found['peak']:5.0f}  {found['told']}{mark}"
    )
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
