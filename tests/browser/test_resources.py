"""Tests of filters for resources: results, counts, the URL, print, the table, the keyboard, and use without scripts."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser import server
from browser.conftest import DESKTOP, PHONE
from browser.waiting import eventually, expect_marked, expect_query, mark
from conftest import run_command

pytestmark = pytest.mark.browser

STATUS = ".mg-filter [role=status]"
ROWS = ".mg-filtered .mg-rows > li"


def counted(page, text: str) -> None:
    """Wait until the status shows this text."""
    expect(page.locator(STATUS)).to_have_text(text)


@pytest.fixture(scope="module")
def listed(bundled) -> list[dict]:
    """The bundled resources, as in `catalog.json`, without those that only group others."""
    entries = json.loads((bundled.site / "catalog.json").read_bytes())["resources"]
    parents = {entry["parent"] for entry in entries}
    return [entry for entry in entries if entry["urls"] or entry["slug"] not in parents]


def test_filters_choose_and_stand_in_the_address(top, listed, visit_with) -> None:
    total = len(listed)
    books = [entry for entry in listed if "book" in entry["formats"]]
    essential = [entry for entry in books if entry["importance"] == "essential"]
    assert 0 < len(essential) < len(books) < total
    with visit_with(top, viewport=DESKTOP) as visit:
        page, asked = visit.page, []
        page.on("request", lambda request: asked.append(request.url.removeprefix(top)))
        page.goto(top + "resources/")
        page.wait_for_load_state("networkidle")
        assert "resources/index.json" not in asked
        page.locator("select[name=format]").select_option("book")
        counted(page, f"{len(books)} of {total} resources")
        assert asked.count("resources/index.json") == 1
        expect(page.locator(".mg-all")).to_be_hidden()
        expect(page.locator(ROWS)).to_have_count(len(books))
        page.locator(".mg-filter summary").click()
        page.locator("select[name=importance]").select_option("essential")
        counted(page, f"{len(essential)} of {total} resources")
        expect_query(page, format="book", importance="essential")
        titles = page.locator(f"{ROWS} .mg-title")
        eventually(page, lambda: sorted(titles.all_inner_texts()), sorted(entry["title"] for entry in essential))
        expect(page.locator("select[name=format] option[value=book]")).to_have_text(f"book ({len(essential)})")
        page.go_back()
        counted(page, f"{len(books)} of {total} resources")
        expect(page.locator("select[name=importance]")).to_have_value("")
        page.go_back()
        page.wait_for_selector(".mg-all", state="visible")
        counted(page, f"{total} resources")
        page.go_forward()
        counted(page, f"{len(books)} of {total} resources")
        expect(page.locator("select[name=format]")).to_have_value("book")
        page.locator(f"{ROWS} .mg-title").first.click()
        page.wait_for_url("**/resources/*/")
        page.go_back()
        counted(page, f"{len(books)} of {total} resources")
        assert visit.faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_most_filters_are_folded_until_one_is_used(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page, price = visit.page, visit.page.locator("select[name=price]")
        page.goto(top + "resources/?format=book")
        expect(page.locator(".mg-filtered")).to_be_visible()
        expect(page.locator("select[name=format]")).to_be_visible()
        expect(price).to_be_hidden()
        page.locator(".mg-filter summary").click()
        expect(price).to_be_visible()
        assert page.locator(".mg-filter details").evaluate("one => getComputedStyle(one).boxShadow") == "none"
        page.goto(top + "resources/?price=free")
        expect(price).to_be_visible()


def test_words_and_episodes_are_typed(top, listed, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "resources/")
        page.keyboard.press("Tab")
        page.locator("input[name=find]").focus()
        page.keyboard.type("andrew ng")
        # the URL has the complete query before the results are shown
        expect_query(page, find="andrew ng")
        expect(page.locator(ROWS).first).to_contain_text("Andrew Ng")
        page.get_by_role("button", name="Clear").click()
        page.wait_for_selector(".mg-all", state="visible")
        expect(page.locator("input[name=find]")).to_be_focused()
        expect_query(page)
        named = next(entry for entry in listed if entry["episodes"])
        id = named["episodes"][0]
        count = sum(id in entry["episodes"] for entry in listed)
        page.goto(f"{top}resources/?episode={id}")
        counted(page, f"{count} of {len(listed)} resources")
        expect(page.locator("datalist option").nth(1)).to_be_attached()
        back = page.locator(f"{ROWS}:has(a[href$='/resources/{named['slug']}/'])").locator(f"a[href*='/{id}/']")
        expect(back).to_have_count(1)
        assert visit.faults == []


def test_a_topic_has_what_stands_below_it(top, bundled, listed, visit_with) -> None:
    catalog = json.loads((bundled.site / "catalog.json").read_bytes())
    parents = {topic["slug"]: topic["parent"] for topic in catalog["topics"]}
    own = {topic["slug"]: set(topic["resources"]) for topic in catalog["topics"]}
    above = next(slug for slug in parents if own[slug] and any(parents[o] == slug and own[o] - own[slug] for o in own))
    wanted: set[str] = set()
    for slug in parents:
        chain = [slug]
        while parents[chain[-1]]:
            chain.append(parents[chain[-1]])
        wanted |= own[slug].intersection(entry["slug"] for entry in listed) if above in chain else set()
    with visit_with(top, viewport=DESKTOP) as visit:
        visit.page.goto(f"{top}resources/?subject={above}")
        counted(visit.page, f"{len(wanted)} of {len(listed)} resources")


def test_nothing_fits(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "resources/?find=zzzzz")
        page.wait_for_selector(".mg-filtered .mg-empty")
        expect(page.locator(STATUS)).to_have_text(re.compile("^0 of "))
        page.get_by_role("button", name="Clear filters").click()
        page.wait_for_selector(".mg-all", state="visible")
        assert visit.faults == []


def test_values_that_no_filter_has_are_passed_over(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "resources/?format=%22%3E%3Cimg%20src=x%3E&sort=constructor&as=x&episode=%3Cb%3E")
        page.wait_for_selector(".mg-filtered .mg-empty")
        expect(page.locator("select[name=format]")).to_have_value("")
        assert page.locator(".mg-filtered b, .mg-filtered img").count() == 0
        assert visit.faults == []


def test_going_back_undoes_what_was_chosen(top, listed, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "resources/")
        # choices that are made before the form's script is loaded replace this URL
        page.wait_for_selector("form[data-ready]")
        page.get_by_role("radio", name="Table").check()
        page.wait_for_selector(".mg-table")
        page.go_back()
        expect(page.get_by_role("radio", name="List")).to_be_checked()
        page.wait_for_selector(".mg-all", state="visible")
        page.locator("select[name=format]").select_option("book")
        expect_query(page, format="book")
        # the URL of the same page, with a value that doesn't exist
        page.evaluate("history.replaceState(null, '', '?format=zzz'); dispatchEvent(new PopStateEvent('popstate'))")
        expect(page.locator("select[name=format]")).to_have_value("")
        page.wait_for_selector(".mg-all", state="visible")
        counted(page, f"{len(listed)} resources")
        assert visit.faults == []


def column(page, number: int) -> list[str]:
    return page.locator(f".mg-table tbody tr > :nth-child({number})").all_inner_texts()


def test_the_table_sorts_by_its_heads(top, listed, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "resources/")
        page.get_by_role("radio", name="Table").check()
        heads = ["Title", "Format", "Importance", "Difficulty", "Price", "Episodes"]
        expect(page.locator(".mg-table thead th")).to_have_text(heads)
        # the table alone is no filter
        expect(page.get_by_role("button", name="Clear")).to_be_hidden()
        eventually(page, lambda: len(column(page, 1)), min(100, len(listed)))
        page.get_by_role("button", name="Importance").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("th[aria-sort=ascending]")
        expect(page.get_by_role("button", name="Importance")).to_be_focused()
        order = ["essential", "valuable", "supplementary", ""]
        ranks = [order.index(text) for text in column(page, 3)]
        assert ranks == sorted(ranks)
        expect_query(page, **{"as": "table", "sort": "importance"})
        expect(page.locator("select[name=sort]")).to_have_value("importance")
        page.keyboard.press("Enter")
        page.wait_for_selector("th[aria-sort=descending]")
        last = [order.index(text) for text in column(page, 3)]
        known = [rank for rank in last if rank < 3]
        assert last[: len(known)] == sorted(known, reverse=True)
        page.get_by_role("button", name="Title").click()
        page.wait_for_selector("th:first-child[aria-sort=ascending]")
        titles = page.locator(".mg-table tbody th > a:first-child").all_inner_texts()
        assert titles[:5] == page.evaluate(
            "titles => titles.sort((a, b) => a.localeCompare(b, 'en')).slice(0, 5)",
            [entry["title"] for entry in listed],
        )
        page.goto(top + "resources/?as=table&sort=-episodes")
        page.wait_for_selector("th[aria-sort]")
        assert visit.faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_what_is_chosen_is_accessible_and_fits(top, visit_with, viewport) -> None:
    faults = []
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        for query, sign in {
            "?difficulty=easy": ROWS,
            "?as=table&sort=title": ".mg-table",
            "?find=zzzzz": ".mg-filtered .mg-empty",
        }.items():
            page.goto(f"{top}resources/{query}")
            page.wait_for_selector(sign)
            faults += [f"{query}: {fault}" for fault in visit.axe()]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append(f"{query}: wider than the window")
        faults += visit.faults
    assert not faults, "\n".join(faults)


def test_it_prints_with_what_is_chosen_and_where_links_lead(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "resources/?format=book&sort=title")
        page.wait_for_selector(ROWS)
        expect(page.locator(".mg-print")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator(".mg-filter")).to_be_hidden()
        expect(page.locator(".mg-print")).to_have_text(re.compile("Format: book; Sort by: Title$"))
        content = page.locator(".mg-filtered .mg-out").first.evaluate(
            "link => getComputedStyle(link, '::after').content"
        )
        assert "https://" in content
        within = page.locator(".mg-filtered .mg-title").first
        assert "resources" not in within.evaluate("link => getComputedStyle(link, '::after').content")
        assert visit.faults == []


def test_without_script_the_whole_tree_is_there(top, bundled, listed, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP, java_script_enabled=False) as visit:
        page, titles = visit.page, set()
        address = top + "resources/"
        while address:
            page.goto(address)
            expect(page.locator(".mg-filter")).to_be_hidden()
            titles |= {text.strip() for text in page.locator(".mg-branch h2 a, .mg-row .mg-title").all_text_contents()}
            following = page.locator(".mg-pager a[rel=next]")
            address = following.evaluate("link => link.href") if following.count() else ""
        assert {entry["title"] for entry in listed} <= titles


def test_under_a_path_where_pages_load_by_themselves(below, visit_with) -> None:
    with visit_with(below, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(below + "people/")
        page.wait_for_load_state("networkidle")
        mark(page)
        page.locator("nav.md-tabs a", has_text="Resources").click()
        page.locator(".mg-filter summary").click()
        page.locator("select[name=price]").select_option("free")
        page.wait_for_selector(ROWS)
        chosen = page.locator(STATUS).inner_text()
        page.locator(f"{ROWS} .mg-title").first.click()
        page.wait_for_url("**/resources/*/")
        page.go_back()
        page.wait_for_selector(ROWS)
        counted(page, chosen)
        expect_query(page, price="free")
        expect_marked(page)
        assert visit.faults == []


@pytest.fixture(scope="module")
def shelves(tmp_path_factory) -> Iterator[str]:
    """A site with one term, and many resources of one format. No resource has a price."""
    root = tmp_path_factory.mktemp("shelves") / "kb"
    run_command("mlguide", "init", str(root), "--title", "Shelves", cwd=root.parent)
    entries = {
        f"r{n:03}": {
            "title": f"Book {n:03} on a subject of its own",
            "format": "book",
            "difficulty": ["easy", "hard"][n % 2],
            "urls": [f"https://books.example/{n}"],
        }
        for n in range(300)
    }
    (root / "knowledge/resources.yml").write_text(json.dumps(entries), "utf-8")
    (root / "knowledge/glossary.yml").write_text("one: {term: One, definition: The first.}\n", "utf-8")
    run_command("mlguide", "build", cwd=root)
    with server.serve(root / "site") as home:
        yield home


def test_very_many_come_in_parts(shelves, visit_with) -> None:
    home = shelves
    with visit_with(home, viewport=DESKTOP) as visit:
        page = visit.page
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(home)))
        page.goto(home + "resources/")
        page.wait_for_load_state("networkidle")
        assert "resources/index.json" not in asked
        page.locator(".mg-filter summary").click()
        page.locator("select[name=difficulty]").select_option("easy")
        counted(page, "150 of 300 resources")
        expect(page.locator(ROWS)).to_have_count(100)
        page.get_by_role("button", name="Show more").click()
        expect(page.locator(ROWS)).to_have_count(150)
        expect(page.locator(f"{ROWS} a:focus")).to_have_text(re.compile("^Book 200"))
        expect(page.get_by_role("button", name="Show more")).to_be_hidden()
        page.locator("select[name=difficulty]").select_option("")
        counted(page, "300 resources")
        expect(page.locator(ROWS)).to_have_count(0)
        page.locator("select[name=sort]").select_option("title")
        expect(page.locator(ROWS)).to_have_count(100)
        counted(page, "300 resources")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(page.locator(ROWS)).to_have_count(300)
        # filters with a single value are not offered
        assert page.locator(".mg-filter select").evaluate_all("all => all.map(one => one.name)") == [
            "difficulty",
            "sort",
        ]
        expect(page.locator(".mg-filter input[name=episode]")).to_have_count(0)
        # a glossary with one term has no filter
        page.goto(home + "glossary/")
        expect(page.locator(".mg-filter")).to_have_count(0)
        assert visit.faults == []
