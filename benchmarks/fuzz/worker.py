"""One reader over many inputs in a process of its own, under caps; results go to standard output as lines of JSON."""

import json
import os
import re
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from hashlib import blake2b
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from benchmarks.fuzz.mutate import minimise, mutate
from benchmarks.fuzz.readers import ALLOWED, READERS, Reader, Unsound

SECONDS = 10.0
"""Processor time that one input may take."""
MEBIBYTES = 512
"""Memory that a process may take, the interpreter and the packages it has read included."""
PACKAGE = "mlguide_site"
_PLACE = re.compile(r'"[^"]*"|[^ ]*[0-9/][^ ]*')


class TooSlow(BaseException):
    """An input took more processor time than allowed; nothing in between may catch it."""


def input_of(reader: Reader, seed: int, number: int) -> bytes:
    """The input of a number: from the grammar, from a changed example, or both."""
    random = Random(f"{seed} {reader.name} {number}")
    kind = random.random()
    if reader.examples and kind < 0.35:
        return mutate(random, random.choice(reader.examples), reader.examples)
    made = reader.make(random).encode("utf-8", "surrogatepass")
    return mutate(random, made, reader.examples) if kind < 0.6 else made


def peak() -> float:
    """The most memory that the process has had, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 if sys.platform != "darwin" else most / 2**20


def _slow(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    # what hangs outside of Python hears no signal's handler: the system then ends the process
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + 2 * seconds) + 2, most))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))


def failure(reader: Reader, data: bytes) -> str:
    """What an input does that no input may: exception and place, or "" where it behaves."""
    try:
        with _timed(SECONDS * reader.commands), redirect_stdout(sys.stderr):
            reader.read(data)
    except ALLOWED:
        return ""
    except TooSlow:
        return f"more than {SECONDS * reader.commands:g} s"
    except MemoryError:
        return f"more than {MEBIBYTES} MiB"
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if PACKAGE in frame.filename]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""
        return f"{type(error).__name__} {place}: {' '.join(str(error).split())[:160]}"
    return ""


def _kind(found: str) -> str:
    """Failures of one kind: the exception and its place, or the promise broken; not the words about this input."""
    kind, _, words = found.partition(": ")
    return f"{kind} {_PLACE.sub('', words)}" if kind.startswith(Unsound.__name__) else kind


def cap_memory() -> None:
    """Allow the process what it has mapped by now and MEBIBYTES more; what it really takes is measured beside it."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + MEBIBYTES * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def run(reader: Reader, seed: int, start: int, count: int, out: Path, progress: int) -> dict[str, Any]:
    """Run the inputs of some numbers; failures are saved, one of each kind, cut down to what makes them fail."""
    seen: dict[str, int] = {}
    slowest = (0.0, -1)
    is_large = False
    for number in range(start, start + count):
        os.pwrite(progress, f"{number:12}".encode(), 0)
        data = input_of(reader, seed, number)
        before = time.process_time()
        found = failure(reader, data)
        slowest = max(slowest, (time.process_time() - before, number))
        if not found and peak() > MEBIBYTES and not is_large:
            is_large, found = True, f"{peak():.0f} MiB, more than {MEBIBYTES}"
        if not found:
            continue
        kind = _kind(found)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] == 1:
            print(json.dumps({"failure": found, "number": number, "file": save(reader, data, kind, out)}), flush=True)
    return {"inputs": count, "slowest": slowest[0], "number": slowest[1], "peak": peak(), "kinds": seen}


def save(reader: Reader, data: bytes, kind: str, out: Path) -> str:
    """Save an input that fails, as small as it can be made; returns the name of its file."""
    tries = 6 if kind.startswith("more than") or "MiB" in kind else 300
    least = minimise(data, lambda one: _kind(failure(reader, one)) == kind, tries)
    name = f"{reader.name}-{blake2b(kind.encode(), digest_size=4).hexdigest()}.bin"
    (out / name).write_bytes(least)
    return name


def main(arguments: list[str]) -> None:
    """Name of the reader, seed, first number, count, folder for failures, file for the number at work."""
    name, seed, start, count, out, progress = arguments
    signal.signal(signal.SIGPROF, _slow)
    reader = READERS[name]
    failure(reader, input_of(reader, int(seed), 0))
    cap_memory()
    with open(progress, "wb") as file:
        result = run(reader, int(seed), int(start), int(count), Path(out), file.fileno())
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
