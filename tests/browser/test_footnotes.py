"""Tests of footnotes and task lists on a page: links in both directions, screen readers, and narrow windows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import server
from browser.conftest import DESKTOP, PHONE, Visiting
from browser.searching import find, open_search
from conftest import run_command

pytestmark = pytest.mark.browser

PAGE = "episodes/looms/looms-001/"
NOTES = """A frame[^frame] holds the warp[^warp]. It is of oak[^frame] or a [pine of the north[^warp]](https://pine.example/).

## What to bring

Some things[^bring]:

- [ ] A comb[^frame]
- [x] Yarn, of which there is never enough for a line of the narrowest window

| Part | Wood[^warp] |
| --- | --- |
| beam | oak |

[^frame]: Four beams, pegged; the Heddle hangs in them.
[^warp]: The threads that are held.

    ```
    warp = [1, 2, 3]
    ```
[^bring]: Ask before you come[^frame].
"""
CUT = """() => [...document.querySelectorAll('article *')]
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML)"""
PLACE = """id => {
  const top = document.getElementById(id).getBoundingClientRect().top;
  return top >= document.querySelector('.md-header').getBoundingClientRect().bottom && top < innerHeight;
}"""


@pytest.fixture(scope="module")
def looms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A site with footnotes, and its folder. No link of the site may lead to a missing anchor."""
    root = tmp_path_factory.mktemp("looms") / "kb"
    run_command("mlguide", "init", root, "--title", "Looms", cwd=root.parent)
    (root / "knowledge" / "series.yml").write_text("looms: {title: Looms}\n", "utf-8")
    (root / "knowledge" / "tools.yml").write_text("heddle: {name: Heddle}\n", "utf-8")
    (root / "episodes" / "looms").mkdir(parents=True)
    note = f"---\nid: looms-001\ntitle: The frame\n---\n\n{NOTES}"
    (root / "episodes" / "looms" / "looms-001.md").write_text(note, "utf-8")
    run_command("mlguide", "check", "--strict", cwd=root)
    run_command("mlguide", "build", "--strict", cwd=root)
    with server.serve(root / "site") as home:
        yield home, root / "site"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_footnotes_can_be_seen_and_read(looms, visit_with: Visiting, viewport: dict[str, int]) -> None:
    with visit_with(looms[0], viewport=viewport) as visit:
        visit.page.goto(looms[0] + PAGE)
        assert visit.axe() == []
        assert visit.page.evaluate(CUT) == []
        assert visit.faults == []


def test_each_reference_leads_to_its_note_and_each_note_back(looms, visit_with: Visiting) -> None:
    with visit_with(looms[0], viewport=PHONE) as visit:
        page = visit.page
        page.goto(looms[0] + PAGE)
        for role in ("noteref", "backlink"):
            for link in page.locator(f"[role=doc-{role}]").all():
                link.focus()
                page.keyboard.press("Enter")
                id = (link.get_attribute("href") or "").removeprefix("#")
                page.wait_for_function("id => location.hash === '#' + id", arg=id)
                page.wait_for_function(PLACE, arg=id)
        assert page.locator("[role=doc-noteref]").count() == 8
        assert page.locator("[role=doc-backlink]").count() == 3
        assert visit.faults == []


def test_a_word_before_a_mark_is_found(looms, visit_with: Visiting) -> None:
    with visit_with(looms[0], viewport=DESKTOP) as visit:
        visit.page.goto(looms[0])
        open_search(visit.page)
        # if the index included the number of the footnote mark, this word would differ
        assert find(visit.page, '"a comb"') == ["The frame"]


def test_what_a_footnote_names_is_a_mention_with_its_sentence(looms, visit_with: Visiting) -> None:
    with visit_with(looms[0], viewport=DESKTOP, java_script_enabled=False) as visit:
        visit.page.goto(looms[0] + "tools/heddle/")
        assert "the Heddle hangs in them." in visit.page.locator("[aria-labelledby='s.mentions']").inner_text()
        visit.page.goto(looms[0] + PAGE)
        assert visit.page.locator("article p:has(sup) a", has_text="Heddle").get_attribute("href", timeout=3000)
