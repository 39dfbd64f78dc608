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
            ".querySelectorAll('ul > li').length",
            name,
        )
        assert len(lit) == listed + 1
        point = page.locator(".mg-net a", has_text="Deep learning").first
        page.mouse.move(3, 3)
        page.evaluate("document.activeElement.blur()")
        # lines to subtopics are drawn only for a chosen name
        drawn = page.locator(".mg-net > svg:not(.mg-arcs) path.mg-sub").filter(visible=True)
        legend = page.locator("figcaption .mg-sub")
        expect(drawn).to_have_count(0)
        expect(legend).to_be_hidden()
        point.hover()
        expect(drawn).not_to_have_count(0)
        expect(legend).to_be_visible()
        expect(page.locator(".mg-graph__status")).to_contain_text("Deep learning")
        # a single line names the most important connections
        expect(page.locator(".mg-graph__ends > span").first).to_have_text("Machine learning 9")
        assert page.locator(".mg-graph__selected").bounding_box()["height"] < 30
        # numbers and widths of lines now tell how many episodes the topics share, as the line above the drawing says
        expect(page.locator(".mg-graph__selected")).to_contain_text("Numbers: shared episodes.")
        expect(page.locator(".mg-net a", has_text="Natural language").locator("small")).to_have_text("7")
        widths = "[...document.querySelectorAll('path.mg-highlighted')].map(path => getComputedStyle(path).strokeWidth)"
        assert len(set(page.evaluate(widths))) > 1
        page.mouse.move(3, 3)
        expect(page.locator(".mg-net small")).to_have_text(counts)
        expect(page.locator(".mg-graph__selected")).to_be_hidden()
        expect(page.get_by_text("Point at a name")).to_be_visible()
        point.click()
        page.wait_for_url("**/topics/deep-learning/")
        page.get_by_role("link", name="The graph of this topic").click()
        page.wait_for_url("**/topics/deep-learning/graph/")
        assert page.locator(".mg-net a").count() > 12
        # the graph of a topic is read in the same way
        expect(page.get_by_text("Point at a name")).to_be_visible()
        page.locator(".mg-net a", has_text="Python").first.hover()
        expect(page.locator(".mg-graph__status")).to_have_text(re.compile(r"Python · \d+ connections"))
        expect(page.get_by_text("Point at a name")).to_be_hidden()
        # the line above the drawing stays in view
        page.locator(".mg-net a").last.hover()
        expect(page.locator(".mg-graph__status")).to_be_in_viewport()
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
        # the line names the connected topics, those of most shared episodes first
        found = (("Model evaluation", "Data preparation 4"), ("Deep learning", "Machine learning 9"))
        for name, strongest in found:
            page.locator(".mg-net a", has_text=name).first.tap()
            expect(page.locator(".mg-graph__status")).to_contain_text(f"{name} · ")
            expect(page.locator(".mg-graph__ends > span").first).to_have_text(strongest)
            assert page.url.endswith("/graph/") and "topics" not in page.url
        page.evaluate("scrollTo(0, 0)")
        # the drawing stays where it was, and the hint in its place
        expect(page.get_by_text("Tap a name")).to_be_visible()
        assert page.locator(".mg-net").bounding_box() == place
        if opened_by == "the link":
            page.locator(".mg-graph__status b").get_by_role("link", name="Deep learning").tap()
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
        # the connections of all numbers of episodes, without those of subtopics
        assert {int(ends.split()[2]) for ends in strong} >= {2, 3, 7}
        scroll_until_ready(page)
        page.locator(".mg-net a", has_text="Deep learning").first.tap()
        # the numbers of shared episodes are in the drawing
        expect(page.locator(".mg-net a", has_text="Natural language").locator("small")).to_have_text("7")
        page.goto(top + "topics/machine-learning/graph/")
        expect(page.get_by_text("Lines join episodes with their topics and tools")).to_be_visible()
        # episodes have short names here
        assert len(set(page.evaluate(marks.replace(".mg-net a", ".mg-net a:not(.mg-tool)")))) == 2
        expect(page.locator(".mg-net a[title*='Shallow Algos 1'] > span > span")).to_be_hidden()
        # tools are below the drawing, and have no lines; those between episodes are shown only for a chosen name
        drawn, tool = (page.locator(part).first.bounding_box() for part in (".mg-arcs", ".mg-net a.mg-tool"))
        assert drawn["y"] + drawn["height"] <= tool["y"]
        thin = page.locator(".mg-arcs path.mg-thin")
        assert len(page.evaluate(shown)) == page.locator(".mg-arcs path").count() - thin.count() > 0 < thin.count()
        assert page.locator(".mg-arcs path").count() < page.locator("svg:not(.mg-arcs) path[data-ends]").count()
        counts = page.locator(".mg-net small").all_text_contents()
        scroll_until_ready(page)
        page.locator(".mg-net a[title*='Shallow Algos 1']").tap()
        expect(page.locator(".mg-graph__status")).to_contain_text("MLG 012: Shallow Algos 1 · ")
        # all connections are listed, and the list doesn't cover the name
        lit = page.locator(".mg-net a.mg-highlighted")
        expect(page.locator(".mg-graph__ends a")).to_have_count(lit.count() - 1)
        for end in (page.locator(".mg-graph__ends a").first, page.locator(".mg-graph__ends a").last):
            expect(end).to_be_in_viewport(ratio=1)
        for name in ("Performance", "Tech Stack"):
            tapped = page.locator(f".mg-net a[title*='{name}']")
            # near the lower edge of the window, without the list
            page.evaluate("document.activeElement.blur()")
            expect(page.locator(".mg-graph__selected")).to_be_hidden()
            tapped.evaluate("name => scrollBy(0, name.getBoundingClientRect().bottom - innerHeight + 4)")
            tapped.tap()
            expect(page.locator(".mg-graph__status")).to_contain_text(name)
            panel = page.locator(".mg-graph__selected").bounding_box()
            assert tapped.bounding_box()["y"] + tapped.bounding_box()["height"] <= panel["y"]
        page.locator(".mg-net a[title*='Shallow Algos 1']").tap()
        assert page.locator(".mg-net small").all_text_contents() == counts
        page.locator(".mg-listing > summary").tap()
        item = page.locator(".mg-connections > li", has=page.locator(".mg-title:text-is('Shallow learning')"))
        expect(item.get_by_role("link", name="MLG 012: Shallow Algos 1")).to_be_visible()
        assert page.locator("h2:text-is('Tools') + .mg-connections > li").count() == 6


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_accessible_and_fits(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        for path in ("graph/", "topics/machine-learning/graph/", "topics/mlops/graph/"):
            page.goto(top + path)
            page.mouse.move(3, 3)
            page.wait_for_selector(".mg-graph__status", state="attached")
            # the list is folded
            expect(page.locator(".mg-connections").first).to_be_hidden()
            page.locator(".mg-net a").first.focus()
            assert visit.axe() == []
            assert page.evaluate(CROWDED) == []
            assert page.evaluate(ASTRAY) == []
            assert page.evaluate(OFF) < 2
            assert page.evaluate(CUT) == []
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


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_names_near_by_stay_in_the_drawing_in_a_wide_font(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        for path in ("topics/mlops/", "topics/containers/", "topics/machine-learning/"):
            page.goto(top + path)
            page.evaluate("document.querySelector('.mg-net').style.fontFamily = 'Verdana, DejaVu Sans'")
            assert page.evaluate(ASTRAY) == [], path
