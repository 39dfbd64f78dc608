"""The command line: its options, how commands are run, and how they fail.

Exit status: 0 fine, 1 problems in content or input, 2 usage, 3 disk or network. Results go to standard output, problems
and progress to standard error. No traceback reaches the user for what the project foresees.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mlguide_site.build.output import guarded, say
from mlguide_site.errors import UsageError
from mlguide_site.version import __version__

_ROOT_ONLY = frozenset(["build", "check", "serve", "stats", "suggest"])
"""Commands that take nothing but options."""

app = typer.Typer(
    name="mlguide",
    no_args_is_help=True,
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
    """The root that a command works in. Raises UsageError where there is none."""
    from mlguide_site.content.root import find_root  # noqa: PLC0415 - commands import what they need when they run

    return find_root(context.obj)


def main(arguments: Sequence[str]) -> None:
    """Run a command and exit with its status."""
    guarded(lambda: _run(list(arguments)))


def _run(arguments: list[str]) -> None:
    name = _name(arguments)
    own = arguments[arguments.index(name) :] if name else []
    # behind a command the library would only say that there is no such option
    if "-C" in own[:-1] and "--" not in own[: own.index("-C")]:
        root = own[own.index("-C") + 1]
        raise UsageError(f"-C comes before the command; write: mlguide -C {root} {name}")
    folder = next((one for one in own[1:] if (Path(one) / "mkdocs.yml").is_file()), "") if name in _ROOT_ONLY else ""
    if folder:
        raise UsageError(f"the knowledge base comes before the command; write: mlguide -C {folder} {name}")
    try:
        app(args=arguments, prog_name="mlguide")
    except SystemExit as end:
        # the library refuses a command line without saying what to do
        if end.code == UsageError.exit_status and name:
            say(_example(name))
        raise


def _example(name: str) -> str:
    """The example of a command, or how to find the right one."""
    for command in app.registered_commands:
        if command.name == name and command.callback is not None:
            _, mark, example = (command.callback.__doc__ or "").partition("Example: ")
            if mark:
                return f"For example: {' '.join(example.split())}"
    return "mlguide --help lists the commands, and mlguide COMMAND --help says what each takes"


def _name(arguments: Sequence[str]) -> str:
    """The name of the command, after the root; empty where something else comes first.

    >>> _name(["-C", "kb", "build", "--strict"]), _name(["serve"]), _name(["--help"])
    ('build', 'serve', '')
    """
    rest = list(arguments)
    if len(rest) > 1 and rest[0] == "-C":
        rest = rest[2:]
    return rest[0] if rest and not rest[0].startswith("-") else ""
