"""Measures Lighthouse's four scores of every kind of page on a phone, at several numbers of episodes.

Run as `python -m benchmarks.lighthouse [--sizes 60 2000] [--runs 3] [--site FOLDER]`. Lighthouse is installed from npm
into a folder that git ignores, and uses the system's browser. A page's score is the median of its runs. The exit status
is 1 if a score is too low.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.browsing import CHROMIUM_FLAGS, chromium
from benchmarks.hosting import host
from benchmarks.npm import node_tool
from benchmarks.sites import built_site
from benchmarks.weight import pages_by_kind

VERSION = "12.8.2"
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
"""The minimum scores. The performance score depends on the load of the machine, so 98 counts as 100."""


@dataclass(frozen=True)
class Scores:
    """The median scores of a page by category, the transferred bytes, and the audits that lower a score."""

    kind: str
    scores: Mapping[str, int]
    transferred: int
    lost: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether the page reaches all minimum scores."""
        return all(self.scores[name] >= least for name, least in LEAST.items())


def measure(tool: Path, browser: str, address: str, target: Path) -> Any:
    """Return one Lighthouse report about a page."""
    subprocess.run(
        [
            tool,
            address,
            "--quiet",
            "--output=json",
            f"--output-path={target}",
            f"--only-categories={','.join(LEAST)}",
            f"--chrome-flags={' '.join(['--headless=new', *CHROMIUM_FLAGS])}",
        ],
        check=True,
        env={**os.environ, "CHROME_PATH": browser},
    )
    return json.loads(target.read_text("utf-8"))


def summary(kind: str, reports: Sequence[Any]) -> Scores:
    """Return the medians of several reports about one page."""
    scores = {
        name: round(100 * statistics.median(report["categories"][name]["score"] for report in reports))
        for name in LEAST
    }
    requests = reports[0]["audits"]["network-requests"]["details"]["items"]
    return Scores(kind, scores, sum(item.get("transferSize", 0) for item in requests), tuple(_lost(reports[0])))


def _lost(report: Any) -> Iterator[str]:
    for name in LEAST:
        for reference in report["categories"][name]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{name}: {audit['title']} ({audit.get('displayValue', audit['score'])})"


def pages_of(site: Path) -> dict[str, str]:
    """Return the heaviest page of each kind, but not of the further pages of lists: its kind and its address relative
    to the site. The page for missing addresses is left out, because search engines must not list it."""
    heaviest = {
        kind: max(paths, key=lambda path: path.stat().st_size)
        for kind, paths in pages_by_kind(site).items()
        if "/page/" not in kind and kind != "404.html"
    }
    return {kind: path.relative_to(site).as_posix().removesuffix("index.html") for kind, path in heaviest.items()}


def main() -> int:
    """Measure, and print a line for each page. Return 0 if all pages reach the minimum scores."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[60, 2000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--site", type=Path, help="measure this built site instead of generated ones")
    parser.add_argument(
        "--kinds", nargs="+", metavar="KIND", help="measure only these kinds, such as: episode home path/"
    )
    options = parser.parse_args()
    browser, tool = chromium(), node_tool("lighthouse", VERSION)
    if browser is None or tool is None:
        print("Lighthouse needs Chromium, Node.js and npm; install what is missing", file=sys.stderr)
        return 1
    enough = True
    sites = {str(options.site): options.site} if options.site else {f"{size} episodes": size for size in options.sizes}
    for name, source in sites.items():
        site = source if options.site else built_site(source)
        with host(site) as served, tempfile.TemporaryDirectory() as folder:
            for kind, url in pages_of(site).items():
                if options.kinds and kind not in options.kinds:
                    continue
                target = Path(folder) / "report.json"
                found = summary(kind, [measure(tool, browser, served.home + url, target) for _ in range(options.runs)])
                marks = " ".join(f"{name} {score:3}" for name, score in found.scores.items())
                print(f"{name}  {kind:21} {marks}  {found.transferred / 1000:5.1f} kB", flush=True)
                if not found.enough:
                    enough = False
                    print("".join(f"      {line}\n" for line in found.lost), end="")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
