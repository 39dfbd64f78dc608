"""Tests of printed pages: the number of sheets, and the sizes of titles and summaries; and of tables on phones."""

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


def sheets(page) -> int:
    """Return the number of sheets of a printed page: the larger one of A4 and Letter."""
    data = page.pdf(format="A4") + page.pdf(format="Letter")
    return max(int(count) for count in re.findall(rb"/Count (\d+)", data))


def size(page, selector: str) -> float:
    return page.locator(selector).first.evaluate("part => parseFloat(getComputedStyle(part).fontSize)")


def test_the_path_fits_on_four_sheets_and_titles_are_larger_than_summaries(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        visit.page.goto(top + "path/")
        assert sheets(visit.page) <= 4
        visit.page.emulate_media(media="print")
        assert size(visit.page, ".mg-episodes .mg-title") > size(visit.page, ".mg-episodes .mg-summary") >= 10


@pytest.mark.parametrize(("topic", "most"), [("deep-learning", 2), ("machine-learning", 2), ("computer-vision", 1)])
def test_a_topic_fits_on_two_sheets_with_text_that_can_be_read_from_a_wall(topic, most, top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        visit.page.goto(f"{top}topics/{topic}/")
        assert sheets(visit.page) <= most
        visit.page.emulate_media(media="print")
        title, lead, text = (size(visit.page, part) for part in ("h1", ".mg-lead", ".mg-section dd"))
        assert title >= 2 * lead and lead > text >= 11
        # the answers are printed, but no controls
        printed = [fold for fold in visit.page.locator(".mg-questions .mg-fold").all() if fold.is_visible()]
        assert len(printed) >= 4 and all(fold.locator("p").is_visible() for fold in printed)
        for control in visit.page.locator("button, input, .mg-downloads, .mg-net").all():
            assert not control.is_visible()


def test_an_episode_is_printed_without_navigation(top, visit_with) -> None:
    with visit_with(top, viewport=DESKTOP) as visit:
        visit.page.goto(top + "episodes/mla/mla-012/")
        assert sheets(visit.page) <= 4
        visit.page.emulate_media(media="print")
        # a list in columns would split a mention between sheets
        expect(visit.page.locator(".mg-mentions")).to_have_css("column-count", "auto")
        visit.page.set_viewport_size({"width": 718, "height": 1000})  # the width of a sheet
        hidden = ".md-header .mg-official .mg-crumbs .mg-prev-next .mg-related .mg-progress .md-sidebar .mg-contents"
        for selector in hidden.split():
            for part in visit.page.locator(selector).all():
                assert not part.is_visible(), selector


def test_tables_of_an_episode_fit_on_the_sheet_and_links_are_bold_text(top, visit_with) -> None:
    with visit_with(top, viewport={"width": 680, "height": 900}) as visit:
        visit.page.goto(top + "episodes/mla/mla-020/")
        visit.page.wait_for_selector(".md-typeset__scrollwrap")
        visit.page.emulate_media(media="print")
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 680
        link = visit.page.locator("article p a", has_text="TensorFlow Extended").first
        expect(link).to_have_css("text-decoration-line", "none")
        expect(link).to_have_css("font-weight", "600")


def test_a_table_of_three_columns_fits_on_a_phone(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE) as visit:
        visit.page.goto(top + "episodes/mla/mla-020/")
        table = visit.page.locator(".md-typeset__scrollwrap")
        assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
