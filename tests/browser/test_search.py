"""Tests of the search: keyboard, filters, the URL, the transfer size, and the page without scripts."""

import re
from collections.abc import Iterator
from string import punctuation
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from benchmarks.hosting import host
from browser import server
from browser import talks as show
from browser.conftest import DESKTOP, PHONE
from browser.searching import complete, counted, find, narrow, open_search
from browser.waiting import asks, eventually, expect_marked, expect_query, hold, let_pass, mark
from conftest import run_command

pytestmark = pytest.mark.browser

FIRST_RESULT = 250_000
"""The maximum number of bytes that are transferred between opening the search and its first result."""
STATUS = "dialog .mg-status[role=status]"
FOUND_WITHIN = {
    "网络": "第1期：神经网络",
    "梯度下降": "第1期：神经网络",
    "算法": "第1期：神经网络",
    "羊毛": "第13回：羊毛",
    "ソフト": "第13回：羊毛",
    "やすい": "第13回：羊毛",
    "ทอผ้า": "กี่ทอผ้า",
    "เส้นด้าย": "กี่ทอผ้า",
    "ភាសា": "ម៉ាស៊ីន",
    "မြန်မာ": "စက်",
}
"""Words in the middle of a run of letters, in titles and texts, and the titles of their pages."""
HIGHLIGHTED = """[...CSS.highlights.get('mg-found') ?? []].map(range =>
  range.startContainer.data.slice(range.startOffset, range.endOffset))"""
MOVES = """window.moved = 0
new PerformanceObserver(list => { for (const entry of list.getEntries()) moved += entry.value })
  .observe({type: "layout-shift", buffered: true})"""


@pytest.fixture(scope="module")
def hikes(tmp_path_factory) -> Iterator[str]:
    """The site of talks, with a second series that has seasons."""
    root = tmp_path_factory.mktemp("hikes") / "kb"
    site = root.parent / "served"
    site.symlink_to(root / "site", target_is_directory=True)
    with server.serve(site, "/sub/") as url:
        show.build(root, url, seasons=True)
        yield url


@pytest.fixture(scope="module")
def looms(tmp_path_factory) -> Iterator[str]:
    """A site in Chinese, with notes in Japanese, Thai, Khmer, Burmese and French."""
    root = tmp_path_factory.mktemp("looms") / "kb"
    run_command("mlguide", "init", root, "--title", "Looms", cwd=root.parent)
    settings = root / "mkdocs.yml"
    settings.write_text(re.sub(r"(?m)^  language:.*$", "  language: zh", settings.read_text("utf-8")), "utf-8")
    (root / "knowledge" / "series.yml").write_text("loom:\n  title: Looms\n", "utf-8")
    (root / "knowledge" / "glossary.yml").write_text("svm:\n  term: 支持向量机\n  definition: 一种方法。\n", "utf-8")
    notes = {
        "第1期：神经网络": "本期我们讨论GPT模型，用 Docker 部署，以及**梯度**下降的算法。\n\n## 反向传播\n\n链式法则。",
        "第13回：羊毛": "これは使いやすいソフトです。か、が、き、ぎ。",
        "กี่ทอผ้า": "วันนี้เราพูดถึงการย้อมและเส้นด้าย",
        "ម៉ាស៊ីន": "យើងរៀនភាសាខ្មែរ",
        "စက်": "ကျွန်တော်မြန်မာစာသင်တယ်",
        "Ofen CO₂": "Über H₂O, C₆H₁₂O₆, **R²**, x¹² und 10²: alles für 7 CO₂.",
        "Métier": "L’histoire de l’économie d’échelle, et le prix d'IntelliJ: loom—zebra, 7–walrus. #lynx",
    }
    folder = root / "episodes" / "loom"
    folder.mkdir(parents=True)
    for number, (title, text) in enumerate(notes.items(), 1):
        fields = f"id: loom-00{number}\ntitle: {title}"
        (folder / f"loom-00{number}.md").write_text(f"---\n{fields}\n---\n\n{text}\n", "utf-8")
    run_command("mlguide", "build", "--strict", cwd=root)
    with server.serve(root / "site", "/sub/") as url:
        yield url


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_by_keyboard_to_a_heading(top, visit_with, keys) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "tools/")
        open_search(page, keys)
        found = find(page, "gradient descent")
        assert any("radient" in title for title in found)
        expect(page.locator(".mg-results mark").first).to_have_text(re.compile(r"^(gradient|descent)$", re.IGNORECASE))
        assert not [text for text in page.locator(".mg-results mark").all_inner_texts() if not text[-1].isalnum()]
        expect(page.locator(STATUS)).to_have_text(re.compile(r"^\d+ results? for "))
        expect_query(page, q="gradient descent")
        within = page.locator(".mg-results ul a:focus")
        page.wait_for_selector(".mg-results ul a")
        for _ in range(60):
            page.keyboard.press("ArrowDown")
            if within.count():
                break
        expect(within).to_have_count(1)
        target = page.evaluate("document.activeElement.href")
        page.keyboard.press("Enter")
        page.wait_for_url(target)
        anchor = urlsplit(target).fragment
        expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()
        assert visit.faults == []


def test_it_opens_by_its_key_from_a_box_that_was_ticked(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "path/")
        page.locator(".mg-checkbox input").first.check()
        page.keyboard.press("/")
        expect(page.locator("dialog input[type=search]")).to_be_focused()


def test_it_keeps_its_style_on_pages_that_the_theme_loads(hikes, visit_with) -> None:
    with visit_with(hikes, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(hikes)
        mark(page)
        open_search(page)
        find(page, "cupule")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: address.split("?")[0] != hikes)
        expect(page.locator("dialog[open]")).to_have_count(0)
        let_pass(page, 100)
        expect_marked(page)
        open_search(page, "Control+k")
        expect(page.locator(".mg-search__field")).to_have_css("display", "flex")
        assert visit.faults == []


def test_going_back_closes_it(hikes, visit_with) -> None:
    with visit_with(hikes, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(hikes + "glossary/")
        mark(page)
        page.locator("nav.md-tabs a", has_text="Topics").click()
        page.wait_for_url("**/topics/")
        expect(page.locator("article h1")).to_contain_text("Topics")
        open_search(page)
        find(page, "cupule")
        expect_query(page, q="cupule")
        page.go_back()
        page.wait_for_url("**/glossary/")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect_marked(page)
        assert visit.faults == []


def test_names_that_every_object_has_are_names_like_others(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "search/?q=docker&kind=constructor&topic=toString")
        # neither value exists: both filters are reset, and the other results are shown
        expect(page.locator(STATUS)).to_have_text(re.compile(r"^\d+ results? for “docker”$"))
        expect_query(page, q="docker")
        assert visit.faults == []


def test_up_leads_back_to_the_field_and_escape_closes(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        page.locator(".md-header .mg-find").click()
        find(page, "docker")
        expect_query(page, q="docker")
        page.keyboard.press("ArrowDown")
        expect(page.locator(".mg-results a:focus")).to_have_count(1)
        page.keyboard.press("ArrowUp")
        expect(page.locator("dialog input")).to_be_focused()
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog:not([open])", state="attached")
        expect_query(page)


def test_filters_count_choose_and_stand_in_the_address(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        assert find(page, "docker")
        expect(page.locator(".mg-filters label > span")).to_have_text(["Kind", "Series", "Topic", "Tool", "Year"])
        counted(page)
        option = page.locator("select[name=kind] option", has_text="Episode (")
        count = int(re.search(r"\((\d+)\)", option.text_content())[1])
        offered = page.locator("select[name=kind] option").all_text_contents()
        assert len(offered) > 2
        said = re.compile(rf"^{count} results? for “docker” with these filters$")
        found = narrow(page, "kind", "Episode")
        expect(page.locator(STATUS)).to_have_text(said)
        counted(page)
        assert page.locator("select[name=kind] option").all_text_contents() == offered
        kinds = page.locator(".mg-results > li > .mg-meta span:first-child").all_inner_texts()
        assert kinds == ["Episode"] * len(found)
        expect_query(page, q="docker", kind="Episode")
        address = page.evaluate("() => location.href")
        page.goto(top + "people/")
        page.goto(address)
        assert complete(page) == found
        expect(page.locator("dialog input")).to_have_value("docker")
        expect(page.locator("select[name=kind]")).to_have_value("Episode")
        expect(page.locator(STATUS)).to_have_text(said)
        assert visit.faults == []


def test_more_is_shown_when_asked(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "search/")
        first = len(find(page, "model"))
        page.locator("dialog .mg-show-more").click()
        expect(page.locator(".mg-results > li").nth(first).locator("a").first).to_be_focused()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_open_search_is_accessible_and_fits(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        page.goto(top + "topics/")
        open_search(page)
        # keys are only named where there is a keyboard
        expect(page.locator(STATUS)).to_have_text(re.compile("^$" if viewport == PHONE else "^Type to search"))
        find(page, "python")
        counted(page)
        assert visit.axe() == []
        box = page.locator("dialog[open]").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= viewport["width"]
        assert page.evaluate(
            "document.querySelector('dialog').scrollWidth <= document.querySelector('dialog').clientWidth"
        )
        assert visit.faults == []


def test_the_excerpt_of_a_term_is_its_definition(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        visit.page.goto(top)
        open_search(visit.page)
        assert find(visit.page, "stochastic gradient descent")[0] == "Stochastic gradient descent"
        first = visit.page.locator(".mg-results .mg-summary").first
        expect(first).to_have_text(re.compile("^Improving a model"))
        # also if only an abbreviation was found; pages of entries begin with whole sentences, without their facts
        find(visit.page, "RAG")
        expect(first).to_have_text(re.compile(r"^Looking up fitting passages .*[.]$"))
        assert find(visit.page, "WSL2 & Docker odds-and-ends")
        expect(first).to_have_text("Small hints for living with Docker on Windows, from the podcast's own site.")


def test_the_first_result_is_light(bundled, browser) -> None:
    # not with the routes of other tests: routes disable the browser's cache
    with host(bundled.site) as served:
        page = browser.new_page(viewport=DESKTOP)
        page.goto(served.home)
        page.wait_for_load_state("networkidle")
        served.sent.clear()
        open_search(page)
        page.keyboard.insert_text("reinforcement")
        page.wait_for_selector(".mg-results a")
        assert 0 < sum(served.sent) <= FIRST_RESULT
        page.close()


def test_without_script_the_page_says_what_to_do(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(top)
        page.locator(".md-header .mg-find").click()
        page.wait_for_url(top + "search/")
        expect(page.get_by_text("needs JavaScript")).to_be_visible()
        expect(page.locator("article a[href$='glossary/']")).to_be_visible()


def test_filters_are_asked_for_once_results_are_there(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        asked = []
        # only the context sees the requests of a worker
        page.context.on("request", lambda request: asked.append(request.url.rpartition("/")[2].partition("?")[0]))
        # by URL: if the reader opens the search without typing, the choices are loaded after a while
        page.goto(top + "?q=docker")
        complete(page)
        counted(page)
        eventually(page, lambda: any(name.endswith(".pf_filter") for name in asked), True)
        kinds = [name.rpartition(".")[2] for name in asked]
        # except for the filter of names, because the query may be a name
        assert kinds.index("pf_fragment") > kinds.index("pf_index")
        assert kinds[: kinds.index("pf_fragment")].count("pf_filter") <= 1
        assert "pagefind-worker.js" not in asked
        assert visit.faults == []


def test_what_is_typed_before_the_index_is_there_is_searched_for(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        held = hold(page, "**/wasm.en.pagefind")
        page.goto(top)
        open_search(page)
        page.keyboard.insert_text("docker")
        expect(page.locator(STATUS)).to_have_text("Searching…")
        # Enter opens the first result as soon as it is available
        page.keyboard.press("Enter")
        page.unroute("**/wasm.en.pagefind")
        for route in held:
            route.continue_()
        page.wait_for_url("**/tools/docker/")
        expect(page.locator("article h1")).to_contain_text("Docker")
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert visit.faults == []


def test_mistyped_words_are_corrected(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        assert find(page, "dokcer images") == find(page, "docker images") != []
        find(page, "dokcer images")
        expect(page.locator(STATUS)).to_contain_text("for “docker images” instead of “dokcer images”")
        assert visit.axe() == []
        # words in quotation marks stay as they are
        assert find(page, '"dokcer"') == []
        assert visit.faults == []


def test_questions_lead_to_what_they_ask_for(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        assert find(page, "What is Docker?")[0] == "Docker"
        assert set(find(page, "Docker vs. Kubernetes")[:2]) == {"Docker", "Kubernetes"}
        # no page contains all words, so the best pages contain most of them
        assert "Docker" in find(page, "docker for xylophones")[:3]
        expect(page.locator(STATUS)).to_contain_text("No page contains all words.")
        assert visit.faults == []


def test_keys_typed_while_the_search_loads_are_kept(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        held = hold(page, "**/search.js")
        page.goto(top)
        page.keyboard.press("/")
        page.keyboard.type("docker compose")
        page.unroute("**/search.js")
        for route in held:
            route.continue_()
        complete(page)
        expect(page.locator("dialog input")).to_have_value("docker compose")
        assert visit.faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_tab_leads_from_the_field_to_the_first_result(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        find(page, "docker")
        assert not page.locator("dialog details").evaluate("fold => fold.open")
        page.keyboard.press("Tab")
        expect(page.locator("dialog .mg-results a").first).to_be_focused()
        # the words that were found are marked on the page
        page.keyboard.press("Enter")
        page.wait_for_url("**/tools/docker/")
        eventually(page, lambda: page.evaluate("(CSS.highlights.get('mg-found')?.size ?? 0) > 0"), True)
        page.reload()
        assert page.evaluate("CSS.highlights.get('mg-found')?.size ?? 0") == 0
        # words with any signs can be found, such as "k-means"
        store = "words => sessionStorage.setItem('mlguide.found', JSON.stringify({ path: location.pathname, words }))"
        page.evaluate(store, [punctuation, "docker"])
        page.reload()
        eventually(page, lambda: page.evaluate("(CSS.highlights.get('mg-found')?.size ?? 0) > 0"), True)
        assert visit.faults == []


def test_names_with_signs_are_found_by_them(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        assert find(page, "c++")[0] == "C++"
        assert find(page, "C#")[0] == "C#"
        assert find(page, "#docker")[0] == "Docker"
        assert visit.faults == []


def test_an_address_that_asks_for_too_much_is_cut(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(f"{top}?q={'docker ' * 500}&topic=Nothing+of+the+kind&kind=Episode")
        # this topic doesn't exist: the filter is reset, and the other results are shown
        page.wait_for_selector("dialog[open] .mg-results a")
        assert len(page.locator("dialog input").input_value()) == 200
        eventually(page, lambda: set(asks(page)), {"q", "kind"})
        assert find(page, "zzzz") == []
        expect(page.locator(STATUS)).to_have_text("No results for “zzzz” with these filters. Clear filters")
        page.locator(".mg-suggestion").click()
        expect(page.locator(STATUS)).to_have_text("No results for “zzzz”")
        expect_query(page, q="zzzz")
        assert visit.faults == []


def test_without_a_line_what_was_loaded_is_searched_and_the_rest_later(bundled, browser) -> None:
    with host(bundled.site) as served:
        context = browser.new_context(viewport=DESKTOP)
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served.home)
        open_search(page)
        found = find(page, "docker")
        counted(page)
        context.set_offline(True)
        assert find(page, "docker") == found
        page.locator("dialog input").fill("regularisation")
        expect(page.locator(STATUS)).to_contain_text("Try again later")
        context.set_offline(False)
        assert complete(page)
        expect(page.locator(STATUS)).to_contain_text("for “regularisation”")
        assert errors == []
        context.close()


def test_a_site_that_was_built_anew_meanwhile_is_searched(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        gone = []

        def lose(route) -> None:
            gone.append(route.request.url)
            route.fulfill(status=404)

        page.goto(top)
        open_search(page)
        page.route("**/*.pf_index", lose, times=1)
        assert find(page, "docker")[0] == "Docker"
        assert len(gone) == 1


def test_the_search_is_loaded_when_the_reader_turns_to_it_and_no_sooner(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        asked = []
        page.context.on("request", lambda request: asked.append(request.url))
        page.goto(top)
        page.wait_for_load_state("networkidle")
        page.mouse.move(600, 500)
        let_pass(page, 200)
        assert not [url for url in asked if "search" in url or "pagefind" in url]
        with page.expect_request("**/wasm.en.pagefind"):
            page.locator(".md-header .mg-find").hover()

        def names() -> set[str]:
            return {re.sub(r"\?.*|^.*[/.](?=pf_)", "", url.rpartition("/")[2]) for url in asked if "pagefind/" in url}

        # everything that is loaded before the query is available
        eventually(page, lambda: {"pagefind.js", "pagefind-entry.json", "wasm.en.pagefind", "pf_meta"} - names(), set())
        let_pass(page, 200)
        assert not {"pf_index", "pf_fragment", "pf_filter"} & names()
        assert page.locator("dialog[open]").count() == 0
        assert visit.faults == []


def leads_to(page: Page, words: str, label: str) -> None:
    """Check that the first result of a query is the episode with this short name."""
    assert find(page, words), words
    first = page.locator(".mg-results > li").first
    expect(first.locator(".mg-label")).to_have_text(label)
    # the short name has the colour of its series
    expect(first).to_have_class(re.compile(r"^mg-hue\d$"))
    counted(page)


def test_an_episode_is_found_first_by_what_notes_call_it(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        for words, meant in {
            "MLG 22": "MLG 022",
            "mlg22": "MLG 022",
            "MLG #22": "MLG 022",
            "mlg/22": "MLG 022",
            "MLG episode 22": "MLG 022",
            "episode 22 of the Machine Learning Guide": "MLG 022",
            "MLG S1E22": "MLG 022",
            "https://ocdevel.com/mlg/22?a=b#c": "MLG 022",
            "mla-012": "MLA 012",
            "ocdevel.com/mlg/mla-12": "MLA 012",
            "episode 32": "MLG 032",
        }.items():
            leads_to(page, words, meant)
        assert find(page, "log-134.md")[0] == "Day 134"
        # a name with a number isn't the number of an episode
        assert find(page, "S3")[0] == "Amazon S3"
        found = find(page, "mlg 22")
        # other results follow the episode, whatever filters are chosen
        assert len(found) > 1
        assert narrow(page, "kind", "Episode")[0] == found[0]
        assert visit.faults == []


def test_the_number_of_an_episode_without_notes_leads_to_the_next_episode(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        for words, meant in {"MLG 9": "MLG 012", "mlg9": "MLG 012", "mla 4": "MLA 005"}.items():
            leads_to(page, words, meant)
            expect(page.locator(STATUS)).to_contain_text(f"No notes for “{words}”; the next episode comes first.")
        # pages that only contain the parts of the name are no results
        assert len(find(page, "mla 4")) == 1
        # a number after the last episode, a number of several series, and one that isn't an episode's
        for words in ("MLG 99", "day 4", "python 3", "MLG 12"):
            assert find(page, words), words
            expect(page.locator(STATUS)).not_to_contain_text("No notes")
        assert visit.faults == []


def test_an_episode_of_a_season_is_found_by_both_numbers(hikes, visit_with) -> None:
    with visit_with(hikes, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(hikes)
        open_search(page)
        for words in ("LH S2E3", "lh-s2e3", "hike-s2-003", "The Long Hike season 2 episode 3", "season 2, episode 3"):
            found = find(page, words)
            assert found and found[0] == "Walk 6", words
        # both seasons have an episode with this number
        assert set(find(page, "LH 1")[:2]) == {"Walk 1", "Walk 2"}


def test_words_of_the_frame_are_not_found(hikes, visit_with) -> None:
    with visit_with(hikes, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(hikes)
        open_search(page)
        assert "Walk 6" in find(page, "walk")
        text = page.locator(".mg-results").inner_text()
        assert "begin with" not in text
        assert "0:24" not in text
        for words in ("Start with 1 excerpt", "Mark as finished", "chapters"):
            found = find(page, words)
            assert not found or "No page contains all words." in page.locator(STATUS).inner_text(), (words, found)
        # a time as shown on the page, and its text without the next speaker
        find(page, "walnut keeps")
        expect(page.locator(".mg-results ul a").first).to_have_text("12:34")
        expect(page.locator(".mg-results ul .mg-summary").first).to_have_text(
            "And so the walnut keeps its shell & its <secret>."
        )


def test_filters_count_what_pages_count(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        episodes = int(re.search(r"\d+", page.get_by_text(re.compile(r"^(All )?\d+ episodes$")).first.inner_text())[0])
        page.goto(top + "topics/")
        counts = page.evaluate(
            "() => [...document.querySelectorAll('article a + .mg-count')]"
            ".map(count => `${count.previousElementSibling.textContent} (${parseInt(count.textContent)})`)"
        )
        open_search(page)
        page.wait_for_function("() => document.querySelectorAll('dialog select[name=topic] option').length > 9")
        kinds = page.locator("select[name=kind] option").all_text_contents()
        assert f"Episode ({episodes})" in kinds
        assert "Cancelled episode (1)" in kinds
        offered = page.locator("select[name=topic] option").all_text_contents()
        # the topics page shows topics without subtopics in another form
        listed = {label.rpartition(" (")[0] for label in counts}
        labels = {text for text in offered if text.rpartition(" (")[0] in listed}
        assert len(labels) > 10
        assert labels <= set(counts)
        assert visit.faults == []


def test_what_only_begins_like_a_word_is_not_found(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        assert find(page, "kx") == []
        # other forms of a word are also found
        assert find(page, "kubernetically")
        assert find(page, "dockers")[0] == "Docker"
        assert visit.faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_of_the_site_are_found_by_their_names(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        ways = page.locator(".mg-hints a")
        for words, names in {
            "the learning path": ["Learning path"],
            "review cards": ["Review"],
            "learning": [],
        }.items():
            find(page, words)
            expect(ways).to_have_text(names)
        find(page, "Timeline")
        ways.click()
        page.wait_for_url(top + "timeline/")
        expect(page.locator("h1#timeline")).to_be_visible()
        expect(page.locator("dialog[open]")).to_have_count(0)


def test_what_goes_by_the_name_comes_first(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        for words, meant in {
            "k8s": "Kubernetes",
            "ML": "Machine learning",
            "aws": "Amazon Web Services",
            "RNN": "Recurrent neural network",
            "sklearn": "scikit-learn",
        }.items():
            assert find(page, words)[0] == meant
            counted(page)
        # an excerpt starts with its sentence; after more than a few words, it begins with an ellipsis
        find(page, "outliers")
        counted(page)
        said = page.locator(".mg-results .mg-summary").all_inner_texts()
        assert any(text.startswith("With Matplotlib, the basic library for charts:") for text in said)
        assert any(text.startswith("…") for text in said)
        # cells of tables are kept apart
        find(page, "hdf5")
        counted(page)
        said = page.locator(".mg-results .mg-summary").all_inner_texts()
        assert any("HDF5; large arrays of numbers; compresses" in text for text in said)
        # exact titles come first, whether singular or plural, then other names, and topics that begin with the words
        same = ["Transformer", "Transformers", "Hugging Face Transformers", "Transformer architecture"]
        assert find(page, "what is a transformer")[:4] == same
        assert find(page, "transformers")[:4] == [same[1], same[0], *same[2:]]
        # another form of a word isn't corrected, but a mistyped word is
        find(page, "mathematics")
        expect(page.locator(STATUS)).to_contain_text("for “mathematics”")
        assert find(page, "kubernets")[0] == "Kubernetes"
        find(page, "gaps")
        expect(page.locator(STATUS)).to_contain_text("for “gaps”")
        # a name that only begins with a whole word doesn't come before the pages with this word
        assert find(page, "train")[0] == "Train-test split"
        # a word that is a part of the best page's name has results
        assert find(page, "torch")
        # a title with all words comes before titles with one of them
        for words in ("bias variance", "bias-variance", "variance bias"):
            assert find(page, words)[0] == "Bias-variance tradeoff"
            assert {"Bias", "Variance"} <= {*find(page, words)}
        # sections with more of the words come first
        assert find(page, "why overfit first")[0] == "Better Data"
        sections = page.locator(".mg-results > li").first.locator("ul a").all_inner_texts()
        assert "Training" in sections and "Baseline, then model" not in sections
        # an episode comes after the page with the name
        assert find(page, "docker")[:1] == ["Docker"]
        # an excerpt doesn't repeat the title
        expect(page.locator(".mg-results > li").first).to_contain_text(re.compile("DockerTool ?The tool that made"))
        assert page.locator(".mg-results > li > a").nth(1).get_attribute("href").endswith("episodes/mla/mla-012/")
        assert visit.faults == []


def test_questions_of_newcomers(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        path = page.locator("dialog .mg-hints a")
        asked = (
            "Where do I start?",
            "how do I start learning machine learning",
            "roadmap",
            "for beginners",
            "a beginner, but",
        )
        for words in (*asked, "machine learning for beginners", "how to learn Docker"):
            find(page, words)
            expect(path).to_have_text("Learning path")
        assert find(page, "how do I start learning machine learning")[0] == "Machine learning"
        # such words are kept unless the others are a name
        assert "Cold start" in find(page, "why is the start cold")
        # but not if the words are a name, or no question
        find(page, "startup funding")
        expect(path).to_have_count(0)
        assert find(page, "what is a cold start")[0] == "Cold start"
        expect(path).to_have_count(0)
        # a name may contain a word of questions, and a single letter finds no words that begin with it
        found = find(page, "k means")
        assert found[:2] == ["K-means", "Practical Clustering Tools"] and "Kubeflow" not in found
        assert find(page, "r squared")[:2] == ["R squared", "Performance"]
        # two words that are one word in names
        assert find(page, "over fitting")[0] == "Overfitting"
        assert find(page, "hyper parameter tuning")[0] == "Hyperparameter optimisation"
        # the name of a page isn't corrected to another word
        find(page, "glossary")
        expect(page.locator(STATUS)).to_contain_text("1 result ")
        find(page, "timeline")
        expect(path).to_have_text("Timeline")
        expect(page.locator(STATUS)).not_to_contain_text("pipeline")
        # a short name also finds the pages with the full name
        assert {"Large Language Models 1", "Large Language Models 2"} <= {*find(page, "LLM")[:4]}
        # also if a filter excludes the page with this name
        counted(page)
        assert "Large Language Models 1" in narrow(page, "kind", "Episode")
        narrow(page, "kind", "")
        # names come first that begin with what has been typed
        assert find(page, "transf")[:2] == ["Transformer", "Transformers"]
        # Enter opens the page of the site that the query names
        find(page, "glossary")
        page.keyboard.press("Enter")
        page.wait_for_url(top + "glossary/")
        # or else the first result, even if the reader asks where to start with it
        open_search(page)
        find(page, "getting started with docker")
        page.keyboard.press("Enter")
        page.wait_for_url(top + "tools/docker/")
        open_search(page)
        # resources are found by their format, and for beginners
        found = find(page, "best book for beginners")
        assert "Machine Learning Engineering with Python" in found and "Tensor" not in found
        # if no page has all words, pages with the most words come first, and the others follow
        found = find(page, "deploy a model cheaply")
        assert {"Spot instance", "Model deployment"} <= {*found[:3]}
        assert visit.faults == []


def test_without_results_a_spelling_and_topics_are_offered(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE) as visit:
        page = visit.page
        page.goto(top)
        open_search(page)
        assert find(page, "tensrofl") == []
        expect(page.locator(".mg-hints")).to_contain_text("Did you mean: tensorflow")
        topics = page.locator(".mg-hints__topics button")
        expect(topics).to_have_count(8)
        assert visit.axe() == []
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_selector(".mg-results a")
        assert complete(page)[0] == "TensorFlow"
        expect(page.locator(".mg-hint")).to_have_count(0)
        assert find(page, "zzzzqq") == []
        topic = topics.first.inner_text()
        topics.first.click()
        page.wait_for_selector(".mg-results a")
        expect(page.locator("dialog input")).to_have_value("")
        expect_query(page, topic=topic)
        assert visit.faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_search_page_suggests_topics_and_episodes_before_a_query(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        page.add_init_script(MOVES)
        page.goto(top + "search/")
        expect(page.locator("article dialog input")).to_be_focused()
        suggested = page.locator(".mg-start")
        expect(suggested.get_by_role("heading")).to_have_text(["Topics", "Latest episodes"])
        page.wait_for_load_state("networkidle")
        assert page.evaluate("moved") == 0
        assert visit.axe() == []
        assert find(page, "docker")
        expect(suggested).to_be_hidden()
        assert visit.axe() == []
        page.keyboard.press("Escape")
        expect(page.locator("article dialog input")).to_be_focused()
        page.locator("dialog input").fill("")
        suggested.get_by_role("link", name="MLOps").click()
        page.wait_for_url(top + "topics/mlops/")
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert visit.faults == []


def test_from_the_search_page_to_another_page_and_back(hikes, visit_with) -> None:
    with visit_with(hikes, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(hikes + "search/")
        mark(page)
        assert find(page, "cupule")
        page.locator("nav.md-tabs a", has_text="Topics").click()
        page.wait_for_url("**/topics/")
        expect(page.locator("article h1")).to_contain_text("Topics")
        open_search(page)
        expect(page.locator("body > dialog:modal")).to_be_visible()
        assert find(page, "shells")
        page.keyboard.press("Escape")
        expect_query(page)
        page.go_back()
        page.wait_for_url("**/search/?q=cupule")
        expect(page.locator("article dialog input")).to_have_value("cupule")
        assert complete(page)[0] == "Cupule"
        expect_marked(page)
        assert visit.faults == []


def test_words_are_found_after_an_apostrophe(looms, visit_with) -> None:
    with visit_with(looms, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(looms)
        open_search(page)
        for words in (
            "histoire",
            "économie",
            "échelle",
            "IntelliJ",
            "l’histoire",
            "l'économie",
            "“histoire de”",
            "zebra",
            "walrus",
            "lynx",
            "#lynx",
        ):
            assert find(page, words) == ["Métier"], words
        expect(page.locator(".mg-results")).to_contain_text("L’histoire de l’économie d’échelle")
        assert not set("~^") & set(page.locator(".mg-results").inner_text())
        # phrases in typographic quotation marks are phrases
        for words in ("“de histoire”", "„de histoire“", "« de histoire »"):
            assert find(page, words) == [], words
        assert visit.faults == []


def test_words_with_small_digits_are_found(looms, visit_with) -> None:
    with visit_with(looms, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(looms)
        open_search(page)
        for words in ("CO2", "CO₂", "h2o", "C6H12O6", "C₆H₁₂O₆", "R2", "R²", "x12", "10²"):
            assert find(page, words) == ["Ofen CO₂"], words
        assert find(page, "102") == []
        find(page, "CO2")
        expect(page.locator(".mg-results")).to_contain_text("Über H₂O, C₆H₁₂O₆, R², x¹² und 10²: alles für 7 CO₂.")
        assert "CO₂" in page.locator(".mg-results mark").all_inner_texts()
        assert visit.faults == []


def test_words_are_found_within_runs_of_letters(looms, visit_with) -> None:
    with visit_with(looms, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(looms)
        open_search(page)
        marks = page.locator(".mg-results mark")
        for words, title in FOUND_WITHIN.items():
            assert find(page, words) == [title], words
            assert words in marks.all_inner_texts(), words
            text = page.locator(".mg-results").inner_text()
            assert not set("~^") & set(text), text
        assert find(page, "传播") == ["第1期：神经网络"]
        expect(page.locator(".mg-results ul a")).to_have_text("反向传播")
        assert find(page, "算盘") == [], "no page contains the pair of letters"
        assert find(page, "算法 Docker") == find(page, "GPT模型") == ["第1期：神经网络"]
        # a whole sentence is split into the words that the browser knows
        assert find(page, "我想学习梯度下降") == ["第1期：神经网络"]
        expect(page.locator(STATUS)).to_have_text(re.compile("^No page contains all words."))
        # mistyped names, and whole names
        assert find(page, "支持向量機")[0] == "支持向量机"
        expect(page.locator(STATUS)).to_have_text(re.compile("支持向量机"))
        # the words on the page of a result that was opened
        find(page, "算法")
        expect(page.locator(".mg-results .mg-summary").first).to_have_text(
            "本期我们讨论GPT模型，用 Docker 部署，以及梯度下降的算法。 反向传播. 链式法则。"
        )
        page.locator(".mg-results a").first.click()
        page.wait_for_url("**/loom-001/**")
        eventually(page, lambda: page.evaluate(HIGHLIGHTED), ["算法"])
        assert visit.faults == []
