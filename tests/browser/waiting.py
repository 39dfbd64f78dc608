"""Helpers that wait for the effects of scripts, or let time pass when nothing should happen.

Use Playwright's `expect` for the state of elements, and `eventually` for everything else. A test that nothing has
happened first waits for a later event.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Page, Route, expect

PATIENCE = 15_000
"""The maximum number of milliseconds to wait for an event. Only slow machines need most of it."""
STEP = 20
LAST = "?that-was-all"
"""The end of the URL of the request that `let_pass` makes."""

expect.set_options(timeout=PATIENCE)


def eventually(page: Page, look: Callable[[], Any], wanted: Any) -> None:
    """Wait until `look` returns `wanted`. A failure shows the last value."""
    end = time.monotonic() + PATIENCE / 1000
    while (seen := look()) != wanted and time.monotonic() < end:
        page.wait_for_timeout(STEP)
    assert seen == wanted


def asks(page: Page) -> dict[str, list[str]]:
    """Return the query of the page's current URL."""
    return parse_qs(page.evaluate("() => location.search.slice(1)"))


def expect_query(page: Page, **wanted: str) -> None:
    """Wait until the query of the page's URL has exactly these parameters."""
    eventually(page, lambda: asks(page), {name: [value] for name, value in wanted.items()})


def let_pass(page: Page, milliseconds: int) -> None:
    """Let time pass on the page's own clock. Shorter timers have run by then, and the test knows of all their requests:
    the last recorded request is the one of this function, whose URL ends with `LAST`."""
    page.evaluate(
        "([milliseconds, last]) => new Promise(done => setTimeout(done, milliseconds))"
        ".then(() => fetch(last)).then(answer => answer.text()).then(() => {})",
        [milliseconds, LAST],
    )


def let_paint(page: Page) -> None:
    """Wait until the current state of the page is painted."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")


def hold(page: Page, address: str) -> list[Route]:
    """Hold back requests to URLs of a pattern. The returned list has the held requests."""
    held: list[Route] = []

    def add(route: Route) -> None:
        held.append(route)

    page.route(address, add)
    return held


def mark(page: Page) -> None:
    """Mark the document that a page shows. `expect_marked` recognises the mark."""
    page.evaluate("window.marked = true")


def expect_marked(page: Page) -> None:
    """Check that the theme has loaded the current page into the document that `mark` marked."""
    assert page.evaluate("window.marked"), "the page was not loaded with instant navigation"
