"""Tests of pages without a script or without a part of the search; and of state left by other tabs and sites."""

import json

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP
from browser.searching import find, open_search
from browser.talks import EPISODE, OTHER_EPISODE, PLAYS, SOUND, part_of
from browser.waiting import eventually, expect_marked, mark

pytestmark = pytest.mark.browser

STATUS = "dialog .mg-status[role=status]"


def lose(visit, address: str) -> None:
    """Let requests to URLs of a pattern fail. These failures are not recorded as faults."""
    visit.page.route(address, lambda route: route.abort())


def own_faults(visit) -> list[str]:
    return [fault for fault in visit.faults if "Failed to load resource" not in fault]


def test_the_browsers_own_player_stands_in(talks, quiet, visit_with) -> None:
    with visit_with(talks, viewport=DESKTOP) as visit:
        page = visit.page
        lose(visit, "**/player.js")
        page.route(SOUND, lambda route: route.fulfill(**part_of(quiet, route.request.headers.get("range"))))
        page.goto(talks + EPISODE)
        page.locator("a.mg-timestamp", has_text="12:34").first.click()
        audio = page.locator("article audio")
        expect(audio).to_be_visible()
        expect(page.get_by_role("button", name="Listen")).to_have_count(0)
        eventually(page, lambda: audio.evaluate("audio => !audio.paused && audio.currentTime > 753"), True)
        assert own_faults(visit) == []


def test_without_its_script_the_search_leads_to_the_lists(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        lose(visit, "**/search.js")
        page.goto(top + "tools/")
        page.keyboard.press("/")
        page.wait_for_url(top + "search/")
        expect(page.get_by_role("heading", name="Browse")).to_be_visible()
        # the page of the search has its own field
        expect(page.locator(".md-header .mg-find")).to_be_hidden()
        page.goto(top + "tools/")
        page.locator(".md-header .mg-find").click()
        page.wait_for_url(top + "search/")
        assert own_faults(visit) == []


@pytest.mark.parametrize(
    ("path", "script", "gone", "left"),
    [
        ("resources/", "resources.js", "form[data-of]", ".mg-all"),
        ("glossary/", "entries.js", "form[data-list]", ".mg-terms"),
        ("path/", "progress.js", ".mg-progress", "ol.mg-episodes"),
    ],
)
def test_what_only_a_script_can_work_goes_without_it(top, visit_with, path, script, gone, left) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        lose(visit, f"**/{script}")
        page.goto(top + path)
        expect(page.locator(gone)).to_have_count(0)
        expect(page.locator(left).first).to_be_visible()
        assert own_faults(visit) == []


def test_without_previews_a_tap_leads_to_the_term(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP, has_touch=True) as visit:
        page = visit.page
        lose(visit, "**/previews.js")
        page.goto(top + "glossary/")
        mark(page)
        page.locator(".mg-terms a").first.tap()
        page.wait_for_url(top + "glossary/*/")
        assert own_faults(visit) == []


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda _: b"<!doctype html><p>Sign in"])
def test_a_part_of_the_search_that_is_damaged_is_no_empty_answer(top, visit_with, damage) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.route("**/*.pf_index", lambda route: route.fulfill(body=damage(route.fetch().body())))
        page.goto(top)
        open_search(page)
        page.locator("dialog input").fill("docker")
        expect(page.locator(STATUS)).to_have_text("Search can't be loaded. Try again later.")
        page.unroute("**/*.pf_index")
        assert find(page, "Docker")[0] == "Docker"


def test_one_tab_plays_at_a_time(listening, talks, quiet) -> None:
    with listening(EPISODE) as visit:
        page = visit.page
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 0.2)
        other = page.context.new_page()
        other.route(SOUND, lambda route: route.fulfill(**part_of(quiet, route.request.headers.get("range"))))
        other.goto(talks + "glossary/")
        # it shows what plays in the other tab, but doesn't take over on its own
        expect(other.get_by_role("button", name="Play", exact=True)).to_be_visible()
        before = page.evaluate("document.querySelector('.mg-player audio').currentTime")
        page.wait_for_function(PLAYS % (before + 0.2))
        other.get_by_role("button", name="Play", exact=True).click()
        other.wait_for_function(PLAYS % 0)
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
        other.close()


ODD = ["5", "[]", '"x"', "{", json.dumps({"open": {"source": 1}, "places": "x", "speed": {}}), '{"open": "x"}']


@pytest.mark.parametrize("kept", ODD)
def test_what_is_kept_may_be_anything(listening, talks, kept) -> None:
    with listening(OTHER_EPISODE) as visit:
        page = visit.page
        page.evaluate("kept => localStorage.setItem('mlguide.player:/sub/', kept)", kept)
        page.goto(talks + EPISODE)
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 0)


PALETTES = (
    "5",
    '"x"',
    "[1]",
    "{",
    '{"index": "x"}',
    '{"index": 0, "color": {"a b>": "x"}}',
    '{"index": 0, "color": "xy"}',
)


def test_what_is_kept_of_colours_may_be_anything(listening, talks) -> None:
    with listening("") as visit:
        page = visit.page
        for kept in PALETTES:
            page.evaluate("kept => localStorage.setItem('/sub/.__palette', kept)", kept)
            page.goto(talks + EPISODE)
            page.wait_for_load_state("networkidle")
            assert not visit.faults, kept
            assert page.evaluate("document.body.dataset.mdColorScheme"), kept


def test_sites_of_one_host_keep_apart(listening, talks) -> None:
    with listening("") as visit:
        page = visit.page
        kept = {"open": {"source": SOUND, "title": "Another site's", "page": talks, "at": 3}, "places": {SOUND: 99}}
        page.evaluate("kept => localStorage.setItem('mlguide.player:/other/', JSON.stringify(kept))", kept)
        page.goto(talks + EPISODE)
        page.wait_for_load_state("networkidle")
        expect(page.locator(".mg-player")).to_have_count(0)
        mark(page)
        page.locator("nav.md-tabs a", has_text="Glossary").click()
        page.wait_for_url("**/glossary/")
        expect_marked(page)
