"""Fetching within limits, against a server on this machine."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mlguide_site import fetch as module
from mlguide_site.errors import ResourceError
from mlguide_site.fetch import fetch

LOCAL = ["127.0.0.1"]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        where = {
            "/hop": "/feed",
            "/loop": "/loop",
            "/to-file": "file:///etc/passwd",
            "/to-local": "http://10.0.0.1/",
            "/absolute": f"{base}/feed",
        }
        if self.path in where:
            self.send_response(302)
            self.send_header("Location", where[self.path])
            self.end_headers()
            return
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        if self.path == "/bomb":
            body = gzip.compress(bytes(10_000_000))
            self.send_header("Content-Encoding", "gzip")
        elif self.path == "/short":
            body = b"half"
            self.send_header("Content-Length", "1000")
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
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.mark.parametrize("path", ["/feed", "/hop", "/absolute"])
def test_what_stands_there(base: str, path: str) -> None:
    found = fetch(base + path, allow=LOCAL)
    assert found.data == f"host {base.removeprefix('http://')}".encode()
    assert found.url == f"{base}/feed"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/loop", "more than 5 redirects"),
        ("/to-file", "only http and https"),
        ("/to-local", "private network"),
        ("/missing", "answers 404"),
        ("/bomb", "more than 1 MiB"),
        ("/short", "try again"),
        ("/bad-gzip", "try again"),
    ],
)
def test_what_is_refused(base: str, path: str, says: str) -> None:
    with pytest.raises(ResourceError, match=says):
        fetch(base + path, allow=LOCAL, limit=2**20)


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
    monkeypatch.setattr(module, "resolve", lambda host, port: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(ResourceError, match="private network"):
        fetch("http://a.example/")


def test_the_whole_takes_a_minute_at_most(base: str) -> None:
    times = iter([0.0, *[61.0] * 10])
    with pytest.raises(ResourceError, match="within 60 s"):
        fetch(f"{base}/feed", allow=LOCAL, clock=lambda: next(times))
