"""The graph by keyboard, pointer and without script; its links where the theme loads pages by itself."""

import re

import pytest

from browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

BOX = "document.querySelector('.mg-graph svg').getAttribute('viewBox').split(' ').map(Number)"
LIT = "[...document.querySelectorAll('.mg-graph svg > a.mg-on title')].map(title => title.textContent)"


def test_by_keyboard(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "graph/")
        page.mouse.move(3, 3)
        page.wait_for_selector(".mg-graph__tools")
        whole = page.evaluate(BOX)
        page.get_by_role("button", name="Closer").focus()
        page.keyboard.press("Enter")
        near = page.evaluate(BOX)
        assert near[2] < whole[2]
        assert near[0] > whole[0]
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        moved = page.evaluate(BOX)
        assert moved[0] > near[0]
        assert moved[1] > near[1]
        page.keyboard.press("0")
        assert page.evaluate(BOX) == whole
        # from the last button on to the first point
        page.get_by_role("button", name="Whole graph").focus()
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.localName") == "div":
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('.mg-graph svg > a')")
        name = page.evaluate("document.activeElement.querySelector('title').textContent")
        lit = page.evaluate(LIT)
        assert name in lit
        listed = page.evaluate(
            "name => [...document.querySelectorAll('.mg-ties > li')]"
            ".find(item => item.querySelector('.mg-title').textContent === name)"
            ".querySelectorAll(':scope > ul > li').length",
            name.partition(",")[0],
        )
        assert len(lit) == listed + 1
        for _ in range(8):
            page.keyboard.press("+")
        page.keyboard.press("Tab")
        x, y, width, height = page.evaluate(BOX)
        place = page.evaluate("document.activeElement.getAttribute('transform')")
        across, down = map(int, re.findall(r"-?\d+", place))
        assert x <= across <= x + width
        assert y <= down <= y + height
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/topics/[a-z0-9-]+/"))
        assert visit.faults == []


def test_by_pointer(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "graph/")
        page.mouse.move(3, 3)
        page.wait_for_selector(".mg-graph__tools")
        page.get_by_role("button", name="Closer").click()
        before = page.evaluate(BOX)
        frame = page.locator(".mg-graph__frame").bounding_box()
        x, y = frame["x"] + frame["width"] / 2, frame["y"] + 120
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 60, y + 30, steps=4)
        page.mouse.up()
        after = page.evaluate(BOX)
        assert after[0] > before[0]
        assert after[1] < before[1]
        assert page.url == top + "graph/"
        page.mouse.wheel(0, 200)
        page.wait_for_function("() => scrollY > 0")
        assert page.evaluate(BOX) == after
        point = page.locator(".mg-graph svg > a", has_text="Deep learning").first
        point.hover()
        assert "Deep learning" in page.locator(".mg-graph__told").inner_text()
        point.click()
        page.wait_for_url("**/topics/deep-learning/graph/")
        assert page.locator(".mg-graph svg > a").count() > 12
        assert visit.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_accessible_and_fits(top, visit_with, viewport, scheme) -> None:
    with visit_with(top, viewport=viewport, color_scheme=scheme) as visit:
        page = visit.page
        for path in ("graph/", "topics/machine-learning/graph/"):
            page.goto(top + path)
            page.mouse.move(3, 3)
            page.wait_for_selector(".mg-graph__tools")
            page.locator(".mg-graph svg > a").first.focus()
            assert visit.axe() == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            # names are large enough to be read, whatever the window
            size = "document.querySelector('.mg-graph svg').getScreenCTM().a * 13"
            assert page.evaluate(size) >= 8.5
        assert visit.faults == []


def test_without_script_the_drawing_is_whole_and_leads_on(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(top + "graph/")
        assert page.locator(".mg-graph__tools").count() == 0
        page.locator(".mg-graph svg > a", has_text="Deep learning").first.click()
        page.wait_for_url("**/topics/deep-learning/graph/")
        assert page.locator(".mg-ties > li").count() == page.locator(".mg-graph__frame svg > a").count()


def test_the_theme_loads_what_points_lead_to(listening) -> None:
    with listening("") as visit:
        page = visit.page
        page.evaluate("window.stayed = true")
        page.locator(".mg-more a", has_text="the graph").click()
        page.wait_for_url("**/graph/")
        page.wait_for_selector(".mg-graph__tools")
        page.locator(".mg-graph svg > a", has_text="On shells").click()
        page.wait_for_url("**/episodes/talk/talk-003/")
        assert page.evaluate("window.stayed")
        page.go_back()
        page.wait_for_url("**/graph/")
        page.get_by_role("heading", name="Graph", level=1).wait_for()
        # the theme puts the page in its place a second time once it has been loaded
        page.wait_for_timeout(500)
        page.wait_for_selector(".mg-graph__tools")
        assert page.locator(".mg-graph__tools").count() == 1
