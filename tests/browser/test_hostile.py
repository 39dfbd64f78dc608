"""A site made of hostile notes, entries, feeds, transcripts and names in Chromium: no script runs but its own, with the
policy of its pages and without it."""

import re
import shutil
from pathlib import Path

import pytest

from browser import server
from browser.conftest import DESKTOP, kinds_of
from threats.hostile import ACT

pytestmark = pytest.mark.browser

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')

# What the page would do by itself or when touched. Everything is touched, and nothing is let lead away.
TOUCH = """() => {
  const own = location.origin, found = []
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`)
  const addresses = /^(href|src|action|formaction|data|xlink:href|ping|srcdoc)$/i
  const data = "script:not([src]):not([type='application/json']):not([type='application/ld+json'])"
  const strange = "iframe, object, embed, base, applet, frame, portal, math, template"
  const own_forms = "[role=search], .mg-choose"
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
    """Whatever a page does that it should not is a fault."""
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("popup", lambda popup: faults.append(f"opens {popup.url}"))
    page.on(
        "console",
        # the words are Chromium's own
        lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None,
    )


def visited(browser, home: str, paths: list[str]) -> list[str]:
    """The faults of every page, one line each."""
    context = browser.new_context(viewport=DESKTOP)
    found = []
    try:
        page, faults = context.new_page(), []
        watched(page, faults)
        for path in paths:
            page.goto(home + path)
            seen = page.evaluate(TOUCH)
            # what waits for a turn of the browser's loop has had one now
            ran = page.evaluate("new Promise(done => setTimeout(() => done('pwned' in window), 0))")
            found += [f"{path}: {fault}" for fault in dict.fromkeys([*seen, *faults, *(["it ran"] if ran else [])])]
            faults.clear()
    finally:
        context.close()
    return found


def addresses(site: Path) -> list[str]:
    """Every page of a site, relative to its address."""
    return [path.relative_to(site).as_posix().removesuffix("index.html") for path in sorted(site.rglob("*.html"))]


def test_40_nothing_runs_without_the_policy(hostile, browser, tmp_path) -> None:
    site = tmp_path / "site"
    shutil.copytree(hostile.site, site)
    for path in site.rglob("*.html"):
        path.write_text(POLICY.sub("", path.read_text("utf-8")), "utf-8")
    with server.serve(site, "/name/") as home:
        paths = addresses(site)
        assert len(paths) > 250
        faults = visited(browser, home, paths)
    assert not faults, "\n".join(faults[:40])


def test_40_nothing_runs_and_nothing_tries_with_the_policy(hostile, browser) -> None:
    every = addresses(hostile.site)
    bare = [path for path in hostile.site.rglob("*.html") if not POLICY.search(path.read_text("utf-8"))]
    assert bare == []
    with server.serve(hostile.site, "/name/") as home:
        # one of each kind, and a part of the episodes: all have been seen without the policy
        paths = [*kinds_of(hostile.site).values(), *[path for path in every if "show-" in path][::4]]
        faults = visited(browser, home, list(dict.fromkeys(paths)))
    assert not faults, "\n".join(faults[:40])


def test_37_what_the_search_shows_is_text(hostile, browser) -> None:
    faults: list[str] = []
    with server.serve(hostile.site, "/name/") as home:
        context = browser.new_context(viewport=DESKTOP)
        try:
            page = context.new_page()
            watched(page, faults)
            page.goto(home)
            page.keyboard.press("/")
            page.wait_for_selector("dialog[open] input:focus")
            for words in ("img", "script", "onerror", "pwned", "javascript", f"<img src=x onerror={ACT}>"):
                page.locator("dialog input").fill(words)
                page.wait_for_function(
                    "words => document.querySelector('.mg-status').textContent.includes(`“${words}”`)", arg=words
                )
                page.wait_for_selector(".mg-results a")
                strange = "[...new Set([...document.querySelectorAll('.mg-results *')].map(e => e.localName))].sort()"
                assert set(page.evaluate(strange)) <= {"a", "li", "mark", "ol", "p", "span", "ul"}
            options = page.locator(".mg-filters option").all_text_contents()
            assert any("<img" in option for option in options)
            assert not page.evaluate("'pwned' in window")
        finally:
            context.close()
    assert faults == []


@pytest.mark.parametrize("name", ["cover.png", "notes.txt"])
def test_18_a_page_in_disguise_is_what_its_name_says(hostile, browser, name) -> None:
    path = next(hostile.site.rglob(name))
    with server.serve(hostile.site, "/name/") as home:
        faults = visited(browser, home, [path.relative_to(hostile.site).as_posix()])
    assert [fault for fault in faults if "ran" in fault or "dialog" in fault or "script" in fault] == []


LIVE = f"""<!doctype html><html><head><title>Live</title></head><body><article><p onclick="{ACT}">p</p>
<a href="javascript:{ACT}">a</a><img src=x onerror="{ACT}"><iframe srcdoc="x"></iframe></article></body></html>"""


def test_these_tests_see_what_runs(browser, tmp_path) -> None:
    (tmp_path / "index.html").write_text(LIVE, "utf-8")
    with server.serve(tmp_path) as home:
        faults = "\n".join(visited(browser, home, [""]))
    for sign in ("handler", "address", "element", "it ran"):
        assert sign in faults, faults
