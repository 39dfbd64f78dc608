"""The command line: `python -m mkdocs_incremental build`."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from mkdocs_incremental.builder import build

CACHE = ".mkdocs_incremental.db"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (default: the arguments of the process), and return the exit status."""
    parser = argparse.ArgumentParser("mkdocs_incremental", description="Rebuild the changed pages of a MkDocs site.")
    command = parser.add_subparsers(required=True).add_parser("build", help="update the site")
    command.add_argument("-f", "--config-file", default="mkdocs.yml", help="the settings file (default: mkdocs.yml)")
    command.add_argument("--strict", action="store_true", help="fail on warnings")
    command.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="process limit (default: CPU count)")
    command.add_argument("--clean", action="store_true", help="render every page")
    options = parser.parse_args(arguments)
    cache = Path(options.config_file).absolute().parent / CACHE
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING, stream=sys.stderr)
    began = time.perf_counter()
    try:
        config = load_config(options.config_file, strict=options.strict or None)
        full = "--clean" if options.clean else ""
        result = build(config, Path(config.site_dir), cache, options.jobs, full=full, notice=print)
    except (MkDocsException, OSError) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    kind = f"all pages ({result.reason})" if result.full else f"{len(result.written)} files"
    print(f"Built {kind} in {time.perf_counter() - began:.2f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
