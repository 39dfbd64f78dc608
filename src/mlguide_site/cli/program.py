"""The command line. A plain build begins here, and one of what hasn't changed ends here: more takes time to import."""

import atexit
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from mlguide_site.build.output import guarded
from mlguide_site.build.shortcut import PlainBuild, build_of_nothing, plain_build


def program() -> None:
    """`main` as a process of its own. It ends at once: to free the records of a large build one by one, as the
    interpreter would, takes as long as many an edit's build."""
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
        # they may not be done yet: the interpreter waits for them
        sys.exit(status)
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except OSError:
        # the interpreter says what became of them
        sys.exit(status)
    os._exit(status)


def _stand_in() -> None:
    """Something to read from and to write to, where whoever runs the program closed it: what isn't there is written to
    standard output instead, or to the first file that is opened."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - as long as the program


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its status; no traceback reaches the user for what the project foresees."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    asked = plain_build(given)
    # a folder that can't be read is for the command line to refuse, as for every command
    if asked and os.access(asked.folder, os.R_OK):
        guarded(lambda: _build(asked))
        sys.exit(0)
    # imported only now: it takes ten times as long as finding out that there is nothing to build
    import mlguide_site.cli.commands  # noqa: PLC0415, F401
    from mlguide_site.cli.app import main as run  # noqa: PLC0415

    run(given)


def _build(asked: PlainBuild) -> None:
    if build_of_nothing(asked):
        return
    # imported only now, as above
    from mlguide_site.cli.building import build  # noqa: PLC0415
    from mlguide_site.content.root import find_root  # noqa: PLC0415

    build(find_root(Path(asked.folder)), "mkdocs", asked.strict, asked.jobs, asked.timings, asked.as_json)
