"""The player goes on across pages, begins at the second asked for, remembers; transcripts lead to the second."""

from pathlib import Path

import pytest

from browser.conftest import DESKTOP, PHONE
from browser.talks import AT, EPISODE, PHRASE, PLAYS, SOUND

pytestmark = pytest.mark.browser


def test_it_goes_on_while_the_reader_moves_through_the_site(listening) -> None:
    with listening(EPISODE) as visit:
        page = visit.page
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 0.2)
        page.evaluate("document.querySelector('.mg-player audio').marked = true")
        page.locator("nav.md-tabs a", has_text="Glossary").click()
        page.wait_for_url("**/glossary/")
        before = page.evaluate(AT)
        page.wait_for_function(PLAYS % (before + 0.2))
        assert page.evaluate("document.querySelector('.mg-player audio').marked")
        title = page.locator(".mg-player__title")
        assert title.inner_text() == "Nuts & bolts"
        title.click()
        page.wait_for_url("**/" + EPISODE)


@pytest.mark.parametrize("path", [EPISODE + "?t=754", EPISODE + "transcript/?t=754"])
def test_an_address_with_a_second_begins_there(listening, path) -> None:
    with listening(path) as visit:
        page = visit.page
        page.wait_for_function(
            f"() => document.querySelector('.mg-player audio')?.readyState > 0 && Math.abs({AT} - 754) < 1"
        )
        assert page.evaluate("document.querySelector('.mg-player audio').paused")
        page.locator(".mg-player").get_by_role("button", name="Play", exact=True).click()
        page.wait_for_function(PLAYS % 754)


def test_stamps_play_and_the_spoken_line_is_marked(listening) -> None:
    with listening(EPISODE + "transcript/") as visit:
        page = visit.page
        page.locator("a.mg-stamp[data-t='754']").click()
        page.wait_for_function(PLAYS % 753.9)
        page.wait_for_selector("#t-754.mg-said")
        assert PHRASE in page.locator(".mg-said").inner_text()
        page.keyboard.press("j")
        page.wait_for_function(f"() => {AT} < 745")
        page.wait_for_selector("#t-0.mg-said")


def test_chapters_are_stamps(listening) -> None:
    with listening(EPISODE) as visit:
        visit.page.locator(".mg-chapters a.mg-stamp", has_text="12:34").click()
        visit.page.wait_for_function(PLAYS % 753.9)


def test_keys_speed_and_place_are_kept(listening) -> None:
    with listening(EPISODE + "?t=300") as visit:
        page = visit.page
        page.wait_for_function(f"() => document.querySelector('.mg-player audio')?.readyState > 0 && {AT} > 299")
        page.locator(".mg-player select").select_option("1.5")
        page.locator("h1").click()
        page.keyboard.press("k")
        page.wait_for_function(PLAYS % 300)
        page.keyboard.press("l")
        page.wait_for_function(f"() => {AT} > 314")
        page.keyboard.press("k")
        page.goto(page.url.partition("?")[0])
        page.wait_for_function(f"() => document.querySelector('.mg-player audio')?.readyState > 0 && {AT} > 313")
        assert page.evaluate("document.querySelector('.mg-player audio').playbackRate") == 1.5
        page.get_by_role("button", name="Close the player").click()
        assert not page.locator(".mg-player").is_visible()
        page.reload()
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 313)


def test_search_leads_to_the_spoken_second(listening, talks) -> None:
    with listening("") as visit:
        page = visit.page
        page.keyboard.press("/")
        page.wait_for_selector("dialog[open] input:focus")
        page.keyboard.type("walnut shell")
        page.wait_for_function("() => document.querySelector('.mg-status').textContent.includes('walnut shell')")
        page.wait_for_selector(".mg-results ul a")
        for _ in range(10):
            page.keyboard.press("ArrowDown")
            if "#t-754" in page.evaluate("document.activeElement.href || ''"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url(talks + EPISODE + "transcript/#t-754")
        page.wait_for_selector("#t-754")
        assert page.locator("dialog[open]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_open_player_is_accessible_and_fits(listening, viewport, scheme) -> None:
    with listening(EPISODE + "transcript/?t=5", viewport=viewport, color_scheme=scheme) as visit:
        page = visit.page
        page.wait_for_selector(".mg-player:not([hidden])")
        assert visit.axe() == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_stamps_are_media_fragments(listening, quiet) -> None:
    with listening(EPISODE, java_script_enabled=False) as visit:
        assert visit.page.locator(".mg-chapters a.mg-stamp").nth(1).get_attribute("href") == SOUND + "#t=754"
        assert visit.page.locator("article audio").is_visible()


def test_the_sound_is_not_asked_for_before_it_is_played(talks, visit_with) -> None:
    with visit_with(talks, viewport=DESKTOP) as visit:
        visit.page.goto(talks + EPISODE)
        visit.page.wait_for_load_state("networkidle")
        assert visit.faults == []
        assert Path(SOUND).name in visit.page.content()
