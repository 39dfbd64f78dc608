"""Tests of listening progress: it is stored, shared among tabs, exported, imported and reset, and suggests episodes."""

import json
import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE
from browser.talks import EPISODE, PLAYS
from browser.waiting import eventually, hold, let_paint, let_pass

pytestmark = pytest.mark.browser

FIRST, SECOND, THIRD = "talk-001", "talk-002", "talk-003"
KEPT = "() => localStorage.getItem('mlguide.heard:/sub/')"
LIVE = ".mg-checkbox input[data-id]"
"""A checkbox whose script runs. The checkbox of an episode's own page is in the page before its script."""


@pytest.fixture
def hearing(listening):
    """`with hearing(path, **options) as visit:` opens a page and moves the mouse, which activates the checkboxes."""

    @contextmanager
    def opened(path: str, **options):
        with listening(path, **options) as visit:
            visit.page.mouse.move(3, 3)
            yield visit

    return opened


def box(page, id: str):
    return page.locator(f".mg-checkbox input[data-id='{id}']").first


def own_box(page, id: str):
    """Return the active checkbox of an episode on the episode's own page."""
    return page.locator(f".mg-progress--episode .mg-checkbox input[data-id='{id}']").first


def counted(page, text: str) -> None:
    expect(page.locator(".mg-journey__count")).to_have_text(text)


def test_marks_are_kept_and_the_same_on_every_page(hearing, talks) -> None:
    with hearing("path/") as visit:
        page = visit.page
        expect(box(page, FIRST).locator("..")).to_have_text("")
        expect(box(page, FIRST).locator("..")).to_have_attribute("title", "Mark as finished: Nuts & bolts")
        page.get_by_role("checkbox", name="Mark as finished: Nuts & bolts").and_(box(page, FIRST)).check()
        counted(page, "1 of 3 finished")
        assert page.locator(".mg-journey progress").evaluate("bar => [bar.value, bar.max]") == [1, 3]
        expect(page.locator(".mg-progress--path")).to_contain_text("Continue with “Without sound”")
        expect(page.locator(".mg-journey a")).to_have_count(0)
        page.reload()
        counted(page, "1 of 3 finished")
        expect(box(page, FIRST)).to_be_checked()
        # an episode's page, loaded with instant navigation
        page.locator("ol.mg-episodes a", has_text="Without sound").click()
        page.wait_for_url(f"**/{SECOND}/")
        own = page.get_by_role("checkbox", name="Mark as finished").and_(own_box(page, SECOND))
        expect(own).not_to_be_checked()
        own.focus()
        page.keyboard.press("Space")
        expect(page.get_by_role("checkbox", name="Finished", exact=True).and_(own_box(page, SECOND))).to_be_checked()
        page.goto(talks + "episodes/")
        expect(page.locator(".mg-done")).to_have_count(2)
        page.goto(talks)
        counted(page, "2 of 3 finished")
        # a button leads to the only next episode
        expect(page.locator(".mg-hero .mg-action").first).to_have_text("Continue with “On shells”")
        page.goto(talks + "path/")
        expect(page.locator(".mg-journey__note")).to_contain_text("It follows Episode 2, which you finished last.")
        page.goto(talks + "episodes/talk/")
        box(page, THIRD).check()
        for id in (FIRST, SECOND, THIRD):
            expect(box(page, id)).to_be_checked()
        page.goto(talks + "path/")
        counted(page, "3 of 3 finished")
        expect(page.locator(".mg-journey")).to_contain_text("You have finished all episodes.")


def test_the_home_page_goes_on_from_what_was_finished(hearing) -> None:
    with hearing("") as visit:
        page = visit.page
        action, start = page.locator(".mg-hero .mg-action").first, page.get_by_role("heading", name="Start here")
        first = action.text_content()
        assert first.startswith("Start with")
        expect(start).to_be_visible()
        page.evaluate(f"""() => localStorage.setItem("mlguide.heard:/sub/", '["{SECOND}"]')""")
        page.reload()
        expect(action).to_have_text("Continue with “On shells”")
        assert action.evaluate("link => link.href").endswith(f"/episodes/talk/{THIRD}/")
        expect(start).to_be_hidden()
        page.evaluate("() => { localStorage.clear(); dispatchEvent(new CustomEvent('mlguide:progress')) }")
        expect(action).to_have_text(first)
        assert action.evaluate("link => link.href").endswith(f"/episodes/talk/{SECOND}/")
        expect(start).to_be_visible()


def test_the_home_page_names_the_goal_of_its_progress(top, visit_with) -> None:
    with visit_with(top) as visit:
        page = visit.page
        page.goto(top + "path/")
        page.get_by_role("radio", name="Career").check()
        page.locator(".mg-checkbox input").first.check()
        page.goto(top)
        goal = page.locator(".mg-journey__count a")
        expect(goal).to_have_text("Career")
        expect(goal).to_have_attribute("href", re.compile(r"/path/\?goal=career$"))


def test_readers_who_have_finished_an_episode_get_no_advice_for_beginners(top, visit_with) -> None:
    with visit_with(top) as visit:
        page = visit.page
        page.goto(top + "episodes/mlg/")
        page.mouse.move(3, 3)
        advice = page.locator(".mg-primer")
        expect(advice).to_be_visible()
        box = page.locator(".mg-checkbox input").first
        box.check()
        expect(advice).to_be_hidden()
        box.uncheck()
        expect(advice).to_be_visible()
        box.check()
        page.reload(wait_until="commit")
        expect(advice).to_be_attached()
        expect(advice).to_be_hidden()


@pytest.mark.parametrize("path", ["episodes/talk/", "topics/mlops/"])
def test_lists_of_episodes_go_on_from_what_was_finished(hearing, top, visit_with, path) -> None:
    with hearing(path) if path.startswith("episodes/") else visit_with(top) as visit:
        page = visit.page
        if not path.startswith("episodes/"):
            page.goto(top + path)
            page.mouse.move(3, 3)
        action = page.locator(".mg-progress--list .mg-action")
        titles = page.locator("ol.mg-episodes .mg-title")
        first, second = titles.all_inner_texts()[:2]
        expect(action).to_have_text(f"Start with “{first}”")
        page.locator("ol.mg-episodes .mg-checkbox").first.click()
        expect(action).to_have_text(f"Continue with “{second}”")
        assert action.evaluate("link => link.href") == titles.nth(1).evaluate("link => link.href")
        count = page.locator(".mg-series .mg-count")
        if count.count():
            expect(count).to_have_text("1 of 3 finished")
        page.locator("ol.mg-episodes .mg-checkbox").first.click()
        expect(action).to_have_text(f"Start with “{first}”")
        if count.count():
            expect(count).to_have_text("0 of 3 finished")


def test_after_an_episode_the_next_of_its_series_comes_first(top, visit_with) -> None:
    with visit_with(top) as visit:
        page = visit.page
        page.goto(top + "topics/mlops/")
        page.mouse.move(3, 3)
        box(page, "mla-012").check()
        expect(page.locator(".mg-finished")).to_have_text(re.compile(r"^1 of \d+ finished"))
        page.goto(top)
        page.mouse.move(6, 6)
        title = "Tech Stack for Customer-Facing Machine Learning Products"
        expect(page.locator(".mg-hero .mg-action").first).to_have_text(f"Continue with “{title}”")
        expect(page.get_by_role("heading", name="Start here")).to_be_hidden()


@pytest.mark.parametrize(
    ("id", "goal", "before", "after"),
    [
        # an episode in a stage leads on along the path
        ("mlg-012", "", "Next: MLG 013", "Continue with “Shallow Algos 2”"),
        ("mlg-015", "", "Next: MLG 016", "Continue with “Cartesian Similarity Metrics”"),
        # the goal leaves MLG 014 out
        ("mlg-013", "practitioner", "Next: MLG 014", "Continue with “Performance”"),
        # so does an episode of the last part of the path, whose episodes stand on their own
        ("mla-022", "", "Next: MLA 023", "Continue with “Claude Code Components”"),
    ],
)
def test_a_finished_episode_leads_to_the_next(top, visit_with, id, goal, before, after) -> None:
    with visit_with(top) as visit:
        page = visit.page
        if goal:
            page.goto(f"{top}path/?goal={goal}")
            page.mouse.move(3, 3)
            expect(page.locator(f"[name=goal][value={goal}]")).to_be_checked()
        page.goto(f"{top}episodes/{id[:3]}/{id}/")
        page.mouse.move(3, 3)
        following = page.locator(".mg-after").first
        expect(following).to_have_text(before)
        expect(following).to_be_hidden()
        page.locator(".mg-progress--episode input").last.check()
        expect(page.locator(".mg-progress--episode input").first).to_be_checked()
        expect(following).to_have_text(after)
        expect(following).to_be_visible()
        page.locator(".mg-progress--episode input").first.uncheck()
        expect(following).to_have_text(before)


@pytest.mark.parametrize(
    ("path", "finished", "following"),
    [
        ("topics/shallow-learning/", ["mlg-012", "mlg-013", "mlg-014"], "Natural Language Processing 2"),
        ("topics/deep-learning/", ["mlg-022"], "Deep NLP 2"),
        ("episodes/mla/", ["mla-001"], "Numpy & Pandas"),
        ("episodes/mla/", ["mla-001", "mla-005"], "Salaries for Data Science & Machine Learning"),
    ],
)
def test_a_list_goes_on_with_its_own_next_episode(top, visit_with, path, finished, following) -> None:
    with visit_with(top) as visit:
        page = visit.page
        page.goto(top + path)
        page.mouse.move(3, 3)
        for id in finished:
            box(page, id).check()
        expect(page.locator(".mg-progress--list .mg-action")).to_have_text(f"Continue with “{following}”")
        # only the prerequisites of the first episode are below the button
        assert page.locator(".mg-before").filter(visible=True).count() == 0


def test_the_button_of_a_finished_topic_leads_to_its_review(top, visit_with) -> None:
    with visit_with(top) as visit:
        page = visit.page
        page.goto(top + "topics/reinforcement-learning/")
        page.mouse.move(3, 3)
        boxes, action = page.locator(".mg-episodes--numbered input"), page.locator(".mg-head .mg-action")
        expect(boxes).not_to_have_count(0)
        first, *others = boxes.all()
        first.check()
        expect(action).to_contain_text("Continue with")
        for one in others:
            one.check()
        expect(action).to_contain_text("Review this topic")
        assert "review/?of=topic" in action.get_attribute("href")
        others[-1].uncheck()
        expect(action).to_contain_text("Continue with")
        # a topic goes on with its first open step
        first.uncheck()
        expect(action).to_contain_text("Start with")


@pytest.mark.parametrize("path", ["episodes/mlg/", "path/"])
def test_the_button_leads_to_the_review_once_everything_is_finished(top, visit_with, path) -> None:
    with visit_with(top) as visit:
        page = visit.page
        page.goto(top + path)
        action = page.locator(".mg-action").first
        expect(action).to_contain_text("Start with")
        page.evaluate(
            """async home => {
          const steps = await (await fetch(home + "path/steps.json")).json()
          localStorage.setItem("mlguide.heard:/", JSON.stringify(steps.map(([id]) => id)))
        }""",
            top,
        )
        page.reload()
        page.mouse.move(3, 3)
        expect(action).to_have_text("Review")
        action.click()
        page.wait_for_url(top + "review/")


def test_what_requires_something_not_heard_comes_later(hearing) -> None:
    with hearing("path/") as visit:
        page = visit.page
        box(page, FIRST).check()
        counted(page, "1 of 3 finished")
        expect(page.locator(".mg-journey")).not_to_contain_text("On shells")


def test_marks_are_saved_loaded_and_cleared(hearing, tmp_path) -> None:
    with hearing("path/") as visit:
        page = visit.page
        box(page, SECOND).check()
        box(page, FIRST).check()
        counted(page, "2 of 3 finished")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Export progress").click()
        path = tmp_path / "heard.json"
        saved.value.save_as(path)
        exported = json.loads(path.read_text("utf-8"))
        # another device continues behind the episode that was finished last
        assert exported == {"format": "mlguide-heard", "version": 1, "heard": [SECOND, FIRST]}
        page.get_by_role("button", name="Reset progress").click()
        page.wait_for_selector(".mg-journey", state="detached")
        expect(box(page, FIRST)).not_to_be_checked()
        page.get_by_role("button", name="Undo").click()
        counted(page, "2 of 3 finished")
        page.get_by_role("button", name="Reset progress").click()
        page.wait_for_selector(".mg-journey", state="detached")
        box(page, THIRD).check()
        page.locator("input[type=file]").set_input_files(path)
        said_last = page.locator(".mg-journey__tools").get_by_role("status")
        expect(said_last).to_have_text("Added: 2 episodes.")
        counted(page, "3 of 3 finished")
        hostile = {
            "format": "mlguide-heard",
            "heard": ["<img src=x onerror=alert(1)>", 5, None, "__proto__", "gone-001"],
        }
        for text, said in (
            ("not JSON", "valid JSON"),
            ('{"heard": []}', "contains no progress"),
            (json.dumps(hostile), "Added: 1 episode"),
        ):
            path.write_text(text, "utf-8")
            page.locator("input[type=file]").set_input_files(path)
            expect(said_last).to_contain_text(said)
        # episodes that the site doesn't have are not counted
        counted(page, "3 of 3 finished")
        # after the import of very many, there is still room for episodes that the reader finishes
        many = {"format": "mlguide-heard", "heard": [f"gone-{number}" for number in range(60_000)]}
        path.write_text(json.dumps(many), "utf-8")
        page.locator("input[type=file]").set_input_files(path)
        expect(said_last).to_contain_text("19,996 episodes")
        box(page, THIRD).uncheck()
        counted(page, "2 of 3 finished")
        box(page, THIRD).check()
        page.reload()
        counted(page, "3 of 3 finished")


def test_marks_cleared_before_the_path_is_known_stay_cleared(hearing) -> None:
    with hearing("path/") as visit:
        page = visit.page
        held = hold(page, "**/path/steps.json")
        box(page, FIRST).check()
        eventually(page, lambda: len(held), 1)
        page.get_by_role("button", name="Reset progress").click()
        expect(box(page, FIRST)).not_to_be_checked()
        with page.expect_event("requestfinished", lambda request: request.url.endswith("/steps.json")):
            held[0].continue_()
        let_pass(page, 50)
        expect(page.locator(".mg-journey")).to_have_count(0)
        box(page, SECOND).check()
        counted(page, "1 of 3 finished")


def test_an_episodes_own_box_is_right_before_its_code_is_there(hearing, talks) -> None:
    with hearing("path/") as visit:
        page = visit.page
        box(page, FIRST).check()
        counted(page, "1 of 3 finished")
        held = hold(page, "**/progress.js")
        page.goto(talks + EPISODE)
        own = page.get_by_role("checkbox", name="Finished", exact=True)
        expect(own).to_be_checked()
        own = page.locator(".mg-progress--episode input").first
        eventually(page, lambda: len(held), 1)
        # changes that the reader makes before the script is loaded are kept
        own.uncheck()
        page.unroute("**/progress.js")
        held[0].continue_()
        expect(own_box(page, FIRST)).not_to_be_checked()
        assert page.evaluate(KEPT) is None
        # a browser that restores the state of a checkbox doesn't restore the progress
        own.check()
        assert page.evaluate(KEPT) == '["talk-001"]'
        page.goto(talks + "path/")
        box(page, FIRST).uncheck()
        page.go_back()
        page.mouse.move(7, 7)
        expect(own_box(page, FIRST)).not_to_be_checked()
        assert page.evaluate(KEPT) is None


def test_tabs_agree(hearing, talks) -> None:
    with hearing("path/") as visit:
        other = visit.page.context.new_page()
        other.goto(talks + EPISODE)
        other.mouse.move(3, 3)
        own_box(other, FIRST).check()
        counted(visit.page, "1 of 3 finished")
        expect(box(visit.page, FIRST)).to_be_checked()
        box(visit.page, FIRST).uncheck()
        expect(own_box(other, FIRST)).not_to_be_checked()


def test_a_browser_that_keeps_nothing_says_so(hearing) -> None:
    with hearing("path/") as visit:
        page = visit.page
        page.add_init_script(
            "for (const name of ['getItem', 'setItem', 'removeItem'])"
            " Storage.prototype[name] = () => { throw new DOMException('refused', 'SecurityError') }"
        )
        page.reload()
        page.mouse.move(5, 5)
        box(page, FIRST).check()
        counted(page, "1 of 3 finished")
        expect(page.locator(".mg-journey__note")).to_contain_text("keep your progress")
        page.locator("ol.mg-episodes a", has_text="Nuts & bolts").click()
        page.wait_for_url(f"**/{FIRST}/")
        expect(own_box(page, FIRST)).to_be_checked()
        expect(page.locator(".mg-progress--episode").first).to_contain_text("keep your progress")


def test_what_was_kept_by_something_else_does_no_harm(hearing) -> None:
    with hearing("path/") as visit:
        page = visit.page
        for odd in ("{", '"text"', '{"a": 1}', '[1, null, "talk-001"]'):
            page.evaluate("odd => localStorage.setItem('mlguide.heard:/sub/', odd)", odd)
            page.reload()
            expect(box(page, FIRST)).to_be_checked(checked="talk" in odd)


def test_an_episode_that_played_to_its_end_is_heard(hearing, talks) -> None:
    with hearing(EPISODE + "?t=300") as visit:
        page = visit.page
        page.wait_for_function("() => document.querySelector('.mg-player audio')?.readyState > 0")
        page.locator(".mg-player").get_by_role("button", name="Play", exact=True).click()
        page.wait_for_function(PLAYS % 300)
        own = own_box(page, FIRST)
        expect(own).not_to_be_checked()
        # on another page, while the audio continues
        page.locator("nav.md-tabs a", has_text="Glossary").click()
        page.wait_for_url("**/glossary/")
        page.evaluate("document.querySelector('.mg-player audio').currentTime = 860")
        eventually(page, lambda: page.evaluate(KEPT), '["talk-001"]')
        page.goto(talks + EPISODE)
        expect(own).to_be_checked()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_marks_are_accessible_and_fit(hearing, talks, viewport) -> None:
    with hearing("path/", viewport=viewport) as visit:
        page = visit.page
        box(page, FIRST).check()
        counted(page, "1 of 3 finished")
        for path, sign in {
            "path/": ".mg-journey",
            "": ".mg-journey",
            EPISODE: LIVE,
            "episodes/talk/": LIVE,
            "topics/nuts/": LIVE,
        }.items():
            page.goto(talks + path)
            page.wait_for_selector(sign)
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
            let_paint(page)
            page.mouse.move(5, 5)
            page.wait_for_selector(LIVE)
            let_paint(page)
            assert page.evaluate("window.moved") < 0.01, path


def test_the_boxes_come_by_themselves(listening, talks) -> None:
    with listening("path/") as visit:
        page = visit.page
        expect(page.locator(LIVE)).to_have_count(3)
        expect(page.locator(".mg-journey__note")).to_contain_text("Tick each episode")
        page.goto(talks + EPISODE)
        # at the start and at the end of the notes
        expect(page.locator(LIVE)).to_have_count(2)


def test_readers_without_marks_wait_for_no_code(listening, talks) -> None:
    asked = []
    with listening("search/") as visit:
        page = visit.page
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        page.add_init_script(
            "addEventListener('DOMContentLoaded',"
            " () => document.body.append(Object.assign(new Image(), { src: 'late.svg' })))"
        )
        for path in ("", "path/", EPISODE, "graph/"):
            # the page before may still ask for code
            page.goto("about:blank")
            held = hold(page, "**/late.svg")
            asked.clear()
            page.goto(talks + path, wait_until="domcontentloaded")
            eventually(page, lambda held=held: len(held), 1)
            let_pass(page, 200)
            # the page is still loading
            assert not {"progress.js", "journey.js", "graph.js", "steps.json"} & set(asked), path
            page.unroute("**/late.svg")
            held.pop().fulfill(content_type="image/svg+xml", body="<svg xmlns='http://www.w3.org/2000/svg'/>")
            page.wait_for_load_state("networkidle")
            assert not {"graph.js", "steps.json"} & set(asked), path


def test_without_script_there_is_nothing_to_tick(hearing) -> None:
    with hearing("path/", java_script_enabled=False) as visit:
        expect(visit.page.locator("input[type=checkbox]:visible")).to_have_count(0)
        # of the box of progress, only the link to the first episode works without scripts
        expect(visit.page.locator(".mg-progress > :visible")).to_have_count(1)
        expect(visit.page.locator(".mg-progress > a.mg-action")).to_be_visible()
        expect(visit.page.locator("ol.mg-episodes > li")).to_have_count(3)


def minutes(length: str) -> int:
    """Return the minutes of a length such as "2 h 5 min"."""
    return sum(int(count) * {"h": 60, "min": 1}[unit] for count, unit in re.findall(r"(\d+) (h|min)", length))


def open_path(page, top) -> None:
    """Open the learning path, and wait until its script is ready. The script is loaded at the first use of the page."""
    page.goto(top + "path/")
    page.mouse.move(600, 300)
    page.wait_for_selector(".mg-goals[data-ready]")


def test_the_goal_marks_its_episodes_and_is_kept(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        open_path(page, top)
        steps, lead = page.locator("li[data-goals]"), page.locator(".mg-intro")
        every, all_of_them = steps.count(), lead.inner_text()
        expect(page.locator(".mg-goals__others")).to_be_hidden()
        sizes = page.locator(".mg-stages .mg-size").all_text_contents()
        page.get_by_role("radio", name="Career").check()
        marked = page.locator("li[data-goals~=career]").count()
        # the sizes of the stages and the button are those of the goal
        assert page.locator(".mg-stages .mg-size").all_text_contents() != sizes
        first = page.locator("li[data-goals]:visible .mg-title").first
        action = page.locator(".mg-progress .mg-action")
        expect(action).to_have_text(f"Start with “{first.inner_text()}”")
        assert page.locator("li[data-goals]:visible").count() == marked > 0
        length = page.locator("label:has([value=career]) .mg-count > span").all_inner_texts()[1]
        expect(lead).to_contain_text("Find a job in the field")
        # the stages and the progress count the episodes of the goal
        for place in (".mg-stages a:visible", ".mg-section > h2:visible"):
            sizes = page.locator(f"{place} .mg-size").all_inner_texts()
            assert sum(int(text.split()[0]) for text in sizes) == marked
        shown = page.locator(".mg-section > h2:visible .mg-hours").all_inner_texts()
        hours = [text.removeprefix("· ") for text in shown]
        # a length such as "about 2 h" leaves out unknown lengths
        vague = sum("about" in text or not text for text in (*hours, length))
        assert abs(sum(map(minutes, hours)) - minutes(length)) <= 59 * vague
        expect(page.locator(".mg-journey__note")).to_contain_text(f"0 of {marked} finished")
        page.locator("li[data-goals]:visible .mg-checkbox").first.click()
        expect(action).to_contain_text("Continue with")
        page.locator("li[data-goals]:visible .mg-checkbox").first.click()
        page.get_by_role("checkbox", name=f"Show other episodes ({every - marked})").check()
        assert page.locator("li[data-goals]:visible").count() == every
        assert page.locator("li[data-goals]:not([data-goals~=career]) .mg-summary:visible").count() == 0
        assert visit.axe() == []
        page.reload()
        page.mouse.move(620, 310)
        page.wait_for_selector(".mg-goals[data-ready]")
        expect(page.get_by_role("radio", name="Career")).to_be_checked()
        assert page.locator("li[data-goals]:visible").count() == marked
        page.get_by_role("radio", name="All episodes").check()
        assert page.locator("li[data-goals]:visible").count() == every
        expect(lead).to_have_text(all_of_them)
        for place in (".mg-stages", ".mg-section > h2"):
            assert sum(int(text.split()[0]) for text in page.locator(f"{place} .mg-size").all_inner_texts()) == every
        assert visit.faults == []


def test_the_path_marks_the_next_episode_and_counts_the_finished_ones_of_each_stage(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        open_path(page, top)
        stage, marked = page.locator(".mg-stages a").first, page.locator("ol.mg-episodes .mg-title[aria-current]")
        expect(marked).to_have_count(0)
        expect(page.locator(".mg-primer")).to_be_visible()
        page.locator("ol.mg-episodes .mg-checkbox").first.click()
        expect(marked).to_have_count(1)
        expect(page.locator(".mg-progress .mg-action")).to_have_text(f"Continue with “{marked.inner_text()}”")
        expect(stage.locator(".mg-size")).to_have_text(re.compile(r"^1 of \d+ finished$"))
        expect(page.locator(".mg-stages [aria-current=step]")).to_have_count(1)
        # on the path, the advice for beginners stays: it is the step before the first one
        expect(page.locator(".mg-section > .mg-primer")).to_be_visible()
        assert visit.axe() == []
        page.locator("ol.mg-episodes .mg-checkbox").first.click()
        expect(marked).to_have_count(0)
        expect(stage.locator(".mg-size")).to_have_text(re.compile(r"^\d+ episodes$"))
        # the path begins with the first stage
        page.locator(".mg-section").last.locator(".mg-checkbox").last.click()
        expect(page.locator(".mg-stages [aria-current=step]")).to_have_count(1)
        page.locator(".mg-section").last.locator(".mg-checkbox").last.click()
        expect(stage).to_have_attribute("aria-current", "step")
        expect(page.locator(".mg-stages [aria-current=step]")).to_have_count(1)
        assert visit.faults == []


def test_a_page_without_episodes_of_the_goal_shows_the_others(top, visit_with) -> None:
    with visit_with(top) as visit:
        page = visit.page
        html = re.sub(r'"\.\.(?=["/])', '"../../..', page.request.get(top + "path/").text())
        html = html.replace("data-goals=", "data-any=")
        html = html.replace('value="career"', 'value="career" data-page="../../../path/?goal=career"')
        page.route(re.compile("/path/page/2/"), lambda route: route.fulfill(content_type="text/html", body=html))
        page.goto(top + "path/page/2/?goal=career")
        page.wait_for_selector(".mg-goals[data-ready]")
        expect(page.locator(".mg-goals__others input")).to_be_checked()
        expect(page.locator(".mg-goals ~ .mg-section:visible li:visible").first).to_be_visible()
        assert page.url == top + "path/page/2/?goal=career"
        # the choice of a goal leads to the page where its episodes begin
        page.locator(".mg-goals [value='']").check()
        page.locator(".mg-goals [value=career]").check()
        page.wait_for_url(top + "path/?goal=career")


def test_the_address_has_the_goal(top, visit_with) -> None:
    with visit_with(top) as visit:
        page = visit.page
        page.goto(top + "path/?goal=researcher")
        page.wait_for_selector(".mg-goals[data-ready]")
        assert page.locator(".mg-goals [value=researcher]").is_checked()
        marked = page.locator("li[data-goals~=researcher]").count()
        assert page.locator("li[data-goals]:visible").count() == marked
        # a goal in the address is kept, and its episodes are numbered from 1
        page.goto(top + "path/")
        page.wait_for_selector(".mg-goals[data-ready]")
        assert page.locator(".mg-goals [value=researcher]").is_checked()
        numbers = page.locator("li[data-goals]:visible").evaluate_all("all => all.map(one => one.style.counterSet)")
        assert numbers == [f"list-item {number}" for number in range(1, marked + 1)]
        before = page.locator(".mg-goals__choices").evaluate("list => list.offsetHeight")
        page.locator(".mg-goals [value=career]").check()
        assert page.locator(".mg-goals__choices").evaluate("list => list.offsetHeight") == before
        assert page.url == top + "path/?goal=career"
        # an unknown goal doesn't replace the chosen one
        page.goto(top + "path/?goal=unknown")
        page.wait_for_selector(".mg-goals[data-ready]")
        assert page.locator(".mg-goals [value=career]").is_checked()
        assert page.url == top + "path/?goal=career"
        # only stages with episodes of the goal are offered
        parts = page.locator(".mg-section:has(> ol):visible").count()
        assert page.locator(".mg-stages li:visible").count() == parts > 1
        page.locator('.mg-goals [value=""]').check()
        assert page.url == top + "path/"
        page.locator(".mg-goals [value=career]").check()
        # the home page marks the goal
        page.goto(top)
        expect(page.locator(".mg-list [aria-current]")).to_have_attribute("href", re.compile("goal=career$"))


def test_a_goal_that_no_episode_has_counts_as_none(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "path/")
        page.evaluate(
            """async root => {
            const [[id]] = await (await fetch(`${root}path/steps.json`)).json()
            localStorage.setItem(`mlguide.goal:${root}`, "<gone>")
            localStorage.setItem(`mlguide.heard:${root}`, JSON.stringify([id]))
        }""",
            urlsplit(top).path,
        )
        page.reload()
        page.mouse.move(600, 300)
        page.wait_for_selector(".mg-goals[data-ready]")
        assert page.locator(".mg-goals input").first.is_checked()
        expect(page.locator(".mg-progress--path .mg-journey__count")).to_have_count(1)
        assert visit.faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_without_scripts_the_goal_still_marks_its_episodes(top, visit_with, viewport) -> None:
    weights = "titles => [...new Set(titles.map(title => getComputedStyle(title).fontWeight))]"
    with visit_with(top, viewport=viewport, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(top + "path/")
        page.get_by_role("radio", name="Researcher").check()
        marked, others = "li[data-goals~=researcher]", "li[data-goals]:not([data-goals~=researcher])"
        assert page.locator(f"{others} .mg-title").evaluate_all(weights) == ["400"]
        [bold] = page.locator(f"{marked} .mg-title").evaluate_all(weights)
        assert int(bold) > 400
        assert page.locator(f"{others} .mg-summary:visible").count() == 0
        assert page.locator(f"{marked} .mg-summary:visible").count() > 0
