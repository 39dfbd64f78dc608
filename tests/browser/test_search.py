"""The search by keyboard alone, its filters, its address; what it weighs; what stands there without script."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks.hosting import host
from browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

FIRST_RESULT = 250_000
"""Bytes that may be transferred from opening the search to its first result."""


def asks(page) -> dict[str, list[str]]:
    """The query of a page's address."""
    return parse_qs(urlsplit(page.url).query)


def results(page, words: str) -> list[str]:
    """Type words into the open search and wait for what is found."""
    page.locator("dialog[open] input").fill(words)
    page.wait_for_function(
        "words => document.querySelector('.mg-status').textContent.includes(`“${words}”`)", arg=words
    )
    page.wait_for_function(
        "() => document.querySelector('.mg-results a') || /^No/.test(document.querySelector('.mg-status').textContent)"
    )
    return page.locator(".mg-results > li > a").all_inner_texts()


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_by_keyboard_to_a_heading(top, visit_with, keys) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "tools/")
        page.keyboard.press(keys)
        page.wait_for_selector("dialog[open] input:focus")
        found = results(page, "gradient descent")
        assert any("radient" in title for title in found)
        assert page.locator(".mg-results mark").first.inner_text().lower() in {
            "gradient",
            "descent",
            "descent.",
            "gradient.",
        }
        assert re.match(r"\d+ results? for ", page.locator(".mg-status[role=status]").inner_text())
        assert asks(page) == {"q": ["gradient descent"]}
        page.wait_for_selector(".mg-results ul a")
        for _ in range(60):
            page.keyboard.press("ArrowDown")
            if page.evaluate("Boolean(document.activeElement.closest('.mg-results ul'))"):
                break
        target = page.evaluate("document.activeElement.href")
        page.keyboard.press("Enter")
        page.wait_for_url(target)
        anchor = urlsplit(target).fragment
        assert page.locator(f"[id='{anchor}']").bounding_box()["y"] < DESKTOP["height"]
        assert visit.faults == []


def test_up_leads_back_to_the_field_and_escape_closes(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        page.locator(".mg-find").click()
        results(page, "docker")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.closest('.mg-results') !== null")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.matches('dialog input')")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog:not([open])", state="attached")
        assert asks(page) == {}


def test_filters_count_choose_and_stand_in_the_address(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        page.keyboard.press("/")
        everything = len(results(page, "docker"))
        assert everything
        labels = page.locator(".mg-filters label > span").all_inner_texts()
        assert labels == ["Kind", "Series", "Topic", "Tool", "Year"]
        option = page.locator("select[name=kind] option", has_text="Episode (")
        count = int(re.search(r"\((\d+)\)", option.inner_text())[1])
        page.locator("select[name=kind]").select_option("Episode")
        page.wait_for_function(
            "count => document.querySelector('.mg-status').textContent.startsWith(count)", arg=str(count)
        )
        page.wait_for_selector(".mg-results li")
        kinds = page.locator(".mg-results > li > .mg-meta span:first-child").all_inner_texts()
        assert set(kinds) == {"Episode"}
        assert asks(page) == {"q": ["docker"], "kind": ["Episode"]}
        address = page.url
        page.goto(top + "people/")
        page.goto(address)
        page.wait_for_selector("dialog[open] .mg-results li")
        assert page.locator("dialog input").input_value() == "docker"
        assert page.locator("select[name=kind]").input_value() == "Episode"
        assert page.locator(".mg-status").inner_text().startswith(str(count))
        assert visit.faults == []


def test_more_is_shown_when_asked(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "search/")
        page.wait_for_selector("dialog[open]")
        first = len(results(page, "model"))
        page.locator(".mg-further").click()
        page.wait_for_function("count => document.querySelectorAll('.mg-results > li').length > count", arg=first)
        # the link has the focus once all of what is new stands there
        page.wait_for_function("() => document.activeElement.closest('.mg-results') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_open_search_is_accessible_and_fits(top, visit_with, viewport, scheme) -> None:
    with visit_with(top, viewport=viewport, color_scheme=scheme) as visit:
        page = visit.page
        page.goto(top + "topics/")
        page.keyboard.press("/")
        results(page, "python")
        page.wait_for_timeout(200)
        assert visit.axe() == []
        box = page.locator("dialog[open]").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= viewport["width"]
        assert page.evaluate(
            "document.querySelector('dialog').scrollWidth <= document.querySelector('dialog').clientWidth"
        )
        assert visit.faults == []


def test_the_first_result_is_light(bundled, browser) -> None:
    # without the routes of other tests, for with them nothing is taken from the browser's store
    with host(bundled.site) as served:
        page = browser.new_page(viewport=DESKTOP)
        page.goto(served.home)
        page.wait_for_load_state("networkidle")
        served.sent.clear()
        page.keyboard.press("/")
        page.wait_for_selector("dialog[open] input:focus")
        page.keyboard.insert_text("reinforcement")
        page.wait_for_selector(".mg-results a")
        assert 0 < sum(served.sent) <= FIRST_RESULT
        page.close()


def test_without_script_the_page_says_what_to_do(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(top)
        page.locator(".mg-find").click()
        page.wait_for_url(top + "search/")
        assert page.get_by_text("needs scripts").is_visible()
        assert page.locator("article a[href$='glossary/']").is_visible()
