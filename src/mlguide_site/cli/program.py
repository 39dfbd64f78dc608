"""The command line as a process of its own."""

import atexit
import gc
import os
import sys
import threading
from collections.abc import Sequence

OBJECTS = 50_000
"""How many new objects start a garbage collection: nearly all records of a build live as long as it, and Python's own
threshold of 700 would have all of them examined many times."""


def program() -> None:
    """`main` as a process of its own. It exits without freeing memory, which for a large build takes as long as a small
    build."""
    gc.set_threshold(OBJECTS)
    _stand_in()
    try:
        main()
        status = 0
    except KeyboardInterrupt:
        # in a plain build, or while the commands were still being imported
        status = 130
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        status = end.code
    if threading.active_count() > 1:
        # threads may still be running: the interpreter waits for them
        sys.exit(status)
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except OSError:
        # the interpreter reports the failure of the streams
        sys.exit(status)
    os._exit(status)


def _stand_in() -> None:
    """Open standard streams that the caller closed; else output would go to the first file that is opened."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - as long as the program


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its status; users see no traceback of expected errors."""
    # imported only now: an interrupt meanwhile ends quietly
    from mlguide_site.cli.commands import app  # noqa: PLC0415
    from mlguide_site.cli.output import guarded  # noqa: PLC0415

    guarded(lambda: app(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="mlguide"))
