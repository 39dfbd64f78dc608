"""The command `mlguide init`."""

# ruff: noqa: PLC0415
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer import Argument, Option

from mlguide_site.cli.output import next_step, print_result, report_problems, say
from mlguide_site.errors import UsageError, counted


def init_command(
    context: typer.Context,
    folder: Annotated[Path, Argument(metavar="DIR", help="A new or empty folder.")] = Path(),
    feed: Annotated[str | None, Option(help="File or address of a feed to import.")] = None,
    title: Annotated[
        str | None, Option(help="Name of the site; default: the feed's title or the folder's name.")
    ] = None,
    site_url: Annotated[str, Option(help="The address of the published site.")] = "",
    curate: Annotated[
        Literal["auto", "review", "none"],
        Option(help="auto: add the feed's topics and tools; review: add them as drafts; none: add nothing."),
    ] = "auto",
    host: Annotated[
        Literal["github", "gitlab", "none"] | None,
        Option(help="Add workflows for this code host; default: the host of the git remote.", show_default=False),
    ] = None,
    action: Annotated[
        str, Option(metavar="OWNER/REPO@COMMIT", help="The repository from which workflows install mlguide.")
    ] = "",
    update: Annotated[
        bool, Option("--update", help="Update the workflows and settings that init wrote; keep your changes.")
    ] = False,
) -> None:
    """Create a knowledge base in a new folder. With --update, update the workflows and settings in an existing folder.

    Example: mlguide init my-show --feed https://example.org/feed.xml --host github; mlguide -C my-show init --update"""
    from mlguide_site.content.resources import packaged_templates
    from mlguide_site.content.root import find_root
    from mlguide_site.editing.hosting import choose_hosting
    from mlguide_site.editing.scaffold import BROWSER_FILES, init_root, update_root
    from mlguide_site.editing.suggest.proposals import propose
    from mlguide_site.merge.report import report_lines
    from mlguide_site.pipeline import examine

    folder = context.obj / folder
    if update:
        if feed or title or site_url:
            remedy = "edit site_name and site_url in mkdocs.yml, or run mlguide import"
            raise UsageError(f"--update takes no --feed, --title or --site-url; {remedy}")
        changes, conflicts, missing = update_root(find_root(folder), host, action)
        print_result([*changes, *conflicts])
        for name in missing:
            say(f'mkdocs.yml: to use the address from the workflows, set {name}: !ENV [MLGUIDE_{name.upper()}, ""]')
        say(f"changed {counted(len(changes), 'file')}; {next_step(folder, 'check')}")
        raise typer.Exit(1 if conflicts else 0)
    created, report = init_root(folder, title, site_url, feed, choose_hosting(folder, host, action))
    if kept := sorted(name for name in BROWSER_FILES - {*created} if (folder / name).exists()):
        lines = (packaged_templates() / "new_root/gitignore").read_text("utf-8").splitlines()
        say(f"kept {', '.join(kept)}{'; add these lines to .gitignore:' if '.gitignore' in kept else ''}")
        for line in lines if ".gitignore" in kept else ():
            say(line)
    if report:
        print_result(report_lines(report))
        report_problems(report.problems)
        if curate != "none":
            found = [one for one in propose(examine(folder, texts=True).linked) if one.sure]
            say(added(folder, found, is_draft=curate == "review"))
    following = "build" if report else "import SOURCE"
    say(f"created {counted(len(created), 'file')} in {folder}; {next_step(folder, following)}")


def added(root: Path, proposals: list[Any], is_draft: bool) -> str:
    """Add proposed entries to the knowledge files. Return a message with the number of new entries in each file."""
    from mlguide_site.content.knowledge import PATHS
    from mlguide_site.editing.suggest.drafts import add_entries

    entries = add_entries(root, proposals, is_draft)
    if rejected := [one.name for one in proposals if one not in entries.values()]:
        say(f"not added, because mlguide check would report them: {', '.join(rejected)}")
    counts = sorted(Counter(PATHS[kind] for kind, _ in entries).items())
    numbers = ", ".join(f"{count} to {path}" for path, count in counts) or "nothing"
    return f"added as drafts: {numbers}" if is_draft else f"added: {numbers}"
