"""Fixtures of browser tests: pages of every kind, a browser context that blocks external requests, and axe."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.weight import pages_by_kind
from browser import server
from browser import talks as show

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
COLOURS = ("color-contrast", "link-in-text-block")
# chooses the colours as the theme does, and ends the transitions to them
SCHEME = """scheme => {
  document.body.dataset.mdColorScheme = scheme
  for (const transition of document.getAnimations()) if (transition instanceof CSSTransition) transition.finish()
}"""
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def kinds_of(site: Path) -> dict[str, str]:
    """Return the largest and the smallest page of each kind: maps a label to the page's URL relative to the site."""
    found = {}
    for kind, paths in pages_by_kind(site).items():
        ranked = sorted(paths, key=lambda path: (path.stat().st_size, path))
        for label, path in {kind: ranked[-1], f"{kind} (light)": ranked[0]}.items():
            url = path.relative_to(site).as_posix().removesuffix("index.html")
            if url not in found.values():
                found[label] = url
    return found


@dataclass
class Visit:
    """A page that is open in the browser, and the faults found on it so far."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def axe(self, *rules: str) -> list[str]:
        """Return the violations of the given axe rules as lines. Without rules, return the violations of all rules, and
        those of the rules for colours in the dark scheme, which has the same elements."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = self._violations(*rules)
        if not rules:
            self.page.evaluate(SCHEME, "slate")
            found += [f"dark: {line}" for line in self._violations(*COLOURS)]
            self.page.evaluate(SCHEME, "default")
        return found

    def _violations(self, *rules: str) -> list[str]:
        # axe leaves out the rule for the size of targets, which Lighthouse uses
        chosen = (
            {"runOnly": {"type": "rule", "values": rules}} if rules else {"rules": {"target-size": {"enabled": True}}}
        )
        wanted = {"resultTypes": ["violations"], **chosen}
        result: dict[str, Any] = self.page.evaluate("wanted => axe.run(document, wanted)", wanted)
        return [
            f"axe {violation['id']}: {violation['help']}: {node['html'][:160]}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]


@contextmanager
def visiting(context: BrowserContext, home: str) -> Iterator[Visit]:
    """Open a page in a context. Requests to other sites are blocked; these requests and all errors are recorded."""
    visit = Visit(context.new_page())
    page = visit.page
    origin = "/".join(home.split("/")[:3]) + "/"

    def refuse(route: Any) -> None:
        visit.faults.append(f"asks for {route.request.url}")
        route.abort()

    def respond(response: Any) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            visit.faults.append(f"{response.status} for {response.url}")

    # only other requests are sent to this process, which takes time
    page.route(re.compile(f"^(?!{re.escape(origin)}|data:|blob:)"), refuse)
    page.on("response", respond)
    page.on("pageerror", lambda error: visit.faults.append(f"script error: {error}"))
    page.on("console", lambda line: visit.faults.append(f"console: {line.text}") if line.type == "error" else None)
    try:
        yield visit
    finally:
        page.close()


Visiting = Callable[..., Any]


@pytest.fixture
def visit_with(browser: Browser) -> Visiting:
    """`with visit_with(home, viewport=…, color_scheme=…) as visit:` opens a new browser context for one site."""

    @contextmanager
    def open_context(home: str, **options: Any) -> Iterator[Visit]:
        context = browser.new_context(**options)
        try:
            with visiting(context, home) as visit:
                yield visit
        finally:
            context.close()

    return open_context


@pytest.fixture(scope="session")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small site with audio, a transcript and chapters, served below a path at the URL that it was built for."""
    root = tmp_path_factory.mktemp("talks") / "kb"
    site = root.parent / "served"
    site.symlink_to(root / "site", target_is_directory=True)
    with server.serve(site, "/sub/") as url:
        show.build(root, url)
        yield url


@pytest.fixture(scope="session")
def quiet() -> bytes:
    """The audio of that site."""
    return show.sound()


@pytest.fixture
def listening(talks: str, quiet: bytes, visit_with: Visiting) -> Visiting:
    """`with listening(path, **options) as visit:` opens a page of that site, with its audio available."""

    @contextmanager
    def opened(path: str, **options: Any) -> Iterator[Visit]:
        with visit_with(talks, **{"viewport": DESKTOP, **options}) as visit:
            visit.page.route(
                show.SOUND, lambda route: route.fulfill(**show.part_of(quiet, route.request.headers.get("range")))
            )
            visit.page.goto(talks + path)
            yield visit
            assert visit.faults == []

    return opened
