"""Every kind of page in Chromium: nothing fails, nothing leaves the site, nothing overflows, axe is content."""

import pytest

from browser.conftest import DESKTOP, PHONE, kinds_of

pytestmark = pytest.mark.browser

# an element counts as cut off where it reaches past the window and nothing around it scrolls or hides it on purpose
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const found = [];
  const whole = document.documentElement.scrollWidth;
  if (whole > width) found.push(`the page is ${whole} pixels wide`);
  const contained = e => {
    for (let p = e.parentElement; p; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== 'visible') return true;
    return false;
  };
  for (const e of document.querySelectorAll('main *')) {
    const box = e.getBoundingClientRect();
    if (box.width && box.right > width + 1 && !contained(e)) found.push(`overflows: ${e.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_kind_of_page(top, bundled, visit_with, viewport, scheme) -> None:
    faults = []
    with visit_with(top, viewport=viewport, color_scheme=scheme) as visit:
        for kind, url in kinds_of(bundled.site).items():
            visit.faults.clear()
            visit.page.goto(top + url)
            found = [*visit.faults, *visit.page.evaluate(OVERFLOW), *visit.axe(), *visit.faults]
            faults += [f"{kind} ({url}): {fault}" for fault in dict.fromkeys(found)]
    assert not faults, "\n".join(faults)


def test_the_colours_follow_the_system(top, visit_with) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        with visit_with(top, color_scheme=scheme) as visit:
            visit.page.goto(top)
            colour = "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)"
            colours[scheme] = sum(visit.page.evaluate(colour))
    assert colours["dark"] < 200
    assert colours["light"] > 600


def test_without_script_everything_can_be_read(top, bundled, visit_with) -> None:
    faults = []
    with visit_with(top, viewport=DESKTOP, java_script_enabled=False) as visit:
        for kind, url in kinds_of(bundled.site).items():
            visit.page.goto(top + url)
            if not visit.page.locator("main h1").first.is_visible():
                faults.append(f"{kind} ({url}): no heading")
            hidden = visit.page.locator("main a[href]:not(.headerlink):not(.md-top)").all()[:40]
            faults += [
                f"{kind} ({url}): cannot be seen: {link.get_attribute('href')}"
                for link in hidden
                if not link.is_visible() and not link.locator("xpath=ancestor::details").count()
            ]
    assert not faults, "\n".join(faults)


def test_a_reader_gets_from_home_to_an_episode_and_back(top, visit_with) -> None:
    with visit_with(top, viewport=PHONE) as visit:
        page = visit.page
        page.goto(top)
        page.locator("main a[href*='episodes/']").first.click()
        page.wait_for_url("**/episodes/**")
        page.locator("header a.md-logo, header a[href]").first.click(force=True)
        page.wait_for_url(top)
        assert visit.faults == []
