"""Takes screenshots: of the search and of every kind of page, at two widths, light and dark, into `shots/`; and of the
pages in the manual, into `docs/images/`. `make shots` runs this script."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, sync_playwright

from benchmarks.weight import pages_by_kind
from browser import chromium, server

CHECKOUT = Path(__file__).parents[2]
WIDTHS = {390: 844, 1280: 800}
SOUGHT = "learning"
"""The query in the screenshots of the search."""
MANUAL = {
    "home-light": ("", "light"),
    "home-dark": ("", "dark"),
    "episode": ("episodes/mla/mla-012/", "light"),
    "topic": ("topics/mlops/", "light"),
    "search": ("?q=docker", "light"),
}
"""Maps the name of each screenshot in the manual to the URL of the page and the colour scheme."""


def name_of(kind: str) -> str:
    """Return the file name of a kind of page.

    >>> name_of("resources/page/*/"), name_of("topic: further pages"), name_of("404.html")
    ('resources-page', 'topic-further-pages', '404-html')
    """
    return re.sub(r"[^a-z0-9]+", "-", kind).strip("-")


def take_manual(browser: Browser, home: str) -> None:
    """Take the screenshots of the manual. They show what fits a window of common size."""
    folder = CHECKOUT / "docs" / "images"
    folder.mkdir(exist_ok=True)
    for name, (address, scheme) in MANUAL.items():
        page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
        page.goto(home + address.partition("?")[0])
        if query := address.partition("?q=")[2]:
            page.keyboard.press("/")
            page.locator("dialog input[type=search]").fill(query)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}.png")
        page.close()


def main() -> int:
    """Build the bundled site and take all screenshots. They show whole pages, not only the visible part."""
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
                for kind, paths in kinds.items():
                    largest = max(paths, key=lambda path: path.stat().st_size)
                    page.goto(home + largest.relative_to(CHECKOUT / "site").as_posix().removesuffix("index.html"))
                    # includes resources that are loaded at the first interaction
                    page.mouse.move(width - 2, 200)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=target / f"{name_of(kind)}-{width}-{scheme}.png", full_page=True)
                page.goto(home)
                page.keyboard.press("/")
                page.keyboard.type(SOUGHT)
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(500)
                page.screenshot(path=target / f"dialog-{width}-{scheme}.png")
                context.close()
        take_manual(browser, home)
        browser.close()
    print(f"{len(list(target.iterdir()))} screenshots are in shots/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
