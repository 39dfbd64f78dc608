"""Measures how often the search finds the expected page among the first three results.

Run as `python -m benchmarks.search_quality [--all]`. The queries are in `search_queries.yml`; the search runs in
Chromium on the bundled site. The exit status is 1 if less than 95 % of the kept half are found. `--all` also lists the
failures of the kept half, which tuning must not use.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright

from benchmarks.browsing import CHROMIUM_FLAGS, chromium
from benchmarks.hosting import host

CHECKOUT = Path(__file__).parents[1]
FIRST = 3
LEAST = 0.95
# results arrive one by one; the last result of the first part is followed by the counts of the filters
DONE = """() => {
  const list = document.querySelector("dialog .mg-results"), more = document.querySelector("dialog .mg-show-more")
  const total = Number(more.dataset.total ?? NaN), status = document.querySelector("dialog .mg-status").textContent
  return status.length > 0 && list.children.length === Math.min(total, 8)
}"""


def main() -> int:
    """Print the share of each half, and the queries that fail."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="also list the failures of the kept half")
    arguments = parser.parse_args()
    queries = yaml.safe_load((Path(__file__).parent / "search_queries.yml").read_text())
    missed: tuple[list[str], list[str]] = ([], [])
    subprocess.run([sys.executable, "-m", "mlguide_site", "build"], cwd=CHECKOUT, check=True)
    site = CHECKOUT / "site"
    unknown = [page for _, *pages in queries for page in pages if not (site / page / "index.html").exists()]
    for page in unknown:
        print(f"unknown page: {page}")
    with sync_playwright() as playwright, host(site) as home:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        tab = browser.new_page()
        tab.goto(home.home)
        tab.keyboard.press("/")
        tab.wait_for_selector("dialog[open] .mg-results", state="attached")
        for at, (words, *expected) in enumerate(queries):
            tab.evaluate("() => { delete document.querySelector('dialog .mg-show-more').dataset.total }")
            tab.locator("dialog input").fill(str(words))
            tab.wait_for_function(DONE)
            links = tab.locator("dialog .mg-results > li > a").evaluate_all("links => links.map(a => a.pathname)")
            found = [link.removeprefix("/").removesuffix("index.html") for link in links]
            if not any(one in expected for one in found[:FIRST]):
                missed[at % 2].append(f"{words}: {', '.join(found[:FIRST]) or 'nothing'}")
        browser.close()
    for name, lines, total in (("tuning", missed[0], (len(queries) + 1) // 2), ("kept", missed[1], len(queries) // 2)):
        print(f"{name} half: {total - len(lines)} of {total} ({1 - len(lines) / total:.1%})")
        if arguments.all or name == "tuning":
            print("".join(f"  {line}\n" for line in lines), end="")
    return int(len(missed[1]) > (1 - LEAST) * (len(queries) // 2) or bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
