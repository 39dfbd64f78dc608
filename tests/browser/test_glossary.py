"""Tests of the glossary: filtering terms by words, downloads, and use without scripts."""

import csv
import io
import json
import re
import zipfile

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE
from browser.waiting import expect_query

pytestmark = pytest.mark.browser

STATUS = ".mg-filter [role=status]"
FOUND = ".mg-filtered .mg-terms dt > a"


@pytest.fixture(scope="module")
def terms(bundled) -> list[dict]:
    """The bundled terms, as in `catalog.json`."""
    return json.loads((bundled.site / "catalog.json").read_bytes())["terms"]


def test_the_letters_stay_visible_on_phones_and_cover_no_heading(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE) as visit:
        page = visit.page
        page.goto(top + "glossary/")
        page.locator(".mg-jumps a", has_text="B").first.click()
        page.wait_for_function("document.querySelector('#l\\\\.b').getBoundingClientRect().top < 200")
        letters, heading = page.locator(".mg-jumps").bounding_box(), page.locator("#l\\.b").bounding_box()
        assert 0 < letters["y"] < letters["y"] + letters["height"] <= heading["y"]


def test_terms_are_found_by_words_wherever_they_stand(top, terms, visit_with) -> None:
    wanted = {term["term"] for term in terms if "gradient" in f"{term['term']} {term['definition']}".lower()}
    with visit_with(top, viewport=DESKTOP) as visit:
        page, asked = visit.page, []
        page.on("request", lambda request: asked.append(request.url.removeprefix(top)))
        page.goto(top + "glossary/")
        page.wait_for_load_state("networkidle")
        assert "glossary/terms.json" not in asked
        expect(page.locator(STATUS)).to_have_text(f"{len(terms)} terms")
        # the number of episodes is behind the name
        assert page.locator(".mg-terms .mg-count").evaluate_all("all => all.every(one => one.closest('dt'))")
        page.get_by_label("Find a term").fill("Gradient")
        expect(page.locator(FOUND).first).to_have_text("Gradient")
        found = page.locator(FOUND).all_inner_texts()
        assert set(found) >= wanted
        expect(page.locator(STATUS)).to_have_text(f"{len(found)} of {len(terms)} terms")
        expect_query(page, find="Gradient")
        page.locator(FOUND).first.click()
        page.wait_for_url(top + "glossary/gradient/")
        page.go_back()
        expect(page.locator(FOUND)).to_have_text(found)
        expect(page.get_by_label("Find a term")).to_have_value("Gradient")
        # finds an abbreviation in any case
        short = next(term for term in terms if term["abbreviations"])
        page.get_by_label("Find a term").fill(short["abbreviations"][0].lower())
        page.wait_for_function(
            "([where, name]) => [...document.querySelectorAll(where)].some(link => link.textContent === name)",
            arg=[FOUND, short["term"]],
        )
        page.get_by_role("button", name="Clear").click()
        page.wait_for_selector(".mg-all", state="visible")
        expect(page.locator(STATUS)).to_have_text(f"{len(terms)} terms")
        assert visit.faults == []


def test_episodes_are_found_by_words_and_by_topic_and_series(top, visit_with) -> None:
    found = ".mg-filtered .mg-title"
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "episodes/")
        page.get_by_label("Topic").select_option("mlops")
        size = re.search(r"\((\d+)\)", page.locator("[name=topic] option:checked").inner_text())[1]
        expect(page.locator(found)).to_have_count(int(size))
        page.get_by_label("Find an episode").fill("docker workflows")
        expect(page.locator(found)).to_have_text(["Docker for Machine Learning Workflows"])
        assert page.locator(f"{found} mark").all_inner_texts() == ["Docker", "Workflows"]
        # the row is like those of the list of all episodes
        expect(page.locator(".mg-filtered > .mg-list .mg-label")).to_have_text("MLA 012")
        expect_query(page, find="docker workflows", topic="mlops")
        page.get_by_label("Series").select_option("mlg")
        expect(page.locator(".mg-filtered")).to_contain_text("No matches")
        page.get_by_label("Series").select_option("mla")
        expect(page.locator(found)).to_have_count(1)
        expect(page.locator(".mg-print")).to_contain_text("Find an episode: docker workflows. Topic: MLOps")
        # names of entries are found too, and finished episodes have a tick
        page.evaluate("localStorage.setItem('mlguide.heard:/', '[\"mlg-029\"]')")
        page.goto(top + "episodes/?find=rl")
        expect(page.locator(".mg-filtered > .mg-list > li", has_text="MLG 029")).to_have_class(re.compile("mg-done"))
        assert "RL" in page.locator(".mg-filtered mark").all_inner_texts()
        # so are other names of topics, and numbers without zeros
        page.get_by_label("Find an episode").fill("llm")
        expect(page.locator(found).filter(has_text="Large Language Models")).to_have_count(2)
        page.get_by_label("Find an episode").fill("mla 1")
        expect(page.locator(".mg-filtered > .mg-list .mg-label").first).to_have_text("MLA 001")
        assert visit.axe() == [] and visit.faults == []


def test_tools_are_found_by_the_starts_of_words_first(top, visit_with) -> None:
    found = ".mg-filtered .mg-title"
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        for path, first in {
            "tools/?find=git": "Git",
            "tools/?find=sage": "Amazon SageMaker",
            # tools of more episodes come first
            "tools/?find=google": "Google Cloud",
        }.items():
            page.goto(top + path)
            expect(page.locator(found).first).to_have_text(first)
        assert page.locator(found).count() > 1
        # in summaries, words are found by their starts: "aws" is a part of "draws"
        page.goto(top + "tools/?find=aws")
        expect(page.locator(found).first).to_contain_text("A")
        assert "Seaborn" not in page.locator(found).all_inner_texts()
        marks = page.locator(".mg-filtered .mg-summary mark")
        before = marks.evaluate_all("all => all.map(one => one.previousSibling?.data.at(-1) ?? '')")
        assert before and not any(map(str.isalnum, before))
        assert visit.faults == []


def test_what_a_list_lacks_is_searched_on_all_pages(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "tools/?find=overfitting+%26")
        page.get_by_role("link", name="Search all pages for “overfitting &”").click()
        page.wait_for_url(top + "search/?q=overfitting+%26")
        expect(page.locator("dialog .mg-results > li > a").first).to_have_text("Overfitting")
        # the list looks only at titles, summaries and names of entries
        page.goto(top + "episodes/?find=python")
        expect(page.get_by_role("link", name="Search all pages for “python”")).to_be_visible()
        assert visit.faults == []


def test_tools_are_filtered_by_topic(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "tools/?topic=data-visualisation")
        found = page.locator(".mg-filtered .mg-lines .mg-title")
        expect(found.filter(has_text="Matplotlib")).to_have_count(1)
        expect(found.filter(has_text="Docker")).to_have_count(0)
        size = page.locator("select[name=topic]").evaluate("field => field.selectedOptions[0].text")
        assert size == f"Data visualisation ({found.count()})"
        assert visit.axe() == []
        assert visit.faults == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_what_is_found_is_accessible_and_fits(top, visit_with, viewport) -> None:
    with visit_with(top, viewport=viewport) as visit:
        page = visit.page
        page.goto(top + "glossary/?find=learning")
        page.wait_for_selector(FOUND)
        assert visit.axe() == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert visit.faults == []


def test_the_glossary_can_be_taken_along(top, terms, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        page = visit.page
        page.goto(top + "glossary/")
        taken = {}
        for name in ("Anki deck", "CSV table"):
            with page.expect_download() as download:
                page.get_by_role("link", name=name).click()
            taken[download.value.suggested_filename] = download.value.path().read_bytes()
        assert sorted(taken) == ["glossary.apkg", "glossary.csv"]
        with zipfile.ZipFile(io.BytesIO(taken["glossary.apkg"])) as deck:
            assert "collection.anki2" in deck.namelist()
        rows = list(csv.DictReader(io.StringIO(taken["glossary.csv"].decode(), newline="")))
        assert [row["term"] for row in rows] == [term["term"] for term in terms]


def test_without_script_every_term_is_there(top, terms, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP, java_script_enabled=False) as visit:
        page, names = visit.page, set()
        address = top + "glossary/"
        while address:
            page.goto(address)
            expect(page.locator(".mg-filter")).to_be_hidden()
            names |= set(page.locator(".mg-terms dt > a").all_inner_texts())
            following = page.locator(".mg-pager a[rel=next]")
            address = following.evaluate("link => link.href") if following.count() else ""
        assert names == {term["term"] for term in terms}


def test_tools_are_found_by_words_and_few_people_are_listed(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE) as visit:
        page = visit.page
        page.goto(f"{top}tools/")
        page.get_by_label("Find a tool").fill("dockerfile")
        found = page.locator(".mg-filtered .mg-lines .mg-title")
        expect(found.first).to_be_visible()
        assert "Docker" in found.all_inner_texts()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert visit.axe() == []
        page.get_by_role("button", name="Clear").click()
        page.wait_for_selector(".mg-all", state="visible")
        page.goto(f"{top}people/")
        assert page.locator(".mg-filter").count() == 0 and visit.axe() == []
        page.locator(".mg-all .mg-row__links a").first.click()
        page.wait_for_url(top + "episodes/**")
        assert visit.faults == []
