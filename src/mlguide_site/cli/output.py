"""Prints results on standard output, and problems, progress and the next step on standard error."""

import json
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer import Option

from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, SiteError, UsageError, counted, visible
from mlguide_site.progress import is_terminal

AsFormat = Annotated[Literal["text", "json"], Option(help="Format of the result.")]
_COLOURS = {Severity.ERROR: 31, Severity.WARNING: 33, Severity.HINT: 36}  # red, yellow and cyan


def root_of(context: typer.Context) -> Path:
    """Return the root that a command works in. Raises UsageError if the folder is not a root."""
    from mlguide_site.content.root import find_root  # noqa: PLC0415

    return find_root(context.obj)


def next_step(root: Path, command: str) -> str:
    """Return a message that names the command to run next in the same root."""
    return f"next: mlguide {'' if root == Path() else f'-C {shlex.quote(str(root))} '}{command}"


def say(text: str) -> None:
    """Print one line on standard error."""
    print(visible(text), file=sys.stderr, flush=True)


def print_result(result: Any) -> None:
    """Print a list of lines as text, and any other value as JSON."""
    if isinstance(result, list):
        text = "\n".join(map(visible, result))
    else:
        text = json.dumps(result if isinstance(result, dict) else list(result), ensure_ascii=False, indent=1)
    # file names may contain invalid bytes
    print(text.encode("utf-8", "backslashreplace").decode())


def report_problems(problems: Sequence[Problem]) -> None:
    """Print problems on standard error, one per line. On a terminal, the colour of the path shows the severity."""
    start, end = ("\x1b[{}m", "\x1b[m") if is_terminal() and not os.environ.get("NO_COLOR") else ("", "")
    for problem in problems:
        place, separator, text = str(problem).partition(": ")
        text += " [warning]" if problem.severity is Severity.WARNING else ""
        print(f"{start.format(_COLOURS[problem.severity])}{place}{end}{separator}{text}", file=sys.stderr, flush=True)


def report_failure(error: Exception) -> int:
    """Print a command's error, and return the exit status. With MLGUIDE_TRACEBACK, raise an unexpected error again."""
    if isinstance(error, OSError):
        error = ResourceError(f"{error.filename or 'disk'}: {error.strerror or error}")
    if isinstance(error, ContentError):
        report_problems(error.problems)
        say(f"failed with {counted(len(error.problems), 'error')}")
    elif isinstance(error, SiteError):
        say(f"mlguide: {str(error) or 'the build failed; fix the problems above and build again'}")
    if isinstance(error, SiteError):
        return error.exit_status
    if os.environ.get("MLGUIDE_TRACEBACK"):
        raise error
    what = " ".join(str(error).split())[:300]
    say(f"mlguide: unexpected {type(error).__name__}: {what}; set MLGUIDE_TRACEBACK=1, retry and report the output")
    return 1


def guarded(run: Callable[[], None]) -> None:
    """Run a command. If the command fails, report the error without a traceback, and exit with the error's status."""
    try:
        run()
    except BrokenPipeError:
        # another program, such as `head`, has closed the pipe: discard further output
        devnull_fd = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(devnull_fd, stream.fileno())
        sys.exit(1)
    except SystemExit as end:
        # Typer's usage message doesn't say how to correct the command
        if end.code == UsageError.exit_status:
            say("mlguide COMMAND --help shows all arguments and an example; write -C ROOT before the command")
        raise
    except Exception as error:
        try:
            status = report_failure(error)
        except OSError:
            # writing to standard error failed too
            status = ResourceError.exit_status
        sys.exit(status)


def github_line(problem: Problem) -> str:
    """Return a problem as a GitHub Actions workflow command, with special characters escaped."""
    kind = "notice" if problem.severity is Severity.HINT else problem.severity.value
    text = f"{problem.message}; {problem.remedy}"
    escapes = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
    text, path = (visible(value.translate(escapes)) for value in (text, problem.path))
    path = path.replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} file={path},line={problem.span.line},col={problem.span.column}::{text}"
