"""The commands: arguments in, exit status out. What is done is decided elsewhere.

Exit status: 0 fine, 1 problems in content or input, 2 usage, 3 disk or network. Results go to standard output, problems
and progress to standard error.
"""

import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mlguide_site.engines import load_engine, load_preview
from mlguide_site.errors import Severity, UsageError, visible
from mlguide_site.exports import EXPORTS
from mlguide_site.files import write_atomic
from mlguide_site.importers import IMPORTERS
from mlguide_site.importing import confirm, report_lines, report_values, run_import
from mlguide_site.inspection import inspect
from mlguide_site.output import github_line, print_result, problem_values, report_problems, say, tell_failure
from mlguide_site.pipeline import examine
from mlguide_site.progress import progress, timing_lines
from mlguide_site.root import find_root
from mlguide_site.scaffold import ENTRY_FILES, Made, init_root, new_entry, new_episode
from mlguide_site.site_settings import read_origin
from mlguide_site.stats import as_json, as_text, count
from mlguide_site.version import __version__
from mlguide_site.vocabulary_commands import mend, register

app = typer.Typer(
    name="mlguide",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class TextFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class CheckFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


class Engine(StrEnum):
    MKDOCS = "mkdocs"
    PROPERDOCS = "properdocs"
    ZENSICAL = "zensical"


FORMATS = ", ".join(importer.name for importer in IMPORTERS)
AsFormat = Annotated[TextFormat, typer.Option("--format", help="How to print the result.")]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"mlguide {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    root: Annotated[Path, typer.Option("-C", metavar="ROOT", help="The knowledge base to work in.")] = Path(),
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,  # noqa: ARG001
) -> None:
    """Turn a podcast's feed, show notes and study notes into a cross-linked knowledge base.

    Example: mlguide init kb --title "My Show" && mlguide -C kb import feed.xml && mlguide -C kb build
    """
    context.obj = root


def _root(context: typer.Context) -> Path:
    return find_root(context.obj)


@app.command("init")
def init_command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    feed: Annotated[str | None, typer.Option(help="A feed to begin with: a file or an address.")] = None,
    title: Annotated[str | None, typer.Option(help="The site's name; else the feed's, else the folder's.")] = None,
    site_url: Annotated[str, typer.Option(help="The address where the site will stand.")] = "",
) -> None:
    """Make a new knowledge base, ready to build.

    Example: mlguide init my-show --feed https://example.org/feed.xml --site-url https://example.org/notes/
    """
    target = Path(context.obj) / folder
    made, report = init_root(target, title, site_url, feed, say)
    if report:
        print_result(report_lines(report))
        report_problems(report.problems)
    say(f"made {len(made)} files in {folder}; next: mlguide -C {folder} {'build' if report else 'import SOURCE'}")


@app.command("import")
def import_command(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE...", help="Files, or addresses of feeds; none: what waits is tried again."),
    ] = None,
    source_format: Annotated[str | None, typer.Option("--from", metavar="FORMAT", help=f"One of {FORMATS}.")] = None,
    series: Annotated[str | None, typer.Option(help="The series of every episode in the sources.")] = None,
    episode: Annotated[str | None, typer.Option(metavar="ID", help="Whose transcript or chapters these are.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, but write nothing.")] = False,
    format: AsFormat = TextFormat.TEXT,
) -> None:
    """Write or merge episodes and knowledge from feeds, pages and notes; the format of each is recognised.

    Example: mlguide -C kb import show-feed.xml --series show
    """
    report = run_import(
        _root(context),
        sources or (),
        format=source_format,
        series=series,
        episode=episode,
        dry_run=dry_run,
        progress=say,
    )
    print_result(report_values(report) if format is TextFormat.JSON else report_lines(report, diff=dry_run))
    report_problems(report.problems)
    if any(problem.severity is Severity.ERROR for problem in report.problems):
        raise typer.Exit(1)


@app.command("new")
def new_command(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="SERIES|KIND", help=f"A series, or one of {', '.join(ENTRY_FILES)}.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Title of the episode, or name of the entry.")],
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the episode.")] = None,
) -> None:
    """Make the next episode of a series, or a knowledge entry, filled in as far as can be.

    Example: mlguide new mla "Docker for Machine Learning"; mlguide new tool "Docker"
    """
    root = _root(context)
    if not name.strip() or not visible(name) == name or len(name) > 300:
        raise UsageError("the name must be one line of 1 to 300 characters")
    catalog = examine(root, drafts=True).linked.catalog
    made: Made
    if what in ENTRY_FILES:
        made = new_entry(root, catalog, what, name)
    else:
        made = new_episode(root, catalog, what, name, day.date() if day else date.today())
    print(f"{made.path}: {made.slug}")


@app.command("check")
def check_command(
    context: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail as well.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely, then check.")] = False,
    format: Annotated[CheckFormat, typer.Option("--format", help="How to print the problems.")] = CheckFormat.TEXT,
    confirmed: Annotated[
        list[str] | None,
        typer.Option("--confirm", metavar="NOTE[:LINE]", help="Its structure is as imported; don't ask again."),
    ] = None,
) -> None:
    """Print every problem in every file as path:line:col, with a remedy. Hints never fail it.

    Example: mlguide check --strict --format github
    """
    root = _root(context)
    if confirmed:
        say(f"confirmed: {confirm(root, confirmed)} line(s)")
    if fix:
        mend(root)
    problems = inspect(root)
    if format is CheckFormat.TEXT:
        report_problems(problems)
    elif format is CheckFormat.GITHUB:
        print_result([github_line(problem) for problem in problems])
    else:
        print_result(tuple(problem_values(problem) for problem in problems))
    counts = {severity: sum(p.severity is severity for p in problems) for severity in Severity}
    say(", ".join(f"{number} {severity}{'' if number == 1 else 's'}" for severity, number in counts.items()))
    if counts[Severity.ERROR] or (strict and counts[Severity.WARNING]):
        raise typer.Exit(1)


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
    root = _root(context)
    processes = jobs or min(8, os.cpu_count() or 1)
    with progress() as entered:
        site, seconds = load_engine(engine.value).build(root, say, strict=strict, jobs=processes, entered=entered)
    if timings:
        print_result(seconds if format is TextFormat.JSON else timing_lines(seconds))
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
    load_preview().serve(_root(context), say, address, open_browser)


@app.command("export")
def export_command(
    context: typer.Context,
    format: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(sorted(EXPORTS))}.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The file to write; else stdout.")] = None,
) -> None:
    """Give out resources and glossary for other programs: opml the tree, csv a table, json all of it, anki a deck.

    Example: mlguide export anki -o glossary.apkg
    """
    if format not in EXPORTS:
        raise UsageError(f'unknown format "{format}"; use one of {", ".join(sorted(EXPORTS))}')
    if format == "anki" and output is None and sys.stdout.isatty():
        raise UsageError("a deck is no text; name the file to write with -o glossary.apkg")
    root = _root(context)
    if output is not None and not output.parent.is_dir():
        raise UsageError(f"{output.parent}: there is no such folder; make it, or name another")
    data = EXPORTS[format](examine(root).linked.catalog, read_origin(root))
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write_atomic(output, data)
        say(f"wrote {output}")


register(app)


def _is_address(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isascii() and port.isdigit() and 0 < int(port[:9]) < 65536


@app.command("stats")
def stats_command(context: typer.Context, format: AsFormat = TextFormat.TEXT) -> None:
    """Print counts and gaps: missing numbers, orphans, entries that nothing names.

    Example: mlguide stats --format json
    """
    examined = examine(_root(context), drafts=True)
    stats = count(examined.linked)
    print_result(as_json(stats) if format is TextFormat.JSON else as_text(stats))
    broken = sum(problem.severity is Severity.ERROR for problem in examined.problems)
    if broken:
        say(f"{broken} problems are left out of the counts; mlguide check lists them")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its status; no traceback reaches the user for what the project foresees."""
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="mlguide")
    except BrokenPipeError:
        # the reader of our output has gone: nothing is left to say, and nothing may be flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        sys.exit(tell_failure(error))
