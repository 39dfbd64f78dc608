"""Waiting for what scripts bring about a moment later, and for time to pass where nothing is to happen.

What can be said of an element is Playwright's `expect`; what can't is `eventually`. A test that nothing happened first
waits for something that comes after.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Page, Route, expect

PATIENCE = 15_000
"""Milliseconds until what is waited for has failed to come; slow machines need some of them."""
STEP = 20
LAST = "?that-was-all"
"""How the address of the request ends that `let_pass` makes."""

expect.set_options(timeout=PATIENCE)


def eventually(page: Page, look: Callable[[], Any], wanted: Any) -> None:
    """Wait until what `look` gives is `wanted`; a failure tells what was seen last."""
    end = time.monotonic() + PATIENCE / 1000
    while (seen := look()) != wanted and time.monotonic() < end:
        page.wait_for_timeout(STEP)
    assert seen == wanted


def asks(page: Page) -> dict[str, list[str]]:
    """The query of a page's address, as the page itself has it now."""
    return parse_qs(page.evaluate("() => location.search.slice(1)"))


def expect_query(page: Page, **wanted: str) -> None:
    """Wait until the query of a page's address is this, and nothing besides."""
    eventually(page, lambda: asks(page), {name: [value] for name, value in wanted.items()})


def let_pass(page: Page, milliseconds: int) -> None:
    """Let time pass by the page's own clock: its timers that are shorter have run by then, and every request that they
    made has been told to the test before this one's own, whose address ends in `LAST`."""
    page.evaluate(
        "([milliseconds, last]) => new Promise(done => setTimeout(done, milliseconds))"
        ".then(() => fetch(last)).then(answer => answer.text()).then(() => {})",
        [milliseconds, LAST],
    )


def let_paint(page: Page) -> None:
    """Wait until the page has been painted as it is now."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")


def hold(page: Page, address: str) -> list[Route]:
    """Hold back what a page asks for at addresses of a pattern; the list is of what is held so far."""
    held: list[Route] = []

    def add(route: Route) -> None:
        held.append(route)

    page.route(address, add)
    return held


def mark(page: Page) -> None:
    """Mark the document that a page shows, so that `expect_marked` knows it again."""
    page.evaluate("window.marked = true")


def expect_marked(page: Page) -> None:
    """Tell that the theme has loaded what came after `mark` into the same document, by itself."""
    assert page.evaluate("window.marked"), "the theme has not loaded the page by itself"
