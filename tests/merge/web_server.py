"""A local web server for tests of imports. Its files and their status can change at any time."""

import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """Sends the file at the path of a request, or the status 404."""

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        data = self.server.files.get(self.path)
        self.send_response(200 if data is not None else 404)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


class WebServer(ThreadingHTTPServer):
    """A server on this machine. `files` maps paths to contents, and `requests` lists the paths of all requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


def feed(title: str, items: Sequence[str], head: str = "") -> bytes:
    """Return a feed with an episode for each item: the number, the title and further elements, such as `1 Planes`."""
    text = f'<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>{title}</title>'
    text += f"<link>https://{title.lower()}.example/</link>{head}"
    for item in items:
        number, name, *more = item.split(" ", 2)
        text += f"<item><title>{number}: {name}</title><guid>{title}-episode-{number}</guid>"
        text += f"<pubDate>Mon, {int(number):02} Jan 2024 06:00:00 GMT</pubDate>"
        text += f"<description>All about {name.lower()}.</description>{''.join(more)}</item>"
    return f"{text}</channel></rss>".encode()
