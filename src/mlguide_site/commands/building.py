"""The commands that make the site."""

import os
import time
from enum import StrEnum
from typing import Annotated

import typer

from mlguide_site.commands.app import AsFormat, TextFormat, app, root_of
from mlguide_site.engines import load_engine, load_preview
from mlguide_site.errors import UsageError
from mlguide_site.output import print_result, say
from mlguide_site.progress import progress, timing_lines


class Engine(StrEnum):
    MKDOCS = "mkdocs"
    PROPERDOCS = "properdocs"
    ZENSICAL = "zensical"


_LAST = 253402300799
"""The last second, since 1970, of the year 9999."""


@app.command("build")
def build_command(
    context: typer.Context,
    engine: Annotated[Engine, typer.Option(help="What turns the pages into HTML.")] = Engine.MKDOCS,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail the build.")] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, max=64, help="Processes at work; 0: one for each processor, at most 8.")
    ] = 0,
    timings: Annotated[bool, typer.Option("--timings", help="Say where the time went.")] = False,
    format: AsFormat = TextFormat.TEXT,
) -> None:
    """Build the site.

    Example: mlguide build --strict --timings
    """
    root = root_of(context)
    _check_time()
    processes = jobs or min(8, os.cpu_count() or 1)
    begun = time.perf_counter()
    with progress() as entered:
        site, seconds = load_engine(engine.value).build(root, say, strict=strict, jobs=processes, entered=entered)
    if timings:
        whole = time.perf_counter() - begun
        print_result(seconds if format is TextFormat.JSON else timing_lines(seconds, whole))
    say(f"built {os.path.relpath(site)}")


@app.command("serve")
def serve_command(
    context: typer.Context,
    address: Annotated[
        str | None, typer.Option("--address", metavar="HOST:PORT", help="Where to listen; 127.0.0.1:8000 if not given.")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
) -> None:
    """Serve a preview that follows every edit; drafts are shown. Stop it with Ctrl+C.

    Example: mlguide serve --address 127.0.0.1:8080
    """
    if address is not None and not _is_address(address):
        raise UsageError(f'"{address}" is no address to listen at; give host and port, as in 127.0.0.1:8000')
    _check_time()
    load_preview().serve(root_of(context), say, address, open_browser)


def _check_time() -> None:
    """Raise UsageError where SOURCE_DATE_EPOCH (reproducible-builds.org) is set, but to no time."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if fixed is not None and not (fixed.isascii() and fixed.isdigit() and int(fixed[:20]) <= _LAST):
        raise UsageError(f'SOURCE_DATE_EPOCH is "{fixed[:40]}"; give seconds since 1970 as digits, or unset it')


def _is_address(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isascii() and port.isdigit() and 0 < int(port[:9]) < 65536
