"""Tests of pages in the preview: a rebuilt page is updated in place, and an unchanged page isn't touched."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP
from browser.searching import open_search
from browser.waiting import expect_marked, let_paint, mark
from mlguide_site.build.preview.server import Server, StateChannel

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"


# messages that the page has received and handled
FOLLOW = """window.EventSource = class extends EventSource {
  addEventListener(name, act, ...rest) {
    super.addEventListener(name, event => { act(event); window.received = JSON.parse(event.data).number }, ...rest)
  }
}"""


def page_of(words: str) -> str:
    lines = "".join(f"<p>Line {at}</p>" for at in range(200))
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>{policy}</head>'
    return f"{head}<body><main><h1>{words}</h1>{lines}</main></body></html>"


@contextmanager
def previewing(folder: Path) -> Iterator[tuple[StateChannel, str]]:
    """Serve the files of a folder as a preview that was built once. Yields the state channel and the URL."""
    channel = StateChannel()
    server = Server(("127.0.0.1", 0), folder, "/kb/", channel)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    channel.succeeded(None)
    yield channel, f"http://127.0.0.1:{server.server_address[1]}/kb/"
    channel.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def preview(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(page_of(f"Before {name}"))
    with previewing(tmp_path) as (channel, home):
        yield tmp_path, channel, home


def test_a_build_that_ends_before_news_are_listened_to_is_not_missed(preview, visit_with) -> None:
    folder, channel, home = preview

    def build_first(route) -> None:
        page.unroute("**/events")
        (folder / "a" / "index.html").write_text(page_of("After"))
        channel.succeeded(["a/"])
        route.continue_()

    with visit_with(home) as visit:
        page = visit.page
        page.route("**/events", build_first)
        page.goto(f"{home}a/")
        expect(page.get_by_role("heading", name="After")).to_be_visible()


def test_an_edit_is_shown_where_the_reader_was(preview, visit_with) -> None:
    folder, channel, home = preview
    with visit_with(home) as visit:
        page = visit.page
        loaded: list[str] = []
        page.on("request", lambda request: loaded.append(request.url) if request.is_navigation_request() else None)
        page.add_init_script(FOLLOW)
        page.goto(f"{home}a/")
        page.wait_for_function("() => window.received === 1")
        page.evaluate("scrollTo(0, 1500); window.stays = true")
        # the edit of another page has no effect on this page
        channel.succeeded(["b/"])
        page.wait_for_function("() => window.received === 2")
        assert page.evaluate("window.stays")
        (folder / "a" / "index.html").write_text(page_of("After"))
        channel.succeeded(["a/"])
        page.get_by_role("heading", name="After").wait_for(state="attached")
        page.wait_for_function("() => scrollY === 1500")
        # a style sheet can affect any page
        page.wait_for_function("() => window.received === 3")
        page.evaluate("window.stays = true")
        channel.succeeded(["assets/own.css"])
        page.wait_for_function("() => !window.stays && window.received === 4")
        assert loaded == [f"{home}a/"] * 3
        assert visit.faults == []


def test_what_stands_in_the_way_is_shown_until_it_is_gone(preview, visit_with) -> None:
    _, channel, home = preview
    with visit_with(home) as visit:
        page = visit.page
        page.add_init_script(FOLLOW)
        page.goto(f"{home}a/")
        page.wait_for_function("() => window.received === 1")
        page.evaluate("window.stays = true")
        channel.failed(["notes.md:3:1: <b>odd</b> key; correct it"])
        alert = page.get_by_role("alert")
        alert.wait_for()
        expect(alert).to_contain_text("notes.md:3:1: <b>odd</b> key; correct it")
        assert visit.axe() == []
        channel.succeeded(["b/"])
        alert.wait_for(state="detached")
        channel.failed(["notes.md:4:1: odd"])
        page.get_by_role("button", name="Hide").click()
        alert.wait_for(state="detached")
        assert page.evaluate("window.stays")
        assert visit.faults == []


@pytest.fixture
def themed(bundled, tmp_path, visit_with):
    """A preview of the bundled site, and a marked visit to an episode that has received the first build: the site's
    folder, the state channel, the visit, the episode's file, and its URL relative to the site."""
    folder = tmp_path / "site"
    shutil.copytree(bundled.site, folder)
    file = max((folder / "episodes").glob("*/*/index.html"), key=lambda path: (path.stat().st_size, path))
    path = file.parent.relative_to(folder).as_posix() + "/"
    with previewing(folder) as (channel, home), visit_with(home, viewport=DESKTOP) as visit:
        visit.page.add_init_script(FOLLOW)
        visit.page.goto(home + path)
        visit.page.wait_for_function("() => window.received === 1")
        mark(visit.page)
        yield folder, channel, visit, file, path


def edit(page: Path, words: str) -> None:
    """Add a heading to the end of a page's article. The file is replaced atomically, as builds do it."""
    text = page.read_text("utf-8")
    beside = page.with_name("edited")
    beside.write_text(text.replace("</article>", f"<h2 id='{words}'>{words}</h2></article>", 1), "utf-8")
    beside.replace(page)


def test_a_page_of_the_theme_is_brought_up_to_date_as_it_stands(themed) -> None:
    _, channel, visit, file, path = themed
    page = visit.page
    # code that is loaded on demand doesn't cause a reload
    open_search(page)
    page.keyboard.press("Escape")
    page.evaluate("() => { window.placed = 0; document$.subscribe(() => { window.placed++ }); scrollTo(0, 700) }")
    for words in ("first", "second"):
        edit(file, words)
        channel.succeeded([path])
        page.get_by_role("heading", name=words).wait_for(state="attached")
    page.wait_for_function("() => window.placed === 3")
    let_paint(page)
    assert page.evaluate("scrollY") == 700
    expect(page.locator("article h1")).to_have_count(1)
    # the page works again: links use instant navigation, and the search is unchanged
    open_search(page)
    page.keyboard.press("Escape")
    page.locator("nav.md-tabs a").nth(1).click()
    page.wait_for_url(lambda url: not url.endswith(path))
    assert visit.faults == []


def test_edits_that_follow_one_another_end_with_the_last(themed) -> None:
    _, channel, visit, file, path = themed
    page = visit.page
    for number in range(5):
        edit(file, f"step{number}")
        channel.succeeded([path])
        # a missed message would reload the page
        page.wait_for_function("number => window.received === number", arg=number + 2)
    page.get_by_role("heading", name="step4").wait_for(state="attached")
    expect_marked(page)
    assert visit.faults == []


@pytest.mark.parametrize("what", ["a script", "an error", "a page of another kind"])
def test_where_a_page_can_not_be_exchanged_it_is_loaded_again(themed, what) -> None:
    folder, channel, visit, file, path = themed
    page = visit.page
    edit(file, "new")
    if what == "a script":
        (folder / "own.js").write_text("window.own = true")
        file.write_text(
            file.read_text("utf-8").replace("</body>", '<script src="/kb/own.js"></script></body>'), "utf-8"
        )
    elif what == "an error":
        page.route(f"**/{path}", lambda route: route.fulfill(status=503), times=1)
    else:
        file.write_text(page_of("new"), "utf-8")
    channel.succeeded([path])
    page.wait_for_function("() => !window.marked")
    page.get_by_role("heading", name="new").wait_for(state="attached")
    if what == "a script":
        # the script follows the heading
        page.wait_for_function("() => window.own")
    assert [fault for fault in visit.faults if "503" not in fault] == []


@pytest.mark.parametrize("address", ["c/", "c", "c/index.html"])
def test_a_page_that_came_to_stand_where_none_was_is_shown(themed, address) -> None:
    folder, channel, visit, _, _ = themed
    page = visit.page
    home = page.evaluate("new URL('/kb/', location).href")
    page.goto(home + address)
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    page.wait_for_function("() => window.received === 1")
    mark(page)
    # another page doesn't reload this page
    (folder / "d").mkdir()
    (folder / "d" / "index.html").write_text(page_of("Another"))
    channel.succeeded(["d/"])
    page.wait_for_function("() => window.received === 2")
    let_paint(page)
    expect_marked(page)
    (folder / "c").mkdir()
    (folder / "c" / "index.html").write_text(page_of("Now there"))
    channel.succeeded(["c/"])
    expect(page.get_by_role("heading", name="Now there")).to_be_visible()
    assert [fault for fault in visit.faults if "404" not in fault] == []


def test_what_stands_in_the_way_is_shown_where_no_page_is_too(themed) -> None:
    _, channel, visit, _, _ = themed
    visit.page.goto(visit.page.evaluate("new URL('/kb/none/', location).href"))
    channel.failed(["notes.md:3:1: odd"])
    expect(visit.page.get_by_role("alert")).to_contain_text("notes.md:3:1: odd")
    assert [fault for fault in visit.faults if "404" not in fault] == []
