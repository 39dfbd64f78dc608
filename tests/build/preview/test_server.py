"""Tests of the preview's file server: whole files and ranges, and nothing outside the site's folder."""

import contextlib
import http.client
import json
import socket
import sys
import threading
from urllib.parse import quote

import pytest

from mlguide_site.build.preview import server
from mlguide_site.build.preview.server import OPEN_POLICY, Handler, Server, StateChannel, content_type, is_own


@pytest.fixture
def served(tmp_path):
    site = tmp_path / "site"
    (site / "a b").mkdir(parents=True)
    (site / "index.html").write_text("<html><body>Home</body></html>")
    (site / "a b" / "index.html").write_text("no body")
    (site / "404.html").write_text("<body>Nothing here</body>")
    (site / "sound.mp3").write_bytes(bytes(range(100)))
    (tmp_path / "secret.txt").write_text("secret")
    channel = StateChannel()
    server = Server(("127.0.0.1", 0), site, "/kb/", channel)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_address[1], channel
    channel.close()
    server.shutdown()
    server.server_close()


def ask(port: int, path: str, method: str = "GET", **headers: str):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_pages_carry_the_script(served):
    port, _ = served
    status, headers, body = ask(port, "/kb/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body == b'<html><body>Home<script src="/kb/.mlguide/preview.js" data-build="0"></script></body></html>'
    assert ask(port, "/kb/a%20b/")[2].startswith(b"no body<script")
    assert b"EventSource" in ask(port, "/kb/.mlguide/preview.js")[2]


def test_the_page_of_missing_addresses_lets_the_script_run(served, tmp_path):
    port, _ = served
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; connect-src https://a.example">'
    (tmp_path / "site" / "404.html").write_text(f"<head>{policy}</head><body>Nothing here</body>")
    status, _, body = ask(port, "/kb/soon/")
    assert status == 404
    assert OPEN_POLICY in body and policy.encode() not in body
    assert b'data-build="0" data-missing></script></body>' in body
    # published files are not changed
    assert policy in (tmp_path / "site" / "404.html").read_text()


def test_folders_and_other_places_lead_to_pages(served):
    port, _ = served
    assert (ask(port, "/")[1]["Location"], ask(port, "/kb")[1]["Location"]) == ("/kb/", "/kb/")
    assert ask(port, "/kb/a%20b")[1]["Location"] == "/kb/a%20b/"
    status, _, body = ask(port, "/kb/none/")
    assert status == 404
    assert b"Nothing here" in body
    assert ask(port, "/elsewhere/")[0] == 404


def test_a_whole_path_is_no_address(served, tmp_path):
    # with a site at the top of a host, this would redirect to another host, named after the path's first part
    assert ask(served[0], f"/kb/{quote(str(tmp_path / 'site' / 'a b'))}")[0] == 404


@pytest.mark.parametrize(
    "path",
    ["../secret.txt", "%2e%2e/secret.txt", "a%20b/../../secret.txt", "..%5csecret.txt", "//etc/passwd", "%00", "~"],
)
def test_nothing_else_is_sent(served, path):
    port, _ = served
    status, _, body = ask(port, f"/kb/{path}")
    assert status in (302, 404)
    assert b"secret" not in body
    assert b"root:" not in body


def test_no_link_leads_out_of_the_folder(served, tmp_path):
    port, _ = served
    site = tmp_path / "site"
    (site / "linked.txt").symlink_to(tmp_path / "secret.txt")
    (site / "up").symlink_to(tmp_path)
    (site / "folder").mkdir()
    (site / "folder" / "index.html").symlink_to(tmp_path / "secret.txt")
    for path in ("linked.txt", "up/secret.txt", "folder/"):
        status, _, body = ask(port, f"/kb/{path}")
        assert (status, b"secret" in body) == (404, False), path
    (site / "404.html").unlink()
    (site / "404.html").symlink_to(tmp_path / "secret.txt")
    assert b"secret" not in ask(port, "/kb/none")[2]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:{port}", 200),
        ("127.0.0.1:{port}", 200),
        ("[::1]:{port}", 200),
        ("192.168.1.20", 200),
        ("KB.localhost.", 200),
        ("rebound.example:{port}", 421),
        ("127.0.0.1.rebound.example", 421),
        ("localhost.example", 421),
        ("localhost@rebound.example", 421),
        ("", 421),
        ("[::1", 421),
        ("[::1].evil.example", 421),
        ("[::1]evil.example:{port}", 421),
        ("127.0.0.1%25evil.example", 421),
        ("[fe80::1%25evil.example]", 421),
        ("localhost/rebound.example", 421),
    ],
)
def test_a_name_that_anyone_may_own_is_not_answered(served, host, status):
    port, _ = served
    answer, _, body = ask(port, "/kb/", Host=host.format(port=port))
    assert answer == status
    assert (b"Home" in body) == (status == 200)


def test_a_name_that_the_address_has_is_answered():
    assert is_own("preview.example:80", "preview.example")
    assert not is_own("rebound.example", "0.0.0.0")


def raw(port: int, target: bytes) -> int:
    """Return the status of the response to a request line that is sent unchanged. Libraries would normalise it."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return int((connection.makefile("rb").readline().split() or [b"x", b"0"])[1])


ODD = [
    b"a" * 300,
    b"a" * 5000,
    b"a/" * 2000,
    b"a" * 300 + b"/",
    b"a" * 70_000,
    b"%00",
    b"a%00b/",
    b"%2e%2e/secret.txt",
    b"%2E%2E%2Fsecret.txt",
    b"%252e%252e/secret.txt",
    b"..\\secret.txt",
    b"a%5C..%5c..%5csecret.txt",
    b"%ff%fe.html",
    b"%C3%28/",
    b"%ed%a0%80",
    b"\xff\xfe/",
    b"%",
    b"%zz",
    b"%0d%0aSet-Cookie:%20a=b",
    b"?%00#[",
    b"C:/secret.txt",
    b"con",
    b"%F3%A0%81%81" * 80,
]


@pytest.mark.parametrize("path", ODD, ids=range(len(ODD)))
def test_an_odd_path_is_answered_and_nothing_is_raised(served, path, monkeypatch):
    raised = []
    monkeypatch.setattr(Server, "handle_error", lambda *_: raised.append(sys.exc_info()[1]))
    port, _ = served
    assert raw(port, b"/kb/" + path) in ((200,) if path.startswith(b"?") else (400, 404, 414))
    assert raised == []


@pytest.mark.parametrize("target", [b"http://[::1/", b"//[x", b"*", b"x", b"http://a.example/kb/", b"\x00", b"/\x80"])
def test_an_odd_target_too(served, target, monkeypatch):
    raised = []
    monkeypatch.setattr(Server, "handle_error", lambda *_: raised.append(sys.exc_info()[1]))
    assert raw(served[0], target) in (200, 302, 400, 404)
    assert raised == []


def test_heads_have_no_body(served):
    port, _ = served
    status, headers, body = ask(port, "/kb/sound.mp3", "HEAD")
    assert (status, headers["Content-Length"], body) == (200, "100", b"")


def test_without_a_site_its_problems_are_shown(tmp_path):
    channel = StateChannel()
    channel.failed(["a.md:1:1: <wrong>; mend it"])
    server = Server(("127.0.0.1", 0), tmp_path / "none", "/", channel)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        status, _, body = ask(server.server_address[1], "/")
    finally:
        server.shutdown()
        server.server_close()
    assert status == 503
    assert b"a.md:1:1: &lt;wrong&gt;; mend it" in body


def test_news_come_as_they_happen(served):
    port, channel = served
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/kb/.mlguide/events")
    answer = connection.getresponse()

    def line() -> dict[str, object]:
        read = answer.readline()
        answer.readline()
        return json.loads(read.removeprefix(b"data: "))

    assert line() == {"number": 0, "changed": None, "problems": []}
    channel.succeeded(["b/", "a/"])
    assert line() == {"number": 1, "changed": ["a/", "b/"], "problems": []}
    channel.failed(["wrong"])
    assert line() == {"number": 1, "changed": [], "problems": ["wrong"]}
    channel.succeeded(f"{at}/" for at in range(1000))
    assert line()["changed"] is None
    connection.close()


def test_a_client_that_says_nothing_is_left(served, monkeypatch):
    monkeypatch.setattr(Handler, "timeout", Handler.timeout / 100)
    with socket.create_connection(("127.0.0.1", served[0]), timeout=20) as connection:
        connection.sendall(b"GET /kb/ HTTP/1.1\r\nHost: ")
        assert connection.recv(100) == b""


def test_of_too_many_connections_the_oldest_are_closed(served, monkeypatch):
    monkeypatch.setattr(server, "MAX_CONNECTIONS", 3)
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", served[0]), timeout=20)) for _ in range(9)]
        assert slow[0].recv(100) == b""
        assert ask(served[0], "/kb/")[0] == 200


def test_types_are_the_same_everywhere():
    assert content_type("a.JS") == "text/javascript"
    assert content_type("a.pf_meta") == "application/octet-stream"


def test_is_own() -> None:
    assert not is_own("rebound.example:8000", "127.0.0.1")
    assert not is_own("", "127.0.0.1")
    assert not is_own("[::1].evil.example", "::1")
