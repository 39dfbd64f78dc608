"""The commands of `mlguide hub`."""

# ruff: noqa: PLC0415
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from mlguide_site.cli.output import AsFormat, next_step, print_result, report_problems, say
from mlguide_site.errors import Severity, UsageError, counted

InStore = Annotated[str | None, Option(metavar="PLACE", help="Folder or fsspec address of the store; default: store.")]
hub = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@hub.callback()
def hub_command() -> None:
    """Build a network of shows. Each show has its own site, and the hub is a site that joins them.

    Example: mlguide hub init net && mlguide -C net hub add --opml shows.opml && mlguide -C net hub build"""


@hub.command("init")
def init_command(
    context: typer.Context,
    folder: Annotated[Path, Argument(metavar="DIR", help="A new or empty folder.")] = Path(),
    title: Annotated[str | None, Option(help="Name of the hub; default: the folder's name.")] = None,
    site_url: Annotated[str, Option(help="The address of the published hub.")] = "",
) -> None:
    """Create a hub in a new folder.

    Example: mlguide hub init net --title "Our shows" --site-url https://example.org/"""
    from mlguide_site.hub.hub_file import init_hub

    init_hub(folder := context.obj / folder, title, site_url)
    say(f"created {folder / 'hub.yml'}; {next_step(folder, 'hub add FEED')}")


@hub.command("add")
def add_command(
    context: typer.Context,
    sources: Annotated[
        list[str] | None, Argument(metavar="SOURCE...", help="Feeds, folders, or git addresses.")
    ] = None,
    opml: Annotated[Path | None, Option(metavar="FILE", help="Add all feeds in this OPML file.")] = None,
) -> None:
    """Add shows to hub.yml.

    Example: mlguide hub add https://example.org/feed.xml ../my-show; mlguide hub add --opml subscriptions.opml"""
    from mlguide_site.hub.hub_file import add_shows

    if not (sources or opml):
        raise UsageError("no show given; give a feed, a folder, a git address or --opml FILE")
    added = add_shows(context.obj, sources or (), opml)
    print_result([f"{slug}: {fields['title']}" for slug, fields in added.items()])
    reason = "" if added else " (hub.yml already lists them, or the OPML file contains no feeds)"
    say(f"added {counted(len(added), 'show')}{reason}; {next_step(context.obj, 'hub build')}")


@hub.command("build")
def build_command(
    context: typer.Context,
    scheduler: Annotated[
        str | None, Option(metavar="ADDRESS", help="A Dask scheduler; default: processes on this machine.")
    ] = None,
    workers: Annotated[
        int, Option(min=0, max=256, help="Number of processes on this machine; 0: one per processor, at most 8.")
    ] = 0,
    store: InStore = None,
    format: AsFormat = "text",
) -> None:
    """Build all changed shows, then the hub. If the build of a show fails, the hub keeps the show's previous site.

    Example: mlguide hub build --workers 4; mlguide hub build --scheduler tcp://10.0.0.5:8786 --store s3://shows/hub"""
    from mlguide_site.hub.run import run_hub

    started = time.perf_counter()
    outcomes, record = run_hub(context.obj.resolve(), scheduler, workers, store, say)
    if format == "json":
        print_result(tuple(one._asdict() | {"problems": [own.values() for own in one.problems]} for one in outcomes))
    report_problems([problem for one in outcomes for problem in one.problems])
    states = Counter(one.state for one in outcomes)
    numbers = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    totals = f"{counted(len(outcomes), 'show')} ({numbers}), {counted(record.pages, 'shared entry page')}"
    seconds = f"{time.perf_counter() - started:.1f} s"
    step = next_step(context.obj, "hub check") if record.warnings else "next: publish the folder site"
    if states["failed"]:
        step = f"next: fix the problems above, then {next_step(context.obj, 'hub build').removeprefix('next: ')}"
    say(f"built {context.obj / 'site'}: {totals}, {counted(record.warnings, 'warning')} in {seconds}; {step}")
    if states["failed"]:
        raise typer.Exit(1)


@hub.command("check")
def check_command(context: typer.Context, store: InStore = None, format: AsFormat = "text") -> None:
    """Find mistakes in a hub. List the mistakes in hub.yml, and the entries of different shows that may be the same.

    Example: mlguide hub check --format json"""
    from mlguide_site.hub.run import known_joins

    joined = known_joins(context.obj.resolve(), store)
    if format == "json":
        print_result(tuple(one.values() for one in joined.problems))
    else:
        report_problems(joined.problems)
    counts = Counter(one.severity for one in joined.problems)
    totals = f"{counted(len(joined.groups), 'shared entry page')}, {counted(counts[Severity.WARNING], 'warning')}"
    if counts[Severity.ERROR]:
        say(f"{totals}, {counted(counts[Severity.ERROR], 'error')}")
        raise typer.Exit(1)
    say(f"{totals}; {next_step(context.obj, 'hub build')}")
