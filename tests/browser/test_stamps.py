"""Tests of timestamps in notes: they start the player; without scripts, they open the audio at their second."""

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP
from browser.talks import AT, EPISODE, PLAYS, SOUND

pytestmark = pytest.mark.browser


def test_times_in_the_notes_play_from_there(listening) -> None:
    with listening(EPISODE) as visit:
        page = visit.page
        page.locator("article li a:not(.mg-timestamp)", has_text="12:34").click()
        page.wait_for_function(f"() => ({PLAYS % 753})() && {AT} < 760")
        page.locator("article li a:not(.mg-timestamp)", has_text="0:05").focus()
        page.keyboard.press("Enter")
        page.wait_for_function(f"() => {AT} < 12")
        page.wait_for_function(PLAYS % 5)
        page.locator("article p a", has_text="14:00").click()
        page.wait_for_function(PLAYS % 839)
        assert page.url.endswith(EPISODE)


def test_other_times_and_links_are_left_alone(listening) -> None:
    with listening(EPISODE) as visit:
        links = visit.page.locator("article a[href*='#t=']:not(.mg-timestamp)")
        expect(links).to_have_text(["12:34", "0:05", "kernel", "14:00"])
        kernel = visit.page.locator("article a", has_text="kernel")
        expect(kernel).to_have_attribute("href", "https://k.example/#t=3")
        kernel.evaluate(
            "link => link.addEventListener('click',"
            " event => { window.left = !event.defaultPrevented; event.preventDefault() })"
        )
        kernel.click()
        visit.page.wait_for_function("() => window.left === true")


def test_without_script_times_are_media_fragments(listening) -> None:
    with listening(EPISODE, java_script_enabled=False, viewport=DESKTOP) as visit:
        link = visit.page.locator("article li a:not(.mg-timestamp)", has_text="12:34")
        expect(link).to_have_attribute("href", SOUND + "#t=754")
