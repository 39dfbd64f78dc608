"""Fetching: public addresses only, with limits of time, size and redirects; a failure loses nothing. Rows 26 to 29.

The test server runs on loopback, which is normally refused. Tests of later steps allow this address.
"""

import gzip
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conftest import FEED
from mlguide_site.errors import ResourceError
from mlguide_site.importers.common.addresses import has_secrets, without_secrets
from mlguide_site.markdown.blocks_from_html import without_password
from mlguide_site.merge import fetch as fetching
from mlguide_site.merge import sources
from mlguide_site.merge.fetch import fetch, follow
from threats.desk import Desk

BOMB = gzip.compress(bytes(20_000_000))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


class Handler(BaseHTTPRequestHandler):
    """Sends the response that the path `/<how>` selects."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        how = self.path.partition("?")[0].strip("/")
        getattr(self, f"say_{how.partition('/')[0]}")(how)
        self.close_connection = True

    def head(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def say_sound(self, how: str) -> None:
        """Redirect through the hosts in the path, to an endless audio file."""
        left = how.partition("/")[2].split("/")
        if not left[0].endswith(".example"):
            return self.say_endless(how)
        port = self.server.server_address[1]
        self.head(302, Location=f"http://{left[0]}:{port}/sound/{'/'.join(left[1:])}", Content_Length="0")

    def say_gone(self, _how: str) -> None:
        self.head(404, Content_Length="0")

    def say_feed(self, _how: str) -> None:
        data = FEED.encode()
        self.head(Content_Length=str(len(data)), ETag='"one"')
        self.wfile.write(data)

    def say_to(self, how: str) -> None:
        where = {
            "metadata": "http://169.254.169.254/latest/meta-data/",
            "private": "http://10.1.2.3/feed",
            "local": "http://localhost/feed",
            "six": "http://[fd00::1]/feed",
            "file": "file:///etc/passwd",
            "named": "http://inside.example/feed",
            "here": "/feed",
            "round": "/to/round",
            "slashes": "http:\\\\10.1.2.3/feed",
        }
        self.head(302, Location=where[how.partition("/")[2]], Content_Length="0")

    def say_bomb(self, _how: str) -> None:
        self.head(Content_Encoding="gzip")
        self.wfile.write(BOMB)

    def say_appended(self, _how: str) -> None:
        self.head(Content_Encoding="gzip")
        self.wfile.write(gzip.compress(FEED.encode()))
        try:
            while True:
                self.wfile.write(bytes(65_536))
        except OSError:
            pass  # as below

    def say_endless(self, _how: str) -> None:
        self.head()
        try:
            while True:
                self.wfile.write(bytes(65_536))
        except OSError:
            pass  # whoever asked has had enough

    def say_slow(self, _how: str) -> None:
        self.head(Content_Length="1000")
        try:
            for _ in range(400):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass  # as above

    def say_short(self, _how: str) -> None:
        data = FEED.encode()
        self.head(Content_Length=str(len(data)))
        self.wfile.write(data[: len(data) // 2])

    def say_chunk(self, _how: str) -> None:
        self.head(Transfer_Encoding="chunked")
        self.wfile.write(b"5\r\n<rss>\r\nZZ\r\nnever\r\n")

    def say_cut(self, _how: str) -> None:
        self.head(Transfer_Encoding="chunked")
        self.wfile.write(b"5\r\n<rss>\r\nff\r\nends")

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None]] = []
        self.base = f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch, loopback: None) -> None:
    """Allow imports to fetch from this machine, up to 1 MiB."""
    monkeypatch.setattr(sources, "fetch", partial(fetch, limit=2**20))
    # the audio in the feed is on another host
    monkeypatch.setattr(sources, "follow", lambda *_, **__: ([], ""))


@pytest.fixture
def hasty(near: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit the time of imports to little more than half a second."""
    monkeypatch.setattr(sources, "fetch", partial(fetch, seconds=0.7))


def test_26_this_machine_and_its_network_are_not_asked(desk: Desk, server: Server) -> None:
    for address in (f"{server.base}/feed", "http://localhost/", "http://[::1]/", "http://192.168.0.1/", "http://0/"):
        result = desk.run("import", address)
        assert result.status == 3 and "private network" in result.errors
    assert server.asked == [] and desk.notes() == {}


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "data://x,y"])
def test_26_only_web_addresses_are_fetched(desk: Desk, address: str) -> None:
    result = desk.run("import", address)
    assert result.status == 3 and "only http and https" in result.errors


@pytest.mark.parametrize("where", ["metadata", "private", "local", "six", "file", "named"])
def test_26_a_redirect_leads_nowhere_else_either(
    desk: Desk, server: Server, near: None, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fetching.resolve
    monkeypatch.setattr(
        fetching, "resolve", lambda host, port: ["10.0.0.7"] if ".example" in host else real(host, port)
    )
    result = desk.run("import", f"{server.base}/to/{where}")
    # the test server's address is allowed, and so is a name for it
    assert result.status == 3
    assert ("only http" if where == "file" else "private network") in result.errors or where == "local"
    assert [path for path, _ in server.asked] == [f"/to/{where}"]


def test_26_a_redirect_to_no_address_is_told(desk: Desk, server: Server, near: None) -> None:
    result = desk.run("import", f"{server.base}/to/slashes")
    assert result.status == 3 and "; try again" in result.errors


def test_27_what_follows_compressed_data_is_not_awaited(server: Server, loopback: None) -> None:
    with pytest.raises(ResourceError, match="contains data after the compressed content"):
        fetch(f"{server.base}/appended", seconds=15)


def test_26_a_name_is_asked_at_the_address_that_was_checked(
    server: Server, loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    monkeypatch.setattr(fetching, "resolve", lambda host, port: next(answers))
    assert fetch(server.base.replace("127.0.0.1", "show.example") + "/feed").data == FEED.encode()


def test_26_at_most_five_redirects_are_followed(desk: Desk, server: Server, near: None) -> None:
    result = desk.run("import", f"{server.base}/to/round")
    assert result.status == 3 and "more than 5 redirects" in result.errors and len(server.asked) == 6


def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve every name that ends with `here.example` to this machine."""
    real = fetching.resolve
    here = ("here.example", "127.0.0.1")
    monkeypatch.setattr(
        fetching, "resolve", lambda host, port: ["127.0.0.1"] if host.endswith(here) else real("127.0.0.7", port)
    )


def test_26_sound_is_followed_as_a_browser_would_and_none_of_it_read(
    server: Server, loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch)
    port = server.server_address[1]
    found = follow(f"{server.base}/sound/a.here.example/b.here.example")
    assert found == ([f"http://a.here.example:{port}/sound/b.here.example", f"http://b.here.example:{port}/sound/"], "")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("to/private", "private network"),
        ("to/file", "only http and https"),
        ("to/round", "more than 10 redirects"),
        ("sound/other.example", "private network"),
        ("gone", "responds with 404"),
        ("", "private network"),
    ],
)
def test_26_nor_does_sound_lead_elsewhere(
    server: Server, loopback: None, path: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch)
    _, fault = follow(f"{server.base}/{path}" if path else "http://other.example/")
    assert says in fault
    assert len(server.asked) == (11 if path == "to/round" else bool(path))


def test_26_where_sound_is_sent_on_to_is_written_once_and_allowed(
    desk: Desk, server: Server, near: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch)
    monkeypatch.setattr(sources, "follow", follow)
    port = server.server_address[1]
    text = FEED.replace("https://bridges.example/audio/", f"{server.base}/sound/cdn.here.example/")
    monkeypatch.setitem(globals(), "FEED", text)
    series = desk.root / "knowledge/series.yml"
    assert desk.run("import", f"{server.base}/feed", "--no-audio-hosts").status == 0
    assert [path for path, _ in server.asked] == ["/feed"] and "media:" not in series.read_text()
    # both episodes are on the same host, so only one is requested; an unchanged feed is still read
    assert desk.run("import", f"{server.base}/feed", "--audio-hosts").status == 0
    assert [path for path, _ in server.asked][1:] == ["/feed", "/sound/cdn.here.example/1.mp3", "/sound/1.mp3"]
    assert f"media:\n    - http://cdn.here.example:{port}\n" in series.read_text()
    before = series.read_bytes()
    assert desk.run("import", f"{server.base}/feed", "--audio-hosts").status == 0
    assert series.read_bytes() == before
    series.write_bytes(before.replace(b"cdn.here", b"old.here"))
    result = desk.run("import", f"{server.base}/feed", "--audio-hosts")
    assert result.status == 0 and f"also redirects to http://cdn.here.example:{port}; add the hosts" in result.errors
    assert desk.run("import", desk.source(text)).status == 0
    assert series.read_bytes() == before.replace(b"cdn.here", b"old.here")


@pytest.mark.parametrize("how", ["bomb", "endless"])
def test_27_no_answer_grows_beyond_its_limit(desk: Desk, server: Server, near: None, how: str) -> None:
    result = desk.run("import", f"{server.base}/{how}")
    assert result.status == 3 and "larger than 1 MiB" in result.errors


def test_28_a_server_that_drips_is_left(desk: Desk, server: Server, hasty: None) -> None:
    start = time.monotonic()
    result = desk.run("import", f"{server.base}/slow")
    assert result.status == 3 and "not loaded within" in result.errors
    # the response would take 20 seconds
    assert time.monotonic() - start < 15


def test_28_a_name_that_nobody_finds_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # no library stops this call, so the caller stops waiting
    found = threading.Event()
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: found.wait(20) and [])
    start = time.monotonic()
    with pytest.raises(ResourceError, match="not loaded within"):
        fetch("https://feeds.example/feed.xml", seconds=0.2)
    assert time.monotonic() - start < 15
    found.set()


@pytest.mark.parametrize("how", ["short", "chunk", "cut"])
def test_29_half_an_answer_leaves_what_was_there(desk: Desk, server: Server, near: None, how: str) -> None:
    assert desk.run("import", f"{server.base}/feed").status == 0
    before = {path: path.read_bytes() for path in desk.root.rglob("*") if path.is_file()}
    result = desk.run("import", f"{server.base}/{how}")
    assert result.status == 3 and f"{server.base}/{how}: " in result.errors
    assert {path: path.read_bytes() for path in desk.root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("how", ["feed", "short", "slow", "bomb", "to/private", "chunk"])
def test_26_passwords_and_keys_are_sent_and_never_shown_or_kept(
    desk: Desk, server: Server, near: None, how: str, request: pytest.FixtureRequest
) -> None:
    if how == "slow":
        request.getfixturevalue("hasty")
    address = f"{server.base}/{how}?auth=Geheim7&id=3".replace("://", "://ada:Losung@")
    result = desk.run("import", address)
    assert result.status == (0 if how == "feed" else 3)
    assert server.asked[0][0] == f"/{how}?auth=Geheim7&id=3" and server.asked[0][1] is not None
    kept = b"".join(path.read_bytes() for path in desk.root.rglob("*") if path.is_file()).decode()
    assert "Losung" not in result.errors + kept and "Geheim7" not in result.errors + kept


def test_26_an_address_that_is_none_is_not_repeated(desk: Desk) -> None:
    for address in ("https://ada:Losung@a.example:x/?key=Geheim7", "https://ada:Losung@[::1/?key=Geheim7"):
        result = desk.run("import", address)
        assert result.status == 3 and "Losung" not in result.errors and "Geheim7" not in result.errors


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.example/f?format=rss&page=2", "https://a.example/f?format=rss&page=2"),
        ("https://a.example/f?x=0123456789abcdefXYZ", "https://a.example/f?x=…"),
        ("https://a.example/f?0123456789abcdefXYZ", "https://a.example/f?…"),
        ("https://a:b@a.example?token=1", "https://a.example?token=…"),
        ("https://a.example/x@y?q=a@b", "https://a.example/x@y?q=a@b"),
    ],
)
def test_26_what_of_an_address_is_shown(address: str, shown: str) -> None:
    assert without_secrets(address) == shown
    assert has_secrets(address) == (shown != without_password(address))


def test_26_the_limits_are_those_that_are_stated() -> None:
    assert (fetching.MAX_FETCHED, fetching.MAX_HOPS) == (64 * 2**20, 5)
    assert (fetching.CONNECT_SECONDS, fetching.READ_SECONDS, fetching.TOTAL_SECONDS) == (10, 20, 60)
    with pytest.raises(ResourceError, match="private network"):
        fetch("http://127.0.0.1/")
