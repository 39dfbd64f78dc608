"""A page of the preview follows builds: loaded again where the reader was, left alone where nothing of it changed."""

import threading

import pytest

from mlguide_site.preview.news import Board
from mlguide_site.preview.server import Server

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"


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


def test_an_edit_is_shown_where_the_reader_was(preview, visit_with) -> None:
    folder, board, home = preview
    with visit_with(home) as visit:
        page = visit.page
        with page.expect_request("**/events"):
            page.goto(f"{home}a/")
        page.evaluate("scrollTo(0, 1500); window.stays = true")
        page.wait_for_timeout(200)
        # another page's edit is none of this one's business
        board.built(["b/"])
        page.wait_for_timeout(300)
        assert page.evaluate("window.stays")
        (folder / "a" / "index.html").write_text(page_of("After"))
        board.built(["a/"])
        page.get_by_role("heading", name="After").wait_for(state="attached")
        page.wait_for_function("() => scrollY === 1500")
        # a style may be any page's
        page.evaluate("window.stays = true")
        page.wait_for_timeout(300)
        board.built(["assets/own.css"])
        page.wait_for_function("() => !window.stays")
        assert visit.faults == []


def test_what_stands_in_the_way_is_shown_until_it_is_gone(preview, visit_with) -> None:
    _, board, home = preview
    with visit_with(home) as visit:
        page = visit.page
        with page.expect_request("**/events"):
            page.goto(f"{home}a/")
        page.evaluate("window.stays = true")
        board.failed(["notes.md:3:1: <b>odd</b> key; correct it"])
        alert = page.get_by_role("alert")
        alert.wait_for()
        assert "notes.md:3:1: <b>odd</b> key; correct it" in alert.inner_text()
        assert visit.axe() == []
        board.built(["b/"])
        alert.wait_for(state="detached")
        board.failed(["notes.md:4:1: odd"])
        page.get_by_role("button", name="Hide").click()
        alert.wait_for(state="detached")
        assert page.evaluate("window.stays")
        assert visit.faults == []
