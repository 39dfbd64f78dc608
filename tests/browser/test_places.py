"""Tests of sites below a path, at the top of a host, and without a configured URL; and of the not-found page."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from browser import server
from browser.conftest import DESKTOP, kinds_of

pytestmark = pytest.mark.browser


def every_kind(home, site, visit_with) -> list[str]:
    faults = []
    with visit_with(home, viewport=DESKTOP) as visit:
        for kind, url in kinds_of(site).items():
            if kind == "404.html":
                # shown for missing pages at any depth: see below
                continue
            visit.faults.clear()
            answer = visit.page.goto(home + url)
            unstyled = visit.page.evaluate("[...document.styleSheets].length") == 0
            found = [*visit.faults, *(["has no style"] if unstyled else [])]
            faults += [f"{kind} ({url}): {fault}" for fault in [*found, *([] if answer.ok else [answer.status])]]
    return faults


def test_under_the_path_it_was_built_for(below, addressed, visit_with) -> None:
    faults = every_kind(below, addressed.site, visit_with)
    assert not faults, "\n".join(faults)


def test_without_an_address_under_any_path(bundled, visit_with) -> None:
    with server.serve(bundled.site, "/some/where/") as home:
        faults = every_kind(home, bundled.site, visit_with)
    assert not faults, "\n".join(faults)


def lost(visit, home, missing) -> None:
    """Open a missing page, and check its message, its accessibility, and its first link, which leads to a page of the
    site."""
    page = visit.page
    answer = page.goto(home + missing)
    assert answer is not None
    assert answer.status == 404
    assert "not found" in page.title().lower()
    assert visit.axe() == []
    page.wait_for_function("home => document.querySelector('main a').href.startsWith(home)", arg=home)
    first = page.locator("main a[href]").first
    there = first.evaluate("link => link.href")
    assert there.startswith(home)
    first.click()
    page.wait_for_url(there)
    expect(page.locator("article h1")).to_be_visible()
    # the form of the not-found page opens the search with the words that the reader typed
    page.goto(home + missing)
    page.wait_for_function("home => document.querySelector('form').action.startsWith(home)", arg=home)
    words = missing.removesuffix(".html").rstrip("/").rpartition("/")[2].replace("-", " ")
    expect(page.get_by_role("searchbox")).to_have_value(words)
    # readers with a keyboard can type at once
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("h1 + p")).to_have_text(urlsplit(home + missing).path)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").fill("docker")
    page.keyboard.press("Enter")
    page.wait_for_url(home + "search/?q=docker")
    expect(page.locator(".mg-search input")).to_have_value("docker")


@pytest.mark.parametrize("missing", ["nothing/here/", "episodes/zzz/", "nothing.html"])
def test_a_missing_page_says_so_and_leads_home(below, visit_with, missing) -> None:
    with visit_with(below, viewport=DESKTOP) as visit:
        lost(visit, below, missing)
        # only the document itself is missing; all its resources must exist
        assert [fault for fault in visit.faults if "Failed to load resource" not in fault] == []


def test_a_missing_page_switches_the_colours_of_the_site(below, visit_with) -> None:
    with visit_with(below, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(f"{below}nothing/")
        page.get_by_role("button", name="Dark colours").click()
        expect(page.get_by_role("button", name="Light colours")).to_be_focused()
        assert visit.axe("color-contrast") == []
        page.goto(below)
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
        expect(page.locator("label[title='Light colours']")).to_be_visible()


@pytest.mark.parametrize("missing", ["nothing.html", "episodes/zzz/"])
def test_a_missing_page_finds_a_site_that_knows_no_address(bundled, visit_with, missing) -> None:
    with server.serve(bundled.site, "/some/where/") as home, visit_with(home, viewport=DESKTOP) as visit:
        lost(visit, home, missing)
