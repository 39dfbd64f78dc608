"""Tests of the keyboard: it reaches every link in the header and the content, and the focus stays visible."""

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE, kinds_of

pytestmark = pytest.mark.browser

WANTED = """() => [...document.querySelectorAll('header a[href], nav.md-tabs a[href], main a[href]')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('details:not([open])'))
  .map((e, at) => { e.dataset.wanted = at; return [at, e.outerHTML.slice(0, 120)]; })"""
FOCUSED = """() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  const seen = e === document.body || (box.bottom > 0 && box.top < innerHeight && box.right > 0);
  return [e.dataset.wanted ?? '', e === document.body, seen, e.outerHTML.slice(0, 120)];
}"""


@pytest.mark.parametrize(
    ("kind", "size"),
    [("home", DESKTOP), ("episode", DESKTOP), ("tool", DESKTOP), ("404.html", DESKTOP), ("tool", PHONE)],
)
def test_tab_reaches_every_link(top, bundled, visit_with, kind, size) -> None:
    with visit_with(top, viewport=size, reduced_motion="reduce") as visit:
        page = visit.page
        page.goto(top + kinds_of(bundled.site)[kind])
        wanted = dict(page.evaluate(WANTED))
        assert wanted, "no link on the page"
        # the not-found page has focused its field
        page.evaluate("Object.assign(document.body, { tabIndex: -1 }).focus()")
        reached, unseen = set(), []
        for _ in range(len(wanted) * 2 + 60):
            page.keyboard.press("Tab")
            at, outside, seen, html = page.evaluate(FOCUSED)
            if outside and reached:
                break
            if at != "":
                reached.add(int(at))
                if not seen:
                    unseen.append(html)
        missed = [html for at, html in wanted.items() if at not in reached]
        assert not missed, "\n".join(missed)
        assert not unseen, "focused outside the visible area:\n" + "\n".join(unseen)


def test_the_first_tab_stop_skips_to_the_content(top, visit_with, bundled) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        visit.page.goto(top + kinds_of(bundled.site)["episode"])
        visit.page.keyboard.press("Tab")
        target = visit.page.evaluate("document.activeElement.getAttribute('href') || ''")
        address, _, anchor = target.partition("#")
        assert address in ("", visit.page.url)
        expect(visit.page.locator(f"[id='{anchor}']")).to_have_count(1)


def test_instant_navigation_moves_the_focus_to_the_heading(listening) -> None:
    with listening("episodes/") as visit:
        page = visit.page
        current = page.locator(".md-tabs__link[aria-current]")
        page.evaluate("window.kept = true")
        page.locator(".md-tabs__link", has_text="Path").click()
        page.wait_for_url("**/path/")
        expect(page.locator("article h1")).to_be_focused()
        expect(current).to_have_attribute("aria-current", "page")
        page.locator("ol.mg-episodes a", has_text="Without sound").press("Enter")
        page.wait_for_url("**/talk-002/")
        expect(page.locator("article h1")).to_be_focused()
        expect(current).to_have_attribute("aria-current", "true")
        expect(current).to_have_text("Episodes")
        assert page.evaluate("window.kept"), "the browser loaded the whole page"


def test_links_keep_their_underline_after_focus(top, bundled, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + kinds_of(bundled.site)["episode"])
        link = page.locator("article :is(p, li) > a:not([class])").first.element_handle()
        underline = "link => [link.className, getComputedStyle(link).textDecorationLine]"
        page.keyboard.press("Tab")
        link.focus()
        assert link.evaluate(underline)[1] == "underline"
        page.keyboard.press("Tab")
        assert link.evaluate(underline) == ["", "underline"]


def test_headings_are_announced_without_the_sign_of_their_links(top, bundled, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        visit.page.goto(top + kinds_of(bundled.site)["episode"])
        expect(visit.page.locator("article h2[aria-label]").first).to_be_attached()
        linked = visit.page.locator("article :is(h1, h2):has(> .headerlink)")
        headings = linked.evaluate_all("all => all.map(one => one.ariaLabel)")
        assert headings
        for name in headings:
            assert "\u00b6" not in name
            expect(visit.page.get_by_role("heading", name=name, exact=True).first).to_be_attached()
