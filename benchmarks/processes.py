"""Measures the time and memory of whole processes."""

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
"""The name for the sum of the engine's stages."""


@dataclass(frozen=True)
class Timing:
    """The measurements of a process: wall-clock seconds, processor seconds, the memory of the largest process in MiB,
    and the seconds of each stage if known."""

    wall: float
    processor: float
    memory: float
    stages: Mapping[str, float]

    def without(self, stage: str) -> float:
        """Return the wall-clock seconds without one stage."""
        return self.wall - self.stages.get(stage, 0.0)


def run(command: Sequence[str | Path], folder: Path) -> Timing:
    """Run a process to its end, and raise an exception if it fails.

    If standard output is JSON, it contains the stages. A program without a path is in this environment.
    """
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
