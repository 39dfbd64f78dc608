"""Pictures of the main pages at two widths, light and dark, into `shots/`. Run as a script; `make shots` does."""

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import sync_playwright

from benchmarks.weight import pages_by_kind
from browser import chromium, server

CHECKOUT = Path(__file__).parents[2]
WIDTHS = {390: 844, 1280: 800}
PAGES = {
    "home": "home",
    "episode": "episode",
    "topic": "topic",
    "tool": "tool",
    "path": "path/",
    "graph": "graph/",
    "resources": "resources/",
    "glossary": "glossary/",
}
"""Name of the picture, and the kind of page that it shows the heaviest of."""


def main() -> int:
    """Build the bundled site and take every picture; whole pages, not only what a window shows first."""
    if chromium.executable() is None:
        print("No Chromium was found; install it, or set CHROMIUM to its path", file=sys.stderr)
        return 1
    subprocess.run([Path(sys.executable).with_name("mlguide"), "build"], cwd=CHECKOUT, check=True)
    kinds = pages_by_kind(CHECKOUT / "site")
    target = CHECKOUT / "shots"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    with server.serve(CHECKOUT / "site") as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_arguments())
        for width, height in WIDTHS.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                page = context.new_page()
                for name, kind in PAGES.items():
                    largest = max(kinds[kind], key=lambda path: path.stat().st_size)
                    page.goto(home + largest.relative_to(CHECKOUT / "site").as_posix().removesuffix("index.html"))
                    page.screenshot(path=target / f"{name}-{width}-{scheme}.png", full_page=True)
                context.close()
        browser.close()
    print(f"{len(list(target.iterdir()))} pictures are in shots/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
