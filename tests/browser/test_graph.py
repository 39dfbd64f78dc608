"""Tests of the graph with keyboard and pointer, without scripts, and with the theme's instant navigation."""

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE
from browser.waiting import eventually, expect_marked, let_pass, mark

pytestmark = pytest.mark.browser

# nodes whose centres are closer together than the size of a touch target
CROWDED = """() => {
  const places = [...document.querySelectorAll(".mg-net a")].map(link => {
    const at = link.getBoundingClientRect()
    return [at.x + at.width / 2, at.y + at.height / 2, link.textContent]
  })
  return places.filter(([x, y], at) => places.some(([u, v], other) => other !== at && Math.hypot(x - u, y - v) < 24))
}"""
# names outside the drawing, or overlapping another name
ASTRAY = """() => {
  const edge = document.querySelector(".mg-net").getBoundingClientRect()
  const links = [...document.querySelectorAll(".mg-net a")]
  const names = links.map(name => [name.textContent, name.getBoundingClientRect()])
  return names.filter(([, at], index) =>
    at.left < edge.left - .5 || at.right > edge.right + .5 || at.bottom > edge.bottom + .5 ||
    names.some(([, other], which) => which !== index && other.left < at.right && at.left < other.right &&
      other.top < at.bottom - .5 && at.top < other.bottom - .5)).map(([name]) => name)
}"""
# the maximum distance between the ends of an edge and the marks of its nodes
OFF = """() => {
  const nodes = [...document.querySelectorAll(".mg-net a")]
  const lines = [...document.querySelectorAll("[data-ends]")].filter(line => line.getClientRects().length)
  return Math.max(...lines.map(line => {
    const place = line.getBoundingClientRect(), ends = line.dataset.ends.split(" ").slice(0, 2)
    const heights = ends.map(end => nodes[end].getBoundingClientRect()).map(at => at.y + at.height / 2)
    return Math.max(Math.abs(place.top - Math.min(...heights)), Math.abs(place.bottom - Math.max(...heights)))
  }))
}"""
# names that are truncated, or broken within a word
CUT = """() => [...document.querySelectorAll(".mg-net a > span")].filter(name => {
  const range = document.createRange(), text = name.firstChild
  return name.scrollHeight > name.clientHeight + 1 || [...text.data.matchAll(/\\S+/g)].some(word => {
    range.setStart(text, word.index)
    range.setEnd(text, word.index + word[0].length)
    return range.getClientRects().length > 1
  })
}).map(name => name.textContent)"""
LIT = "[...document.querySelectorAll('.mg-net a.mg-highlighted > span')].map(name => name.textContent)"


def scroll_until_ready(page) -> None:
    """Scroll, as readers do before they tap: then the script is loaded."""
    page.mouse.wheel(0, 20)
    page.wait_for_selector(".mg-graph__status", state="attached")


def test_a_node_that_is_reached_shows_what_it_is_linked_to(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "graph/")
        page.mouse.move(3, 3)
        page.wait_for_selector(".mg-graph__status", state="attached")
        counts = page.locator(".mg-net small").all_text_contents()
        page.locator(".mg-net a").first.focus()
        page.keyboard.press("Tab")
        name = page.locator(".mg-net a:focus > span").text_content()
        eventually(page, lambda: name in page.evaluate(LIT), True)
        lit = page.evaluate(LIT)
        listed = page.evaluate(
            "name => [...document.querySelectorAll('.mg-connections > li')]"
            ".find(item => item.querySelector('.mg-title').textContent === name)"
            """.querySelectorAll('p > a[href*="topics/"]').length""",
            name,
        )
        assert len(lit) == listed + 1
        point = page.locator(".mg-net a", has_text="Deep learning").first
        page.mouse.move(3, 3)
        page.keyboard.press("Escape")
        # all lines are drawn, those of the fewest shared episodes without colour until a name is selected
        place = page.locator(".mg-net").bounding_box()
        lines = page.locator(".mg-net > svg:not(.mg-arcs) path")
        hidden = "paths => paths.filter(path => getComputedStyle(path).visibility !== 'visible').length"
        assert lines.count() > 100 and lines.evaluate_all(hidden) == 0
        opacity = "path => Number(getComputedStyle(path).opacity)"
        faint, strong = (lines.locator(f"xpath=self::*[contains(@class, 'strong{n}')]").first for n in (1, 5))
        assert faint.evaluate(opacity) == 0 and strong.evaluate(opacity) > 0.5
        legend = page.locator("figcaption")
        expect(legend).to_be_visible()
        point.hover()
        expect(legend).to_be_hidden()
        status = page.locator(".mg-graph__status")
        expect(status.locator(".mg-title")).to_have_text("Deep learning")
        # the panel in the place of the legend has all connections of the list, those of most episodes first
        ends = status.locator("p > a")
        expect(status.locator("p").first).to_have_text("9 episodes: Machine learning")
        assert ends.count() == page.locator(".mg-net a.mg-highlighted").count() - 1
        expect(status).to_be_in_viewport(ratio=1)
        drawing, below = page.locator(".mg-net").bounding_box(), status.bounding_box()
        assert drawing == place and below["width"] <= place["width"] and below["y"] > place["y"] + place["height"] / 2
        expect(page.locator(".mg-net a", has_text="Natural language").locator("small")).to_have_text("7")
        widths = "[...document.querySelectorAll('path.mg-highlighted')].map(path => getComputedStyle(path).strokeWidth)"
        assert len(set(page.evaluate(widths))) > 1
        # it stays, so that its links can be reached, until the pointer leaves it or its button is clicked
        assert status.locator("p > [href]").count() >= ends.count()
        status.locator("p > [href]").first.hover()
        # the name with the focus would keep its connections
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(3, 3)
        expect(legend).to_be_visible()
        point.hover()
        page.locator(".mg-graph__selected").get_by_role("button", name="Close").click()
        expect(page.locator(".mg-net small")).to_have_text(counts)
        expect(page.locator(".mg-graph__selected")).to_be_hidden()
        expect(page.get_by_text("Point at a name")).to_be_visible()
        assert visit.faults == []


def test_a_pointer_on_its_way_to_the_panel_selects_no_other_name(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "graph/")
        page.locator(".mg-net a", has_text="Deep learning").hover()
        expect(page.locator(".mg-graph__status .mg-title")).to_have_text("Deep learning")
        crossed = page.locator(".mg-net a", has_text="Coding with agents").bounding_box()
        # the clock is stopped, because on a busy machine the pointer would rest between two steps
        page.clock.install(time=0)
        page.clock.pause_at(1000)
        for step in range(10):
            page.mouse.move(crossed["x"] + crossed["width"] * (step + 0.5) / 10, crossed["y"] + crossed["height"] / 2)
            page.clock.run_for(60)
        page.locator(".mg-graph__status").hover()
        page.clock.run_for(1000)
        expect(page.locator(".mg-graph__status .mg-title")).to_have_text("Deep learning")


def test_a_click_on_a_node_opens_its_page(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "graph/")
        page.locator(".mg-net a", has_text="Deep learning").first.click()
        page.wait_for_url("**/topics/deep-learning/")
        page.get_by_role("link", name="Connections of this topic").click()
        page.wait_for_url("**/topics/deep-learning/graph/")
        assert page.locator(".mg-net a").count() > 12
        assert visit.faults == []


def test_the_graph_of_a_topic_is_read_in_the_same_way(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "topics/deep-learning/graph/")
        page.mouse.move(3, 3)
        page.wait_for_selector(".mg-graph__status", state="attached")
        expect(page.get_by_text("Point at a name")).to_be_visible()
        page.locator(".mg-net a", has_text="Python").first.hover()
        expect(page.locator(".mg-graph__status")).to_have_text(
            re.compile(r"^Python 3 episodes\s*Episodes: .*MLG\s\d+", re.DOTALL)
        )
        expect(page.get_by_text("Point at a name")).to_be_hidden()
        # an arrowhead is highlighted only with the line from the prerequisite
        arrows = page.locator(".mg-net a.mg-requires.mg-highlighted")
        lit = "names => names.filter(name => getComputedStyle(name, '::after').opacity === '1').length"
        assert arrows.count() and arrows.evaluate_all(lit) == 0
        arrows.first.hover()
        expect(page.locator(".mg-graph__status")).to_contain_text("Requires")
        assert arrows.evaluate_all(lit) > 0
        # the panel stays in view beside the drawing, or below it without covering the name
        for at in (0, -1):
            page.evaluate("scrollTo(0, 0)")
            page.locator(".mg-net a").nth(at).hover()
            expect(page.locator(".mg-graph__status")).to_be_in_viewport(ratio=1)
        page.set_viewport_size({"width": 1000, "height": 800})
        page.evaluate("scrollTo(0, 0)")
        low = page.locator(".mg-net .mg-episode").last
        low.evaluate("name => scrollBy(0, name.getBoundingClientRect().bottom - innerHeight + 4)")
        low.hover()
        box, line = (part.bounding_box() for part in (low, page.locator(".mg-graph__selected")))
        assert line["y"] + line["height"] <= box["y"] and line["y"] >= 0
        assert page.locator(".mg-graph__selected").evaluate("line => getComputedStyle(line).pointerEvents") == "none"
        assert visit.faults == []


def test_the_first_node_that_is_reached_is_highlighted_at_once(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        visit.page.goto(top + "graph/")
        visit.page.locator(".mg-net a").nth(3).hover()
        expect(visit.page.locator(".mg-graph--highlighted path.mg-highlighted").first).to_be_visible()


@pytest.mark.parametrize("opened_by", ["a second tap", "the link"])
def test_the_first_tap_shows_what_a_node_is_linked_to(top, visit_with, opened_by) -> None:
    with visit_with(top, viewport=PHONE, has_touch=True) as visit:
        page = visit.page
        page.goto(top + "graph/")
        scroll_until_ready(page)
        page.evaluate("scrollTo(0, 0)")
        place = page.locator(".mg-net").bounding_box()
        # the panel names the connected topics, those of most shared episodes first
        found = (
            ("Model evaluation", "4 episodes: Data preparation"),
            ("Deep learning", "9 episodes: Machine learning"),
        )
        for name, strongest in found:
            page.locator(".mg-net a", has_text=name).first.tap()
            expect(page.locator(".mg-graph__status")).to_contain_text(name)
            expect(page.locator(".mg-graph__status > p").first).to_contain_text(strongest)
            assert page.url.endswith("/graph/") and "topics" not in page.url
        page.evaluate("scrollTo(0, 0)")
        # the drawing stays where it was, and the hint in its place
        expect(page.get_by_text("Tap a name")).to_be_visible()
        assert page.locator(".mg-net").bounding_box() == place
        if opened_by == "the link":
            page.locator(".mg-graph__status > .mg-title").tap()
        else:
            page.locator(".mg-net a", has_text="Deep learning").first.tap()
        page.wait_for_url("**/topics/deep-learning/")


def test_in_narrow_windows_topics_are_in_one_column_and_episodes_are_listed(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE, has_touch=True) as visit:
        page = visit.page
        page.goto(top + "graph/")
        marks = (
            "[...document.querySelectorAll('.mg-net a')].map(link => Math.round(link.getBoundingClientRect().right))"
        )
        assert len(set(page.evaluate(marks))) == 1
        shown = (
            "[...document.querySelectorAll('.mg-net path')]"
            ".filter(path => path.checkVisibility({visibilityProperty: true})).map(path => path.dataset.ends)"
        )
        strong = page.evaluate(shown)
        # the connections of all numbers of episodes
        assert {int(ends.split()[2]) for ends in strong} >= {2, 3, 7}
        scroll_until_ready(page)
        page.locator(".mg-net a", has_text="Deep learning").first.tap()
        # the numbers of shared episodes are in the drawing
        expect(page.locator(".mg-net a", has_text="Natural language").locator("small")).to_have_text("7")
        # the connections are in a panel that doesn't cover the name, and scrolls
        panel = page.locator(".mg-graph__selected")
        for name in ("Deep learning", "Machine learning on AWS", "GPU computing"):
            tapped = page.locator(".mg-net a", has_text=name).first
            page.evaluate("document.activeElement.blur()")
            expect(panel).to_be_hidden()
            # near the lower edge of the window, without the panel
            tapped.evaluate("name => scrollBy(0, name.getBoundingClientRect().bottom - innerHeight + 4)")
            tapped.tap()
            expect(page.locator(".mg-graph__status")).to_contain_text(name)
            box = tapped.bounding_box()
            assert box["y"] + box["height"] <= panel.bounding_box()["y"]
            assert panel.bounding_box()["height"] < PHONE["height"] / 4
        close = panel.get_by_role("button", name="Close")
        assert all(side >= 44 for side in (close.bounding_box()["width"], close.bounding_box()["height"]))
        expect(page.locator(".md-top")).to_be_hidden()
        close.tap()
        expect(panel).to_be_hidden()
        assert page.url.endswith("/graph/")
        # episodes, topics and tools are in a list instead of the drawing, with the codes of episodes
        page.goto(top + "topics/machine-learning/graph/")
        expect(page.locator(".mg-graph")).to_be_hidden()
        expect(page.locator(".mg-listing > summary")).to_be_hidden()
        item = page.locator(".mg-connections > li", has=page.locator(".mg-title:text-is('Shallow learning')"))
        expect(item.get_by_role("link", name="MLG 012", exact=True)).to_be_visible()
        page.locator(".mg-connections .mg-title", has_text="MLG 012: Shallow Algos 1").scroll_into_view_if_needed()
        assert page.locator("h2:text-is('Episodes') + .mg-connections > li").count() == 6
        page.set_viewport_size(DESKTOP)
        expect(item).to_be_hidden()


def test_the_button_of_a_topics_graph_goes_on_with_the_topics_order(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "topics/deep-learning/")
        first, second = (step.text_content() for step in page.locator(".mg-episodes--numbered .mg-title").all()[:2])
        page.goto(top + "topics/deep-learning/graph/")
        action = page.locator(".mg-action")
        expect(action).to_have_text(f"Start with “{first}”")
        episode = (
            page.locator(".mg-graph__order + ul .mg-episode").first.get_attribute("href").rstrip("/").rpartition("/")[2]
        )
        key = "mlguide.heard:" + page.evaluate("new URL('../../../', location).pathname")
        page.evaluate("([key, id]) => localStorage.setItem(key, JSON.stringify([id]))", [key, episode])
        page.reload()
        expect(action).to_contain_text(second)
        expect(page.get_by_text("Prerequisite: MLG 020")).to_be_visible()
        page.locator(".mg-crumbs").get_by_role("link", name="Deep learning").click()
        page.wait_for_url("**/topics/deep-learning/")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_accessible_and_fits(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        for path in ("graph/", "topics/machine-learning/graph/", "topics/mlops/graph/"):
            page.goto(top + path)
            page.mouse.move(3, 3)
            page.wait_for_selector(".mg-graph__status", state="attached")
            if viewport is PHONE and path != "graph/":
                assert visit.axe() == []
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                continue
            # the list is folded
            expect(page.locator(".mg-connections").first).to_be_hidden()
            page.locator(".mg-net a").first.focus()
            assert visit.axe() == []
            assert page.evaluate(CROWDED) == []
            assert page.evaluate(ASTRAY) == []
            assert page.evaluate(OFF) < 2
            # long titles of episodes end in one line, and tooltips and the panel have them in full
            cut = page.evaluate(CUT)
            assert all(page.locator(f'.mg-net a[title="{name}"]').count() == 1 for name in cut)
            assert len(cut) < 10 and (path != "graph/" or not cut)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            # names are large enough to read at any window size
            assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.mg-net a')).fontSize)") >= 12
        assert visit.faults == []


def test_without_script_the_drawing_is_whole_and_leads_on(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(top + "graph/")
        expect(page.locator(".mg-graph__status")).to_have_count(0)
        page.locator(".mg-listing > summary").click()
        expect(page.locator(".mg-listing > details").first).to_be_visible()
        # the names of topics that are often covered together look like links
        pair = page.locator(".mg-section .mg-list b").first
        colours = pair.evaluate("pair => [pair, ...pair.querySelectorAll('a')].map(it => getComputedStyle(it).color)")
        assert colours[0] not in colours[1:] and len(colours) == 3
        expect(page.locator(".mg-connections > li")).to_have_count(page.locator(".mg-net a").count())
        page.locator(".mg-net a", has_text="Deep learning").first.click()
        page.wait_for_url("**/topics/deep-learning/")


def test_the_theme_loads_what_points_lead_to(listening) -> None:
    with listening("") as visit:
        page = visit.page
        mark(page)
        page.evaluate("() => { window.placed = 0; document$.subscribe(() => { window.placed++ }) }")
        page.locator("article a[href$='graph/']").click()
        page.wait_for_url("**/graph/")
        page.wait_for_selector(".mg-graph__status", state="attached")
        page.locator(".mg-net a[title*='On shells']").click()
        page.wait_for_url("**/episodes/talk/talk-003/")
        # a page that the reader leaves while the theme still loads it is never shown
        page.get_by_role("heading", name="On shells", level=1).wait_for()
        placed = page.evaluate("window.placed")
        expect_marked(page)
        page.go_back()
        page.wait_for_url("**/graph/")
        page.wait_for_function("before => window.placed > before", arg=placed)
        page.get_by_role("heading", name="Graph", level=1).wait_for()
        let_pass(page, 500)
        expect(page.locator(".mg-graph__status")).to_have_count(1)
