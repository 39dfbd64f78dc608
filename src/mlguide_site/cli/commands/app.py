"""The command line that the commands are added to, and what they share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mlguide_site.content.root import find_root
from mlguide_site.version import __version__

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


def root_of(context: typer.Context) -> Path:
    """The root that a command is to work in. Raises UsageError where there is none."""
    return find_root(context.obj)
