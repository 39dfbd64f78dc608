"""A build as it is asked for on the command line."""

import os
import time
from pathlib import Path

from mlguide_site.build.engines import load_engine
from mlguide_site.build.output import print_result, say
from mlguide_site.build.progress import progress, timing_lines
from mlguide_site.errors import UsageError

_LAST = 253402300799
"""The last second, since 1970, of the year 9999."""


def build(root: Path, engine: str, strict: bool, jobs: int, timings: bool, as_json: bool) -> None:
    """Build the site of a root, and say where it stands. `jobs` processes work at a time, 0 meaning one for each
    processor; with `timings`, where the time went is printed, `as_json` or as a table. Raises SiteError."""
    check_time()
    processes = jobs or min(8, os.cpu_count() or 1)
    begun = time.perf_counter()
    with progress() as entered:
        site, seconds = load_engine(engine).build(root, say, strict=strict, jobs=processes, entered=entered)
    if timings:
        whole = time.perf_counter() - begun
        print_result(seconds if as_json else timing_lines(seconds, whole))
    say(f"built {os.path.relpath(site)}")


def check_time() -> None:
    """Raise UsageError where SOURCE_DATE_EPOCH (reproducible-builds.org) is set, but to no time."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is not None and not (fixed.isascii() and fixed.isdigit() and int(fixed[:20]) <= _LAST):
        raise UsageError(f'SOURCE_DATE_EPOCH is "{fixed[:40]}"; give seconds since 1970 as digits, or unset it')
