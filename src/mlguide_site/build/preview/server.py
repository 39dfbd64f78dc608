"""Serves a site from its folder. A script in each page updates the page when a build reports a change."""

import contextlib
import html
import http.server
import ipaddress
import json
import mimetypes
import re
import socket
import socketserver
import threading
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

MAX_CONNECTIONS = 200  # if there are more connections, the oldest are closed; browsers then connect again
QUIET_STREAM = 15.0  # after this number of seconds, a comment is sent, so that the event stream stays open
IDLE_SECONDS = 30.0  # number of seconds after which an idle connection is closed
MANY = 400  # maximum number of changed pages whose addresses are sent to browsers
OWN = ".mlguide/"  # the address of the preview's script and events, relative to the site's address
ELSEWHERE = "Use localhost or this machine's IP address, or start the preview with --address NAME:PORT."
_TYPES = mimetypes.MimeTypes()
"""The media types of Python's standard library, and the types below. The operating system's types are ignored."""
for _suffix, _kind in {
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}.items():
    _TYPES.add_type(_kind, _suffix)
_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([\w.-]{1,253}?)\.?)(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
"""Matches a `Host` header: a host name or a bracketed IPv6 address, with an optional port."""
_POLICY = re.compile(rb"""<meta\s[^>]*?http-equiv=["']?content-security-policy["']?[^>]*>""", re.IGNORECASE)
OPEN_POLICY = b"""<meta http-equiv="Content-Security-Policy" content="default-src 'self' 'unsafe-inline' data:">"""


class PreviewState(NamedTuple):
    """The state of a preview. `number` counts successful builds. `changed` contains the addresses of the changed pages,
    relative to the site's address, or is None if all pages changed. `problems` contains a failed build's errors."""

    number: int = 0
    changed: frozenset[str] | None = None
    problems: tuple[str, ...] = ()

    def to_json(self) -> str:
        changed = None if self.changed is None or len(self.changed) > MANY else sorted(self.changed)
        return json.dumps({"number": self.number, "changed": changed, "problems": self.problems})


class StateChannel:
    """A channel that passes the newest state to all waiting threads."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.state = PreviewState()
        self._closed = False

    def succeeded(self, changed: Iterable[str] | None) -> None:
        """Publish the state after a successful build that changed the files at the addresses in `changed`."""
        self._publish(PreviewState(self.state.number + 1, None if changed is None else frozenset(changed)))

    def failed(self, problems: Iterable[str]) -> None:
        """Publish the errors of a failed build, which didn't change the site."""
        self._publish(PreviewState(self.state.number, frozenset(), tuple(problems)))

    def close(self) -> None:
        self._closed = True
        self._publish(self.state)

    def _publish(self, state: PreviewState) -> None:
        with self._condition:
            self.state = state
            self._condition.notify_all()

    def wait(self, known: PreviewState | None, seconds: float) -> PreviewState:
        """Wait at most `seconds` for a new state, and return the newest state. Raises EOFError after `close`."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed or self.state is not known, seconds)
            if self._closed:
                raise EOFError
            return self.state


class Server(http.server.ThreadingHTTPServer):
    """A server that listens on an address. Raises OSError if the address isn't available."""

    def __init__(self, address: tuple[str, int], site: Path, mount: str, channel: StateChannel) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self._open: dict[Any, None] = {}
        super().__init__(address, partial(Handler, site=site, mount=mount, channel=channel, name=address[0]))

    def server_bind(self) -> None:
        """Bind the socket without looking up this machine's name in the network."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[0], self.server_address[1]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Handle a connection in a thread. If more than `MAX_CONNECTIONS` connections are open, close the oldest. If
        `2 * MAX_CONNECTIONS` are still open, also close the new connection."""
        for oldest in [*self._open][: max(0, len(self._open) - MAX_CONNECTIONS + 1)]:
            with contextlib.suppress(OSError):
                oldest.shutdown(socket.SHUT_RDWR)
        if len(self._open) >= 2 * MAX_CONNECTIONS:
            return self.shutdown_request(request)
        self._open[request] = None
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore the error, because browsers often disconnect in the middle of a response."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mlguide"
    sys_version = ""
    timeout = IDLE_SECONDS

    def __init__(self, *arguments: object, site: Path, mount: str, channel: StateChannel, name: str) -> None:
        self._site, self._mount, self._channel, self._name = site, mount, channel, name
        super().__init__(*arguments)  # type: ignore[arg-type]

    def log_message(self, format: str, *arguments: object) -> None:
        """Do nothing, because requests are not logged."""

    def do_GET(self) -> None:
        # every browser sends exactly one `Host` header
        hosts = self.headers.get_all("Host", [])
        if len(hosts) > 1 or not all(is_own(host, self._name) for host in hosts):
            return self.send_error(HTTPStatus.MISDIRECTED_REQUEST, explain=ELSEWHERE)
        try:
            path = unquote(urlsplit(self.path).path, errors="replace")
        except ValueError:
            return self.send_error(HTTPStatus.BAD_REQUEST)
        if path in ("/", self._mount.rstrip("/")) and path != self._mount:
            return self._send(HTTPStatus.FOUND, "text/plain", b"", self._mount)
        if not path.startswith(self._mount):
            return self._missing()
        path = path.removeprefix(self._mount)
        if path == f"{OWN}preview.js":
            data = files("mlguide_site.build.preview").joinpath("client.js").read_bytes()
            return self._send(HTTPStatus.OK, "text/javascript", data)
        return self._events() if path == f"{OWN}events" else self._file(path)

    do_HEAD = do_GET  # noqa: N815

    def _file(self, path: str) -> None:
        file = self._inside(path)
        if file is None or path.startswith("/") or (path.endswith("/") and not file.is_dir()):
            return self._missing()
        if file.is_dir() and path and not path.endswith("/"):
            return self._send(HTTPStatus.FOUND, "text/plain", b"", f"{self._mount}{quote(path)}/")
        if file.is_dir():
            file = self._inside(f"{path}index.html")
        # read the number first: if a build replaces the page meanwhile, the number is too low, and the browser reloads
        number = self._channel.state.number
        try:
            data = file.read_bytes() if file else None
        except OSError:
            data = None
        if file is None or data is None:
            return self._missing()
        kind = content_type(file.name)
        return self._send(HTTPStatus.OK, kind, self._with_script(data, number) if kind == "text/html" else data)

    def _inside(self, path: str) -> Path | None:
        """Return the resolved path of a file or folder, or None if the path is missing or outside the site."""
        try:
            file, site = (self._site / path).resolve(strict=True), self._site.resolve()
        except (OSError, ValueError, RuntimeError):
            return None
        return file if file.is_relative_to(site) else None

    def _with_script(self, page: bytes, number: int, more: str = "") -> bytes:
        address = f"{html.escape(self._mount)}{OWN}preview.js"
        script = f'<script src="{address}" data-build="{number}"{more}></script>'.encode()
        above, tag, below = page.rpartition(b"</body>")
        return above + script + tag + below if tag else page + script

    def _missing(self) -> None:
        """Send the site's own 404 page, or the errors of the failed build if there is no site yet."""
        state, page = self._channel.state, self._inside("404.html")
        status = HTTPStatus.NOT_FOUND if page else HTTPStatus.SERVICE_UNAVAILABLE
        if page:
            # the policy of the 404 page would block the script that reloads the page when the requested file exists
            data = _POLICY.sub(OPEN_POLICY, page.read_bytes())
        else:
            title = "There is no site yet"
            lines = "".join(f"<li>{html.escape(line)}" for line in state.problems)
            data = f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1><ol>{lines}</ol>".encode()
        self._send(status, "text/html", self._with_script(data, state.number, " data-missing" if page else ""))

    def _events(self) -> None:
        """Send the state of the preview each time it changes (HTML Standard, "Server-sent events")."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        known = None
        try:
            while self.command == "GET":
                state = self._channel.wait(known, QUIET_STREAM)
                self.wfile.write(b": still here\n\n" if state is known else f"data: {state.to_json()}\n\n".encode())
                self.wfile.flush()
                known = state
        except (EOFError, OSError):
            return

    def _send(self, status: HTTPStatus, kind: str, data: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        is_text = kind.startswith("text/") or kind in ("application/json", "application/xml", "image/svg+xml")
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if is_text else kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)


def content_type(name: str) -> str:
    """Return the media type for a file name. The result is the same on every system."""
    kind, encoding = _TYPES.guess_type(name)
    return kind if kind and not encoding else "application/octet-stream"


def is_own(host: str, listening: str) -> bool:
    """Return whether a `Host` header (RFC 9110, section 7.2) names this server. `listening` is the server's host name.

    This check prevents DNS rebinding: without it, a page on a domain name that resolves to this machine could read
    drafts. A numeric address can't be misused in this way.

    >>> is_own("127.0.0.1:8000", "127.0.0.1"), is_own("[::1]:8000", "::1"), is_own("kb.localhost", "127.0.0.1")
    (True, True, True)
    """
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = (found[1] or found[2]).lower()
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return not found[1] and (name in ("localhost", listening.lower()) or name.endswith(".localhost"))
