"""Whole processes, timed and weighed."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ENGINE = "engine"
"""What the stages of the engine are called together."""


@dataclass(frozen=True)
class Timing:
    """One whole process: seconds on the clock, seconds of processor time, the memory of the largest process in MiB, and
    seconds of each stage where known."""

    wall: float
    processor: float
    memory: float
    stages: Mapping[str, float]

    def without(self, stage: str) -> float:
        """Seconds on the clock but for a stage."""
        return self.wall - self.stages.get(stage, 0.0)


def run(command: Sequence[str | Path], folder: Path) -> Timing:
    """Run one process to its end; it must succeed. Standard output, where it is JSON, names the stages. A program that
    is named without a path is one of this environment."""
    program = Path(command[0])
    if program.name == str(program):
        program = Path(sys.executable).with_name(program.name)
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as told:
        start = time.perf_counter()
        process = subprocess.Popen(
            [program, *command[1:]],
            cwd=folder,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
            stdout=said,
            stderr=told,
        )
        # what the system says of this process and those it waited for, and of no other
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        told.seek(0)
        output = said.read()
        if process.returncode:
            sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}\n{output}\n{told.read()}")
    memory = used.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    stages = json.loads(output) if output.startswith("{") else {}
    return Timing(wall, used.ru_utime + used.ru_stime, memory, stages)
