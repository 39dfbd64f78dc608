"""The entry point of the program `mlguide`: standard streams, Ctrl+C and exit status."""

import atexit
import gc
import os
import sys
import threading
from collections.abc import Sequence

GC_THRESHOLD = 50_000  # new objects between garbage collections; high, because most objects are used until a build ends


def program() -> None:
    """Run `main`, and exit without freeing memory, which would take long after a large build."""
    gc.set_threshold(GC_THRESHOLD)
    _open_closed_streams()
    try:
        main()
        status = 0
    except KeyboardInterrupt:
        # the user pressed Ctrl+C
        status = 130
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        status = end.code
    if threading.active_count() > 1:
        # let the interpreter wait for the other threads
        sys.exit(status)
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except OSError:
        # let the interpreter report the failure
        sys.exit(status)
    os._exit(status)


def _open_closed_streams() -> None:
    """Open standard streams that the caller closed. Otherwise, the output would go to the file that is opened next."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - stays open until exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command, and exit with its status. Expected errors are reported without a traceback."""
    # import these modules here, so that `program` also handles Ctrl+C during the imports
    from mlguide_site.cli.commands import app  # noqa: PLC0415
    from mlguide_site.cli.output import guarded  # noqa: PLC0415

    guarded(lambda: app(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="mlguide"))
