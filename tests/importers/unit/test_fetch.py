"""Tests of fetching within limits, with a server on loopback."""

import gc
import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from memory import traced
from mlguide_site.errors import ResourceError
from mlguide_site.markdown.blocks_from_html import without_password
from mlguide_site.merge import fetch as network
from mlguide_site.merge.fetch import fetch, is_public

LONG = bytes(2**21)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        where = {
            "/hop": "/feed",
            "/loop": "/loop",
            "/to-file": "file:///etc/passwd",
            "/to-local": "http://10.0.0.1/",
            "/absolute": f"{base}/feed",
            "/to-private": "http://[64:ff9b::a00:1]/",
            "/five": "/four",
            "/four": "/three",
            "/three": "/two",
            "/two": "/one",
            "/one": "/feed",
            "/six": "/five",
            "/to-https": "https://127.0.0.1/",
        }
        lasting = {"/moved": (301, "/hop"), "/moved-twice": (308, "/new"), "/new": (301, "/feed")}
        if self.path in where or self.path in lasting:
            status, target = lasting.get(self.path, (302, where.get(self.path)))
            self.send_response(status)
            self.send_header("Location", target)
            self.end_headers()
            return
        if self.path == "/missing":
            self.send_error(404)
            return
        if self.path == "/always-304":
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        if self.path == "/bomb":
            body = gzip.compress(bytes(10_000_000))
            self.send_header("Content-Encoding", "gzip")
        elif self.path == "/short":
            body = b"half"
            self.send_header("Content-Length", "1000")
        elif self.path == "/long":
            body = LONG
            self.send_header("Content-Length", str(2 * len(LONG)))
        elif self.path == "/cut-gzip":
            body = gzip.compress(bytes(range(256)) * 100)[:-20]
            self.send_header("Content-Encoding", "gzip")
        elif self.path == "/double-bomb":
            body = gzip.compress(gzip.compress(bytes(10_000_000)))
            self.send_header("Content-Encoding", "gzip, gzip")
        elif self.path == "/asked":
            body = repr(sorted((key.lower(), value) for key, value in self.headers.items())).encode()
        elif self.path == "/bad-gzip":
            body = b"not gzip at all"
            self.send_header("Content-Encoding", "gzip")
        else:
            body = f"host {self.headers['Host']}".encode()
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()


@pytest.fixture
def base(server: str, loopback: None) -> str:
    return server


@pytest.mark.parametrize("path", ["/feed", "/hop", "/absolute", "/five"])
def test_what_stands_there(base: str, path: str) -> None:
    found = fetch(base + path)
    assert found.data == f"host {base.removeprefix('http://')}".encode()
    assert found.url == base + path  # the next temporary redirect may lead to another address


@pytest.mark.parametrize(("path", "last"), [("/moved", "/hop"), ("/moved-twice", "/feed")])
def test_permanent_redirects_change_the_address(base: str, path: str, last: str) -> None:
    assert fetch(base + path).url == base + last


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/loop", "more than 5 redirects"),
        ("/to-file", "only http and https"),
        ("/to-local", "private network"),
        ("/missing", "responds with 404"),
        ("/bomb", "larger than 1 MiB"),
        ("/short", "try again"),
        ("/bad-gzip", "try again"),
        ("/cut-gzip", "is incomplete"),
        ("/double-bomb", "not requested"),
        ("/to-private", "private network"),
        ("/six", "more than 5 redirects"),
        ("/always-304", "responds with 304"),
    ],
)
def test_what_is_refused(base: str, path: str, says: str) -> None:
    with pytest.raises(ResourceError, match=says):
        fetch(base + path, limit=2**20)


def test_each_redirect_has_an_allowed_scheme(base: str) -> None:
    assert fetch(f"{base}/hop", schemes=["http"]).data == fetch(f"{base}/feed").data
    for path in ("/hop", "/absolute"):
        with pytest.raises(ResourceError, match="only https addresses can be fetched"):
            fetch(base + path, schemes=["https"])
    with pytest.raises(ResourceError, match="only http addresses can be fetched"):
        fetch(f"{base}/to-https", schemes=["http"])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://169.254.1.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[fec0::1]/",
        "http://[fe80::1%25lo]/",
        "http://127.1/",
        "http://0x7f.0.0.1/",
        "http://public.example@127.0.0.1/",
        "http://127.0.0.1.:80/",
        "ftp://a.example/",
        "file:///etc/passwd",
        "http://",
        "http://a.example:x/",
        "http://no-such-host.invalid/",
    ],
)
def test_addresses_that_are_not_asked(url: str) -> None:
    with pytest.raises(ResourceError):
        fetch(url)


def test_a_host_with_one_private_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "resolve", lambda host, port: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(ResourceError, match="private network"):
        fetch("http://a.example/")


def test_failed_downloads_free_their_memory(base: str) -> None:
    def fetch_all() -> None:
        for _ in range(5):
            with pytest.raises(ResourceError, match="try again"):
                fetch(f"{base}/long")

    gc.disable()  # downloads can be large, and the collector runs rarely
    try:
        _, peak = traced(fetch_all)
    finally:
        gc.enable()
    assert peak < 4 * len(LONG)


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n1;"],
    ids=["headers", "body", "header of a chunk"],
)
def test_a_response_that_drips_ends_in_time_and_closes_the_connection(loopback: None, start: bytes) -> None:
    is_closed = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            other, _ = server.accept()
            with other:
                try:
                    other.sendall(start)
                    for _ in range(1000):
                        other.sendall(b"H")
                        time.sleep(0.05)
                except OSError:
                    is_closed.set()

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(ResourceError, match="not loaded within"):
            fetch(f"http://127.0.0.1:{server.getsockname()[1]}/", seconds=0.5)
        assert time.monotonic() - began < 3
        assert is_closed.wait(10)


def test_a_name_that_takes_long_to_look_up_does_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "resolve", lambda host, port: time.sleep(3) or ["93.184.216.34"])
    with pytest.raises(ResourceError, match="not loaded within"):
        fetch("http://a.example/", seconds=0.3)


def test_the_host_that_was_checked_is_the_one_that_is_asked(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    monkeypatch.setattr(network, "resolve", lambda host, port: next(answers))
    port = base.rpartition(":")[2]
    assert fetch(f"http://rebinding.example:{port}/feed").data == f"host rebinding.example:{port}".encode()


def test_name_and_password_are_sent_and_never_shown(base: str) -> None:
    found = fetch(base.replace("://", "://me:s%40cret@") + "/asked")
    assert b"Basic bWU6c0BjcmV0" in (found.data or b"") and "cret" not in found.url
    with pytest.raises(ResourceError) as caught:
        fetch(base.replace("://", "://me:s%40cret@") + "/missing")
    assert "cret" not in str(caught.value)
    assert without_password("https://a.example/b@c") == "https://a.example/b@c"


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", ["http://", "https:///feed.xml", "http:// host.example", "http://[::1", "http://a\nb"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ResourceError, match="not a web address; correct the address"):
        fetch(url)
