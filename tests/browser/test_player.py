"""Tests of the player: playing across pages, starting at a second, resuming, and links from transcripts."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE
from browser.searching import find, open_search
from browser.talks import AT, EPISODE, OTHER_EPISODE, OTHER_SOUND, PHRASE, PLAYS, SOUND, part_of
from browser.waiting import eventually, let_pass

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
        expect(title).to_have_text("Nuts & bolts · Hello")
        title.click()
        page.wait_for_url("**/" + EPISODE)


def test_it_keeps_its_style_on_pages_that_the_theme_loads(listening) -> None:
    with listening(EPISODE) as visit:
        page = visit.page
        page.get_by_role("button", name="Listen").click()
        expect(page.locator(".mg-player")).to_have_css("position", "fixed")
        for name in ("People", "Glossary"):
            page.locator("nav.md-tabs a", has_text=name).click()
            page.wait_for_url(f"**/{name.lower()}/")
            expect(page.locator("article h1")).to_contain_text(name)
            let_pass(page, 100)
            expect(page.locator(".mg-player")).to_have_css("position", "fixed")
            expect(page.locator(".mg-player")).to_have_css("display", "flex")


@pytest.mark.parametrize("fails", [False, True], ids=["loads", "fails"])
def test_a_second_of_one_sound_is_none_of_another(listening, quiet, fails) -> None:
    with listening(EPISODE) as visit:
        page = visit.page
        page.route(SOUND if fails else "https://sound.example/none", lambda route: route.abort())
        page.route(OTHER_SOUND, lambda route: route.fulfill(**part_of(quiet, route.request.headers.get("range"))))
        page.goto(page.url + "?t=754")
        time, said = page.locator(".mg-player__time"), page.locator(".mg-player__fault")
        if fails:
            expect(said).to_have_text("The audio can't be loaded.")
            expect(time).to_have_text("0:00")
        else:
            expect(time).to_have_text("12:34 / 15:00")
        page.locator("nav.md-tabs a", has_text="Episodes").click()
        page.locator("article a", has_text="Talks").first.click()
        page.locator("article a", has_text="On shells").first.click()
        page.wait_for_url("**/" + OTHER_EPISODE)
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 0)
        assert page.evaluate(AT) < 60
        expect(said).to_have_text("")
        # the reader hasn't played the first sound
        assert page.evaluate("() => JSON.parse(localStorage.getItem('mlguide.player:/sub/')).places ?? {}") == {}
        # this test expects audio that can't be loaded
        visit.faults[:] = [fault for fault in visit.faults if not fails or "Failed to load resource" not in fault]


def test_a_second_behind_the_end_is_none_and_marks_nothing(listening) -> None:
    with listening(EPISODE + "?t=99999") as visit:
        page = visit.page
        expect(page.locator(".mg-player__time")).to_have_text("0:00 / 15:00")
        page.locator(".mg-player input[type=range]").evaluate(
            "slider => { slider.value = slider.max; slider.dispatchEvent(new Event('input')) }"
        )
        expect(page.locator(".mg-player__time")).to_have_text("15:00 / 15:00")
        let_pass(page, 500)
        assert page.evaluate("() => localStorage.getItem('mlguide.heard:/sub/')") is None


@pytest.mark.parametrize("at", ["12:34", "0:12:34"])
def test_an_address_may_say_minutes_and_hours(listening, at) -> None:
    with listening(EPISODE + "?t=" + at) as visit:
        expect(visit.page.locator(".mg-player__time")).to_have_text("12:34 / 15:00")


FETCHED_AGAIN = """() => performance.getEntriesByType("resource")
    .filter(entry => entry.initiatorType === "xmlhttprequest" && entry.name.includes("/transcript/"))
    .map(entry => entry.name)"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (EPISODE + "transcript/#t-760", "t-754"),
        (EPISODE + "transcript/#t-12:40", "t-754"),
        (EPISODE + "transcript/#t-3", "t-0"),
        (EPISODE + "#t-760", "t-754"),
    ],
)
def test_an_address_leads_to_the_line_that_holds_its_second(listening, talks, path, line) -> None:
    with listening(path, viewport={"width": 600, "height": 300}) as visit:
        page = visit.page
        page.wait_for_url(talks + EPISODE + "transcript/#" + line)
        eventually(page, lambda: page.evaluate("() => document.querySelector(':target')?.id"), line)
        expect(page.locator(f"#{line}")).to_be_in_viewport()
        let_pass(page, 500)
        assert page.evaluate(FETCHED_AGAIN) == []


def test_without_transcript_the_player_stands_at_the_second(listening, quiet) -> None:
    with listening("") as visit:
        page = visit.page
        page.route(OTHER_SOUND, lambda route: route.fulfill(**part_of(quiet, route.request.headers.get("range"))))
        page.goto(page.url + OTHER_EPISODE + "#t-754")
        expect(page.locator(".mg-player__time")).to_have_text("12:34 / 15:00")


@pytest.mark.parametrize("second", ["?t=60", "?t=60&x=1#more", "#t-60"])
def test_a_second_in_the_address_changes_the_stored_position_only_when_the_reader_plays(
    listening, quiet, second
) -> None:
    stored = "() => JSON.parse(localStorage.getItem('mlguide.player:/sub/'))"
    loaded = f"at => document.querySelector('.mg-player audio')?.readyState > 0 && Math.abs({AT} - at) < 2"
    with listening("") as visit:
        page, path = visit.page, OTHER_EPISODE if "#t-" in second else EPISODE
        page.route(OTHER_SOUND, lambda route: route.fulfill(**part_of(quiet, route.request.headers.get("range"))))
        source = OTHER_SOUND if path == OTHER_EPISODE else SOUND
        before = {"places": {source: 500}, "open": {"source": source, "title": "A", "page": page.url + path, "at": 500}}
        page.evaluate("before => localStorage.setItem('mlguide.player:/sub/', JSON.stringify(before))", before)
        page.goto(page.url + path + second)
        page.wait_for_function(loaded, arg=60)
        page.reload()
        page.wait_for_function(loaded, arg=60)
        assert page.evaluate(stored) == before
        page.keyboard.press("k")
        page.wait_for_function(PLAYS % 60)
        page.keyboard.press("l")
        page.wait_for_function(PLAYS % 75)
        # keys act beside a checkbox that has the focus, and with caps lock
        page.locator(".mg-checkbox input").first.focus()
        page.keyboard.press("K")
        page.wait_for_function("() => document.querySelector('.mg-player audio').paused")
        page.reload()
        page.wait_for_function(loaded, arg=76)
        assert page.evaluate(stored)["places"][source] >= 75
        assert page.url.endswith(path + ("?x=1#more" if "x=1" in second else ""))


def test_its_buttons_tell_their_keys(listening) -> None:
    with listening(EPISODE + "?t=60") as visit:
        for name, key in {"Play": "K", "Back 15 seconds": "J", "Forward 15 seconds": "L"}.items():
            button = visit.page.locator(".mg-player").get_by_role("button", name=name, exact=True)
            expect(button).to_have_attribute("title", f"{name} ({key})")
            expect(button).to_have_attribute("aria-keyshortcuts", key)


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
        page.locator("a.mg-timestamp[data-t='754']").click()
        page.wait_for_function(PLAYS % 753.9)
        page.wait_for_selector("#t-754.mg-current-line")
        expect(page.locator(".mg-current-line")).to_contain_text(PHRASE)
        before = page.evaluate(AT)
        page.keyboard.press("j")
        page.wait_for_function(f"before => {AT} < before - 9", arg=before)
        page.wait_for_selector("#t-0.mg-current-line")


def test_the_player_copies_a_link_to_its_position(listening, talks) -> None:
    with listening(EPISODE + "?t=754", permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        expect(page.locator(".mg-player__time")).to_have_text("12:34 / 15:00")
        copy = page.locator(".mg-player").get_by_role("button", name="Copy link to this moment")
        copy.click()
        expect(page.locator(".mg-player__fault")).to_have_text("Link copied")
        assert page.evaluate("navigator.clipboard.readText()") == f"{talks}{EPISODE}?t=754"
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
        copy.click()
        expect(page.locator(".mg-player__fault")).to_have_text(f"{talks}{EPISODE}?t=754")


def test_chapters_are_stamps(listening) -> None:
    with listening(EPISODE) as visit:
        visit.page.locator(".mg-chapters a.mg-timestamp", has_text="12:34").click()
        visit.page.wait_for_function(PLAYS % 753.9)
        expect(visit.page.locator(".mg-chapters li[aria-current]")).to_contain_text("Nuts")
        expect(visit.page.locator(".mg-player__title")).to_have_text("Nuts & bolts · Nuts")
        visit.page.locator(".md-tabs__link", has_text="Topics").click()
        expect(visit.page.locator("h1")).to_contain_text("Topics")
        visit.page.keyboard.press("j")
        expect(visit.page.locator(".mg-player__title")).to_have_text("Nuts & bolts · Hello")


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
        page.wait_for_function("() => document.querySelector('.mg-player audio').playbackRate === 1.5")
        page.get_by_role("button", name="Close the player").click()
        expect(page.locator(".mg-player")).to_be_hidden()
        # keys of the system can't go on with the audio
        assert page.evaluate("() => document.querySelector('.mg-player audio').readyState") == 0
        page.reload()
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 313)


def test_search_leads_to_the_spoken_second(listening, talks) -> None:
    with listening("") as visit:
        page = visit.page
        open_search(page)
        find(page, "walnut shell")
        spoken = page.locator(".mg-results a[href$='#t-754']:focus")
        for _ in range(10):
            page.keyboard.press("ArrowDown")
            if spoken.count():
                break
        expect(spoken).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url(talks + EPISODE + "transcript/#t-754")
        page.wait_for_selector("#t-754")
        expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_open_player_is_accessible_and_fits(listening, viewport) -> None:
    with listening(EPISODE + "transcript/?t=5", viewport=viewport) as visit:
        page = visit.page
        page.wait_for_selector(".mg-player:not([hidden])")
        page.wait_for_function("() => [...document.styleSheets].some(sheet => sheet.href?.endsWith('/player.css'))")
        assert visit.axe() == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_stamps_are_media_fragments(listening, quiet) -> None:
    with listening(EPISODE, java_script_enabled=False) as visit:
        expect(visit.page.locator(".mg-chapters a.mg-timestamp").nth(1)).to_have_attribute("href", SOUND + "#t=754")
        expect(visit.page.locator("article audio")).to_be_visible()


def test_the_sound_is_not_asked_for_before_it_is_played(talks, visit_with) -> None:
    with visit_with(talks, viewport=DESKTOP) as visit:
        visit.page.goto(talks + EPISODE)
        visit.page.wait_for_load_state("networkidle")
        assert visit.faults == []
        assert Path(SOUND).name in visit.page.content()


def test_the_tools_of_a_transcript_find_words_and_copy_a_link(listening) -> None:
    with listening(EPISODE + "transcript/", permissions=["clipboard-read", "clipboard-write"]) as visit:
        page = visit.page
        tools, status = page.locator(".mg-transcript-tools"), page.locator(".mg-transcript-tools [role=status]")
        page.wait_for_selector(".mg-transcript-tools[data-ready]")
        page.get_by_role("searchbox", name="Find in this transcript").fill("ÀNN")
        expect(status).to_have_text("1 of 1")
        assert page.evaluate("[...CSS.highlights.get('mg-found-here')].map(String)") == ["Ann"]
        page.get_by_role("searchbox").fill("the")
        expect(status).to_have_text("1 of 2")
        page.keyboard.press("Enter")
        expect(status).to_have_text("2 of 2")
        page.keyboard.press("Enter")
        expect(status).to_have_text("1 of 2")
        page.get_by_role("button", name="Previous match").click()
        expect(status).to_have_text("2 of 2")
        assert not page.get_by_label("Follow the audio").is_checked()
        page.get_by_role("searchbox").fill("zebra")
        expect(status).to_have_text("No results")
        page.get_by_role("button", name="Copy link to this moment").click()
        expect(status).to_have_text("Link copied")
        assert page.evaluate("navigator.clipboard.readText()").endswith("/transcript/#t-0")
        assert visit.axe() == []
        expect(tools).to_be_visible()


def test_a_transcript_follows_the_audio_until_the_reader_scrolls(listening) -> None:
    with listening(EPISODE + "transcript/", viewport={"width": 390, "height": 420}) as visit:
        page = visit.page
        page.wait_for_selector(".mg-transcript-tools[data-ready]")
        page.locator(".mg-transcript p").evaluate_all(
            "all => all.forEach(one => { one.style.marginBlockEnd = '900px' })"
        )
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 0.1)
        page.evaluate("document.querySelector('.mg-player audio').currentTime = 756")
        line = page.locator(".mg-current-line")
        expect(line).to_contain_text(PHRASE)
        expect(line).to_be_in_viewport()
        page.locator(".mg-transcript").dispatch_event("wheel")
        expect(page.get_by_label("Follow the audio")).not_to_be_checked()
        page.evaluate("scrollTo(0, 0)")
        page.evaluate("document.querySelector('.mg-player audio').currentTime = 781")
        expect(line).to_have_text("Thank you, Ann.")
        expect(line).not_to_be_in_viewport()


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 420}, DESKTOP], ids=["phone", "desktop"])
def test_a_line_with_a_link_is_below_the_tools_also_if_the_audio_stopped_at_another_line(
    listening, talks, viewport
) -> None:
    with listening(EPISODE + "?t=781", viewport=viewport) as visit:
        page = visit.page
        page.add_init_script("""addEventListener("DOMContentLoaded", () => {
            for (const one of document.querySelectorAll(".mg-transcript p")) one.style.marginBlockEnd = "900px"
        })""")
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function(PLAYS % 781)
        page.evaluate("document.querySelector('.mg-player audio').pause()")
        page.goto(talks + EPISODE + "transcript/#t-754")
        page.wait_for_selector(".mg-transcript-tools[data-ready]")
        expect(page.locator(".mg-current-line")).to_have_text("Thank you, Ann.")
        let_pass(page, 500)
        expect(page.locator("#t-754")).to_be_in_viewport()
        bar, line = (page.locator(part).bounding_box() for part in (".mg-transcript-tools", "#t-754"))
        assert line["y"] >= bar["y"] + bar["height"]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_tools_of_a_transcript_stay_in_reach_and_cover_the_text_below(listening, viewport) -> None:
    with listening(EPISODE + "transcript/", viewport=viewport) as visit:
        page = visit.page
        page.wait_for_selector(".mg-transcript-tools[data-ready]")
        page.locator(".mg-transcript p").evaluate_all(
            "all => all.forEach(one => { one.style.marginBlockEnd = '900px' })"
        )
        page.get_by_role("searchbox", name="Find in this transcript").fill("thank")
        line = page.locator("#t-780")
        expect(line).to_be_in_viewport()
        for tool in page.locator(".mg-transcript-tools :is(input, button, [role=status])").all():
            expect(tool).to_be_in_viewport(ratio=1)
        bar, text = (page.locator(part).bounding_box() for part in (".mg-transcript-tools", ".mg-transcript"))
        assert bar["width"] >= text["width"] and bar["height"] <= 100


def test_a_tab_that_has_not_played_goes_on_where_another_tab_stopped(listening, quiet) -> None:
    with listening(EPISODE + "?t=100") as visit:
        page, other = visit.page, visit.page.context.new_page()
        other.route(SOUND, lambda route: route.fulfill(**part_of(quiet, route.request.headers.get("range"))))
        page.wait_for_function(f"() => document.querySelector('.mg-player audio')?.readyState > 0 && {AT} > 99")
        page.keyboard.press("k")
        page.wait_for_function(PLAYS % 100)
        other.goto(page.url.partition("episodes/")[0] + "glossary/")
        other.wait_for_function(f"() => document.querySelector('.mg-player audio')?.readyState > 0 && {AT} > 99")
        for _ in range(20):
            page.keyboard.press("l")
        page.wait_for_function(PLAYS % 399)
        page.keyboard.press("k")
        other.reload()
        other.wait_for_function(f"() => document.querySelector('.mg-player audio')?.readyState > 0 && {AT} > 399")
        for _ in range(4):
            page.keyboard.press("l")
        page.wait_for_function(f"() => {AT} > 458")
        # the browser passes the stored position to the other tab a little later
        kept = "Object.values(JSON.parse(localStorage.getItem('mlguide.player:/sub/')).places)"
        other.wait_for_function(f"() => {kept}.some(place => place > 458)")
        other.keyboard.press("k")
        other.wait_for_function(PLAYS % 459)
        # the other tab plays on, and stops
        other.keyboard.press("l")
        other.wait_for_function(PLAYS % 474)
        other.close()
        page.goto(page.url.partition("?")[0])
        page.wait_for_function(f"() => document.querySelector('.mg-player audio')?.readyState > 0 && {AT} > 473")


def test_the_buttons_that_play_also_pause_and_nothing_moves(listening) -> None:
    with listening(EPISODE) as visit:
        page = visit.page
        listen, beside = page.locator(".mg-listen-button"), page.get_by_role("button", name="Forward 15 seconds")
        expect(listen).to_have_text("Listen")
        listen.click()
        page.wait_for_function(PLAYS % 0.1)
        expect(listen).to_have_text("Pause")
        before = beside.bounding_box()
        page.locator("nav.md-tabs a", has_text="Glossary").click()
        # the address changes before the theme has placed the page
        page.get_by_role("heading", name="Glossary", level=1).wait_for()
        page.go_back()
        expect(listen).to_have_text("Pause")
        listen.click()
        expect(listen).to_have_text("Listen")
        expect(page.locator(".mg-player").get_by_role("button", name="Play", exact=True)).to_be_visible()
        assert beside.bounding_box() == before


def test_a_topic_is_a_queue(listening, quiet) -> None:
    with listening("topics/sound/") as visit:
        page = visit.page
        page.route(OTHER_SOUND, lambda route: route.fulfill(**part_of(quiet, route.request.headers.get("range"))))
        page.get_by_role("button", name="Play all").click()
        title = page.locator(".mg-player__title")
        # the first episode has no audio
        names = page.locator("ol.mg-episodes li > a").all_inner_texts()[-2:]
        expect(title).to_have_text(names[0])
        page.wait_for_function(PLAYS % 0.1)
        page.locator("nav.md-tabs a", has_text="Glossary").click()
        page.wait_for_url("**/glossary/")
        # without a connection, the next episode stays in the queue
        page.route("**/episodes/**", lambda route: route.abort())
        page.evaluate("(a => { a.currentTime = a.duration - 0.2 })(document.querySelector('.mg-player audio'))")
        expect(page.locator(".mg-player [role=status]")).to_have_text("The audio can't be loaded.")
        visit.faults.clear()
        page.unroute("**/episodes/**")
        page.evaluate(
            "source => localStorage.setItem('mlguide.player:/sub/', JSON.stringify({ places: { [source]: 120 } }))",
            SOUND,
        )
        page.keyboard.press("k")
        expect(title).to_have_text(names[1])
        # it goes on where the reader stopped
        page.wait_for_function(PLAYS % 120)
        assert page.evaluate("() => JSON.parse(localStorage.getItem('mlguide.player:/sub/')).places")[SOUND] >= 120
        # the queue is at its end
        page.evaluate("(a => { a.currentTime = a.duration - 0.2 })(document.querySelector('.mg-player audio'))")
        page.wait_for_function("() => document.querySelector('.mg-player audio').ended")
        expect(title).to_have_text(names[1])
        assert page.evaluate("() => JSON.parse(localStorage.getItem('mlguide.player:/sub/')).places") == {}
