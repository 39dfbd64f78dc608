"""Marks of what was heard: kept, shared by pages and tabs, taken along, brought back, cleared; what comes next."""

import json
from contextlib import contextmanager

import pytest

from browser.conftest import DESKTOP, PHONE
from browser.talks import EPISODE, PLAYS

pytestmark = pytest.mark.browser

FIRST, SECOND, THIRD = "talk-001", "talk-002", "talk-003"


@pytest.fixture
def hearing(listening):
    """`with hearing(path, **options) as visit:` opens a page and gives the sign of life that boxes wait for."""

    @contextmanager
    def opened(path: str, **options):
        with listening(path, **options) as visit:
            visit.page.mouse.move(3, 3)
            yield visit

    return opened


def box(page, id: str):
    return page.locator(f".mg-tick input[data-id='{id}']")


def count(page) -> str:
    page.wait_for_selector(".mg-journey__count")
    return page.locator(".mg-journey__count").inner_text()


def test_marks_are_kept_and_the_same_on_every_page(hearing, talks) -> None:
    with hearing("path/") as visit:
        page = visit.page
        box(page, FIRST).check()
        assert count(page) == "1 of 3 heard"
        assert page.locator(".mg-journey progress").evaluate("bar => [bar.value, bar.max]") == [1, 3]
        assert "Without sound" in page.locator(".mg-journey").inner_text()
        page.reload()
        assert count(page) == "1 of 3 heard"
        assert box(page, FIRST).is_checked()
        # an episode's page, which the theme loads by itself
        page.locator("ol.mg-episodes a", has_text="Without sound").click()
        page.wait_for_url(f"**/{SECOND}/")
        own = page.get_by_role("checkbox", name="I have heard this episode")
        own.wait_for()
        assert not own.is_checked()
        own.focus()
        page.keyboard.press("Space")
        page.goto(talks)
        assert count(page) == "2 of 3 heard"
        next_one = page.locator(".mg-journey li")
        assert "On shells" in next_one.inner_text()
        assert "You have heard Episode 2, on which it builds." in next_one.inner_text()
        page.goto(talks + "episodes/talk/")
        box(page, THIRD).check()
        assert [box(page, id).is_checked() for id in (FIRST, SECOND, THIRD)] == [True, True, True]
        page.goto(talks + "path/")
        assert count(page) == "3 of 3 heard"
        assert "You have heard them all." in page.locator(".mg-journey").inner_text()


def test_what_requires_something_not_heard_comes_later(hearing) -> None:
    with hearing("path/") as visit:
        page = visit.page
        box(page, FIRST).check()
        count(page)
        assert "On shells" not in page.locator(".mg-journey").inner_text()


def test_marks_are_saved_loaded_and_cleared(hearing, tmp_path) -> None:
    with hearing("path/") as visit:
        page = visit.page
        box(page, SECOND).check()
        box(page, FIRST).check()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save my marks").click()
        path = tmp_path / "heard.json"
        saved.value.save_as(path)
        told = json.loads(path.read_text("utf-8"))
        assert told == {"format": "mlguide-heard", "version": 1, "heard": [FIRST, SECOND]}
        page.get_by_role("button", name="Clear all marks").click()
        page.wait_for_selector(".mg-journey", state="detached")
        assert not box(page, FIRST).is_checked()
        page.get_by_role("button", name="Undo").click()
        assert count(page) == "2 of 3 heard"
        page.get_by_role("button", name="Clear all marks").click()
        page.wait_for_selector(".mg-journey", state="detached")
        box(page, THIRD).check()
        page.locator("input[type=file]").set_input_files(path)
        page.wait_for_function("() => document.querySelector('.mg-journey__tools [role=status]').textContent")
        assert page.get_by_role("status").filter(has_text="Added: 2 marks.").count() == 1
        assert count(page) == "3 of 3 heard"
        hostile = {
            "format": "mlguide-heard",
            "heard": ["<img src=x onerror=alert(1)>", 5, None, "__proto__", "gone-001"],
        }
        for text, said in (
            ("not JSON", "no JSON"),
            ('{"heard": []}', "no marks of this kind"),
            (json.dumps(hostile), "Added: 1 mark"),
        ):
            path.write_text(text, "utf-8")
            page.locator("input[type=file]").set_input_files(path)
            page.wait_for_function(
                "said => document.querySelector('.mg-journey__tools [role=status]').textContent.includes(said)",
                arg=said,
            )
        # what the site does not have counts for nothing
        assert count(page) == "3 of 3 heard"


def test_tabs_agree(hearing, talks) -> None:
    with hearing("path/") as visit:
        other = visit.page.context.new_page()
        other.goto(talks + EPISODE)
        other.mouse.move(3, 3)
        other.get_by_role("checkbox", name="I have heard this episode").check()
        assert count(visit.page) == "1 of 3 heard"
        box(visit.page, FIRST).uncheck()
        other.wait_for_function("() => !document.querySelector('.mg-heard--one input').checked")


def test_a_browser_that_keeps_nothing_says_so(hearing) -> None:
    with hearing("path/") as visit:
        page = visit.page
        page.add_init_script(
            "for (const name of ['getItem', 'setItem', 'removeItem'])"
            " Storage.prototype[name] = () => { throw new DOMException('refused', 'SecurityError') }"
        )
        page.reload()
        page.mouse.move(3, 3)
        box(page, FIRST).check()
        assert count(page) == "1 of 3 heard"
        assert "they last for this visit" in page.locator(".mg-journey__kept").inner_text()
        page.locator("ol.mg-episodes a", has_text="Nuts & bolts").click()
        page.wait_for_url(f"**/{FIRST}/")
        own = page.get_by_role("checkbox", name="I have heard this episode")
        own.wait_for()
        assert own.is_checked()
        assert "they last for this visit" in page.locator(".mg-heard--one").inner_text()


def test_what_was_kept_by_something_else_does_no_harm(hearing) -> None:
    with hearing("path/") as visit:
        page = visit.page
        for odd in ("{", '"text"', '{"a": 1}', '[1, null, "talk-001"]'):
            page.evaluate("odd => localStorage.setItem('mlguide.heard:/sub/', odd)", odd)
            page.reload()
            box(page, FIRST).wait_for()
            assert box(page, FIRST).is_checked() == ("talk" in odd)


def test_an_episode_that_played_to_its_end_is_heard(hearing, talks) -> None:
    with hearing(EPISODE + "?t=300") as visit:
        page = visit.page
        page.wait_for_function("() => document.querySelector('.mg-player audio')?.readyState > 0")
        page.locator(".mg-player").get_by_role("button", name="Play", exact=True).click()
        page.wait_for_function(PLAYS % 300)
        own = page.get_by_role("checkbox", name="I have heard this episode")
        assert not own.is_checked()
        # on another page, while the sound goes on
        page.locator("nav.md-tabs a", has_text="Glossary").click()
        page.wait_for_url("**/glossary/")
        page.evaluate("document.querySelector('.mg-player audio').currentTime = 860")
        page.wait_for_function("() => localStorage.getItem('mlguide.heard:/sub/') === '[\"talk-001\"]'")
        page.goto(talks + EPISODE)
        own.wait_for()
        assert own.is_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_marks_are_accessible_and_fit(hearing, talks, viewport, scheme) -> None:
    with hearing("path/", viewport=viewport, color_scheme=scheme) as visit:
        page = visit.page
        box(page, FIRST).check()
        count(page)
        for path in ("path/", "", EPISODE, "episodes/talk/", "topics/nuts/"):
            page.goto(talks + path)
            page.wait_for_selector(".mg-tick, .mg-journey")
            assert visit.axe() == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_nothing_moves_when_the_boxes_come(hearing, talks) -> None:
    with hearing("path/") as visit:
        page = visit.page
        page.add_init_script(
            "window.moved = 0;"
            "new PerformanceObserver(list => { for (const entry of list.getEntries()) moved += entry.value })"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        for path in ("path/", "episodes/talk/", EPISODE):
            page.goto(talks + path)
            page.wait_for_timeout(200)
            page.mouse.move(3, 3)
            page.wait_for_selector(".mg-tick")
            page.wait_for_timeout(200)
            assert page.evaluate("window.moved") < 0.01, path


def test_readers_without_marks_wait_for_no_code(listening, talks) -> None:
    asked = []
    with listening("search/") as visit:
        page = visit.page
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        for path in ("", "path/", EPISODE, "graph/"):
            page.goto(talks + path)
            page.wait_for_load_state("networkidle")
        assert not {"progress.js", "journey.js", "graph.js", "journey.css", "steps.json"} & set(asked)


def test_without_script_there_is_nothing_to_tick(hearing) -> None:
    with hearing("path/", java_script_enabled=False) as visit:
        assert visit.page.locator("input[type=checkbox]:visible").count() == 0
        assert not visit.page.locator(".mg-heard").is_visible()
        assert visit.page.locator("ol.mg-episodes > li").count() == 3
