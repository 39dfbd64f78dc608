"""Tests of every kind of page: no errors, no external requests, no overflow, and no violations found by axe."""

import pytest
from playwright.sync_api import expect

from browser import server
from browser.conftest import DESKTOP, PHONE, kinds_of
from browser.waiting import eventually, expect_marked, hold, let_pass, mark

pytestmark = pytest.mark.browser

# an element counts as cut off if it extends beyond the window, unless an element around it scrolls or hides overflow
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const found = [];
  const whole = document.documentElement.scrollWidth;
  if (whole > width) found.push(`the page is ${whole} pixels wide`);
  const contained = e => {
    for (let p = e.parentElement; p; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== 'visible') return true;
    return false;
  };
  for (const e of document.querySelectorAll('main *')) {
    const box = e.getBoundingClientRect();
    if (box.width && box.right > width + 1 && !contained(e)) found.push(`overflows: ${e.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""

# the sizes of the text that readers see, in CSS pixels, with an example of each; browsers set exponents and indices in
# formulas smaller, as they do in <sup>
SIZES = """() => Object.fromEntries([...document.body.querySelectorAll('*')].filter(e =>
  e.getClientRects().length && e.getBoundingClientRect().width > 1 && e.tagName !== 'SUP' &&
  [...e.childNodes].some(c => c.nodeType === 3 && c.data.trim()) && !e.closest('.mg-visually-hidden') &&
  !e.closest('math :is(msub, msup, msubsup, munder, mover, munderover) > :not(:first-child), mfrac > *')
).map(e => [parseFloat(getComputedStyle(e).fontSize), e.outerHTML.slice(0, 120)]))"""
SMALLEST, MOST_SIZES = 16, 6


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_kind_of_page(top, bundled, visit_with, viewport) -> None:
    faults, sizes = [], {}
    with visit_with(top, viewport=viewport) as visit:
        for kind, url in kinds_of(bundled.site).items():
            visit.faults.clear()
            visit.page.goto(top + url)
            sizes |= {float(size): (url, example) for size, example in visit.page.evaluate(SIZES).items()}
            found = [*visit.faults, *visit.page.evaluate(OVERFLOW), *visit.axe(), *visit.faults]
            faults += [f"{kind} ({url}): {fault}" for fault in dict.fromkeys(found)]
    assert not faults, "\n".join(faults)
    assert min(sizes) >= SMALLEST, sizes[min(sizes)]
    assert len(sizes) <= MOST_SIZES, sizes


# the distance between the end of a part and the start of the next one, in CSS pixels
GAP = """([above, below]) => document.querySelector(below).getBoundingClientRect().top -
  document.querySelector(above).getBoundingClientRect().bottom"""


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(
    ("path", "above", "below"),
    [
        ("", ".mg-hero .mg-lead", ".mg-actions"),
        ("tools/", ".mg-lead", ".mg-jumps"),
        ("people/", ".mg-lead", ".mg-lines"),
        ("topics/", ".mg-branch > .mg-tree", ".mg-branch + .mg-branch h2"),
        ("topics/deep-learning/", ".mg-head", ".mg-guide > p"),
    ],
)
def test_text_has_space_below(top, visit_with, viewport, path, above, below) -> None:
    with visit_with(top, viewport=viewport) as visit:
        visit.page.goto(top + path)
        assert visit.page.evaluate(GAP, [above, below]) >= 12


def test_the_colours_follow_the_system(top, visit_with) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        with visit_with(top, color_scheme=scheme) as visit:
            visit.page.goto(top)
            colour = "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)"
            colours[scheme] = sum(visit.page.evaluate(colour))
    assert colours["dark"] < 200
    assert colours["light"] > 600


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_colours_are_the_systems_before_the_theme_has_come(top, visit_with, scheme, dark) -> None:
    with visit_with(top, color_scheme=scheme) as visit:
        page = visit.page
        page.route("**/bundle.*.js", lambda route: route.abort())
        page.goto(top + "search/")
        colours = "[document.documentElement, document.body].map(part => getComputedStyle(part).colorScheme)"
        assert page.evaluate(colours) == (["dark", "dark"] if dark else ["normal", "light"])
        # named keys look like keys in both schemes
        visit.faults.clear()
        assert visit.axe("color-contrast") == []


def test_a_page_is_shown_once_its_style_sheet_is_there(below, visit_with) -> None:
    with visit_with(below, viewport=DESKTOP) as visit:
        page = visit.page
        with page.expect_response("**/addresses.txt"):
            page.goto(below)
        let_pass(page, 100)
        mark(page)
        held = hold(page, "**/lists.css")
        page.locator(".md-tabs__link", has_text="Resources").click()
        eventually(page, lambda: len(held) > 0, True)
        expect(page.locator("h1#resources")).to_have_count(0)
        page.unroute("**/lists.css")
        for route in held:
            route.continue_()
        expect(page.locator("h1#resources")).to_be_visible()
        expect_marked(page)
        assert visit.faults == []


def test_a_style_sheet_that_never_comes_holds_no_page_back(below, visit_with) -> None:
    with visit_with(below, viewport=DESKTOP) as visit:
        page = visit.page
        page.route("**/lists.css", lambda route: route.abort())
        with page.expect_response("**/addresses.txt"):
            page.goto(below)
        let_pass(page, 100)
        mark(page)
        page.locator(".md-tabs__link", has_text="Resources").click()
        expect(page.locator("h1#resources")).to_be_visible()
        expect_marked(page)


# the addresses of links that have no place on the page or are hidden, except those that a reader can unfold
UNSEEN = """links => links.slice(0, 40).filter(link => {
  const box = link.getBoundingClientRect()
  return !(box.width && box.height && link.checkVisibility({ visibilityProperty: true })) && !link.closest("details")
}).map(link => link.getAttribute("href"))"""


def test_without_script_everything_can_be_read(top, bundled, visit_with) -> None:
    faults = []
    with visit_with(top, viewport=DESKTOP, java_script_enabled=False) as visit:
        for kind, url in kinds_of(bundled.site).items():
            visit.page.goto(top + url)
            if not visit.page.locator("main h1").first.is_visible():
                faults.append(f"{kind} ({url}): no heading")
            # the search needs scripts
            links = visit.page.locator("main article a[href]:not(.headerlink, .mg-find, .mg-searching a)")
            faults += [f"{kind} ({url}): cannot be seen: {address}" for address in links.evaluate_all(UNSEEN)]
    assert not faults, "\n".join(faults)


def test_a_reader_gets_from_home_to_an_episode_and_back(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        page.locator("article a[href*='episodes/']").first.click()
        page.wait_for_url("**/episodes/**")
        expect(page.locator("article h1")).to_be_visible()
        page.locator("header a.md-logo").click()
        page.wait_for_url(top)
        assert visit.faults == []


def test_scripts_run_in_their_order_before_the_page_counts_as_loaded(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        held = hold(page, "**/bundle.*.js")
        with page.expect_response("**/site.js"):
            page.goto(top, wait_until="domcontentloaded")
        eventually(page, lambda: page.evaluate("performance.getEntriesByType('paint').length > 0"), True)
        assert page.evaluate("[document.readyState, typeof document$]") == ["interactive", "undefined"]
        page.unroute("**/bundle.*.js")
        for route in held:
            route.continue_()
        page.wait_for_load_state("load")
        page.keyboard.press("/")
        expect(page.locator("dialog input")).to_be_focused()
        assert visit.faults == []


def test_only_addresses_of_other_hosts_are_printed(below, visit_with) -> None:
    with visit_with(below, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(below + "episodes/")
        # the theme only loads absolute URLs
        mark(page)
        page.locator("nav.md-tabs a", has_text="Tools").click()
        page.locator("article a", has_text="CircleCI").first.click()
        page.wait_for_selector("article h1:text('CircleCI')")
        expect_marked(page)
        page.emulate_media(media="print")
        printed = page.evaluate(
            "() => [...document.querySelectorAll('article a[href^=http]:not(.mg-timestamp)')]"
            ".map(link => [link.href, getComputedStyle(link, '::after').content !== 'none'])"
        )
        assert {address.startswith(below) for address, _ in printed} == {True, False}
        assert [address for address, whole in printed if whole == address.startswith(below)] == []
        assert visit.faults == []


def test_on_a_phone_the_menu_leads_to_every_index(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE, reduced_motion="reduce") as visit:
        page = visit.page
        page.goto(top)
        menu = "nav.md-nav--primary a[href]"
        addresses = page.eval_on_selector_all(menu, "links => [...new Set(links.map(link => link.href))]")
        assert len(addresses) > 5
        for address in addresses:
            page.goto(top)
            page.locator("header label[for='__drawer']").click()
            click = "(links, to) => links.find(link => link.href === to && link.checkVisibility()).click()"
            # the first link leads to the current page, which is also a navigation
            with page.expect_navigation(url=address):
                page.eval_on_selector_all(menu, click, address)
        # below an index, too, the menu marks the section
        page.goto(top + "tools/docker/")
        marked = page.locator("nav.md-nav--primary .md-nav__link--active")
        expect(marked).to_have_text("Tools")
        expect(marked).to_have_attribute("aria-current", "true")
        page.locator("header label[for='__drawer']").click()
        expect(page.locator("#__drawer")).to_be_checked()
        page.keyboard.press("Escape")
        expect(page.locator("#__drawer")).not_to_be_checked()
        # single keys don't leave the page
        page.goto(top + "glossary/")
        page.locator("h1").click()
        page.keyboard.press("n")
        page.wait_for_timeout(300)
        expect(page).to_have_url(top + "glossary/")
        assert visit.faults == []


def test_the_path_is_one_column(top, visit_with) -> None:
    with visit_with(top, viewport={"width": 1280, "height": 800}) as visit:
        visit.page.goto(top + "path/")
        one, two, three = (visit.page.locator(".mg-section > ol > li").nth(at).bounding_box() for at in range(3))
        assert one["y"] < two["y"] < three["y"] and one["x"] == two["x"] == three["x"]


def test_on_a_phone_a_button_opens_the_contents_of_an_episode(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE, reduced_motion="reduce") as visit:
        page = visit.page
        page.goto(top + "episodes/mlg/mlg-012/")
        contents = page.locator("#mg-contents")
        button = page.get_by_role("button", name="Table of contents")
        expect(contents).to_be_hidden()
        button.click()
        expect(contents).to_be_visible()
        assert visit.axe() == []
        page.keyboard.press("Escape")
        expect(contents).to_be_hidden()
        button.click()
        contents.get_by_role("link", name="Trees").click()
        expect(contents).to_be_hidden()
        expect(page.get_by_role("heading", name="Trees")).to_be_in_viewport()
        assert visit.faults == []


def test_on_a_desktop_the_contents_stand_beside_the_text(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        visit.page.goto(top + "episodes/mlg/mlg-012/")
        expect(visit.page.locator("#mg-contents")).to_be_visible()
        expect(visit.page.get_by_role("button", name="Table of contents")).to_be_hidden()


BAD = """<!doctype html><html lang="en"><head><title>Bad</title></head><body><main><h1>Bad</h1>
<p style="color:#aaa;background:#fff">Hardly to be read</p><img src="https://elsewhere.example/x.png" alt="">
<div style="width:2000px">wide</div><script>console.error("said"); missing()</script>
<script src="/nowhere.js"></script></main></body></html>"""


def test_these_tests_see_what_is_wrong(tmp_path, visit_with) -> None:
    (tmp_path / "index.html").write_text(BAD, "utf-8")
    with server.serve(tmp_path) as home, visit_with(home, viewport=PHONE) as visit:
        visit.page.goto(home)
        seen = [*visit.page.evaluate(OVERFLOW), *visit.axe()]
        faults = "\n".join([*visit.faults, *seen])
    for sign in (
        "asks for https://elsewhere",
        "console: said",
        "script error",
        "404 for",
        "overflows",
        "color-contrast",
    ):
        assert sign in faults, faults


ALONE = """span => {
  const text = new Text("."), paragraph = document.createElement("p")
  paragraph.append("Some words before ", span.cloneNode(true), text, " And more")
  span.closest("article").append(paragraph)
  const range = document.createRange()
  range.selectNode(text)
  const math = paragraph.querySelector("math"), least = math.getBoundingClientRect().width + 20
  return [...Array(300).keys()].filter(more => {
    paragraph.style.width = `${least + more}px`
    return range.getBoundingClientRect().top > math.getBoundingClientRect().bottom - 2
  })
}"""
"""Returns the widths of a paragraph at which a full stop isn't on the line of the formula before it."""


def with_formula(site):
    """Return the folder of the first episode with a formula."""
    pages = sorted(site.glob("episodes/*/*/index.html"))
    return next(page for page in pages if b"<math" in page.read_bytes()).parent.relative_to(site).as_posix() + "/"


def test_a_full_stop_is_on_the_line_of_its_formula(top, bundled, visit_with) -> None:
    with visit_with(top, viewport=PHONE) as visit:
        visit.page.goto(top + with_formula(bundled.site))
        assert visit.page.locator("article p span:not([class]):has(> math)").first.evaluate(ALONE) == []


def test_the_font_of_formulas_is_loaded_when_a_formula_comes_into_view(top, bundled, visit_with) -> None:
    status = "[...document.fonts].find(font => font.family === 'mg-mathematics').status"
    with visit_with(top, viewport=PHONE) as visit:
        page = visit.page
        page.goto(top + with_formula(bundled.site))
        page.wait_for_load_state("networkidle")
        assert page.evaluate(status) == "unloaded"
        page.locator("article math").first.scroll_into_view_if_needed()
        eventually(page, lambda: page.evaluate(status), "loaded")
        assert visit.faults == []
        address = page.url
    with (
        visit_with(top, viewport=PHONE, java_script_enabled=False) as visit,
        visit.page.expect_request("**/mathematics.woff2"),
    ):
        visit.page.goto(address)


def test_the_years_of_a_series_stay_in_view_and_its_button_is_one_line(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "episodes/mlg/")
        year = page.get_by_role("heading", name="2017", level=2)
        page.get_by_text("Deep NLP 1").first.evaluate("title => title.scrollIntoView()")
        expect(year).to_be_in_viewport()
        # a jump back leads to the first episode of the year
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.locator(".mg-jumps a", has_text="2017").evaluate("link => link.click()")
        expect(page.get_by_text("Shallow Algos 1", exact=True)).to_be_in_viewport()
        page.goto(top + "episodes/mla/")
        assert page.locator(".mg-series .mg-action").bounding_box()["height"] < 60


def test_subtopics_are_in_columns_beside_their_topic_and_all_topics_are_described(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "topics/")
        places = """parts => parts.map(part => Math.round(part.getBoundingClientRect().x))"""
        for branch in page.locator("section.mg-branch").all():
            heading, tree = (branch.locator(part).first.bounding_box() for part in ("h2", ".mg-tree"))
            assert tree["x"] > heading["x"] and abs(tree["y"] - heading["y"]) < 20
            items = branch.locator(".mg-tree > li")
            columns = len({*items.evaluate_all(places)})
            assert columns == min(2, items.count())
        page.set_viewport_size(PHONE)
        assert all(summary.is_visible() for summary in page.locator(".mg-branch .mg-summary").all())


def test_the_figure_of_a_topic_follows_its_paragraph_and_phones_fold_key_terms(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "topics/large-language-models/")
        figure = page.locator(".mg-guide > .mg-figure")
        text = page.locator("p:has(+ .mg-figure)")
        expect(text).to_contain_text("retrieval-augmented generation")
        expect(page.locator(".mg-head > .mg-actions + .mg-before")).to_have_text("Prerequisite MLG 023: Deep NLP 2")
        above, place = text.bounding_box(), figure.bounding_box()
        assert place["y"] >= above["y"] + above["height"] and abs(place["x"] - above["x"]) < 2
        assert place["width"] <= above["width"] + 2
        terms = page.locator(".mg-key dt")
        assert terms.count() == 6 and all(term.is_visible() for term in terms.all())
        page.set_viewport_size(PHONE)
        assert figure.bounding_box()["y"] > text.bounding_box()["y"] + text.bounding_box()["height"]
        assert [term.is_visible() for term in terms.all()] == [True] * 4 + [False] * 2
        page.locator(".mg-key summary", has_text="2 more").click()
        expect(terms.last).to_be_visible()
        # the label of the checkboxes is beside the heading
        heading, label = page.locator("[id='s.order']").bounding_box(), page.locator(".mg-tick").bounding_box()
        assert label["y"] < heading["y"] + 15


def test_the_timeline_has_one_edge_on_phones_and_columns_of_whole_months_in_wide_windows(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE) as visit:
        page = visit.page
        page.goto(top + "timeline/")
        # on phones, only the latest year and the one to which a link of the chart leads are open
        assert len([row for row in page.locator(".mg-years__episodes").all() if row.is_visible()]) == 2  # and undated
        page.goto(top + "timeline/#y.2018")
        row = page.locator(".mg-years__tools").nth(1)
        visible = "row => [...row.querySelectorAll('li')].filter(line => line.checkVisibility())"
        lines = f"{visible}.map(line => line.getBoundingClientRect())"
        first = row.evaluate(lines)
        assert all(line["left"] > 0 and line["right"] < PHONE["width"] for line in first)
        row.locator("summary").click()
        eventually(page, lambda: len(row.evaluate(lines)) > len(first), True)
        # all parts of a year begin at the same edge
        assert len({line["left"] for line in row.evaluate(lines)}) == 1
        year = page.locator(".mg-years > li", has=page.locator("#y\\.2018"))
        shown = "[...part.querySelectorAll('h2, p, time, h3')].filter(it => it.checkVisibility())"
        edges = f"part => {shown}.map(it => it.getBoundingClientRect().left)"
        assert len({*year.evaluate(edges)}) == 1
        page.set_viewport_size(DESKTOP)
        # a month is in one column
        months = year.locator(".mg-years__episodes > li")
        rows = "month => [...month.querySelectorAll('li')].map(it => it.getBoundingClientRect().left)"
        starts = [{*month.evaluate(rows)} for month in months.all()]
        assert all(len(start) == 1 for start in starts) and len(set.union(*starts)) == 2
        # codes and lengths have columns of their own
        lengths = months.locator(".mg-length").evaluate_all("all => all.map(it => it.getBoundingClientRect())")
        assert len({round(box["right"]) for box in lengths}) == 2 and len({box["height"] for box in lengths}) == 1
        # all years have two columns, titles of at most two lines, and lengths with the same ends
        few = page.locator(".mg-years__episodes")
        edges = [box.bounding_box() for box in few.locator(".mg-length").all()]
        assert len({round(edge["x"] + edge["width"]) for edge in edges}) == 2
        titles = [title for title in few.locator(".mg-title").all() if len(title.text_content()) < 60]
        assert len(titles) > 20 and all(title.bounding_box()["height"] < 60 for title in titles)
        # the topics of years are below their columns, and parts of columns that are high enough have numbers
        assert page.locator(".mg-strip small").first.is_visible()
        low = page.locator(".mg-strip svg ~ svg:not(:has(text)), .mg-strip svg:has(~ svg):not(:has(text))")
        assert all(float(part.get_attribute("height")) < 20 for part in low.all())
        # finished episodes have a mark
        page.evaluate("localStorage.setItem(`mlguide.heard:${new URL('../', location).pathname}`, '[\"mlg-026\"]')")
        page.reload()
        expect(page.locator(".mg-years .mg-done")).to_contain_text("Project Bitcoin Trader")
        page.locator(".mg-legend a", has_text="Machine Learning Applied").click()
        page.wait_for_url("**/episodes/mla/")
