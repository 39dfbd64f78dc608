"""A page of the preview follows builds: loaded again where the reader was, left alone where nothing of it changed."""

import threading

import pytest
from playwright.sync_api import expect

from mlguide_site.preview.news import Board
from mlguide_site.preview.server import Server

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"


# what the page has been told, once its own script has dealt with it
FOLLOW = """window.EventSource = class extends EventSource {
  addEventListener(name, act, ...rest) {
    super.addEventListener(name, event => { act(event); window.told = JSON.parse(event.data).number }, ...rest)
  }
}"""


def page_of(words: str) -> str:
    lines = "".join(f"<p>Line {at}</p>" for at in range(200))
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>{policy}</head>'
    return f"{head}<body><main><h1>{words}</h1>{lines}</main></body></html>"


@pytest.fixture
def preview(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(page_of(f"Before {name}"))
    board = Board()
    server = Server(("127.0.0.1", 0), tmp_path, "/kb/", board)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    board.built(None)
    yield tmp_path, board, f"http://127.0.0.1:{server.server_address[1]}/kb/"
    board.close()
    server.shutdown()
    server.server_close()


def test_a_build_that_ends_before_news_are_listened_to_is_not_missed(preview, visit_with) -> None:
    folder, board, home = preview

    def build_first(route) -> None:
        page.unroute("**/events")
        (folder / "a" / "index.html").write_text(page_of("After"))
        board.built(["a/"])
        route.continue_()

    with visit_with(home) as visit:
        page = visit.page
        page.route("**/events", build_first)
        page.goto(f"{home}a/")
        expect(page.get_by_role("heading", name="After")).to_be_visible()


def test_an_edit_is_shown_where_the_reader_was(preview, visit_with) -> None:
    folder, board, home = preview
    with visit_with(home) as visit:
        page = visit.page
        loaded: list[str] = []
        page.on("request", lambda request: loaded.append(request.url) if request.is_navigation_request() else None)
        page.add_init_script(FOLLOW)
        page.goto(f"{home}a/")
        page.wait_for_function("() => window.told === 1")
        page.evaluate("scrollTo(0, 1500); window.stays = true")
        # another page's edit is none of this one's business
        board.built(["b/"])
        page.wait_for_function("() => window.told === 2")
        assert page.evaluate("window.stays")
        (folder / "a" / "index.html").write_text(page_of("After"))
        board.built(["a/"])
        page.get_by_role("heading", name="After").wait_for(state="attached")
        page.wait_for_function("() => scrollY === 1500")
        # a style may be any page's
        page.wait_for_function("() => window.told === 3")
        page.evaluate("window.stays = true")
        board.built(["assets/own.css"])
        page.wait_for_function("() => !window.stays && window.told === 4")
        assert loaded == [f"{home}a/"] * 3
        assert visit.faults == []


def test_what_stands_in_the_way_is_shown_until_it_is_gone(preview, visit_with) -> None:
    _, board, home = preview
    with visit_with(home) as visit:
        page = visit.page
        page.add_init_script(FOLLOW)
        page.goto(f"{home}a/")
        page.wait_for_function("() => window.told === 1")
        page.evaluate("window.stays = true")
        board.failed(["notes.md:3:1: <b>odd</b> key; correct it"])
        alert = page.get_by_role("alert")
        alert.wait_for()
        expect(alert).to_contain_text("notes.md:3:1: <b>odd</b> key; correct it")
        assert visit.axe() == []
        board.built(["b/"])
        alert.wait_for(state="detached")
        board.failed(["notes.md:4:1: odd"])
        page.get_by_role("button", name="Hide").click()
        alert.wait_for(state="detached")
        assert page.evaluate("window.stays")
        assert visit.faults == []
