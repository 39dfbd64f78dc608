"""Output: results on standard output, problems and progress on standard error."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, SiteError, UsageError, visible
from mlguide_site.progress import is_terminal

_COLOURS = {Severity.ERROR: 31, Severity.WARNING: 33, Severity.HINT: 36}
"""The colours of places on a terminal: red, yellow and cyan."""


def say(text: str) -> None:
    """Print one line on standard error."""
    print(visible(text), file=sys.stderr, flush=True)


def print_result(result: Any) -> None:
    """Print lines as text, anything else as JSON."""
    if isinstance(result, list):
        text = "\n".join(map(visible, result))
    else:
        text = json.dumps(result if isinstance(result, dict) else list(result), ensure_ascii=False, indent=1)
    # file names may have invalid bytes, which are escaped
    print(text.encode("utf-8", "backslashreplace").decode())


def report_problems(problems: Sequence[Problem]) -> None:
    """Print each problem on its own line on standard error; on a terminal the severity colours its place."""
    start, end = ("\x1b[{}m", "\x1b[m") if is_terminal() and not os.environ.get("NO_COLOR") else ("", "")
    for problem in problems:
        place, separator, text = str(problem).partition(": ")
        print(f"{start.format(_COLOURS[problem.severity])}{place}{end}{separator}{text}", file=sys.stderr, flush=True)


def report_failure(error: Exception) -> int:
    """Report the error that ended a command on standard error, in one line; returns the exit status. MLGUIDE_TRACEBACK
    adds the traceback of an unexpected error."""
    if isinstance(error, OSError):
        error = ResourceError(f"{error.filename or 'disk'}: {error.strerror or error}")
    if isinstance(error, ContentError):
        report_problems(error.problems)
    elif isinstance(error, SiteError) and str(error):
        say(f"mlguide: {error}")
    if isinstance(error, SiteError):
        return error.exit_status
    if os.environ.get("MLGUIDE_TRACEBACK"):
        raise error
    what = " ".join(str(error).split())[:300]
    say(f"mlguide: unexpected {type(error).__name__}: {what}; please report it, with MLGUIDE_TRACEBACK=1 set")
    return 1


def guarded(run: Callable[[], None]) -> None:
    """Run a command; if it fails, exit with its status. Users see no traceback of expected errors."""
    try:
        run()
    except BrokenPipeError:
        # the reader closed the pipe, as `head` does: discard all further output
        devnull_fd = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            # a stream that was closed at startup is None
            if stream is not None:
                os.dup2(devnull_fd, stream.fileno())
        sys.exit(1)
    except SystemExit as end:
        # Typer's usage message has no remedy
        if end.code == UsageError.exit_status:
            say("mlguide COMMAND --help shows what it takes, with an example; -C ROOT comes before the command")
        raise
    except Exception as error:
        try:
            status = report_failure(error)
        except OSError:
            # standard error can't be written to either
            status = ResourceError.exit_status
        sys.exit(status)


def github_line(problem: Problem) -> str:
    """A workflow command (GitHub Actions, "Workflow commands"), its special characters escaped."""
    kind = "notice" if problem.severity is Severity.HINT else problem.severity.value
    text = f"{problem.message}; {problem.remedy}"
    escapes = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
    text, path = (visible(value.translate(escapes)) for value in (text, problem.path))
    path = path.replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} file={path},line={problem.span.line},col={problem.span.column}::{text}"
