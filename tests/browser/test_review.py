"""Tests of spaced repetition: a session by keyboard, the schedule, stored state, scopes, and use without scripts."""

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from browser import server
from browser.conftest import DESKTOP, PHONE
from browser.waiting import eventually, hold, let_pass
from conftest import CHECKOUT, run_command
from mlguide_site.pages.review import FIRST_CARDS

pytestmark = pytest.mark.browser

KEY = "mlguide.review:/sub/"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = 86400
NEW = 20
TERMS = 24
FRONT, GRADES, DONE = ".mg-review__front", ".mg-review__grade", ".mg-review__card h2"


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """The address of a site with 24 terms and two episodes with questions."""
    root = tmp_path_factory.mktemp("school") / "kb"
    run_command("mlguide", "init", root, "--title", "School", cwd=root.parent)
    (root / "knowledge/series.yml").write_text("class:\n  title: Class\n  prefix: CL\n", "utf-8")
    (root / "knowledge/topics.yml").write_text("wool:\n  name: Wool\n", "utf-8")
    terms = "".join(f"t{n}:\n  term: Term {n}\n  definition: Meaning {n}, $x^2$.\n" for n in range(TERMS))
    (root / "knowledge/glossary.yml").write_text(terms, "utf-8")
    folder = root / "episodes/class"
    folder.mkdir(parents=True)
    for id, topics, letters in (("class-001", "[]", "AB"), ("class-002", "[wool]", "CDE")):
        questions = "".join(f"  - {{question: 'What is {one}?', answer: '<{one}> & so on.'}}\n" for one in letters)
        text = f"---\nid: {id}\ntitle: Lesson {letters}\ntopics: {topics}\nquestions:\n{questions}---\n\nText.\n"
        (folder / f"{id}.md").write_text(text, "utf-8")
    with server.serve(root / "site", "/sub/") as url:
        settings = root / "mkdocs.yml"
        text = re.sub(r"(?m)^#? ?site_url:.*$", f"site_url: {url}", settings.read_text("utf-8"))
        settings.write_text(text, "utf-8")
        run_command("mlguide", "build", "--strict", cwd=root)
        yield url


@pytest.fixture
def studying(school, visit_with):
    """`with studying(path, **options) as visit:` opens a page at noon of a fixed day."""

    @contextmanager
    def opened(path: str = "review/", now: datetime = NOON, **options):
        with visit_with(school, **{"viewport": DESKTOP, "timezone_id": "UTC", **options}) as visit:
            visit.page.clock.set_fixed_time(now)
            visit.page.goto(school + path)
            yield visit
            assert visit.faults == []

    return opened


def start(page) -> None:
    """Start a review once its script is loaded. Another test presses the button earlier."""
    page.wait_for_selector(".mg-review[data-ready]")
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(FRONT)


def stored(page) -> dict:
    return json.loads(page.evaluate("key => localStorage.getItem(key)", KEY) or "{}")


def status(page):
    return page.locator(".mg-review").get_by_role("status")


def review(page, *grades: str) -> list[str]:
    """Grade cards by keyboard. Returns the fronts of the cards."""
    fronts = []
    for grade in grades:
        fronts.append(page.locator(FRONT).text_content())
        page.keyboard.press("Space")
        expect(page.locator(".mg-review__back")).to_be_visible()
        page.keyboard.press(grade)
        expect(page.locator(".mg-review__back")).to_have_count(0)
    return fronts


def test_a_session_by_keyboard_alone(studying) -> None:
    with studying() as visit:
        page = visit.page
        expect(status(page)).to_have_text("20 new today")
        expect(page.locator(".mg-sample")).to_contain_text("What is A?")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "of":
                break
        page.keyboard.type("Wool")
        expect(status(page)).to_have_text("3 new today")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(FRONT)).to_have_text("What is C?")
        expect(page.locator(".mg-sample")).to_be_hidden()
        expect(page.get_by_role("button", name="Show answer")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".mg-review__back")).to_have_text("<C> & so on.")
        assert page.locator(GRADES).all_inner_texts() == ["Again\n1 min", "Hard\n6 min", "Good\n10 min", "Easy\n8 days"]
        expect(page.locator(GRADES).nth(2)).to_be_focused()
        page.keyboard.press("1")
        # cards in the middle of learning come again after the others, the earliest first
        assert review(page, "3", "4", "3", "3") == ["What is D?", "What is E?", "What is C?", "What is C?"]
        assert review(page, "3") == ["What is D?"]
        expect(page.locator(DONE)).to_have_text("These cards are done")
        expect(page.locator(DONE)).to_be_focused()
        expect(page.locator(".mg-review__card p")).to_have_text("You reviewed 3 cards. Next cards due: tomorrow.")
        # the missed card leads to its source
        page.keyboard.press("Tab")
        missed = page.locator(".mg-review__card li a")
        expect(missed).to_have_text("What is C?")
        expect(missed).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Today's other cards")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Choose other cards")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Start")).to_be_focused()
        expect(status(page)).to_have_text(re.compile(r"^Nothing is due today\. Next cards due: tomorrow\."))
        state = stored(page)
        assert state["day"] == ["2026-3-2", 3, 0]
        days = sorted((card[0] - NOON.timestamp()) / DAY for card in state["cards"].values())
        assert [card[7] for card in state["cards"].values()] == [2, 2, 2]
        assert days[-1] == 8
        assert days[0] >= 1


def test_a_key_that_is_held_shows_the_answer_but_does_not_grade(studying) -> None:
    with studying() as visit:
        page = visit.page
        start(page)
        page.keyboard.down("Enter")
        page.keyboard.down("Enter")
        page.keyboard.down("Enter")
        page.keyboard.up("Enter")
        expect(page.locator(GRADES)).to_have_count(4)
        assert stored(page) == {}
        # keys with Ctrl or Alt belong to the browser, and keys outside of the card do nothing
        page.keyboard.press("Control+1")
        page.locator(".mg-review__front").click()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Start")).to_be_focused()
        page.keyboard.press("3")
        assert stored(page) == {}


def test_the_topics_below_the_form_choose_their_cards(top, visit_with) -> None:
    with visit_with(top) as visit:
        page = visit.page
        page.goto(top + "review/")
        link = page.locator(".mg-tags a").first
        expect(link).to_have_attribute("href", re.compile(r"^\?of=topic\."))
        name = link.inner_text()
        link.click()
        page.wait_for_url("**/review/?of=topic.*")
        expect(page.locator(".mg-review option:checked")).to_contain_text(name)
        assert visit.faults == []


def test_a_double_click_shows_the_answer_but_does_not_grade(studying) -> None:
    with studying() as visit:
        page = visit.page
        start(page)
        place = page.locator(".mg-review__show >> visible=true").bounding_box()
        page.mouse.dblclick(place["x"] + 30, place["y"] + place["height"] / 2)
        expect(page.locator(GRADES)).to_have_count(4)
        again = page.locator(GRADES).first.bounding_box()
        assert again["x"] < place["x"] + 30 < again["x"] + again["width"]
        assert stored(page) == {}
        page.locator(GRADES).first.click()
        expect(page.locator(GRADES)).to_have_count(0)


def test_the_last_grade_can_be_undone(studying) -> None:
    with studying() as visit:
        page = visit.page
        start(page)
        expect(page.get_by_role("button", name="Undo")).to_be_hidden()
        first, _ = review(page, "1", "4")
        page.keyboard.press("u")
        page.get_by_role("button", name="Undo").click()
        # the answer is still shown, so that another grade can be chosen at once
        expect(page.locator(FRONT)).to_have_text(first)
        expect(page.locator(GRADES)).to_have_count(4)
        expect(page.get_by_role("button", name="Undo")).to_be_hidden()
        assert stored(page) == {}
        page.keyboard.press("4")
        assert [card[7] for card in stored(page)["cards"].values()] == [2]
        assert stored(page)["day"] == ["2026-3-2", 1, 0]


def test_the_last_grade_can_be_undone_after_the_end(studying) -> None:
    with studying("review/?of=episode.class-001") as visit:
        page = visit.page
        start(page)
        review(page, "4", "4")
        expect(page.locator(DONE)).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(FRONT)).to_have_text("What is B?")
        page.keyboard.press("4")
        expect(page.locator(DONE)).to_be_focused()
        assert len(stored(page)["cards"]) == 2


def test_after_the_cards_of_an_episode_the_other_cards_of_the_day_follow(studying) -> None:
    with studying("review/?of=episode.class-001") as visit:
        page = visit.page
        start(page)
        review(page, "4", "4")
        expect(page.locator(DONE)).to_have_text("These cards are done")
        see = page.get_by_role("link", name=re.compile("See .*Lesson AB"))
        assert see.evaluate("link => link.pathname").endswith("/episodes/class/class-001/")
        page.get_by_role("button", name=f"Today's other cards ({NEW - 2})").click()
        expect(page.locator(FRONT)).to_have_text("What is C?")
        page.wait_for_url("**/review/")


def test_new_cards_of_a_day_are_limited(studying, school) -> None:
    with studying() as visit:
        page = visit.page
        start(page)
        expect(page.locator(".mg-review__left")).to_have_text(f"1 of {NEW}")
        review(page, *"4" * NEW)
        # the page itself offers more cards too, and no longer explains how to review
        page.goto(school + "review/")
        expect(page.locator(".mg-sample")).to_be_hidden()
        page.get_by_role("button", name="Learn more new cards").click()
        expect(page.locator(".mg-review__left")).to_have_text(f"1 of {TERMS + 5 - NEW}")
        review(page, *"4" * (TERMS + 5 - NEW))
        expect(page.locator(DONE)).to_be_focused()
        expect(page.get_by_role("button", name="Learn more new cards")).to_have_count(0)
        # easy cards come again after eight days, at any hour of the day
        page.clock.set_fixed_time(datetime(2026, 3, 10, 0, 1, tzinfo=UTC))
        page.goto(school + "review/")
        expect(status(page)).to_have_text(f"{TERMS + 5} due")


def test_the_home_page_says_how_many_cards_are_due(studying, school) -> None:
    with studying("") as visit:
        page, asked = visit.page, []
        due = page.locator(".mg-due")
        expect(due).to_be_hidden()
        page.goto(school + "review/")
        start(page)
        review(page, "3", "3", "4")
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        page.locator(".md-tabs__link", has_text="Home").click()
        expect(due).to_have_text("Review: 2 due today")
        page.clock.set_fixed_time(datetime(2026, 3, 10, 8, tzinfo=UTC))
        page.reload()
        expect(due).to_have_text("Review: 3 due today")
        let_pass(page, 100)
        assert not {"ts-fsrs.js", "cards.json", "review.js"} & set(asked)
        # a card that the site doesn't have any more isn't due, but is kept
        state = stored(page)
        state["cards"]["gone!"] = next(iter(state["cards"].values()))
        page.evaluate("([key, state]) => localStorage.setItem(key, JSON.stringify(state))", [KEY, state])
        page.goto(school + "review/")
        expect(status(page)).to_have_text("3 due · 20 new today")
        page.goto(school)
        expect(due).to_have_text("Review: 3 due today")
        assert "gone!" in stored(page)["cards"]
        due.click()
        page.wait_for_url("**/review/")


def test_stored_state_can_be_exported_before_the_page_is_used(studying) -> None:
    with studying() as visit:
        page = visit.page
        start(page)
        review(page, "4")
        page.reload()
        for name in ("Export progress", "Reset progress"):
            expect(page.get_by_role("button", name=name)).to_be_visible()


def test_the_bar_moves_with_each_step_of_learning(studying) -> None:
    with studying("review/?of=topic.wool") as visit:
        page = visit.page
        start(page)
        left, meter = page.locator(".mg-review__left"), page.locator(".mg-review__bar progress")
        for words, done in (
            ("1 of 3", 1),
            ("2 of 3 · 1 to repeat", 2),
            ("3 of 3 · 1 to repeat", 4),
            ("2 to repeat", 5),
            ("1 to repeat", 6),
        ):
            expect(left).to_have_text(words)
            assert meter.evaluate("bar => [bar.value, bar.max]") == [done, 6]
            review(page, "4" if words.startswith("2 of") else "3")
        expect(page.locator(DONE)).to_be_focused()


def test_the_list_is_folded_and_has_the_chosen_cards(studying) -> None:
    with studying("review/?of=topic.wool") as visit:
        page = visit.page
        name, fronts = page.locator(".mg-all > summary"), page.locator(".mg-all .mg-questions summary")
        expect(name).to_have_text("Wool (3)")
        # the example on the page isn't about wool
        expect(page.locator(".mg-sample")).to_be_hidden()
        expect(fronts).to_have_count(0)
        name.click()
        expect(fronts).to_have_text([f"What is {one}?" for one in "CDE"])
        fronts.first.click()
        expect(page.get_by_text("<C> & so on.")).to_be_visible()
        page.locator(".mg-review select").select_option("glossary")
        expect(name).to_have_text(f"Glossary ({TERMS})")
        expect(fronts).to_have_count(TERMS)
        expect(page.locator(".mg-all math")).to_have_count(TERMS)
        page.locator(".mg-review select").select_option("")
        expect(name).to_have_text(f"All cards ({TERMS + 5})")
        expect(page.locator(".mg-all h2").first).to_be_visible()
        expect(page.locator(".mg-sample")).to_be_visible()


def test_a_topics_own_questions_and_key_terms_come_first_and_other_terms_last(top, visit_with) -> None:
    with visit_with(top) as visit:
        page = visit.page
        page.goto(top + "path/")
        page.evaluate("""localStorage.setItem("mlguide.heard:/", '["mlg-029", "mlg-026"]')""")
        page.goto(top + "review/?of=topic.reinforcement-learning")
        start(page)
        places, fronts = [], []
        for _ in range(20):
            places.append(page.locator(".mg-review__place").text_content())
            fronts += review(page, "4")
        own, term = places.index("Explain this term"), "Explain this term"
        assert places[:own] == ["Reinforcement learning"] * own and own > 2
        # key terms come before the questions of the episodes, and other terms after them
        intro = "MLG 029: Reinforcement Learning Intro"
        keys = places.index(intro)
        assert fronts[own : own + 2] == ["Reward", "Policy"] and {*places[own:keys]} == {term}
        at = places.index(term, keys)
        assert {*places[keys:at]} == {intro, "MLG 026: Project Bitcoin Trader"} and {*places[at:]} == {term}
        # terms follow in the order of their first mention
        assert fronts[at:] != sorted(fronts[at:])


def test_no_card_is_lost_if_a_file_has_too_many(studying, tmp_path) -> None:
    with studying() as visit:
        page = visit.page
        start(page)
        review(page, "4", "1")
        own = stored(page)["cards"]
        others = {f"!{number}": [1] * 9 for number in range(20_000)}  # sorted before the own cards
        file = tmp_path / "heard.json"
        content = {"format": "mlguide-heard", "version": 1, "heard": [], "review": {"cards": others}}
        file.write_text(json.dumps(content), "utf-8")
        page.get_by_role("button", name="End").click()
        page.locator("input[type=file]").set_input_files(file)
        expect(page.locator(".mg-journey__tools").get_by_role("status")).to_contain_text("19,998 cards")
        assert own.items() <= stored(page)["cards"].items()
        # there is still room for the cards that the reader reviews
        start(page)
        review(page, "4")
        assert {*own} < {id for id in stored(page)["cards"] if not id.startswith("!")}


def test_state_is_exported_reset_and_imported(studying, school, tmp_path) -> None:
    def choose(page, file) -> None:
        """Import a file, and wait until the page has read it. Only then may the test change the file."""
        page.locator("input[type=file]").set_input_files(file)
        expect(page.locator("input[type=file]")).to_have_value("")

    with studying() as visit:
        page = visit.page
        start(page)
        review(page, "4", "1")
        before = stored(page)
        page.get_by_role("button", name="End").click()
        for path in ("review/", "path/"):
            page.goto(school + path)
            page.mouse.move(4, 4)
            with page.expect_download() as saved:
                page.get_by_role("button", name="Export progress").click()
            file = tmp_path / "heard.json"
            saved.value.save_as(file)
            exported = json.loads(file.read_text("utf-8"))
            assert exported == {
                "format": "mlguide-heard",
                "version": 1,
                "heard": [],
                "review": {"cards": before["cards"]},
            }
            page.get_by_role("button", name="Reset progress").click()
            assert stored(page) == {}
            # what another tab has stored in the meantime is kept
            other = {"cards": {"other": next(iter(before["cards"].values()))}}
            page.evaluate("([key, state]) => localStorage.setItem(key, state)", [KEY, json.dumps(other)])
            page.get_by_role("button", name="Undo").click()
            assert stored(page)["cards"] == before["cards"] | other["cards"]
            page.get_by_role("button", name="Reset progress").click()
            said = page.locator(".mg-journey__tools").get_by_role("status")
            choose(page, file)
            expect(said).to_have_text("Added: 0 episodes, 2 cards.")
            assert stored(page)["cards"] == before["cards"]
        # of two states of a card, the later review wins, unless it is in the future
        id, card = next(iter(before["cards"].items()))
        older, newer = [*card[:8], card[8] - DAY], [card[0], 3.5, *card[2:8], card[8] + DAY]
        future = [*newer[:8], card[8] + 9 * DAY]
        for other, text, kept in ((older, "0 cards", card), (newer, "1 card", newer), (future, "0 cards", newer)):
            file.write_text(json.dumps(exported | {"review": {"cards": {id: other}}}), "utf-8")
            choose(page, file)
            expect(said).to_have_text(f"Added: 0 episodes, {text}.")
            assert stored(page)["cards"][id] == kept
        # files of earlier versions, and damaged ones
        file.write_text('{"format": "mlguide-heard", "version": 1, "heard": ["class-001"]}', "utf-8")
        choose(page, file)
        expect(said).to_have_text("Added: 1 episode.")
        for review_part in ("x", [1], {"cards": [card]}, {"cards": {id: [*card[:8], 1e300], "é": card, "a b": card}}):
            file.write_text(json.dumps(exported | {"review": review_part}), "utf-8")
            choose(page, file)
            expect(said).to_have_text("Added: 0 episodes, 0 cards.")
        assert set(stored(page)["cards"]) == set(before["cards"])


SOUND = [1772000000, 2.5, 5.0, 3, 0, 2, 0, 2, 1771000000]


def test_cards_of_an_imported_file_are_counted_at_once(studying, tmp_path) -> None:
    with studying() as visit:
        page = visit.page
        page.wait_for_selector(".mg-review[data-ready]")
        page.mouse.move(4, 4)
        ids = page.evaluate(
            "fetch('cards.json').then(answer => answer.json()).then(one => one.cards.map(row => row[0]))"
        )
        content = {"format": "mlguide-heard", "version": 1, "heard": []}
        content["review"] = {"cards": dict.fromkeys(ids[:2], SOUND)}
        file = tmp_path / "heard.json"
        file.write_text(json.dumps(content), "utf-8")
        page.locator("input[type=file]").set_input_files(file)
        expect(status(page)).to_contain_text("2 due")


SPOILT = {
    "{": 0,
    '"text"': 0,
    "[1, 2]": 0,
    "null": 0,
    '{"cards": null, "day": 5, "gone": {}}': 0,
    '{"cards": {"a": null, "b": [], "c": "x"}}': 0,
    json.dumps({"cards": {"__proto__": SOUND, "constructor": SOUND, "b" * 17: SOUND}}): 2,
    json.dumps({"cards": {"a": [*SOUND[:2], 0, *SOUND[3:]], "b": ["1", *SOUND[1:]]}}): 0,
    json.dumps({"cards": {"a": [*SOUND[:7], 9, SOUND[8]]}, "day": ["2026-3-2", -5, 1e9]}): 0,
}
"""Maps a damaged stored state to the number of its cards that are valid, and due."""


def test_spoilt_state_does_no_harm(studying, school) -> None:
    with studying("path/") as visit:
        page = visit.page
        for text, due in SPOILT.items():
            page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
            page.goto(school)
            expect(page.locator(".mg-due"), text).to_have_text(f"Review: {due} due today" if due else "Review")
            page.goto(school + "review/")
            expect(status(page), text).to_have_text("20 new today")
            start(page)
            review(page, "3")
            eventually(page, lambda: len(stored(page)["cards"]), due + 1)


def test_a_question_that_was_in_view_for_days_is_graded_at_the_time_of_its_grade(studying) -> None:
    with studying() as visit:
        page = visit.page
        start(page)
        later = NOON + timedelta(days=4)
        page.clock.set_fixed_time(later)
        page.keyboard.press("Space")
        assert page.locator(GRADES).all_inner_texts() == ["Again\n1 min", "Hard\n6 min", "Good\n10 min", "Easy\n8 days"]
        page.keyboard.press("4")
        eventually(page, lambda: len(stored(page)["cards"]), 1)
        [card] = stored(page)["cards"].values()
        assert (card[0], card[8]) == (later.timestamp() + 8 * DAY, later.timestamp())


def test_a_clock_that_was_set_back_does_no_harm(studying, school) -> None:
    with studying() as visit:
        page = visit.page
        start(page)
        review(page, "4", "1")
        page.clock.set_fixed_time(datetime(2025, 1, 1, 12, tzinfo=UTC))
        page.goto(school + "review/?of=episode.class-001")
        page.get_by_role("button", name="Start").click()
        expect(page.locator(DONE)).to_be_visible()
        state = stored(page)
        state["cards"] = {id: [0, *card[1:]] for id, card in state["cards"].items()}
        page.evaluate("([key, state]) => localStorage.setItem(key, JSON.stringify(state))", [KEY, state])
        page.reload()
        expect(status(page)).to_have_text("2 due")
        start(page)
        review(page, "3")


def test_a_browser_that_stores_nothing_keeps_the_state_until_the_end_of_the_visit(studying) -> None:
    with studying("review/?of=episode.class-001") as visit:
        page = visit.page
        page.add_init_script(
            "for (const name of ['getItem', 'setItem', 'removeItem'])"
            " Storage.prototype[name] = () => { throw new DOMException('refused', 'SecurityError') }"
        )
        page.reload()
        start(page)
        review(page, "4")
        expect(page.locator(".mg-review__left")).to_contain_text("doesn't keep your progress")
        page.keyboard.press("Escape")
        expect(page.locator(".mg-review form [role=status]")).to_contain_text("doesn't keep your progress")
        page.locator(".mg-review form button").click()
        review(page, "4")
        expect(page.locator(".mg-review__card p")).to_contain_text("doesn't keep your progress")


def test_pages_lead_to_their_own_cards(studying, school) -> None:
    with studying("episodes/class/class-002/") as visit:
        page = visit.page
        chosen = page.locator(".mg-review select")
        # the review of an episode begins at once
        page.get_by_role("link", name="Review these questions").click()
        page.wait_for_url("**/review/?of=episode.class-002")
        expect(page.locator(".mg-review__left")).to_have_text("1 of 3")
        expect(chosen).to_have_value("episode.class-002")
        page.keyboard.press("Escape")
        expect(status(page)).to_have_text("3 new today")
        page.goto(school + "topics/wool/")
        page.get_by_role("link", name="Review this topic").click()
        expect(chosen).to_have_value("topic.wool")
        chosen.select_option("glossary")
        page.wait_for_url("**/review/?of=glossary")
        start(page)
        expect(page.locator(".mg-review__place")).to_have_text("Explain this term")
        expect(page.locator(FRONT)).to_have_text("Term 0")
        page.keyboard.press("Space")
        expect(page.locator(".mg-review__back math msup")).to_have_count(1)
        expect(page.locator(".mg-review__back")).to_contain_text("Meaning 0, ")
        page.get_by_role("link", name="See Term 0").click()
        page.wait_for_url("**/glossary/t0/")
        page.goto(school + "review/?of=topic.none")
        expect(chosen).to_have_value("")


def test_a_topic_shows_a_trace_of_its_review(studying, school) -> None:
    with studying("topics/wool/") as visit:
        page = visit.page
        link = page.get_by_role("link", name="Review this topic")
        expect(link).to_have_text("Review this topic (3 cards)")
        link.click()
        start(page)
        review(page, "4")
        page.goto(school + "topics/wool/")
        expect(link).to_have_text("Review this topic (3 cards) · 2 new")
        link.click()
        start(page)
        review(page, "4", "4")
        page.get_by_role("link", name="See Wool").click()
        page.wait_for_url("**/topics/wool/")
        expect(link).to_have_text("Review this topic (3 cards)")
        page.clock.set_fixed_time(NOON + timedelta(days=60))
        page.reload()
        expect(link).to_have_text("Review this topic (3 cards) · 3 due")


def test_new_cards_of_finished_episodes_come_first(studying, school) -> None:
    with studying("path/") as visit:
        page = visit.page
        page.evaluate("""() => localStorage.setItem("mlguide.heard:/sub/", '["class-002"]')""")
        page.goto(school + "review/")
        start(page)
        assert review(page, *"4444") == [f"What is {one}?" for one in "CDEA"]


def test_a_session_needs_no_network(studying) -> None:
    with studying() as visit:
        page = visit.page
        start(page)
        page.wait_for_load_state("networkidle")  # the click also loads the code for reports of mistakes
        page.context.set_offline(True)
        review(page, *"4" * NEW)
        expect(page.locator(DONE)).to_be_focused()
        page.get_by_role("button", name="Choose other cards").click()
        page.locator(".mg-review select").select_option("topic.wool")
        expect(status(page)).to_have_text(re.compile(r"^Nothing is due today\. Next cards due: in \d+ days\."))
        page.context.set_offline(False)


@pytest.mark.parametrize("chosen", [True, False], ids=["chosen", "in the address"])
def test_a_start_before_the_script_is_loaded_counts(studying, school, chosen) -> None:
    with studying("path/") as visit:
        page = visit.page
        held = hold(page, "**/review.js")
        scope = "topic.wool" if chosen else "episode.class-001"
        page.goto(school + f"review/?of={scope}", wait_until="domcontentloaded")
        eventually(page, lambda: len(held), 1)
        if chosen:
            page.locator(".mg-review select").select_option("episode.class-001")
        page.unroute("**/review.js")
        with page.expect_navigation():
            page.get_by_role("button", name="Start").click()
        expect(page.locator(FRONT)).to_have_text("What is A?")
        assert page.url == school + "review/?of=episode.class-001"


def test_cards_that_cannot_be_loaded_are_reported(studying) -> None:
    with studying() as visit:
        page = visit.page
        page.route("**/cards.json", lambda route: route.abort())
        page.get_by_role("button", name="Start").click()
        expect(status(page)).to_contain_text("can't be loaded")
        page.unroute("**/cards.json")
        start(page)
        visit.faults = [fault for fault in visit.faults if "ERR_FAILED" not in fault]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_state_is_accessible_and_fits(studying, school, viewport) -> None:
    with studying("review/?of=episode.class-001", viewport=viewport) as visit:
        page = visit.page

        def check(state: str) -> None:
            assert visit.axe() == [], state
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state
            small = page.locator(".mg-review :is(button, select)").evaluate_all(
                "all => all.filter(e => e.checkVisibility() && e.offsetHeight < 24).map(e => e.outerHTML)"
            )
            assert small == [], state

        expect(status(page)).to_have_text("2 new today")
        check("start")
        start(page)
        check("question")
        assert page.locator(".mg-review__card").get_attribute("aria-live") == "polite"
        page.keyboard.press("Space")
        check("answer")
        page.keyboard.press("4")
        check("next question")
        review(page, "4")
        expect(page.locator(DONE)).to_be_visible()
        check("end")
        page.goto(school)
        expect(page.locator(".mg-due")).to_be_visible()
        check("home")


def test_without_script_the_page_is_a_list(studying, school) -> None:
    with studying(java_script_enabled=False) as visit:
        page = visit.page
        expect(page.locator(".mg-review")).to_be_hidden()
        expect(page.locator(".mg-progress")).to_be_hidden()
        assert page.locator(".mg-questions h2").all_inner_texts() == [
            "CL 001: Lesson AB",
            "CL 002: Lesson CDE",
            "More terms",
        ]
        expect(page.locator(".mg-questions details")).to_have_count(FIRST_CARDS)
        answer = page.get_by_text("<C> & so on.")
        expect(answer).to_be_hidden()
        page.get_by_text("What is C?").click()
        expect(answer).to_be_visible()
        page.locator(".mg-pager a[rel=next]").click()
        expect(page.locator(".mg-questions details")).to_have_count(TERMS + 5 - FIRST_CARDS)
        expect(page.locator(".mg-review")).to_have_count(0)


def test_nothing_moves_while_the_page_loads(studying, school) -> None:
    with studying("path/") as visit:
        page = visit.page
        page.add_init_script(
            "window.moved = 0;"
            "new PerformanceObserver(list => { for (const entry of list.getEntries()) moved += entry.value })"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page.evaluate("([key, state]) => localStorage.setItem(key, state)", [KEY, json.dumps({"cards": {"a": SOUND}})])
        for path in ("review/", "", "review/?of=topic.wool"):
            page.goto(school + path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.moved") < 0.01, path
            # the last page is also tried with no reviewed card
            page.evaluate("path => path || localStorage.clear()", path)


def test_the_bundled_scheduler_is_the_version_that_is_audited() -> None:
    listed = json.loads((CHECKOUT / "tests/browser/vendor/package.json").read_text("utf-8"))["dependencies"]["ts-fsrs"]
    assert f'="{listed}",' in (CHECKOUT / "templates/assets/ts-fsrs.js").read_text("utf-8")
