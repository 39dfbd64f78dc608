"""The commands that tell of what a root holds, and give it out."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from mlguide_site.build.output import print_result, say
from mlguide_site.checks.stats import as_json, as_text, count
from mlguide_site.cli.commands.app import AsFormat, TextFormat, app, root_of
from mlguide_site.cli.vocabulary import register
from mlguide_site.content.files import write_atomic
from mlguide_site.content.site_settings import read_origin
from mlguide_site.errors import Severity, UsageError
from mlguide_site.model.wording import Wording
from mlguide_site.pipeline import examine
from mlguide_site.publish.exports import EXPORTS

_OWN = frozenset(["episodes", "knowledge", "templates", ".mlguide", "mkdocs.yml"])
"""What of a root people edit, or the program keeps: nothing is given out into it."""


def _check_target(root: Path, output: Path) -> None:
    """Raise UsageError where writing to a file would fail, or take the place of anything but an earlier export."""
    if not output.parent.is_dir():
        raise UsageError(f"{output.parent}: there is no such folder; make it, or name another")
    if output.is_symlink() or (output.exists() and not output.is_file()):
        raise UsageError(f"{output}: this is no plain file; name one, or leave -o out to write to standard output")
    place, own = output.resolve(), root.resolve()
    if place.is_relative_to(own) and place.relative_to(own).parts[0] in _OWN:
        raise UsageError(f"{output}: this is among the root's own files; name another place")


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
    root = root_of(context)
    if output is not None:
        _check_target(root, output)
    data = EXPORTS[format](examine(root).linked.catalog, read_origin(root))
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        write_atomic(output, data)
        say(f"wrote {output}")


register(app)


@app.command("stats")
def stats_command(context: typer.Context, format: AsFormat = TextFormat.TEXT) -> None:
    """Print counts and gaps: missing numbers, orphans, entries that nothing names.

    Example: mlguide stats --format json
    """
    examined = examine(root_of(context), drafts=True)
    stats = count(examined.linked)
    print_result(as_json(stats) if format is TextFormat.JSON else as_text(stats))
    broken = sum(problem.severity is Severity.ERROR for problem in examined.problems)
    if broken:
        say(f"{Wording().count(broken, 'problem')} left out of the counts; mlguide check lists them")
