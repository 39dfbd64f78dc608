"""The command line: `python -m mkdocs_incremental build`."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

CACHE = ".mkdocs_incremental.db"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    parser = argparse.ArgumentParser("mkdocs_incremental", description="Rebuild a MkDocs site, rendering what changed.")
    command = parser.add_subparsers(required=True).add_parser("build", help="bring the site up to date")
    command.add_argument("-f", "--config-file", default="mkdocs.yml", help="the settings (default: mkdocs.yml)")
    command.add_argument("--strict", action="store_true", help="fail on warnings")
    command.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time (default: all)")
    command.add_argument("--clean", action="store_true", help="render every page")
    options = parser.parse_args(arguments)
    cache = Path(options.config_file).absolute().parent / CACHE
    # imported only when needed: with the fast path nothing of MkDocs is
    from mkdocs_incremental.unchanged import unchanged  # noqa: PLC0415

    if not options.clean and (messages := unchanged(cache)) is not None and not (options.strict and messages):
        for message in messages:
            print(f"{logging.getLevelName(message.level)}: {message.text}", file=sys.stderr)
        print("Nothing changed", file=sys.stderr)
        return 0
    return _build(options, cache)


def _build(options: argparse.Namespace, cache: Path) -> int:
    from mkdocs.config import load_config  # noqa: PLC0415
    from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

    from mkdocs_incremental.builder import build  # noqa: PLC0415

    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING, stream=sys.stderr)
    began = time.perf_counter()
    try:
        config = load_config(options.config_file, strict=options.strict or None)
        site = Path(config.site_dir)
        result = build(config, site, cache, options.jobs, full="--clean" if options.clean else "", notice=print)
    except (MkDocsException, OSError) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    kind = f"all pages ({result.reason})" if result.full else f"{len(result.written)} files"
    print(f"Built {kind} in {time.perf_counter() - began:.2f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
