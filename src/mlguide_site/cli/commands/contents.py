"""The commands that write and check what a root holds."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mlguide_site.build.output import github_line, print_result, problem_values, report_problems, say
from mlguide_site.cli.commands.app import AsFormat, TextFormat, app, root_of
from mlguide_site.cli.inspection import inspect
from mlguide_site.cli.vocabulary import fix as fix_root
from mlguide_site.editing.scaffold import ENTRY_FILES, Made, init_root, new_entry, new_episode
from mlguide_site.errors import ContentError, Severity, UsageError, visible
from mlguide_site.importers.table import IMPORTERS
from mlguide_site.merge import confirm, report_lines, report_values, run_import
from mlguide_site.model.wording import Wording
from mlguide_site.pipeline import examine

FORMATS = ", ".join(importer.name for importer in IMPORTERS)


class CheckFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


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
    count = Wording().count(len(made), "file")
    say(f"made {count} in {folder}; next: mlguide -C {folder} {'build' if report else 'import SOURCE'}")


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
    follows: Annotated[
        bool | None,
        typer.Option(
            "--follow-sound/--no-follow-sound",
            help="Ask hosts of a feed's sound where they send browsers on to; if not given, of fetched feeds.",
            show_default=False,
        ),
    ] = None,
    format: AsFormat = TextFormat.TEXT,
) -> None:
    """Write or merge episodes and knowledge from feeds, pages and notes; the format of each is recognised.

    Example: mlguide -C kb import show-feed.xml --series show
    """
    try:
        report = run_import(
            root_of(context),
            sources or (),
            format=source_format,
            series=series,
            episode=episode,
            dry_run=dry_run,
            follows=follows,
            progress=say,
        )
    except ContentError as error:
        report_problems(error.problems)
        if len(sources or ()) > 1:
            say("nothing was written, of the other sources neither; mend what is told above, or leave that source out")
        raise typer.Exit(error.exit_status) from None
    print_result(report_values(report) if format is TextFormat.JSON else report_lines(report, diff=dry_run))
    report_problems(report.problems)
    if any(problem.severity is Severity.ERROR for problem in report.problems):
        raise typer.Exit(1)


@app.command("new")
def new_command(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="SERIES|KIND", help=f"A series, or one of {', '.join(ENTRY_FILES)}.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Title of the episode, or name of the entry.")],
    day: Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the episode.")] = None,
) -> None:
    """Make the next episode of a series, or a knowledge entry, filled in as far as can be.

    Example: mlguide new mla "Docker for Machine Learning"; mlguide new tool "Docker"
    """
    root = root_of(context)
    if not name.strip() or not visible(name) == name or len(name) > 300:
        raise UsageError(f'the name must be one line of 1 to 300 characters, as in: mlguide new {visible(what)} "Name"')
    on = _day(day) if day else None
    catalog = examine(root, drafts=True).linked.catalog
    made: Made
    if what in ENTRY_FILES and on is not None:
        raise UsageError(f"--date is the day of an episode, and a {what} has none; leave it out")
    if what in ENTRY_FILES:
        made = new_entry(root, catalog, what, name)
    else:
        made = new_episode(root, catalog, what, name, on, date.today())
    print(f"{made.path}: {made.slug}")


def _day(text: str) -> date:
    try:
        # no other form of ISO 8601 is written in notes
        return date.fromisoformat(text if len(text) == 10 else "")
    except ValueError:
        today = date.today().isoformat()
        raise UsageError(f'"{visible(text[:40])}" is no day; write it as YYYY-MM-DD, as in --date {today}') from None


@app.command("check")
def check_command(
    context: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail as well.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Fix what can be fixed safely, then check.")] = False,
    format: Annotated[CheckFormat, typer.Option("--format", help="How to print the problems.")] = CheckFormat.TEXT,
    confirmed: Annotated[
        list[str] | None,
        typer.Option("--confirm", metavar="NOTE[:LINE]", help="Its structure is as imported; don't ask again."),
    ] = None,
) -> None:
    """Print every problem in every file as path:line:col, with a remedy. Hints never fail it.

    Example: mlguide check --strict --format github
    """
    root = root_of(context)
    if confirmed:
        say(f"confirmed: {Wording().count(confirm(root, confirmed), 'line')}")
    if fix:
        fix_root(root)
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
