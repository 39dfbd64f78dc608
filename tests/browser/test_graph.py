"""The graph by keyboard, pointer and without script; its links where the theme loads pages by itself."""

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE
from browser.waiting import eventually, expect_marked, let_pass, mark

pytestmark = pytest.mark.browser

BOX = "document.querySelector('.mg-graph svg').getAttribute('viewBox').split(' ').map(Number)"
# points whose middles are nearer than a finger is wide
CROWDED = """links => {
  const places = [...document.querySelectorAll(links)].map(link => {
    const at = link.getScreenCTM()
    return [at.e, at.f, link.querySelector("title").textContent]
  })
  return places.filter(([x, y], at) => places.some(([u, v], other) => other !== at && Math.hypot(x - u, y - v) < 24))
}"""
FOCUSED = ".mg-graph__frame svg > a:focus"
LIT = "[...document.querySelectorAll('.mg-graph__frame svg > a.mg-on title')].map(title => title.textContent)"


def box(page, holds: str, before: list) -> list[float]:
    """The part of the drawing that is seen, once a function of it and of what came before holds."""
    page.wait_for_function(f"before => ({holds})({BOX}, before)", arg=before)
    return page.evaluate(BOX)


def test_by_keyboard(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "graph/")
        page.mouse.move(3, 3)
        page.wait_for_selector(".mg-graph__tools")
        whole = page.evaluate(BOX)
        page.get_by_role("button", name="Zoom in").focus()
        page.keyboard.press("Enter")
        near = box(page, "(now, before) => now[2] < before[2] && now[0] > before[0]", whole)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        box(page, "(now, before) => now[0] > before[0] && now[1] > before[1]", near)
        page.keyboard.press("0")
        eventually(page, lambda: page.evaluate(BOX), whole)
        # from the last button on to the first point
        page.get_by_role("button", name="Show all").focus()
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.localName") == "div":
            page.keyboard.press("Tab")
        expect(page.locator(FOCUSED)).to_have_count(1)
        name = page.locator(f"{FOCUSED} title").text_content()
        eventually(page, lambda: name in page.evaluate(LIT), True)
        lit = page.evaluate(LIT)
        listed = page.evaluate(
            "name => [...document.querySelectorAll('.mg-ties > li')]"
            ".find(item => item.querySelector('.mg-title').textContent === name)"
            ".querySelectorAll('ul > li').length",
            name.partition(",")[0],
        )
        assert len(lit) == listed + 1
        for _ in range(8):
            page.keyboard.press("+")
        page.keyboard.press("Tab")
        expect(page.locator(f"{FOCUSED} title")).not_to_have_text(name)
        place = page.locator(FOCUSED).get_attribute("transform")
        across, down = map(int, re.findall(r"-?\d+", place))
        box(
            page,
            "(now, [x, y]) => now[0] <= x && x <= now[0] + now[2] && now[1] <= y && y <= now[1] + now[3]",
            [across, down],
        )
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/topics/[a-z0-9-]+/"))
        assert visit.faults == []


def test_by_pointer(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "graph/")
        page.mouse.move(3, 3)
        page.wait_for_selector(".mg-graph__tools")
        whole = page.evaluate(BOX)
        page.get_by_role("button", name="Zoom in").click()
        before = box(page, "(now, before) => now[2] < before[2]", whole)
        frame = page.locator(".mg-graph__frame").bounding_box()
        x, y = frame["x"] + frame["width"] / 2, frame["y"] + 120
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 60, y + 30, steps=4)
        page.mouse.up()
        after = box(page, "(now, before) => now[0] > before[0] && now[1] < before[1]", before)
        page.mouse.wheel(0, 200)
        page.wait_for_function("() => scrollY > 0")
        assert page.evaluate(BOX) == after
        assert page.url == top + "graph/"
        point = page.locator(".mg-graph__frame svg > a", has_text="Deep learning").first
        point.hover()
        expect(page.locator(".mg-graph__told")).to_contain_text("Deep learning")
        point.click()
        page.wait_for_url("**/topics/deep-learning/graph/")
        assert page.locator(".mg-graph__frame svg > a").count() > 12
        assert visit.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_accessible_and_fits(top, visit_with, viewport, scheme) -> None:
    with visit_with(top, viewport=viewport, color_scheme=scheme) as visit:
        page = visit.page
        for path in ("graph/", "topics/machine-learning/graph/"):
            page.goto(top + path)
            page.mouse.move(3, 3)
            page.wait_for_selector(".mg-graph__tools", state="attached")
            # a narrow window has a drawing of its own
            drawing = ".mg-graph__rows" if viewport is PHONE else ".mg-graph__frame > svg"
            expect(page.locator(".mg-graph svg[role=group]:visible")).to_have_count(1)
            page.locator(f"{drawing} > a").first.focus()
            assert visit.axe() == []
            assert page.evaluate(CROWDED, f"{drawing} > a") == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            # names are large enough to be read, whatever the window
            assert page.evaluate(f"document.querySelector('{drawing}').getScreenCTM().a * 13") >= 12
        assert visit.faults == []


def test_without_script_the_drawing_is_whole_and_leads_on(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(top + "graph/")
        expect(page.locator(".mg-graph__tools")).to_have_count(0)
        page.locator(".mg-graph__frame svg > a", has_text="Deep learning").first.click()
        page.wait_for_url("**/topics/deep-learning/graph/")
        expect(page.locator(".mg-ties > li")).to_have_count(page.locator(".mg-graph__frame svg > a").count())


def test_the_theme_loads_what_points_lead_to(listening) -> None:
    with listening("") as visit:
        page = visit.page
        mark(page)
        page.evaluate("() => { window.placed = 0; document$.subscribe(() => { window.placed++ }) }")
        page.locator(".mg-more a", has_text="the graph").click()
        page.wait_for_url("**/graph/")
        page.wait_for_selector(".mg-graph__tools")
        page.locator(".mg-graph__frame svg > a", has_text="On shells").click()
        page.wait_for_url("**/episodes/talk/talk-003/")
        # a page that is left while the theme still fetches it is never put in its place
        page.get_by_role("heading", name="On shells", level=1).wait_for()
        placed = page.evaluate("window.placed")
        expect_marked(page)
        page.go_back()
        page.wait_for_url("**/graph/")
        page.wait_for_function("before => window.placed > before", arg=placed)
        page.get_by_role("heading", name="Graph", level=1).wait_for()
        let_pass(page, 500)
        expect(page.locator(".mg-graph__tools")).to_have_count(1)


# names in the small drawing that leave it, or lie on another
ASTRAY = """() => {
  const edge = document.querySelector(".mg-star").getBoundingClientRect()
  const texts = [...document.querySelectorAll(".mg-star text")]
  const names = texts.map(name => [name.textContent, name.getBoundingClientRect()])
  return names.filter(([, at], index) =>
    at.left < edge.left - .5 || at.right > edge.right + .5 || at.bottom > edge.bottom + .5 ||
    names.some(([, other], which) => which !== index && other.left < at.right && at.left < other.right &&
      other.top < at.bottom && at.top < other.bottom)).map(([name]) => name)
}"""


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_names_near_by_stay_in_the_drawing_in_a_wide_font(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        for path in ("episodes/mla/mla-016/", "topics/mlops/", "tools/docker/", "topics/machine-learning/"):
            page.goto(top + path)
            page.evaluate("document.querySelector('.mg-star').style.fontFamily = 'Verdana, DejaVu Sans'")
            assert page.evaluate(ASTRAY) == [], path
