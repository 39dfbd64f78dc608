"""The site works under a sub-path, at the top of a host, without an address of its own; and says so when lost."""

import pytest

from browser import server
from browser.conftest import DESKTOP, kinds_of

pytestmark = pytest.mark.browser


def every_kind(home, site, visit_with) -> list[str]:
    faults = []
    with visit_with(home, viewport=DESKTOP) as visit:
        for kind, url in kinds_of(site).items():
            visit.faults.clear()
            answer = visit.page.goto(home + url)
            unstyled = visit.page.evaluate("[...document.styleSheets].length") == 0
            found = [*visit.faults, *(["has no style"] if unstyled else [])]
            faults += [f"{kind} ({url}): {fault}" for fault in [*found, *([] if answer.ok else [answer.status])]]
    return faults


def test_under_the_path_it_was_built_for(below, addressed, visit_with) -> None:
    faults = every_kind(below, addressed.site, visit_with)
    assert not faults, "\n".join(faults)


def test_without_an_address_under_any_path(bundled, visit_with) -> None:
    with server.serve(bundled.site, "/some/where/") as home:
        # the page for what is missing may be shown at any depth, so without an address it can't know where it stands
        faults = [fault for fault in every_kind(home, bundled.site, visit_with) if not fault.startswith("404.html")]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("missing", ["nothing/here/", "episodes/zzz/", "nothing.html"])
def test_a_missing_page_says_so_and_leads_home(below, visit_with, missing) -> None:
    with visit_with(below, viewport=DESKTOP) as visit:
        page = visit.page
        answer = page.goto(below + missing)
        assert answer is not None and answer.status == 404
        assert "404" in page.content() or "not found" in page.inner_text("main").lower()
        # what is missing is the document itself; all that it needs must be there
        assert [fault for fault in visit.faults if "Failed to load resource" not in fault] == []
        assert visit.axe() == []
        page.locator("main a[href]").first.click()
        page.wait_for_load_state()
        assert page.url.startswith(below)
        assert page.locator("h1").first.is_visible()
