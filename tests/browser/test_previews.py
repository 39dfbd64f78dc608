"""Tests of link previews: with pointer, keyboard and touch; links without previews; closing them; and their size."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE
from browser.waiting import LAST, eventually, expect_marked, hold, let_pass, mark

pytestmark = pytest.mark.browser

EPISODE = "episodes/mla/mla-012/"
TERM = "article p > a[href*='glossary/']"
BOX = ".mg-preview"
SWITCH = ".mg-preview-switch"
"""The switch in the footer. It appears once the script and the style of previews are loaded."""


def shown_preview(page) -> tuple[str, str]:
    """Return the title and the text of the preview, once it is visible."""
    page.wait_for_selector(BOX)
    lines = page.locator(f"{BOX} p").all_inner_texts()
    return lines[1], lines[2]


def test_a_term_is_told_by_pointer_and_stays_while_the_pointer_is_on_it(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page, asked = visit.page, []
        page.goto(top + EPISODE)
        page.wait_for_load_state("networkidle")
        page.on("request", lambda request: asked.append(request.url.removeprefix(top)))
        link = page.locator(TERM, has_text="GPU").first
        assert asked == []
        link.hover()
        assert shown_preview(page)[0] == "Graphics processing unit"
        assert [place for place in asked if not place.startswith("assets/")] == ["glossary/gpu/"]
        assert {"assets/mlguide/previews.css", "assets/mlguide/previews.js"} <= set(asked)
        expect(link).to_have_attribute("aria-describedby", "mg-preview")
        expect(page.locator(BOX)).to_have_attribute("role", "tooltip")
        page.locator(BOX).hover()
        let_pass(page, 700)
        assert page.locator(BOX).is_visible()
        page.mouse.move(2, 2)
        page.wait_for_selector(BOX, state="detached")
        expect(link).not_to_have_attribute("aria-describedby", re.compile("."))
        link.hover()
        shown_preview(page)
        assert asked.count("glossary/gpu/") == 1
        assert visit.faults == []


def test_formulas_are_shown_as_formulas(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "episodes/mla/mla-010/")
        page.locator("article p > a[href*='glossary/cosine-similarity/']").first.hover()
        expect(page.locator(f"{BOX} math :is(mfrac, msub, mrow)").first).to_be_visible()
        assert visit.faults == []


def test_by_keyboard_and_gone_by_escape(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + EPISODE)
        links = page.locator("article a[href]")
        at = links.evaluate_all("links => links.findIndex(link => link.closest('p') && /glossary/.test(link.href))")
        links.nth(at - 1).focus()
        page.keyboard.press("Tab")
        title, text = shown_preview(page)
        assert title
        assert len(text) > 20
        page.keyboard.press("Escape")
        expect(page.locator(BOX)).to_have_count(0)
        expect(page.locator("a[href*='glossary/']:focus")).to_have_count(1)
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        page.wait_for_selector(BOX)
        page.keyboard.press("Enter")
        page.wait_for_url("**/glossary/**")
        expect(page.locator(BOX)).to_have_count(0)
        assert visit.faults == []


def test_a_first_tap_tells_a_second_follows(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE, has_touch=True, is_mobile=True) as visit:
        page = visit.page
        page.goto(top + EPISODE)
        link = page.locator(TERM, has_text="GPU").first
        link.tap()
        assert shown_preview(page)[0] == "Graphics processing unit"
        assert page.url == top + EPISODE
        expect(page.locator(BOX)).to_have_attribute("role", "status")
        assert visit.axe() == []
        box = page.locator(BOX).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        page.locator("article h1").tap()
        page.wait_for_selector(BOX, state="detached")
        link.tap()
        page.wait_for_selector(BOX)
        link.tap()
        page.wait_for_url(top + "glossary/gpu/")
        page.go_back()
        page.locator(TERM, has_text="GPU").first.tap()
        page.locator(f"{BOX} a").tap()
        page.wait_for_url(top + "glossary/gpu/")
        # other links work immediately, as on any page
        page.go_back()
        page.locator("article p > a[href*='tools/']").first.tap()
        page.wait_for_url(top + "tools/**")
        assert visit.faults == []


def test_a_link_that_was_left_before_its_page_came_has_none_and_the_next_has(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + EPISODE)
        held = hold(page, "**/glossary/gpu/")
        page.locator(TERM, has_text="GPU").first.hover()
        eventually(page, lambda: len(held), 1)
        page.mouse.move(2, 2)
        with page.expect_event("requestfinished", lambda request: request.url.endswith("/glossary/gpu/")):
            held[0].continue_()
        let_pass(page, 500)
        assert page.locator(BOX).count() == 0
        # directly from one link with a preview to another
        first, second = page.locator(TERM, has_text="GPU").first, page.locator(TERM, has_text="virtual machine").first
        first.hover()
        shown_preview(page)
        second.hover()
        expect(page.locator(".mg-preview__title")).to_have_text("Virtual machine")
        expect(first).not_to_have_attribute("aria-describedby", re.compile("."))
        assert visit.faults == []


def test_every_kind_of_page_is_told(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        for place, kind in {
            "episodes/mla/mla-013/": {"mla-012/": "Episode · MLA 012", "tools/": "Tool", "topics/": "Topic"},
            "resources/3blue1brown/": {"episodes/": "Episode"},
        }.items():
            for target, wanted in kind.items():
                page.goto(top + place)
                links = page.locator(f"article a[href*='{target}']:not(nav a):not(.mg-related a):not(.mg-prev-next a)")
                link = next(
                    link for link in links.all() if not link.evaluate("link => link.hash") and link.is_visible()
                )
                link.scroll_into_view_if_needed()
                link.hover()
                expect(page.locator(".mg-preview__kind")).to_have_text(re.compile(f"^{wanted}"))
        assert visit.faults == []


NONE = {
    "a link of the navigation": f"{EPISODE} header a.md-logo",
    "a link of the breadcrumbs": f"{EPISODE} .mg-crumbs li:last-child a",
    "the table of contents": f"{EPISODE} .md-sidebar--secondary a",
    "a link out of the site": f"{EPISODE} .mg-links a[href^=http]",
    "an index": " article a[href$='episodes/']",
    "an entry whose definition stands beside it": "glossary/ .mg-terms dt a",
    "an entry whose summary stands below it": "resources/ .mg-row a.mg-title:has(~ .mg-summary)",
}


def test_what_has_no_preview(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + EPISODE)
        page.locator(TERM).first.hover()
        page.wait_for_selector(BOX)
        for what, where in NONE.items():
            place, _, selector = where.partition(" ")
            page.goto(top + place)
            page.locator(TERM if place == EPISODE else "article a[href]:visible").first.hover()
            page.wait_for_selector(SWITCH, state="attached")
            asked: list[str] = []
            page.mouse.move(1, 1)
            # all pending requests and previews are finished, and the preview is closed
            let_pass(page, 700)
            page.wait_for_selector(BOX, state="detached")
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            link = page.locator(selector).first
            link.scroll_into_view_if_needed()
            link.hover()
            let_pass(page, 600)
            assert page.locator(BOX).count() == 0, what
            assert [url for url in asked if not url.endswith(LAST)] == [], what
        assert visit.faults == []


def test_what_a_page_holds_is_text_and_a_missing_page_is_none(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + EPISODE)
        html = (
            '<article data-kind="<b>Term"><h1>A &lt;img src=x onerror=alert(1)&gt;</h1>'
            '<p class="mg-lead">&lt;script&gt;alert(1)&lt;/script&gt; <img src="/nowhere.png" alt=""></p></article>'
        )
        page.route("**/glossary/gpu/", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.route("**/glossary/container/", lambda route: route.fulfill(status=404, body="", content_type="text/html"))
        page.locator(TERM, has_text="GPU").first.hover()
        assert shown_preview(page) == ("A <img src=x onerror=alert(1)>", "<script>alert(1)</script>")
        assert page.locator(f"{BOX} img, {BOX} script, {BOX} b").count() == 0
        with page.expect_response("**/glossary/container/"):
            page.locator(TERM, has_text="container").first.hover()
        page.wait_for_selector(BOX, state="detached")
        let_pass(page, 500)
        assert page.locator(BOX).count() == 0
        assert [fault for fault in visit.faults if "404" not in fault] == []


def test_the_reader_turns_them_off_and_on(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + EPISODE)
        page.locator(TERM).first.hover()
        page.wait_for_selector(BOX)
        page.get_by_role("button", name="Hide link previews").click()
        page.goto(top + EPISODE)
        page.locator(TERM).first.hover()
        page.wait_for_selector(SWITCH, state="attached")
        let_pass(page, 700)
        assert page.locator(BOX).count() == 0
        page.get_by_role("button", name="Show link previews").click()
        page.locator(TERM).first.hover()
        page.wait_for_selector(BOX)
        assert visit.faults == []


def test_a_link_that_is_gone_before_its_page_came_has_none(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + EPISODE)
        page.locator(TERM).last.hover()
        page.wait_for_selector(BOX)
        # the link is removed before its page is requested
        link = page.locator(TERM, has_text="container").first
        link.evaluate(
            "link => link.addEventListener('pointerover', () => setTimeout(() => link.replaceWith('container')))"
        )
        link.hover()
        let_pass(page, 700)
        assert page.locator(BOX).count() == 0
        # the link is removed before its page is loaded
        held = hold(page, "**/glossary/gpu/")
        link = page.locator(TERM, has_text="GPU").first
        link.hover()
        eventually(page, lambda: len(held), 1)
        link.evaluate("link => link.replaceWith('GPU')")
        with page.expect_event("requestfinished", lambda request: request.url.endswith("/glossary/gpu/")):
            held[0].continue_()
        let_pass(page, 500)
        assert page.locator(BOX).count() == 0
        assert visit.faults == []


def test_who_saves_data_has_none(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
        page.goto(top + EPISODE)
        with page.expect_event("requestfinished", lambda request: request.url.endswith("/previews.js")):
            page.locator(TERM).first.hover()
        let_pass(page, 700)
        assert page.locator(BOX).count() == 0
        assert visit.faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_open_preview_is_accessible_and_fits(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        for place, selector in {EPISODE: TERM, "tools/docker/": ".mg-mentions a.mg-title"}.items():
            page.goto(top + place)
            link = page.locator(selector).first
            link.scroll_into_view_if_needed()
            link.hover()
            page.wait_for_selector(BOX)
            assert visit.axe() == []
            box = page.locator(BOX).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= viewport["width"]
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            page.mouse.move(1, 1)
            page.wait_for_selector(BOX, state="detached")
        assert visit.faults == []


def test_under_a_path_where_pages_load_by_themselves(below, visit_with) -> None:
    with visit_with(below, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(below + EPISODE)
        page.wait_for_load_state("networkidle")
        mark(page)
        page.locator(TERM, has_text="GPU").first.hover()
        assert shown_preview(page)[0] == "Graphics processing unit"
        page.locator(TERM, has_text="GPU").first.click()
        page.wait_for_url(below + "glossary/gpu/")
        expect_marked(page)
        page.wait_for_selector("article h1:text('Graphics')")
        expect(page.locator(BOX)).to_have_count(0)
        link = page.locator(".mg-mentions a.mg-title").first
        link.hover()
        expect(page.locator(".mg-preview__kind")).to_have_text(re.compile("^Episode"))
        expect(page.locator(BOX)).to_have_css("position", "absolute")
        assert visit.faults == []


def test_the_code_is_small(bundled) -> None:
    for name, most in {"previews.js": 3000, "previews.css": 700}.items():
        assert len(gzip.compress((bundled.site / "assets/mlguide" / name).read_bytes(), 9)) <= most, name
