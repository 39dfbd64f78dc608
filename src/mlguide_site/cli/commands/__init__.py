"""The commands: arguments in, exit status out. What is done is decided elsewhere.

Exit status: 0 fine, 1 problems in content or input, 2 usage, 3 disk or network. Results go to standard output, problems
and progress to standard error.
"""

import importlib
from collections.abc import Sequence
from pathlib import Path

import typer

from mlguide_site.build.output import guarded, say
from mlguide_site.cli.commands.app import app
from mlguide_site.errors import UsageError

_MODULES = ("contents", "building", "reading")
"""Where the commands stand, in the order in which they are listed."""
_ROOT_ONLY = frozenset(["build", "check", "serve", "stats", "suggest"])
"""Commands that take nothing but options."""
_BUILDING = frozenset(["build", "serve"])


def load(name: str = "") -> typer.Typer:
    """The command line with the command of a name; with all of them where it is another or none.

    A build imports nothing that only an import or an export needs: that would take longer than many an edit's build.
    """
    for module in ("building",) if name in _BUILDING else _MODULES:
        importlib.import_module(f"mlguide_site.cli.commands.{module}")
    return app


def main(arguments: Sequence[str]) -> None:
    """Run a command and exit with its status; no traceback reaches the user for what the project foresees."""
    guarded(lambda: _run(list(arguments)))


def _run(arguments: list[str]) -> None:
    name = _name(arguments)
    own = arguments[arguments.index(name) :] if name else []
    # behind a command it would be told only that there is no such option
    if "-C" in own[:-1] and "--" not in own[: own.index("-C")]:
        root = own[own.index("-C") + 1]
        raise UsageError(f"-C stands before the command; write: mlguide -C {root} {name}")
    folder = next((one for one in own[1:] if (Path(one) / "mkdocs.yml").is_file()), "") if name in _ROOT_ONLY else ""
    if folder:
        raise UsageError(f"the knowledge base stands before the command; write: mlguide -C {folder} {name}")
    try:
        load(name)(args=arguments, prog_name="mlguide")
    except SystemExit as end:
        # the command line was refused, by the library that reads it, in words that show no way
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
    """The name of the command that is asked for, behind the root; empty where something else comes first.

    >>> _name(["-C", "kb", "build", "--strict"]), _name(["serve"]), _name(["--help"])
    ('build', 'serve', '')
    """
    rest = list(arguments)
    if len(rest) > 1 and rest[0] == "-C":
        rest = rest[2:]
    return rest[0] if rest and not rest[0].startswith("-") else ""
