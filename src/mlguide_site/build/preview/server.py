"""Serves a site from its folder, and adds to each page the script that keeps it up to date."""

import html
import http.server
import ipaddress
import mimetypes
import os
import re
import socket
import socketserver
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import quote, unquote, urlsplit

from mlguide_site.build.preview.state import StateChannel

OWN = ".mlguide/"
"""The address, relative to the site's, below which the preview has its script and its events."""
BEAT = 15.0
"""Seconds after which a comment is sent on a quiet stream of events."""
CHUNK = 1 << 16
ELSEWHERE = "Use localhost or this machine's IP address, or start the preview with --address NAME:PORT."
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([\w.-]{1,253}?)\.?)(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
"""A request's `Host`: an IPv6 address in brackets or a name, then a port."""
_META = re.compile(
    rb"""(<meta\s[^>]*?http-equiv=["']?content-security-policy["']?\s[^>]*?content=)("[^"]*"|'[^']*')""", re.IGNORECASE
)
_TEXTS = frozenset(["application/json", "application/xml", "image/svg+xml"])


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Listens at an address. Raises OSError where that can't be had."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], site: Path, mount: str, channel: StateChannel) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, partial(Handler, site=site, mount=mount, channel=channel, name=address[0]))

    def server_bind(self) -> None:
        """Bind, without asking the network for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignored: browsers often leave in the middle of a response."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request after another of a connection."""

    protocol_version = "HTTP/1.1"
    server_version = "mlguide"
    sys_version = ""

    def __init__(self, *arguments: object, site: Path, mount: str, channel: StateChannel, name: str) -> None:
        self._site, self._mount, self._channel, self._name = site, mount, channel, name
        super().__init__(*arguments)  # type: ignore[arg-type]

    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are not logged."""

    def do_GET(self) -> None:
        """Answer a request for a file or for events."""
        self._answer(True)

    def do_HEAD(self) -> None:
        """Answer with the headers alone."""
        self._answer(False)

    def _answer(self, with_body: bool) -> None:
        # every browser sends a host
        hosts = self.headers.get_all("Host", [])
        if len(hosts) > 1 or not all(is_own(host, self._name) for host in hosts):
            return self.send_error(HTTPStatus.MISDIRECTED_REQUEST, explain=ELSEWHERE)
        try:
            path = unquote(urlsplit(self.path).path, errors="replace")
        except ValueError:
            return self.send_error(HTTPStatus.BAD_REQUEST)
        if not path.startswith(self._mount):
            if path in ("/", self._mount.rstrip("/")):
                return self._redirect(self._mount)
            return self._missing(with_body)
        path = path.removeprefix(self._mount)
        if path == f"{OWN}preview.js":
            data = files("mlguide_site.build.preview").joinpath("client.js").read_bytes()
            return self._send(HTTPStatus.OK, "text/javascript", data, with_body)
        if path == f"{OWN}events":
            return self._events(with_body)
        return self._file(path, with_body)

    def _file(self, path: str, with_body: bool) -> None:
        if not is_inside(path):
            return self._missing(with_body)
        file = self._site / path if path else self._site
        if not self._is_own_file(file):
            return self._missing(with_body)
        # `os.path` accepts names that no disk can have
        if os.path.isdir(file):
            if path and not path.endswith("/"):
                return self._redirect(f"{self._mount}{quote(path)}/")
            file = file / "index.html"
            if not self._is_own_file(file):
                return self._missing(with_body)
        kind = content_type(file.name)
        if kind == "text/html":
            # read before the page: a page that is newer than its number is loaded twice, but none stays outdated
            number = self._channel.state.number
            try:
                page = file.read_bytes()
            except (OSError, ValueError):
                return self._missing(with_body)
            return self._send(HTTPStatus.OK, kind, self._with_script(page, number), with_body)
        try:
            opened = file.open("rb")
        except (OSError, ValueError):
            return self._missing(with_body)
        with opened:
            return self._stream(opened, kind, with_body)

    def _is_own_file(self, file: Path) -> bool:
        """Whether a path is in the folder of the site, with all links followed."""
        try:
            return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(self._site))
        except (OSError, ValueError):
            return False

    def _stream(self, file: BinaryIO, kind: str, with_body: bool) -> None:
        """A file, or the requested range of it (RFC 9110, section 14), which players use to seek."""
        size = os.fstat(file.fileno()).st_size
        start, end = 0, size
        status = HTTPStatus.OK
        if asked := _RANGE.fullmatch(self.headers.get("Range", "")):
            first, last = asked.groups()
            if first:
                start, end = int(first), min(size, int(last) + 1) if last else size
            elif last:
                start = max(0, size - int(last))
            if start >= end:
                self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                self.send_header("Content-Range", f"bytes */{size}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            status = HTTPStatus.PARTIAL_CONTENT
        self.send_response(status)
        if status is HTTPStatus.PARTIAL_CONTENT:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.send_header("Accept-Ranges", "bytes")
        self._head(kind, end - start)
        if not with_body:
            return
        file.seek(start)
        left = end - start
        while left and (data := file.read(min(CHUNK, left))):
            self.wfile.write(data)
            left -= len(data)
        if left:
            # the file became shorter meanwhile
            self.close_connection = True

    def _with_script(self, page: bytes, number: int, more: str = "") -> bytes:
        address = f"{html.escape(self._mount)}{OWN}preview.js"
        script = f'<script src="{address}" data-build="{number}"{more}></script>'.encode()
        above, tag, below = page.rpartition(b"</body>")
        return above + script + tag + below if tag else page + script

    def _missing(self, with_body: bool) -> None:
        """The site's own 404 page, or the errors if there is no site yet."""
        number = self._channel.state.number
        status, page, more = HTTPStatus.NOT_FOUND, self._site / "404.html", " data-missing"
        try:
            # the page's own policy would block the script that reloads it once the address exists
            if not self._is_own_file(page):
                raise FileNotFoundError(page)
            data = with_open_policy(page.read_bytes())
        except OSError:
            title = "There is no site yet"
            lines = "".join(f"<li>{html.escape(line)}" for line in self._channel.state.problems)
            data = f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1><ol>{lines}</ol>".encode()
            status, more = HTTPStatus.SERVICE_UNAVAILABLE, ""
        self._send(status, "text/html", self._with_script(data, number, more), with_body)

    def _events(self, with_body: bool) -> None:
        """The state of the preview, each time it changes (HTML, "Server-sent events")."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        version = -1
        try:
            while with_body:
                version, state = self._channel.wait(version, BEAT)
                self.wfile.write(f"data: {state.to_json()}\n\n".encode() if state else b": still here\n\n")
                self.wfile.flush()
        except (EOFError, OSError):
            return

    def _redirect(self, address: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, kind: str, data: bytes, with_body: bool) -> None:
        self.send_response(status)
        self._head(kind, len(data))
        if with_body:
            self.wfile.write(data)

    def _head(self, kind: str, size: int) -> None:
        charset = "; charset=utf-8" if kind.startswith("text/") or kind in _TEXTS else ""
        self.send_header("Content-Type", f"{kind}{charset}")
        self.send_header("Content-Length", str(size))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()


def is_inside(path: str) -> bool:
    r"""Whether a path, relative to a folder and with forward slashes, stays in it on every system.

    >>> [is_inside(path) for path in ("", "a/b/", "a/../b", "a\\b", "C:/a", "/a", "a//b", "a\0")]
    [True, True, False, False, False, False, False, False]
    """
    if not path:
        return True
    parts = path.removesuffix("/").split("/")
    odd = "\\" in path or ":" in path or "\0" in path or PurePosixPath(path).is_absolute()
    return not odd and all(part not in {"", ".", ".."} for part in parts)


def content_type(name: str) -> str:
    """The media type of a file by its name, the same on every system."""
    suffix = PurePosixPath(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.types_map.get(suffix) or "application/octet-stream"


def is_own(host: str, listening: str) -> bool:
    """Whether a request's `Host` (RFC 9110, section 7.2) names the server that listens at `listening`.

    A name that anyone may own could lead to this machine, and a page there would then read drafts as its own (DNS
    rebinding). A numeric address can't, nor can a name that the system itself gives.

    >>> is_own("127.0.0.1:8000", "127.0.0.1"), is_own("[::1]:8000", "::1"), is_own("kb.localhost", "127.0.0.1")
    (True, True, True)
    >>> is_own("rebound.example:8000", "127.0.0.1"), is_own("", "127.0.0.1"), is_own("[::1].evil.example", "::1")
    (False, False, False)
    """
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = (found[1] or found[2]).lower()
    if found[1]:
        return _number(name) is not None
    if name == "localhost" or name.endswith(".localhost") or name == listening.lower() or _number(name):
        return True
    number, own = _number(listening.partition("%")[0]), socket.gethostname().lower()
    is_for_this_machine = number.is_loopback if number else listening.lower() == "localhost"
    return not is_for_this_machine and name in (own, f"{own.partition('.')[0]}.local")


def _number(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def with_open_policy(page: bytes) -> bytes:
    r"""A page whose own content security policy also allows scripts from the site's files, and requests to the site.

    >>> with_open_policy(b"<meta http-equiv='Content-Security-Policy' content='img-src data:'>").decode()
    '<meta http-equiv=\'Content-Security-Policy\' content="img-src data:; script-src \'self\'; connect-src \'self\'">'
    """
    return _META.sub(_open_policy, page)


def _open_policy(found: re.Match[bytes]) -> bytes:
    policy = html.unescape(found[2][1:-1].decode(errors="replace"))
    rules = {name: sources for name, _, sources in (rule.strip().partition(" ") for rule in policy.split(";")) if name}
    for name in ("script-src", "connect-src"):
        # 'none' means nothing next to another source
        rules[name] = f"{rules.get(name, '')} 'self'".strip()
    text = "; ".join(f"{name} {sources}".rstrip() for name, sources in rules.items())
    return found[1] + b'"' + html.escape(text, quote=False).replace('"', "&quot;").encode() + b'"'
