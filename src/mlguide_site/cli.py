"""The command line. A build of what hasn't changed ends here, before anything that takes time to import."""

import sys
from collections.abc import Sequence

from mlguide_site.shortcut import build_of_nothing


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its status; no traceback reaches the user for what the project foresees."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if build_of_nothing(given):
        sys.exit(0)
    # imported only now: it takes ten times as long as finding out that there is nothing to build
    from mlguide_site.commands import main as run  # noqa: PLC0415

    run(given)
