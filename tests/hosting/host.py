"""A small server that behaves like a code host: Git over HTTP, the REST API, and files such as feeds.

The server keeps its state in memory, records every request, and refuses a write without the permission that it needs.
`permissions` are those of the job that runs. An endpoint that isn't in `ROUTES` gives 404, and `unknown` lists it.
"""

import base64
import gzip
import hashlib
import json
import os
import re
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "token-of-the-job"
REPOSITORY = "weavers/notes"
Reply = tuple[int, Any]


class Refused(Exception):
    """A request that the host refuses. The arguments are the status and the message."""


@dataclass
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    status: int = 0
    match: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class Host(ThreadingHTTPServer):
    """A code host with one repository, whose bare Git repository is `folder / "weavers/notes.git"`."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.remote = folder / f"{REPOSITORY}.git"
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.permissions: dict[str, str] = {}
        self.may_open_pulls = True  # a setting of the repository
        self.has_pages = True
        self.files: dict[str, bytes] = {}
        self.issues: dict[int, dict[str, Any]] = {}
        self.pulls: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, dict[str, Any]] = {}
        self.releases: list[dict[str, Any]] = []
        self.labels: set[str] = set()
        self.requests: list[Request] = []
        self.unknown: list[str] = []
        self.lock = threading.RLock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def writes(self) -> list[str]:
        """Return the requests that changed something, or that the host refused."""
        return [str(one) for one in self.requests if one.method != "GET" and "upload-pack" not in one.path]

    def next_number(self) -> int:
        return max([0, *self.issues, *self.pulls]) + 1

    def open_issue(
        self, title: str, body: str, labels: list[str], login: str = "ada", id: int = 1815
    ) -> dict[str, Any]:
        number = self.next_number()
        self.issues[number] = {
            "number": number,
            "title": title,
            "body": body,
            "state": "open",
            "user": {"login": login, "id": id},
            "labels": [{"name": name} for name in labels],
        }
        return self.issues[number]

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", self.remote, *arguments], capture_output=True, check=False)
        if done.returncode:
            raise Refused(422, done.stderr.decode("utf-8", "replace"))
        return done.stdout.decode("utf-8", "replace")

    def need(self, *scopes: str) -> None:
        if not any(self.permissions.get(scope) == "write" for scope in scopes):
            raise Refused(403, "Resource not accessible by integration")


def _repository(host: Host, request: Request) -> Reply:
    return 200, {"full_name": REPOSITORY, "default_branch": "main"}


def _listed(rows: list[dict[str, Any]], request: Request) -> Reply:
    """Return one page of a list, of 30 rows by default."""
    size, page = min(int(request.query.get("per_page", 30)), 100), int(request.query.get("page", 1))
    return 200, rows[(page - 1) * size : page * size]


def _has_state(row: Mapping[str, Any], request: Request) -> bool:
    wanted = request.query.get("state", "open")
    return wanted in ("all", row["state"])


def _pulls(host: Host, request: Request) -> Reply:
    rows = [row for row in host.pulls.values() if _has_state(row, request)]
    if head := request.query.get("head"):
        rows = [row for row in rows if f"{REPOSITORY.partition('/')[0]}:{row['head']['ref']}" == head]
    if base := request.query.get("base"):
        rows = [row for row in rows if row["base"]["ref"] == base]
    return _listed(rows[::-1], request)


def _open_pull(host: Host, request: Request) -> Reply:
    host.need("pull-requests")
    if not host.may_open_pulls:
        raise Refused(403, "GitHub Actions is not permitted to create or approve pull requests.")
    head, base = request.body["head"], request.body["base"]
    tips = [host.git("rev-parse", "--verify", f"refs/heads/{name}").strip() for name in (head, base)]
    if tips[0] == tips[1]:
        raise Refused(422, f"No commits between {base} and {head}")
    if any(row["head"]["ref"] == head and row["state"] == "open" for row in host.pulls.values()):
        raise Refused(422, f"A pull request already exists for {head}.")
    number = host.next_number()
    host.pulls[number] = {
        "number": number,
        "title": request.body["title"],
        "body": request.body.get("body"),
        "state": "open",
        "draft": request.body.get("draft", False),
        "head": {"ref": head},
        "base": {"ref": base},
        "labels": [],
        "html_url": f"{host.url}/{REPOSITORY}/pull/{number}",
    }
    return 201, host.pulls[number]


def _change(rows: Mapping[int, dict[str, Any]], request: Request, fields: tuple[str, ...]) -> Reply:
    row = rows.get(int(request.match["number"]))
    if row is None:
        raise Refused(404, "Not Found")
    if unknown := request.body.keys() - set(fields):
        raise Refused(422, f"unknown fields: {', '.join(sorted(unknown))}")
    row.update(request.body)
    return 200, row


def _change_pull(host: Host, request: Request) -> Reply:
    host.need("pull-requests")
    return _change(host.pulls, request, ("title", "body", "state", "base"))


def _issues(host: Host, request: Request) -> Reply:
    rows = [row for row in host.issues.values() if _has_state(row, request)]
    for label in filter(None, request.query.get("labels", "").split(",")):
        rows = [row for row in rows if label in {one["name"] for one in row["labels"]}]
    return _listed(rows[::-1], request)


def _issue(host: Host, request: Request) -> Reply:
    row = host.issues.get(int(request.match["number"]))
    return (200, row) if row else (404, {"message": "Not Found"})


def _open_issue(host: Host, request: Request) -> Reply:
    host.need("issues")
    body = request.body
    return 201, host.open_issue(
        body["title"], body.get("body", ""), body.get("labels", []), "github-actions[bot]", 41898282
    )


def _change_issue(host: Host, request: Request) -> Reply:
    host.need("issues")
    return _change(host.issues, request, ("title", "body", "state", "state_reason"))


def _comments(host: Host, request: Request) -> Reply:
    rows = [row for row in host.comments.values() if row["issue"] == int(request.match["number"])]
    return _listed(rows, request)


def _comment(host: Host, request: Request) -> Reply:
    host.need("issues", "pull-requests")
    id = 1000 + len(host.comments)
    user = {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"}
    host.comments[id] = {"id": id, "issue": int(request.match["number"]), "body": request.body["body"], "user": user}
    return 201, host.comments[id]


def _change_comment(host: Host, request: Request) -> Reply:
    host.need("issues", "pull-requests")
    return _change(host.comments, request, ("body",))


def _remove_comment(host: Host, request: Request) -> Reply:
    host.need("issues", "pull-requests")
    found = host.comments.pop(int(request.match["number"]), None)
    return (204, None) if found else (404, {"message": "Not Found"})


def _add_labels(host: Host, request: Request) -> Reply:
    host.need("issues", "pull-requests")
    number = int(request.match["number"])
    row = host.pulls.get(number) or host.issues[number]
    row["labels"] += [{"name": name} for name in request.body["labels"] if {"name": name} not in row["labels"]]
    return 200, row["labels"]


def _release(host: Host, request: Request) -> Reply:
    host.need("contents")
    host.git("rev-parse", "--verify", f"refs/tags/{request.body['tag_name']}")
    host.releases.append(request.body)
    return 201, {**request.body, "html_url": f"{host.url}/{REPOSITORY}/releases/{request.body['tag_name']}"}


def _set_up(host: Host, request: Request) -> Reply:
    host.need("administration")
    if request.path.endswith("/pages") and host.has_pages and request.method == "POST":
        raise Refused(409, "GitHub Pages is already enabled.")
    host.has_pages = host.has_pages or request.path.endswith("/pages")
    host.may_open_pulls = host.may_open_pulls or request.body.get("can_approve_pull_request_reviews", False)
    return 204, None


def _pages(host: Host, request: Request) -> Reply:
    return (200, {"html_url": f"{host.url}/pages/"}) if host.has_pages else (404, {"message": "Not Found"})


def _add_label(host: Host, request: Request) -> Reply:
    host.need("administration")
    if request.body["name"] in host.labels:
        raise Refused(422, "Validation Failed")
    host.labels.add(request.body["name"])
    return 201, request.body


def _contents(host: Host, request: Request) -> Reply:
    path, ref = unquote(request.match["path"]), request.query.get("ref", "main")
    try:
        text = host.git("show", f"{ref}:{path}")
    except Refused:
        return 404, {"message": "Not Found"}
    return 200, {"path": path, "encoding": "base64", "content": base64.b64encode(text.encode()).decode()}


Route = Callable[[Host, Request], Reply]
ROUTES: Mapping[str, Route] = {
    "GET": _repository,
    "GET /pulls": _pulls,
    "POST /pulls": _open_pull,
    r"PATCH /pulls/(?P<number>\d+)": _change_pull,
    "GET /issues": _issues,
    "POST /issues": _open_issue,
    r"GET /issues/(?P<number>\d+)": _issue,
    r"PATCH /issues/(?P<number>\d+)": _change_issue,
    r"GET /issues/(?P<number>\d+)/comments": _comments,
    r"POST /issues/(?P<number>\d+)/comments": _comment,
    r"PATCH /issues/comments/(?P<number>\d+)": _change_comment,
    r"DELETE /issues/comments/(?P<number>\d+)": _remove_comment,
    r"POST /issues/(?P<number>\d+)/labels": _add_labels,
    r"GET /contents/(?P<path>.+)": _contents,
    "POST /releases": _release,
    "POST /labels": _add_label,
    "GET /pages": _pages,
    "POST /pages": _set_up,
    "PUT /pages": _set_up,
    "PUT /actions/permissions/workflow": _set_up,
}
"""The endpoints of the REST API below `/api/repos/OWNER/NAME`."""


class _Handler(BaseHTTPRequestHandler):
    server: Host
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that the server calls

    def _answer(self) -> None:
        address = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(address.query).items()}
        request = Request(self.command, address.path, query, None)
        data = self._data()
        with self.server.lock:
            self.server.requests.append(request)
        if found := re.fullmatch(rf"/{REPOSITORY}(?:\.git)?(/(?:info/refs|git-[a-z-]+))", address.path):
            request.status = self._git(f"/{REPOSITORY}.git{found[1]}", address.query, data)
            return
        if address.path.startswith("/api/"):
            with self.server.lock:
                request.status, reply = self._api(request, data)
            self._send(request.status, b"" if reply is None else json.dumps(reply).encode(), "application/json")
            return
        file = self.server.files.get(address.path)
        tag = f'"{hashlib.sha256(file or b"").hexdigest()[:16]}"'
        request.status = 404 if file is None else 304 if self.headers.get("If-None-Match") == tag else 200
        self._send(request.status, (file or b"") if request.status == 200 else b"", "application/octet-stream", tag)

    def _data(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        else:
            data = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        return gzip.decompress(data) if self.headers.get("Content-Encoding") == "gzip" else data

    def _send(self, status: int, data: bytes, kind: str, tag: str = "") -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("ETag", tag)):
            if value:
                self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _api(self, request: Request, data: bytes) -> Reply:
        place = f"/api/repos/{REPOSITORY}"
        wanted = f"{request.method} {request.path.removeprefix(place)}".strip()
        for pattern, route in ROUTES.items():
            if (found := re.fullmatch(pattern, wanted)) and request.path.startswith(place):
                request.match = found.groupdict()
                try:
                    if self.headers.get("Authorization", "").split(" ")[-1] != TOKEN:
                        raise Refused(401, "Bad credentials")
                    request.body = json.loads(data) if data else {}
                    return route(self.server, request)
                except Refused as refused:
                    return refused.args[0], {"message": refused.args[1]}
                except (ValueError, KeyError, TypeError) as error:
                    return 422, {"message": f"invalid request: {error!r}"}
        self.server.unknown.append(wanted)
        return 404, {"message": "Not Found"}

    def _git(self, path: str, query: str, data: bytes) -> int:
        """Answer Git with the program `git http-backend`. A push needs the job's token and `contents: write`."""
        expected = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
        given = self.headers.get("Authorization", "")
        is_push = "git-receive-pack" in (path + query)
        if is_push and given.casefold() != f"basic {expected}".casefold():
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="host"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return 401
        if is_push and self.server.permissions.get("contents") != "write":
            self._send(403, b"Permission denied", "text/plain")
            return 403
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.server.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(data)),
            "REMOTE_USER": "job",
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(["git", "http-backend"], input=data, capture_output=True, env=environment, check=False)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(fields.pop("Status", "200").split()[0])
        self._send(status, body, fields.get("Content-Type", "text/plain"))
        return status

    def log_message(self, format: str, *args: object) -> None:
        pass
