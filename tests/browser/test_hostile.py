"""Tests of a site with hostile notes, entries, feeds, transcripts and names: only the site's own scripts run, and
nothing breaks the content security policy, which is only reported here."""

import html
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser import server
from browser.conftest import DESKTOP, kinds_of
from browser.searching import counted, find, open_search
from threats.hostile import ACT

pytestmark = pytest.mark.browser

GROUP = 14
"""The number of articles that are combined on one page."""
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')

# What the page would do on its own or on interaction. Every element is activated, and navigation is prevented.
TOUCH = """() => {
  const own = location.origin, found = []
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`)
  const addresses = /^(href|src|action|formaction|data|xlink:href|ping|srcdoc)$/i
  const data = "script:not([src]):not([type='application/json']):not([type='application/ld+json'])"
  const strange = "iframe, object, embed, base, applet, frame, portal, template"
  // the elements and attributes of formulas
  const formula = new Set(("math mrow mi mn mo mtext mspace mstyle msqrt mroot mfrac msub msup msubsup munder" +
    " mover munderover mtable mtr mtd alttext display accent columnalign displaystyle" +
    " fence form height mathvariant stretchy width").split(" "))
  const own_forms = "[role=search], .mg-filter, .mg-review__form"
  const copied = "pre[id^=__code_]" // the theme names code that can be copied
  const lost = document.title.startsWith("Page not found")
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) say("handler", element)
      if (addresses.test(name)) {
        const to = new URL(value, document.baseURI)
        const icon = element.matches("link[rel=icon]") && to.protocol === "data:"
        if (!/^(https?|mailto):$/.test(to.protocol) && !icon) say("address", element)
        if (/^src/i.test(name) && !element.matches("audio") && to.origin !== own) say("foreign", element)
      }
      const taken = /^(id|name)$/i.test(name) && value.startsWith("__") && element.closest("article")
      if (taken && !element.matches(copied)) say("name", element)
    }
    if (element.matches(data) && !lost) say("script", element)
    if (element.matches(strange) || element.matches(`article form:not(${own_forms})`)) say("element", element)
    const math = element.closest("math")
    const names = [element.localName, ...element.getAttributeNames()]
    if (math && names.some(name => !formula.has(name))) say("math", element)
    if (element.matches("style") && !lost) say("style", element)
  }
  addEventListener("submit", event => event.preventDefault())
  // where links lead has been looked at; what else reacts is touched
  for (const element of document.querySelectorAll("article :is([class], [id], [title], summary, img)"))
    if (!element.closest("a, form"))
      for (const kind of ["mouseover", "focus", "click"])
        element.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }))
  return found
}"""


def watched(page, faults: list[str]) -> None:
    """Record everything as a fault that a page must not do."""
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("popup", lambda popup: faults.append(f"opens {popup.url}"))
    page.on(
        "console",
        # this is Chromium's message
        lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None,
    )


def visited(browser, home: str, pages: list[tuple[str, int | None]]) -> list[str]:
    """Return the faults of all pages, one per line. `pages` has the URL of each page, and the expected number of
    articles if that is to be checked."""
    context = browser.new_context(viewport=DESKTOP)
    found = []
    try:
        page, faults = context.new_page(), []
        watched(page, faults)
        for path, count in pages:
            page.goto(home + path)
            articles = page.locator("article").count() if count is not None else None
            seen = page.evaluate(TOUCH)
            if articles != count:
                seen.append(f"{articles} articles instead of {count}")
            # by now, tasks in the queue of the event loop have run
            ran = page.evaluate("new Promise(done => setTimeout(() => done('pwned' in window), 0))")
            found += [f"{path}: {fault}" for fault in dict.fromkeys([*seen, *faults, *(["it ran"] if ran else [])])]
            faults.clear()
    finally:
        context.close()
    return found


def addresses(site: Path) -> list[str]:
    """Return the URLs of all pages of a site, relative to the site."""
    return [path.relative_to(site).as_posix().removesuffix("index.html") for path in sorted(site.rglob("*.html"))]


def policy_of(page: Path) -> str:
    """Return the content security policy of a page, or of the page of a folder."""
    (policy,) = POLICY.findall((page / "index.html" if page.is_dir() else page).read_text("utf-8"))
    return html.unescape(policy)


ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)


def gathered(site: Path, target: Path) -> list[tuple[str, int]]:
    """Copy a site without its policies, combining its articles on fewer pages. Pages that differ in more than the
    article are kept; the articles of other pages are grouped. Returns the URL of each page and the number of articles
    that a browser must find there. An article that ends too early or is missing changes this number."""
    shutil.copytree(site, target)
    whole = {*kinds_of(site).values(), *(path for path in addresses(site) if path.startswith("tools/tool-"))}
    texts: dict[str, str] = {}
    groups: dict[int, list[str]] = {}
    found = []
    for address in addresses(site):
        path = target / address / "index.html" if address.endswith("/") or not address else target / address
        texts[address] = POLICY.sub("", path.read_text("utf-8"))
        path.write_text(texts[address], "utf-8")
        article = ARTICLE.search(texts[address])
        if address in whole or not article or article[0].count("<article") != 1:
            found.append((address, len(re.findall("<article\\b", texts[address]))))
        else:
            # relative URLs lead to the same place from each page of a group
            groups.setdefault(address.count("/"), []).append(address)
    for some in groups.values():
        for first in range(0, len(some), GROUP):
            group = some[first : first + GROUP]
            articles = "".join(ARTICLE.search(texts[address])[0] for address in group)
            page = ARTICLE.sub(lambda _, articles=articles: articles, texts[group[0]], count=1)
            (target / group[0] / "index.html").write_text(page, "utf-8")
            found.append((group[0], len(group)))
    return found


def test_40_nothing_runs_without_the_policy_and_nothing_breaks_it(hostile, browser, tmp_path) -> None:
    every = addresses(hostile.site)
    policies = {"/name/" + address: policy_of(hostile.site / address) for address in every}
    pages = gathered(hostile.site, tmp_path / "site")
    assert len(every) > 250 and len(pages) < 100
    assert sum(count for _, count in pages) >= len(every) - 1
    with server.serve(tmp_path / "site", "/name/", policies) as home:
        faults = visited(browser, home, pages)
    assert not faults, "\n".join(faults[:40])


def test_37_what_the_search_shows_is_text(hostile, browser) -> None:
    faults: list[str] = []
    with server.serve(hostile.site, "/name/") as home:
        context = browser.new_context(viewport=DESKTOP)
        try:
            page = context.new_page()
            watched(page, faults)
            page.goto(home)
            open_search(page)
            for words in ("img", "script", "onerror", "pwned", "javascript", f"<img src=x onerror={ACT}>"):
                assert find(page, words)
                strange = "[...new Set([...document.querySelectorAll('.mg-results *')].map(e => e.localName))].sort()"
                assert set(page.evaluate(strange)) <= {"a", "li", "mark", "ol", "p", "span", "ul"}
            counted(page)
            expect(page.locator(".mg-filters option", has_text="<img")).not_to_have_count(0)
            assert not page.evaluate("'pwned' in window")
        finally:
            context.close()
    assert faults == []


@pytest.mark.parametrize("name", ["cover.png", "notes.txt"])
def test_18_a_page_in_disguise_is_what_its_name_says(hostile, browser, name) -> None:
    path = next(hostile.site.rglob(name))
    with server.serve(hostile.site, "/name/") as home:
        faults = visited(browser, home, [(path.relative_to(hostile.site).as_posix(), None)])
    assert [fault for fault in faults if "ran" in fault or "dialog" in fault or "script" in fault] == []


LIVE = f"""<!doctype html><html><head><title>Live</title></head><body><article><p onclick="{ACT}">p</p>
<a href="javascript:{ACT}">a</a><img src=x onerror="{ACT}"><iframe srcdoc="x"></iframe></article></body></html>"""


def test_these_tests_see_what_runs(browser, tmp_path) -> None:
    (tmp_path / "index.html").write_text(LIVE, "utf-8")
    with server.serve(tmp_path, policies={"/": "default-src 'self'"}) as home:
        faults = "\n".join(visited(browser, home, [("", None)]))
    for sign in ("handler", "address", "element", "it ran", "Content Security Policy"):
        assert sign in faults, faults
