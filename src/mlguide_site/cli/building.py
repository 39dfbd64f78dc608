"""A build as it is asked for on the command line."""

# ruff: noqa: PLC0415 - what a build needs takes ten times as long to import as to find that there is nothing to build
import os
import time
from pathlib import Path

from mlguide_site.build.output import print_result, say
from mlguide_site.build.unchanged import unchanged_site
from mlguide_site.errors import UsageError

_LAST = 253402300799
"""The last second, since 1970, of the year 9999."""


def build(root: Path, engine: str, strict: bool, jobs: int, timings: bool, as_json: bool) -> None:
    """Build the site of a root, and say where it is. `jobs` processes work at a time, 0 meaning one for each processor;
    with `timings`, where the time went is printed, `as_json` or as a table. Raises SiteError."""
    check_time()
    if engine == "mkdocs" and not timings and (site := unchanged_site(root, strict)):
        say(f"nothing changed; {os.path.relpath(site)} is up to date")
        return
    from mlguide_site import pipeline
    from mlguide_site.build.engines import Run, load_engine
    from mlguide_site.build.progress import bar, timing_lines, watched

    begun = time.perf_counter()
    run = Run(say, strict, jobs or min(8, os.cpu_count() or 1))
    with bar() as entered, watched(entered) as seconds:
        site, engine_seconds = load_engine(engine)(root, pipeline.build, run)
    seconds |= engine_seconds
    if timings:
        whole = time.perf_counter() - begun
        print_result(seconds if as_json else timing_lines(seconds, whole))
    say(f"built {os.path.relpath(site)}")


def check_time() -> None:
    """Raise UsageError where SOURCE_DATE_EPOCH (reproducible-builds.org) is set, but to no time."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is not None and not (fixed.isascii() and fixed.isdigit() and int(fixed[:20]) <= _LAST):
        raise UsageError(f'SOURCE_DATE_EPOCH is "{fixed[:40]}"; give seconds since 1970 as digits, or unset it')
