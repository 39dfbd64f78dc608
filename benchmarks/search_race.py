"""Measures how long a visitor on a slow connection waits for the first search result, with our search and with
Material's on the same pages.

Run as `python -m benchmarks.search_race [--size 2000] [--runs 5]`. `--site FOLDER` measures only our search, in a site
that is already built, such as the site of a hub. The connection has 1.6 Mbit/s and a latency of 150 ms, and the
processor is four times slower. Chromium's DevTools protocol sets both, but doesn't slow down workers. The server uses
HTTP/1.1 with at most six parallel requests, while real hosts use HTTP/2. The exit status is 1 if our search is too slow
or too large.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browsing import CHROMIUM_FLAGS, chromium
from benchmarks.hosting import Host, host
from benchmarks.sites import built_site

BYTES_A_SECOND = 1_600_000 // 8
LATENCY = 150
SLOWER = 4
MOST = 2.5
"""The maximum seconds from opening the search to the first result."""
HEAVIEST = 250_000
"""The maximum bytes from opening the search to the first result."""
MOST_IN_HUB, HEAVIEST_IN_HUB = 3.0, 350_000
"""The bounds for a hub."""
PATIENCE = 300_000
WORDS = "monitoring drift"
MATERIAL = """site_name: Benchmark
site_url: https://bench.example/
docs_dir: {pages}
theme: {{name: material, font: false, features: [navigation.tabs]}}
plugins: [search]
not_in_nav: "*"
nav: [index.md]
markdown_extensions: [admonition, sane_lists, tables, pymdownx.details, pymdownx.superfences]
"""


@dataclass(frozen=True)
class Wait:
    """The seconds to the first result, from opening the search and from requesting the page, and the bytes of the page
    and of the search."""

    search: float
    whole: float
    page: int
    more: int


def ours(page: Page) -> None:
    """Search with the keyboard, as a visitor does."""
    page.keyboard.press("/")
    page.wait_for_selector("dialog[open] input:focus", timeout=PATIENCE)
    page.keyboard.insert_text(WORDS)
    page.wait_for_selector(".mg-results a", timeout=PATIENCE)


def material(page: Page) -> None:
    """Search with the theme's own search."""
    page.locator("label[for=__search]").first.click()
    page.wait_for_selector(".md-search__input:focus", timeout=PATIENCE)
    page.keyboard.type(WORDS)
    page.wait_for_selector(".md-search-result__item a", timeout=PATIENCE)


def wait(browser: Browser, served: Host, act: Callable[[Page], None]) -> Wait:
    """Measure one visit with an empty browser cache."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    line = {"latency": LATENCY, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    session.send("Network.emulateNetworkConditions", {"offline": False, **line})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    served.sent.clear()
    start = time.perf_counter()
    page.goto(served.home, wait_until="load", timeout=PATIENCE)
    opened, before = time.perf_counter(), sum(served.sent)
    act(page)
    end, transferred = time.perf_counter(), sum(served.sent)
    context.close()
    return Wait(end - opened, end - start, before, transferred - before)


def with_material(site: Path) -> Path:
    """Build the same pages with the theme's own search and without ours."""
    folder = site.parent / "material"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "mkdocs.yml").write_text(MATERIAL.format(pages=site.parent / "build" / "pages"), "utf-8")
    program = Path(sys.executable).with_name("mkdocs")
    subprocess.run([program, "build", "--quiet"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    return folder / "site"


def main() -> int:
    """Measure both, and print a line for each. Return 0 if ours is within the bounds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--site", type=Path, metavar="FOLDER", help="a built site of a hub")
    options = parser.parse_args()
    browser_path = chromium()
    if browser_path is None:
        print("No Chromium was found; install it, or set CHROMIUM to its path", file=sys.stderr)
        return 1
    site, most, heaviest = options.site or built_site(options.size), MOST, HEAVIEST
    sites = {"ours": (site, ours, options.runs)}
    if options.site:
        most, heaviest = MOST_IN_HUB, HEAVIEST_IN_HUB
    else:
        sites["Material's"] = (with_material(site), material, 1)
    is_within = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(CHROMIUM_FLAGS))
        for name, (folder, act, runs) in sites.items():
            with host(folder) as served:
                waits = [wait(browser, served, act) for _ in range(runs)]
            took = statistics.median(one.search for one in waits)
            whole = statistics.median(one.whole for one in waits)
            weight = statistics.median(one.page for one in waits) / 1000
            more = statistics.median(one.more for one in waits)
            print(
                f"{name:10} first result {took:5.1f} s after opening the search, {whole:5.1f} s after asking for the "
                f"page; {weight:7.0f} kB for the page, {more / 1000:7.0f} kB for the search",
                flush=True,
            )
            is_within &= act is not ours or (took <= most and more <= heaviest)
        browser.close()
    return 0 if is_within else 1


if __name__ == "__main__":
    sys.exit(main())
