"""A static file server on loopback that compresses files as static hosts do, to measure transfer sizes."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

COMPRESSED = frozenset({".html", ".css", ".js", ".mjs", ".json", ".xml", ".svg", ".txt", ".md", ".vtt"})
"""The suffixes of files that GitHub Pages and similar hosts compress. Images, audio and Pagefind's own files are
compressed already."""
KINDS = {".js": "text/javascript", ".mjs": "text/javascript", ".md": "text/markdown", ".wasm": "application/wasm"}
LEVEL = 6


@cache
def _packed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), LEVEL, mtime=0)


class Handler(SimpleHTTPRequestHandler):
    """A server for the files of a folder, with compression and persistent connections."""

    protocol_version = "HTTP/1.1"
    # an answer is a head and a body: without this, the second waits for the first to be acknowledged
    disable_nagle_algorithm = True

    def __init__(self, *arguments: Any, sent: list[int], **options: Any) -> None:
        self.sent = sent
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        """Answer with a file, or with status 404."""
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() else path
        if not file.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        packed = file.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _packed(file, file.stat().st_mtime_ns) if packed else file.read_bytes()
        kind = KINDS.get(file.suffix) or self.guess_type(str(file))
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if file.suffix in COMPRESSED else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        # a browser that is led elsewhere doesn't wait for the rest
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)
            self.sent.append(len(body))

    def log_message(self, format: str, *arguments: object) -> None:
        """Log nothing, because the benchmarks print only results."""


@dataclass(frozen=True)
class Host:
    """The address of a server, with a trailing slash, and the size of each body that the server has sent."""

    home: str
    sent: list[int]


@contextmanager
def host(site: Path) -> Iterator[Host]:
    """Serve a folder on a free port of loopback."""
    sent: list[int] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, sent=sent, directory=str(site))) as running:
        running.daemon_threads = True
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        try:
            yield Host(f"http://127.0.0.1:{running.server_port}/", sent)
        finally:
            running.shutdown()
            thread.join()
