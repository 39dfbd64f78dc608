"""Parses many inputs with one parser in its own process, within limits. Results are printed as JSON lines."""

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
"""The maximum processor time for one input, in seconds."""
MEBIBYTES = 512
"""The maximum memory of the process, including the interpreter and imported packages, in MiB."""
PACKAGE = "mlguide_site"
_PLACE = re.compile(r'"[^"]*"|[^ ]*[0-9/][^ ]*')


class TooSlow(BaseException):
    """An exception for an input that exceeds the time limit. It is a BaseException so that no `except Exception`
    catches it."""


def input_of(reader: Reader, seed: int, number: int) -> bytes:
    """Return the input with a number. It comes from the grammar, from a changed example, or from both."""
    random = Random(f"{seed} {reader.name} {number}")
    kind = random.random()
    if reader.examples and kind < 0.35:
        return mutate(random, random.choice(reader.examples), reader.examples)
    made = reader.make(random).encode("utf-8", "surrogatepass")
    return mutate(random, made, reader.examples) if kind < 0.6 else made


def peak() -> float:
    """Return the peak memory of the process in MiB."""
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
    """Return the exception and the place if an input fails, or "" if it doesn't."""
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
    """Return a key that is equal for failures of the same kind: the exception and its place, without the input's own
    text."""
    kind, _, words = found.partition(": ")
    return f"{kind} {_PLACE.sub('', words)}" if kind.startswith(Unsound.__name__) else kind


def cap_memory() -> None:
    """Limit the memory of the process to its current size plus MEBIBYTES. The actual use is measured separately."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + MEBIBYTES * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def run(reader: Reader, seed: int, start: int, count: int, out: Path, progress: int) -> dict[str, Any]:
    """Parse the inputs with some numbers. One failing input of each kind is reduced and saved."""
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
    """Reduce and save a failing input. Return the name of its file."""
    tries = 6 if kind.startswith("more than") or "MiB" in kind else 300
    least = minimise(data, lambda one: _kind(failure(reader, one)) == kind, tries)
    name = f"{reader.name}-{blake2b(kind.encode(), digest_size=4).hexdigest()}.bin"
    (out / name).write_bytes(least)
    return name


def main(arguments: list[str]) -> None:
    """Parse the inputs. The arguments are the parser's name, the seed, the first number, the count, the folder for
    failures, and the file for the current number."""
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
