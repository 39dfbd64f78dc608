"""Runs Pagefind as a service: pages go in on standard input, in our order, and the files of the index come back.

Run over a folder, Pagefind numbers pages in the order in which the disk lists them; fed page by page, the same pages
give the same numbers. Messages are JSON in Base64, separated by commas, as its own wrappers for Node.js and Python
send them (https://github.com/Pagefind/pagefind, `wrappers/python`).
"""

import base64
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import IO, Any, Self

from mlguide_site.content.files import resource_error
from mlguide_site.errors import ResourceError

CHUNK = 1 << 20
TIMEOUT = 600
"""Seconds after which indexing is given up."""
EXTRA_CHARACTERS = "+#"
"""Characters that belong to words: C++ and C# are neither C nor each other. Parts of such words are found as well."""
OPTIONS = {"exclude_selectors": [".headerlink"], "include_characters": EXTRA_CHARACTERS}


def run_pagefind(pages: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """The files of the index of pages, which are given as paths relative to the site and their HTML. Raises
    ResourceError where Pagefind isn't installed or fails."""
    # asked to write them itself, Pagefind answers before all is on disk and doesn't notice a full one
    with _Service() as service:
        index = service.ask("NewIndex", config=OPTIONS)["index_id"]
        for path, html in pages:
            service.ask("AddFile", index_id=index, file_path=path, file_contents=html.decode("utf-8", "replace"))
        files = service.ask("GetFiles", index_id=index)["files"]
    return {file["path"]: base64.b64decode(file.pop("content")) for file in files}


class _Service:
    """A running Pagefind process."""

    def __init__(self) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        try:
            self._process = subprocess.Popen(
                [executable(), "--service"],
                # the folder in which the build was started may be gone
                cwd=tempfile.gettempdir(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
            )
        except OSError as error:
            raise resource_error(error.filename or "pagefind", error) from None
        self._timer = threading.Timer(TIMEOUT, self._process.kill)
        self._timer.daemon = True
        self._timer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def ask(self, request: str, **values: object) -> Mapping[str, Any]:
        """Send a request and wait for the response. Raises ResourceError where Pagefind refuses it."""
        message = json.dumps({"message_id": 1, "payload": {"type": request, **values}})
        answer = bytearray()
        try:
            if self._process.stdin and self._process.stdout:
                self._process.stdin.write(base64.b64encode(message.encode()) + b",")
                self._process.stdin.flush()
                while not answer.endswith(b",") and (data := os.read(self._process.stdout.fileno(), CHUNK)):
                    answer += data
            payload: dict[str, Any] = json.loads(base64.b64decode(answer.removesuffix(b","), validate=True))["payload"]
        except (OSError, ValueError, LookupError, TypeError):
            raise self._failure("") from None
        if payload.get("type") == "Error":
            raise self._failure(str(payload.get("message")))
        return payload

    def _failure(self, message: str) -> ResourceError:
        self._process.kill()
        self._process.wait()
        self._errors.seek(0)
        reason = message or self._errors.read().decode("utf-8", "replace") or f"status {self._process.returncode}"
        return ResourceError(f"the search index can't be made: {' '.join(reason.split())[:300]}")


def executable() -> str:
    """The path of Pagefind's program, which its wheel carries. Raises ResourceError where there is none."""
    try:
        from pagefind_bin import get_executable  # type: ignore[import-untyped]  # noqa: PLC0415 - not on every system
    except ImportError:
        raise ResourceError(
            'the search needs Pagefind, which is not installed here; install it with: pip install "pagefind-bin<1.6"'
        ) from None
    try:
        return str(get_executable())
    except FileNotFoundError as error:
        raise ResourceError(f"the search needs Pagefind's program: {error}; install pagefind-bin again") from None
