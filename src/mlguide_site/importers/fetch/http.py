"""Fetching: redirects, limits of size and time, and marks by which a page that did not change isn't sent again."""

import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from mlguide_site.errors import ResourceError, visible
from mlguide_site.importers.fetch.addresses import identity, without_password, without_secrets
from mlguide_site.importers.fetch.network import Decoder, check_host, host_name
from mlguide_site.version import __version__

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 10.0, 20.0, 60.0
MAX_BYTES = 64 * 1024 * 1024
MAX_HOPS = 5
MAX_STEPS = 10
"""Redirects that are followed from one address of sound: several services that count listeners often stand in a row."""
MAX_MARK = 1000
_REDIRECTS = frozenset([301, 302, 303, 307, 308])


class Marks(NamedTuple):
    """What tells one state of a page from another (RFC 9110, 8.8): its `ETag` and `Last-Modified`, "" where it has
    none; and the address that gave them, as `identity` has it."""

    url: str = ""
    etag: str = ""
    modified: str = ""


class Fetched(NamedTuple):
    """The bytes, decoded from their transfer, and the address that they came from in the end, without a password.

    `data` is None where the page is as its marks told: nothing was sent again.
    """

    data: bytes | None
    url: str
    marks: Marks = Marks()


class Followed(NamedTuple):
    """The addresses that the server at one address sends a browser on to, in order, and why it ends before its end, ""
    where it doesn't."""

    steps: tuple[str, ...]
    fault: str = ""


def is_web_address(name: str) -> bool:
    """Whether a source's name is an address rather than a path.

    >>> is_web_address("https://show.example/feed"), is_web_address("feed.xml"), is_web_address("file:///etc/passwd")
    (True, False, True)
    """
    return "://" in name[:20]


def fetch(
    url: str,
    *,
    known: Marks | None = None,
    allow: Iterable[str] = (),
    limit: int = MAX_BYTES,
    seconds: float = TOTAL_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Fetched:
    """What stands at an http or https address, redirects followed (five at most).

    `known` are the marks that it gave the last time; where they still hold, nothing is sent. Every host on the way must
    have public IP addresses only, and the one that was checked is the one that is asked; `allow` names IP addresses
    exempt from that, for tests. Raises ResourceError on any failure: connecting takes over 10 s, a read over 20 s, the
    whole over 60 s (`seconds`), or there are more than `limit` bytes once decoded.
    """
    job = _Job(url, known or Marks(), frozenset(allow), limit, seconds, clock)
    found = _in_time(job)
    if isinstance(found, Exception):
        raise found
    return found


def follow(
    url: str, *, allow: Iterable[str] = (), seconds: float = TOTAL_SECONDS, clock: Callable[[], float] = time.monotonic
) -> Followed:
    """Where a browser that plays the sound at an address is sent on to, ten steps at most. Two bytes of it are asked
    for, and none are read; hosts and time are limited as in `fetch`. Never raises: see `Followed.fault`.
    """
    job = _Job(url, Marks(), frozenset(allow), 0, seconds, clock, steps_only=True)
    found = _in_time(job)
    return Followed(tuple(job.steps), str(found) if isinstance(found, Exception) else "")


def _in_time(job: "_Job") -> Fetched | Exception:
    """What a job comes to, or why it comes to nothing, what nobody foresaw too: to be raised where it can be told."""
    results: SimpleQueue[Fetched | Exception] = SimpleQueue()

    def run() -> None:
        try:
            results.put(job.run())
        except Exception as error:
            results.put(error)

    # looking up a name, a handshake and the lines of a header each can be drawn out without end, each in another
    # library: whoever waits decides when it has been long enough
    threading.Thread(target=run, daemon=True).start()
    try:
        return results.get(timeout=job.seconds)
    except Empty:
        job.given_up.set()
        return ResourceError(job.too_slow())


class _Job:
    """One fetch, with all its hops."""

    def __init__(
        self,
        url: str,
        known: Marks,
        allowed: frozenset[str],
        limit: int,
        seconds: float,
        clock: Callable[[], float],
        steps_only: bool = False,
    ) -> None:
        self.url, self.known, self.allowed = url, known, allowed
        self.limit, self.seconds, self.clock = limit, seconds, clock
        self.steps_only, self.steps = steps_only, list[str]()
        self.end = clock() + seconds
        self.given_up = threading.Event()

    def too_slow(self) -> str:
        """What is said where the whole takes too long."""
        shown = without_secrets(self.url)
        return f"{shown}: not there within {self.seconds:.0f} s; try again, or download it by other means"

    def run(self) -> Fetched:
        """What is fetched. Raises ResourceError."""
        url, most = self.url, MAX_STEPS if self.steps_only else MAX_HOPS
        try:
            for _ in range(most + 1):
                found = self.hop(url)
                if isinstance(found, Fetched):
                    return found
                url = found
                self.steps.append(url)
            raise ResourceError(f"{without_secrets(url)}: more than {most} redirects; give the address it ends at")
        except httpx.InvalidURL:
            # what it says would repeat the address
            raise _no_address(url) from None
        except (httpx.HTTPError, ValueError, OSError) as error:
            what = " ".join(str(error).split())[:300] or type(error).__name__
            message = f"{without_secrets(url)}: {what}; try again, or download it by other means"
            raise ResourceError(message) from None

    def hop(self, url: str) -> Fetched | str:
        """The bytes at an address, or the address that it redirects to."""
        host, target = _checked(url, self.allowed)
        headers = _headers(url, self.known) | ({"Range": "bytes=0-1"} if self.steps_only else {})
        timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        with (
            # the address that was checked is the one that is asked: a second look-up could give another
            httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", target, headers=headers, extensions={"sni_hostname": host}) as response,
        ):
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return urljoin(url, response.headers["location"])
            if self.steps_only and response.status_code in (200, 206):
                return Fetched(None, without_password(url))
            if response.status_code == 304 and self.known.url == identity(url):
                return Fetched(None, without_password(url), self.known)
            if response.status_code != 200:
                raise ResourceError(
                    f"{without_secrets(url)}: the server answers {response.status_code}; check the address"
                )
            return Fetched(self.body(url, response), without_password(url), _marks(url, response))

    def body(self, url: str, response: httpx.Response) -> bytes:
        """The body, decoded as it comes: what it grows to is counted before it is kept."""
        decoder = Decoder(response.headers.get("content-encoding", ""), self.limit)
        for chunk in response.iter_raw():
            decoder.feed(chunk)
            if decoder.is_full:
                raise ResourceError(
                    f"{without_secrets(url)}: more than {self.limit // 2**20} MiB; download it and split it"
                )
            if self.given_up.is_set() or self.clock() > self.end:
                raise ResourceError(self.too_slow())
        return decoder.finish()


def _headers(url: str, known: Marks) -> dict[str, str]:
    parts = urlsplit(url)
    host = host_name(parts.hostname or "")
    headers = {
        "Host": (f"[{host}]" if ":" in host else host) + (f":{parts.port}" if parts.port else ""),
        "User-Agent": f"mlguide/{__version__}",
        "Accept-Encoding": "gzip, deflate",
    }
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    if known.url == identity(url):
        headers |= {"If-None-Match": known.etag} if known.etag else {}
        headers |= {"If-Modified-Since": known.modified} if known.modified else {}
    return headers


def _marks(url: str, response: httpx.Response) -> Marks:
    """The marks of an answer, those that can be sent back."""
    etag, modified = (response.headers.get(name, "") for name in ("etag", "last-modified"))
    etag, modified = (
        text if text.isascii() and text.isprintable() and len(text) <= MAX_MARK else "" for text in (etag, modified)
    )
    return Marks(identity(url), etag, modified) if etag or modified else Marks()


def _no_address(url: str) -> ResourceError:
    return ResourceError(f"{visible(without_secrets(url))[:200]}: not a web address; check it")


def _checked(url: str, allowed: frozenset[str]) -> tuple[str, str]:
    """The host of an address, and the address with an IP address in its place. Raises ResourceError where refused."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _no_address(url) from None
    if parts.scheme not in {"http", "https"}:
        raise ResourceError(
            f"{without_secrets(url)}: only http and https addresses are fetched; download it by other means"
        )
    if not parts.hostname or " " in parts.hostname or not url.isprintable():
        raise _no_address(url)
    host = host_name(parts.hostname)
    address = check_host(host, port, allowed)
    if not address:
        message = "the host is on a private network and is not asked; download it by other means"
        raise ResourceError(f"{without_secrets(url)}: {message}")
    shown = f"[{address}]" if ":" in address else address
    return host, parts._replace(netloc=f"{shown}:{port}").geturl()
