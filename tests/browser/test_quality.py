"""Tests of every kind of page with any names and texts: valid HTML, both text directions, print, and no animation."""

import shutil
from pathlib import Path

import html5lib
import pytest
from filelock import FileLock
from playwright.sync_api import expect

from benchmarks.hosting import host
from benchmarks.weight import pages_by_kind
from browser import server
from browser.conftest import DESKTOP, PHONE, kinds_of
from browser.odd import write_odd_root
from browser.searching import find, open_search
from conftest import Built, run_command
from mlguide_site.content.resources import read_wording

pytestmark = pytest.mark.browser

LIGHT = 72_000
"""The maximum transfer size of a page in compressed bytes, with all resources. For episodes, this includes the player.
"""

# in right-to-left text, overflowing content extends beyond the window's left edge
CUT = """() => {
  const inside = e => {
    for (let p = e.parentElement; p; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== 'visible') return true;
    return false;
  };
  return [...document.querySelectorAll('main *')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.left < -1 || box.right > document.documentElement.clientWidth + 1) && !inside(e);
  }).map(e => `cut: ${e.outerHTML.slice(0, 120)}`);
}"""


@pytest.fixture(scope="session")
def odd(tmp_path_factory) -> Built:
    """The site of a root with unusual content, in a right-to-left language. It is built once."""
    shared = tmp_path_factory.getbasetemp()
    root = shared / "odd"
    with FileLock(shared / "odd.lock"):
        if not (root / "site.done").exists():
            shutil.rmtree(root, ignore_errors=True)
            write_odd_root(root, "ar")
            run_command("mlguide", "build", cwd=root)
            (root / "site.done").touch()
    return Built(root, root / "site")


def html_faults(data: bytes) -> list[str]:
    """Return the parse errors of an HTML document, as lines. html5lib finds them by the rules of the HTML Living
    Standard."""
    parser = html5lib.HTMLParser()
    parser.parse(data, transport_encoding="utf-8")
    return [f"line {line}, character {at}: {code} {found}" for (line, at), code, found in parser.errors]


def faults_of(site: Path) -> list[str]:
    """Return the parse errors of one page of every kind."""
    files = {
        url: site / url / "index.html" if url.endswith("/") or not url else site / url
        for url in kinds_of(site).values()
    }
    return [f"{url}: {fault}" for url, file in files.items() for fault in html_faults(file.read_bytes())]


def test_every_kind_of_page_is_valid_html(bundled) -> None:
    assert faults_of(bundled.site) == []


def test_odd_names_and_texts_leave_the_html_valid(odd) -> None:
    assert faults_of(odd.site) == []


def test_the_parser_sees_what_is_wrong() -> None:
    assert html_faults(b"<!doctype html><title>t</title><p>fine") == []
    assert html_faults(b'<!doctype html><title>t</title><p title="a"b>&nothing</b>')


def test_from_right_to_left_nothing_is_cut_and_all_can_be_reached(odd, visit_with) -> None:
    faults = []
    heaviest = {kind: url for kind, url in kinds_of(odd.site).items() if "(light)" not in kind}
    with server.serve(odd.site) as home:
        for viewport in (PHONE, DESKTOP):
            with visit_with(home, viewport=viewport) as visit:
                for kind, url in heaviest.items():
                    visit.faults.clear()
                    visit.page.goto(home + url)
                    assert visit.page.evaluate("getComputedStyle(document.body).direction") == "rtl"
                    wrong = visit.axe() if viewport is PHONE else []
                    found = [*visit.page.evaluate(CUT), *wrong, *visit.faults]
                    faults += [f"{kind} ({url}), {viewport['width']} px: {fault}" for fault in dict.fromkeys(found)]
    assert not faults, "\n".join(faults)


def test_the_site_and_its_search_speak_the_language_of_the_root(odd, visit_with) -> None:
    wording = read_wording(odd.root, "ar")
    with server.serve(odd.site) as home, visit_with(home, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(home)
        assert wording.translate("start-here") in page.locator("h2").all_inner_texts()
        open_search(page)
        expect(page.locator("dialog .mg-close")).to_have_text(wording.script_labels["close"])
        found = wording.count(len(find(page, "single")), "result")
        expect(page.locator(".mg-status")).to_have_text(wording.script_labels["results-for"].format(found, "single"))
        assert visit.faults == []


def test_in_print_the_content_is_left_with_the_addresses_of_links(top, bundled, visit_with) -> None:
    resources = next(url for kind, url in kinds_of(bundled.site).items() if kind == "resources/")
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + resources)
        page.emulate_media(media="print")
        expect(page.locator("article h1")).to_be_visible()
        for frame in (".md-header", ".md-tabs", ".md-footer", ".md-sidebar--primary"):
            expect(page.locator(frame).first).to_be_hidden()
        content = page.locator("article a[href^=http]").first.evaluate(
            "link => getComputedStyle(link, '::after').content"
        )
        assert "http" in content
        whole = page.locator(".mg-row").first.evaluate("row => getComputedStyle(row.closest('li')).breakInside")
        assert whole == "avoid"


def test_a_page_with_its_player_is_light(bundled, browser) -> None:
    kinds = pages_by_kind(bundled.site)
    heavy = {}
    with host(bundled.site) as served:
        for kind in ("home", "episode", "topic", "tool", "resources/", "glossary/", "path/", "review/", "graph/"):
            file = max(kinds[kind], key=lambda path: path.stat().st_size)
            context = browser.new_context(viewport=PHONE)
            page = context.new_page()
            served.sent.clear()
            page.goto(served.home + file.relative_to(bundled.site).as_posix().removesuffix("index.html"))
            page.wait_for_load_state("networkidle")
            if kind == "episode":
                # beside the icon: each page has the icon's URL
                own = "new URL('player.js', document.querySelector('link[rel=icon]').href)"
                style = f"fetch({own.replace('.js', '.css')}).then(answer => answer.text())"
                page.evaluate(f"import({own}).then(() => {style}).then(() => {{}})")
            if sum(served.sent) > LIGHT:
                heavy[kind] = sum(served.sent)
            context.close()
    assert heavy == {}


def test_nothing_moves_where_the_reader_wants_no_motion(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP, reduced_motion="reduce") as visit:
        visit.page.goto(top)
        moving = """[...document.querySelectorAll('*')].filter(e => {
          const style = getComputedStyle(e)
          return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0
        }).map(e => e.outerHTML.slice(0, 80))"""
        assert visit.page.evaluate(moving) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_older_browsers_show_the_same_colours(top, visit_with, scheme: str) -> None:
    def colours(page) -> list[str]:
        parts = ("body", ".mg-hero", "h1", ".md-footer", ".md-tabs__item--active a", ".mg-cards > li")
        page.goto(top)
        page.locator(".mg-hero").wait_for()
        page.wait_for_load_state("networkidle")
        script = "part => (style => style.color + style.backgroundColor)(getComputedStyle(part))"
        return [page.locator(part).first.evaluate(script) for part in parts]

    with visit_with(top, viewport=DESKTOP, color_scheme=scheme) as visit:
        present = colours(visit.page)
    with visit_with(top, viewport=DESKTOP, color_scheme=scheme) as visit:
        # a browser without light-dark()
        visit.page.add_init_script("CSS.supports = () => false")

        def older(route) -> None:
            response = route.fetch()
            route.fulfill(response=response, body=response.text().replace("light-dark(", "unknown("))

        visit.page.route("**/*.css*", older)
        assert colours(visit.page) == present
