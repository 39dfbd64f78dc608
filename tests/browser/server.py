"""A static file server on loopback that behaves like GitHub Pages: missing pages are answered with `404.html`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import Any

NO_POLICIES: Mapping[str, str] = MappingProxyType({})


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder below a path. Nothing is served outside the path."""

    def __init__(self, *arguments: object, below: str, policies: Mapping[str, str], **options: object) -> None:
        self.below, self.policies = below, policies
        super().__init__(*arguments, **options)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.below):
            return str(Path(self.directory) / "no such file")
        return super().translate_path("/" + path[len(self.below) :])

    def send_head(self) -> Any:
        # a time of modification in whole seconds can't tell apart two versions that are written in the same second
        del self.headers["If-Modified-Since"]
        return super().send_head()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(body)

    def end_headers(self) -> None:
        if policy := self.policies.get(self.path):
            self.send_header("Content-Security-Policy-Report-Only", policy)
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        # a browser that navigates elsewhere closes the connection early
        with suppress(BrokenPipeError, ConnectionResetError):
            super().copyfile(source, outputfile)

    def log_message(self, format: str, *arguments: object) -> None:
        """Write no log. Tests only read their own output."""


@contextmanager
def serve(site: Path, below: str = "/", policies: Mapping[str, str] = NO_POLICIES) -> Iterator[str]:
    """Serve a folder below a path that starts and ends with a slash. Browsers report what breaks the content security
    policy of a path, and don't prevent it. Yields the URL, which also ends with a slash."""
    handler = partial(Handler, directory=str(site), below=below, policies=policies)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}{below}"
        finally:
            running.shutdown()
            thread.join()
