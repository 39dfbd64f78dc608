"""Parses the arguments of each command, and sets the exit status.

The exit status is 0 for success, 1 for problems in the content, 2 for incorrect usage, and 3 for a disk or network
error. Results go to standard output, and problems to standard error. Each command imports its modules when it runs, so
that short commands start quickly."""

# ruff: noqa: PLC0415
import gc
import logging
import os
import sys
import time
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer import Argument, Option

from mlguide_site.cli.hub_commands import hub
from mlguide_site.cli.init_command import added, init_command
from mlguide_site.cli.output import AsFormat, github_line, next_step, print_result, report_problems, root_of, say
from mlguide_site.errors import ContentError, Problem, Severity, UsageError, counted, is_printable, visible
from mlguide_site.version import __version__

ENTRY_KINDS = ("series", "topic", "tool", "resource", "term", "person")
MAX_EPOCH_SECONDS = 253402300799  # the end of the year 9999
# allocations between two garbage collections of a build, except while pages are rendered
BUILD_GC_THRESHOLD = 1_000_000
MAX_SHOWN_HINTS = 30  # maximum number of hints that `check` prints without `--verbose`
AUDIO_HOSTS_HELP = "Find the hosts that a feed's audio redirects to; default: only if SOURCE is a web address."
# the files and folders of a root that an export must not overwrite
OWN_PATHS = frozenset(["episodes", "pages", "knowledge", "templates", ".mlguide", "mkdocs.yml"])
app = typer.Typer(
    name="mlguide",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"mlguide {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    root: Annotated[Path, Option("-C", metavar="ROOT", help="Folder of the knowledge base.")] = Path(),
    version: Annotated[bool, Option("--version", callback=_version, is_eager=True, help="Show version.")] = False,  # noqa: ARG001
) -> None:
    """Turn a podcast's feed, show notes and study notes into a cross-linked knowledge base.

    Example: mlguide init kb --title "My Show" && mlguide -C kb import feed.xml && mlguide -C kb build"""
    from mlguide_site.progress import watched

    context.obj = root
    if context.invoked_subcommand != "serve":
        context.with_resource(watched())


app.command("init")(init_command)
app.add_typer(hub, name="hub")


@app.command("import")
def import_command(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        Argument(metavar="SOURCE...", help="Files, folders or feed addresses; default: .mlguide/pending/."),
    ] = None,
    source_format: Annotated[
        str | None, Option("--from", metavar="FORMAT", help="Format of the sources; default: detected.")
    ] = None,
    series: Annotated[str | None, Option(help="Slug of the series for all episodes in the sources.")] = None,
    episode: Annotated[
        str | None, Option(metavar="ID", help="Id of the episode that the transcript or chapters belong to.")
    ] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="Report the planned changes, but write nothing.")] = False,
    follows: Annotated[
        bool | None, Option("--audio-hosts/--no-audio-hosts", help=AUDIO_HOSTS_HELP, show_default=False)
    ] = None,
    skip_bad: Annotated[
        bool, Option("--skip-bad", help="Skip invalid sources, import the others, and exit with status 1.")
    ] = False,
    take: Annotated[
        list[str] | None, Option(metavar="ID", help="Use the source's version for all conflicts in this episode.")
    ] = None,
    keep: Annotated[
        list[str] | None, Option(metavar="ID", help="Keep your version for all conflicts in this episode.")
    ] = None,
    is_all: Annotated[
        bool, Option("--all", help="Import all feeds in knowledge/series.yml, and report each feed separately.")
    ] = False,
    fetches: Annotated[
        str, Option("--fetch", metavar="KINDS", help="Kinds of files to download: transcripts,chapters,covers.")
    ] = "",
    verbose: Annotated[bool, Option("--verbose", help="List all missing files and removed tags.")] = False,
    format: AsFormat = "text",
) -> None:
    """Import feeds, pages, notes and transcripts. The format of each source is detected.

    Example: mlguide -C kb import show-feed.xml --series show; mlguide -C kb import --all"""
    from mlguide_site.editing.fetch_files import import_and_fetch, import_feeds
    from mlguide_site.merge.merge_lines import KEEP, TAKE
    from mlguide_site.merge.report import grouped, report_lines, report_values

    if both := sorted({*(take or ())} & {*(keep or ())}):
        raise UsageError(f"--take and --keep both name {both[0]}; choose one")
    choices = dict.fromkeys(take or (), TAKE) | dict.fromkeys(keep or (), KEEP)
    common: dict[str, Any] = {"dry_run": dry_run, "follows": follows, "choices": choices}
    common["fetches"] = fetches.replace(" ", "").split(",") if fetches else ()
    own: dict[str, Any] = {"format": source_format, "series": series, "episode": episode}
    is_each = is_all or bool(choices and not sources)
    if is_all and (sources or any(own.values())):
        raise UsageError("--all imports all feeds in knowledge/series.yml; omit SOURCE, --from, --series and --episode")
    try:
        if is_each:
            reports, failures, status = import_feeds(root_of(context), **common)
        else:
            report = import_and_fetch(root_of(context), sources or (), skip_bad=skip_bad, **own, **common)
            reports, failures, status = [report], list[Problem](), 0
    except ContentError as error:
        report_problems(error.problems)
        if len(sources or ()) > 1:
            say("Nothing was written. Fix the errors above, or import the other sources with --skip-bad.")
        raise typer.Exit(error.exit_status) from None
    values = tuple(map(report_values, reports))
    lines = [line for report in reports for line in report_lines(report, diff=dry_run)]
    print_result((values if is_each else values[0]) if format == "json" else lines)
    problems = [*failures, *dict.fromkeys(one for report in reports for one in report.problems)]
    report_problems(problems if verbose else grouped(problems))
    if (written := sum(len(report.writes) for report in reports)) and not dry_run:
        is_pending = all(report.is_pending for report in reports)
        following = "import FEED (if the episode exists, import TRANSCRIPT --episode ID)" if is_pending else "check"
        say(f"wrote {counted(written, 'file')}; {next_step(context.obj, following)}")
    if status or any(problem.severity is Severity.ERROR for problem in problems):
        raise typer.Exit(status or 1)


@app.command("sync")
def sync_command(context: typer.Context, format: AsFormat = "text") -> None:
    """Import all feeds in knowledge/series.yml. For each series, also download the kinds of files in its field "fetch".

    Example: mlguide -C kb sync"""
    import_command(context, is_all=True, format=format)


@app.command("new")
def new_command(
    context: typer.Context,
    what: Annotated[
        str, Argument(metavar="SERIES|KIND", help=f"Slug of a series, or a kind: {', '.join(ENTRY_KINDS)}.")
    ] = "",
    name: Annotated[str | None, Argument(metavar="NAME", help="Title of the episode, or name of the entry.")] = None,
    day: Annotated[
        date | None, Option("--date", metavar="YYYY-MM-DD", parser=date.fromisoformat, help="Date of the episode.")
    ] = None,
    issue: Annotated[
        Path | None, Option("--from-issue", metavar="FILE", help="Use the text of a completed issue form.")
    ] = None,
    format: AsFormat = "text",
) -> None:
    """Create an episode or a knowledge entry. An episode gets the next number in its series.

    Example: mlguide new mla "Docker for Machine Learning"; mlguide new tool "Docker"
    """
    from mlguide_site.content.files import exclusive
    from mlguide_site.editing.issue_forms import create_from_form
    from mlguide_site.editing.scaffold import ENTRY_FIELDS, new_entry, new_episode, today
    from mlguide_site.pipeline import examine

    root = root_of(context)
    if issue:
        form = create_from_form(root, issue)
        if format == "json":
            print_result(form.result())
        if form.problems:
            raise ContentError(problem for _, problem in form.problems)
        say(f"created {form.slug} in {form.path}" if form.path else "nothing was written; make the correction by hand")
        return
    if name is None:
        context.fail("Missing argument 'NAME'.")
    if not name.strip() or not is_printable(name) or len(name) > 300:
        raise UsageError(f'the name must be one line of 1 to 300 characters, as in: mlguide new {visible(what)} "Name"')
    if what in ENTRY_KINDS and day:
        raise UsageError(f"a {what} has no date; remove --date")
    with exclusive(root):  # undoes an interrupted change
        catalog = examine(root, drafts=True).linked.catalog
    if what in ENTRY_KINDS:
        path, slug = new_entry(root, catalog, what, name)
    else:
        # the feed has the date of an episode that isn't published yet
        has_feed = what in catalog.series and catalog.series[what].feed
        path, slug = new_episode(root, catalog, what, name, day or (None if has_feed else today()))
    print_result({"path": path, "slug": slug} if format == "json" else [f"{path}: {slug}"])
    *fields, last = ENTRY_FIELDS.get(what, ("summary", "topics"))
    fields += ["homepage"] if what == "tool" else []  # makes the name a proper name
    missing = f"{', '.join(fields)} and {last}" if fields else last
    say(f"fill in {missing} in {path}; {next_step(context.obj, 'check')}")


@app.command("check")
def check_command(
    context: typer.Context,
    strict: Annotated[bool, Option("--strict", help="Exit with status 1 if there are warnings.")] = False,
    fix: Annotated[bool, Option("--fix", help="Apply all safe fixes before the check.")] = False,
    format: Annotated[Literal["text", "json", "github"], Option(help="Format of the list of problems.")] = "text",
    confirmed: Annotated[
        list[str] | None,
        Option("--confirm", metavar="NOTE[:LINE]", help="Confirm that an imported heading or list is correct."),
    ] = None,
    verbose: Annotated[bool, Option("--verbose", help=f"List more than {MAX_SHOWN_HINTS} hints.")] = False,
) -> None:
    """List all problems, and how to fix them. Each problem has a file, a line and a column.

    Example: mlguide check --strict --format github"""
    from mlguide_site.checks.fixes import fix_root
    from mlguide_site.content.files import is_interrupted
    from mlguide_site.merge.uncertain_structure import confirm
    from mlguide_site.pipeline import inspect

    root = root_of(context)
    if confirmed:
        say(f"confirmed: {counted(confirm(root, confirmed), 'line')}")
    if fix:
        undone = ["an interrupted rename or import was undone"] if is_interrupted(root) else []
        fixes = fix_root(root)
        for one in [*undone, *fixes]:
            say(f"fixed: {one}")
        say(f"fixed {counted(len(fixes), 'mistake')}")
    problems = inspect(root)
    hints = [problem for problem in problems if problem.severity is Severity.HINT]
    hidden = set() if verbose or format != "text" else set(hints[MAX_SHOWN_HINTS:])
    if format == "text":
        report_problems([problem for problem in problems if problem not in hidden])
    elif format == "github":
        print_result([github_line(problem) for problem in problems])
    else:
        print_result(tuple(problem.values() for problem in problems))
    counts = {severity: sum(p.severity is severity for p in problems) for severity in Severity}
    totals = ", ".join(counted(number, severity) for severity, number in counts.items())
    totals += f"; {len(hidden)} of the hints are hidden (--verbose lists them)" if hidden else ""
    if counts[Severity.ERROR] or (strict and counts[Severity.WARNING]):
        say(totals)
        raise typer.Exit(1)
    say(f"{totals}; {next_step(context.obj, 'build')}")


@app.command("build")
def build_command(
    context: typer.Context,
    engine: Annotated[
        Literal["mkdocs", "properdocs", "zensical"], Option(help="The program that turns pages into HTML.")
    ] = "mkdocs",
    strict: Annotated[bool, Option("--strict", help="Exit with status 1 if there are warnings.")] = False,
    jobs: Annotated[int, Option(min=0, max=64, help="Number of processes; 0 means one per processor, at most 8.")] = 0,
    timings: Annotated[bool, Option("--timings", help="Print how long each stage took.")] = False,
    format: Annotated[Literal["text", "json"], Option(help="Format of the timings.")] = "text",
) -> None:
    """Build the site.

    Example: mlguide build --strict --timings"""
    root = root_of(context)
    _check_time()
    if engine == "mkdocs" and not timings and (site := _unchanged_site(root, strict)):
        say(f"nothing changed; {os.path.relpath(site)} is up to date; {next_step(context.obj, 'serve')}")
        return
    # import these modules late, because they take much longer to load than `_unchanged_site` takes to run
    from mlguide_site.search.pagefind import indexing_ahead

    gc.set_threshold(BUILD_GC_THRESHOLD)
    started = time.perf_counter()
    processes = jobs or min(8, os.cpu_count() or 1)
    page_counts = []
    with indexing_ahead(_last_site(root) if engine == "mkdocs" else None, processes) as prepared:
        from mlguide_site import pipeline
        from mlguide_site.build.cache import BUILD
        from mlguide_site.build.engines import load_engine
        from mlguide_site.build.pages import Built, Job
        from mlguide_site.progress import timing_lines, watched

        def built(*arguments: Any) -> Built:
            result = pipeline.build(*arguments)
            page_counts.append(len(result.pages.files))
            return result

        with watched() as seconds:
            site = load_engine(engine)(root, built, Job(say, strict, processes, prepared=prepared))
    duration = time.perf_counter() - started
    if timings:
        print_result(timing_lines(seconds, duration) if format == "text" else seconds)
    # ProperDocs runs our stages in another process
    count = page_counts[-1] if page_counts else sum(1 for _ in (root / BUILD / pipeline.PAGES).rglob("*.md"))
    pages = counted(count, "page")
    say(f"built {os.path.relpath(site)}: {pages} in {duration:.1f} s; {next_step(context.obj, 'serve')}")


def _last_site(root: Path) -> Path | None:
    """Return the folder of the site that was built last, or None if it is unknown or outside the root."""
    from mkdocs_incremental.cache import read_facts
    from mlguide_site.build import MKDOCS_CACHE

    site = Path(str((read_facts(root / MKDOCS_CACHE) or {}).get("site", "")))
    return site if site.is_relative_to(root) else None


def _unchanged_site(root: Path, strict: bool) -> Path | None:
    """If no build is needed, print the warnings of the last build, and return the site's folder. Else, return None."""
    from mkdocs_incremental.unchanged import unchanged
    from mlguide_site.build import MKDOCS_CACHE
    from mlguide_site.errors import OWN_LOGGER

    facts = unchanged(root / MKDOCS_CACHE)
    # a cache that was copied from another folder doesn't contain the path of this `mkdocs.yml`
    if facts is None or not facts["inputs"].get(str(root / "mkdocs.yml")):
        return None
    if strict and facts["messages"]:
        return None
    for message in facts["messages"]:
        level = "warning" if message.level == logging.WARNING else "error"
        say(message.text if message.logger == OWN_LOGGER else f"{level}: {' '.join(message.text.split())}")
    return Path(str(facts["site"]))


def _check_time() -> None:
    """Raise UsageError if SOURCE_DATE_EPOCH (reproducible-builds.org) or MLGUIDE_COMMIT_TIME isn't a valid time."""
    for name in ("SOURCE_DATE_EPOCH", "MLGUIDE_COMMIT_TIME"):
        fixed = os.environ.get(name)
        if fixed is not None and not (fixed.isascii() and fixed.isdigit() and int(fixed[:20]) <= MAX_EPOCH_SECONDS):
            raise UsageError(f'{name} is "{fixed[:40]}"; set the variable to seconds since 1970, or unset it')


@app.command("serve")
def serve_command(
    context: typer.Context,
    address: Annotated[
        str | None, Option(metavar="HOST:PORT", help="Address to serve; default: 127.0.0.1:8000.")
    ] = None,
    open_browser: Annotated[bool, Option("--open", help="Open the browser.")] = False,
) -> None:
    """Show a preview of the site, with drafts. Every edit updates the preview. Ctrl+C stops the preview.

    Example: mlguide serve --address 127.0.0.1:8080"""
    from mlguide_site.build.preview.run import serve

    host, _, port = (address or "127.0.0.1:8000").rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port[:9]) < 65536):
        raise UsageError(f'"{address}" is not an address; give host and port, such as 127.0.0.1:8000')
    _check_time()
    serve(root_of(context), say, address, open_browser)


@app.command("suggest")
def suggest_command(
    context: typer.Context,
    what: Annotated[Literal["topics"] | None, Argument(metavar="topics", help="Propose only topics.")] = None,
    accept: Annotated[list[str] | None, Option(metavar="N|NAME", help="Add a proposal; can be repeated.")] = None,
    accept_all: Annotated[
        bool, Option("--accept-all", help="Add all proposed topics, and the names that are certainly tools.")
    ] = False,
    min_episodes: Annotated[int | None, Option(min=1, help="Omit names that fewer episodes mention.")] = None,
    write: Annotated[bool, Option("--write", help="Add the names to the knowledge files as drafts.")] = False,
    kind: Annotated[
        Literal["topic", "tool", "resource", "term", "person"] | None, Option(help="Propose only this kind.")
    ] = None,
    limit: Annotated[int | None, Option(min=1, help="Propose at most this many names.")] = None,
    format: AsFormat = "text",
) -> None:
    """Propose knowledge entries. First come topics for tags. Then come names in the notes, the most certain first.

    To reject a name, add it to knowledge/suggest.yml, under "ignore".

    Example: mlguide suggest topics; mlguide suggest --accept 1 --accept Docker; mlguide suggest --write --kind tool"""
    from mlguide_site.content.files import exclusive
    from mlguide_site.editing.suggest.drafts import choose
    from mlguide_site.editing.suggest.proposals import propose, report_lines, report_values
    from mlguide_site.pipeline import examine

    root = root_of(context)
    with exclusive(root) if write or accept or accept_all else nullcontext():  # undoes an interrupted change
        proposals = propose(examine(root, drafts=True, texts=True).linked, min_episodes)
    listed = [one for one in proposals if one.kind == ("topic" if what else kind or one.kind)][:limit]
    chosen = [*choose(listed, accept or ()), *(one for one in listed if accept_all and one.sure)]
    if not (accept or accept_all):
        print_result(tuple(report_values(listed)) if format == "json" else report_lines(listed))
        chosen = listed if write else []
    if accept or accept_all or chosen:
        say(f"{added(root, chosen, is_draft=write)}; {next_step(context.obj, 'check')}")
    elif listed:
        following = f"suggest --accept{'-all' if any(one.sure for one in listed) else ' 1'}"
        say(f"{len(listed)} of {counted(len(proposals), 'name')}; {next_step(context.obj, following)}")
    else:
        say(f"no names to propose; {next_step(context.obj, 'new tool NAME')} (adds an entry)")


@app.command("rename")
def rename_command(
    context: typer.Context,
    old: Annotated[str, Argument(metavar="OLD", help="A slug, such as docker or tool:docker, or an id.")],
    new: Annotated[str, Argument(metavar="NEW", help="The new slug or id.")],
    dry_run: Annotated[bool, Option("--dry-run", help="Report the planned changes, but write nothing.")] = False,
    format: AsFormat = "text",
) -> None:
    """Change a slug or an id wherever it is used. The old address redirects to the new address.

    The slug of a series can't be changed, because ids contain it. To change its title, edit knowledge/series.yml.

    Example: mlguide rename tool:sklearn scikit-learn; mlguide rename mla-012 mla-013 --dry-run"""
    from mlguide_site.editing.renaming import rename, report_lines, report_values

    plan = rename(root_of(context), old, new, dry_run)
    print_result(report_values(plan) if format == "json" else report_lines(plan, dry_run))
    if not dry_run:
        say(next_step(context.obj, "check"))


@app.command("export")
def export_command(
    context: typer.Context,
    format: Annotated[Literal["anki", "csv", "epub", "json", "opml"], Argument(help="The format to write.")],
    output: Annotated[
        Path | None, Option("-o", "--output", help="The file to write; default: standard output.")
    ] = None,
) -> None:
    """Export resources, terms or notes. A csv or json file contains the resources and the glossary. An opml file
    contains the resources. An anki file contains the cards for review. An epub file contains all notes.

    Example: mlguide export anki -o glossary.apkg"""
    from mlguide_site.content.files import write_atomic
    from mlguide_site.content.site_settings import read_origin
    from mlguide_site.pipeline import book, examine
    from mlguide_site.publish.exports import EXPORTS

    if output is None and sys.stdout.isatty() and (file := {"anki": "glossary.apkg", "epub": "notes.epub"}.get(format)):
        raise UsageError(f"this format can't be printed on a terminal; write it to a file with -o {file}")
    _check_time()
    root = root_of(context)
    if output is not None:
        _check_target(root, output)
    examined = examine(root, texts=format == "epub")
    linked = examined.linked
    data = book(root, linked) if format == "epub" else EXPORTS[format](linked.catalog, read_origin(root))
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write_atomic(output, data)
        say(f"wrote {output}: {len(data):,} bytes")
    _report_left_out(examined.problems, "exported")


def _report_left_out(problems: tuple[Problem, ...], done: str) -> None:
    """If there are errors, print that records with errors weren't counted or exported."""
    if broken := sum(problem.severity is Severity.ERROR for problem in problems):
        say(f"records with errors are not {done}; run mlguide check to list {counted(broken, 'error')}")


def _check_target(root: Path, output: Path) -> None:
    """Raise UsageError if the file `output` can't be written, or if its path is reserved for the root's own files."""
    target = output.resolve()
    top_level = target.relative_to(root).parts[:1] if target.is_relative_to(root) else ()
    if not output.parent.is_dir() or output.is_symlink() or (output.exists() and not output.is_file()):
        raise UsageError(f"{output}: no file can be written there; choose a file in an existing folder, or omit -o")
    if {*top_level} & OWN_PATHS:
        raise UsageError(f"{output}: this path is reserved for the root's own files; choose another file")


@app.command("stats")
def stats_command(context: typer.Context, format: AsFormat = "text") -> None:
    """Count episodes and knowledge entries. Also list missing episodes, and entries that no episode mentions.

    Example: mlguide stats --format json"""
    from mlguide_site.checks.stats import as_text, count
    from mlguide_site.pipeline import examine

    examined = examine(root_of(context), drafts=True)
    stats = count(examined.linked)
    print_result(stats if format == "json" else list(as_text(stats)))
    _report_left_out(examined.problems, "counted")
