"""The commands about names: what the knowledge lacks, and what is to be called otherwise. See `cli` for the rest."""

from pathlib import Path
from typing import Annotated

import typer

from mlguide_site.build.output import print_result, say
from mlguide_site.checks.fixes import fix_root
from mlguide_site.content.root import find_root
from mlguide_site.editing.renaming import recover, rename
from mlguide_site.editing.renaming import report_lines as rename_lines
from mlguide_site.editing.renaming import report_values as rename_values
from mlguide_site.editing.suggest import propose, report_lines, report_values, write_drafts
from mlguide_site.errors import UsageError
from mlguide_site.model import Kind
from mlguide_site.pipeline import examine

FORMATS = ("text", "json")


def suggest_command(
    context: typer.Context,
    write: Annotated[bool, typer.Option("--write", help="Add them to the knowledge files, as drafts.")] = False,
    kind: Annotated[str | None, typer.Option(help="Only tools, terms, resources or people: tool, term, …")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many, the surest first.")] = None,
    format: Annotated[str, typer.Option("--format", help="How to print the result: text or json.")] = "text",
) -> None:
    """Propose knowledge entries for names that the texts use and no entry covers, the surest first.

    What you refuse goes into knowledge/suggest.yml, under "ignore".

    Example: mlguide suggest --limit 20; mlguide suggest --write --kind tool
    """
    if format not in FORMATS:
        raise UsageError(f'unknown format "{format}"; use one of {", ".join(FORMATS)}')
    if kind is not None and kind not in set(Kind):
        raise UsageError(f'unknown kind "{kind}"; use one of {", ".join(Kind)}')
    root = find_root(context.obj)
    proposals = propose(examine(root, drafts=True).linked)
    chosen = [one for one in proposals if kind is None or one.kind == kind][:limit]
    print_result(tuple(report_values(chosen)) if format == "json" else report_lines(chosen))
    if write:
        drafted = write_drafts(root, chosen)
        counts = {path: sum(one.path == path for one in drafted) for path in sorted({one.path for one in drafted})}
        told = ", ".join(f"{count} to {path}" for path, count in counts.items())
        say(f"added as drafts: {told or 'nothing'}")
        kept = {one.proposal.name for one in drafted}
        if left := [one.name for one in chosen if one.name not in kept]:
            say(f"left out, for check would complain: {', '.join(left)}")
    else:
        say(f"{len(chosen)} of {len(proposals)} names; --write adds them as drafts")


def fix(root: Path) -> None:
    """Fix what can be fixed safely, and list it."""
    if recover(root):
        say("fixed: an interrupted rename is taken back")
    fixes = fix_root(root)
    for one in fixes:
        path, span = one.problem.path, one.problem.span
        say(f"fixed: {path}:{span.line}:{span.column}: {one.problem.message}")
    say(f"fixed {len(fixes)} mistake{'' if len(fixes) == 1 else 's'}")


def rename_command(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="A slug, kind:slug, or the id of an episode.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The slug or id that it gets.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, but write nothing.")] = False,
    format: Annotated[str, typer.Option("--format", help="How to print the result: text or json.")] = "text",
) -> None:
    """Give an entry another slug, or an episode another id: every use follows, the old address redirects.

    A series keeps its slug, which is part of its episodes' ids; its title is edited in knowledge/series.yml.

    Example: mlguide rename tool:sklearn scikit-learn; mlguide rename mla-012 mla-013 --dry-run
    """
    if format not in FORMATS:
        raise UsageError(f'unknown format "{format}"; use one of {", ".join(FORMATS)}')
    plan = rename(find_root(context.obj), old, new, dry_run)
    print_result(rename_values(plan) if format == "json" else rename_lines(plan, dry_run))


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("suggest")(suggest_command)
    app.command("rename")(rename_command)
