"""Fetching a source over http or https, within stated limits."""

import ipaddress
import socket
import threading
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import NamedTuple
from urllib.parse import urljoin

import httpx

from mlguide_site.errors import ResourceError, visible
from mlguide_site.importers.common.addresses import without_secrets
from mlguide_site.markdown.from_html import without_password
from mlguide_site.version import __version__

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 10.0, 20.0, 60.0
MAX_BYTES = 64 * 1024 * 1024
MAX_HOPS = 5
MAX_STEPS = 10
"""Redirects that are followed from an enclosure: often several services that count downloads come one after another."""
_STEP = 1024 * 1024
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_MAPPED = tuple(ipaddress.IPv6Network(network) for network in ("::/96", "::ffff:0:0:0/96"))
_SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")


class Fetched(NamedTuple):
    """The decoded bytes, and the address that they came from in the end, without a password."""

    data: bytes
    url: str


class Followed(NamedTuple):
    """The addresses that a server redirects to, in order, and why following them failed, "" if it didn't."""

    steps: tuple[str, ...]
    fault: str = ""


def fetch(url: str, *, allow: Iterable[str] = (), limit: int = MAX_BYTES, seconds: float = TOTAL_SECONDS) -> Fetched:
    """What is at an http or https address, after five redirects at most.

    Every host on the way must have public IP addresses only, and the connection goes to the one that was checked;
    `allow` names IP addresses exempt from that, for tests. Raises ResourceError on any failure: connecting takes over
    10 s, a read over 20 s, the whole over 60 s (`seconds`), or there are more than `limit` bytes once decoded.
    """

    def body(response: httpx.Response, given_up: threading.Event) -> bytes:
        found = bytearray()
        for part in decoded(response.iter_raw(), response.headers.get("content-encoding", "")):
            found += part
            if len(found) > limit:
                raise _failure(url, f"more than {limit // 2**20} MiB; download it and split it")
            if given_up.is_set():
                break
        return bytes(found)

    return _in_time(url, seconds, lambda given_up: _redirected(url, MAX_HOPS, [], allow, {}, body, given_up))


def follow(url: str, *, allow: Iterable[str] = (), seconds: float = TOTAL_SECONDS) -> Followed:
    """Where a browser that plays an enclosure is redirected to, ten steps at most. Two bytes of it are requested, and
    none are read; hosts and time are limited as in `fetch`. Never raises: see `Followed.fault`.
    """
    steps: list[str] = []
    headers = {"Range": "bytes=0-1"}
    try:
        _in_time(url, seconds, lambda event: _redirected(url, MAX_STEPS, steps, allow, headers, lambda *_: b"", event))
    except Exception as error:
        return Followed(tuple(steps), str(error))
    return Followed(tuple(steps))


def _failure(url: str, message: str) -> ResourceError:
    return ResourceError(f"{visible(without_secrets(url))[:300]}: {message}")


def _in_time(url: str, seconds: float, run: Callable[[threading.Event], Fetched]) -> Fetched:
    """The result of a function, which is passed an event that is set once nobody waits for it any more."""
    results: SimpleQueue[Fetched | Exception] = SimpleQueue()
    given_up = threading.Event()

    def work() -> None:
        try:
            results.put(run(given_up))
        except Exception as error:
            results.put(error)

    # a look-up, a handshake and the lines of a header can each be drawn out without end, each in another library:
    # only a thread that waits can end them all
    threading.Thread(target=work, daemon=True).start()
    try:
        found = results.get(timeout=seconds)
    except Empty:
        given_up.set()
        message = f"not there within {seconds:.0f} s; try again, or download it by other means"
        raise _failure(url, message) from None
    if isinstance(found, Exception):
        raise found
    return found


def _redirected(
    url: str,
    most: int,
    steps: list[str],
    allow: Iterable[str],
    headers: dict[str, str],
    body: Callable[[httpx.Response, threading.Event], bytes],
    given_up: threading.Event,
) -> Fetched:
    """What is at the end of redirects, which are added to `steps`."""
    allowed = frozenset(allow)
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    own = {"User-Agent": f"mlguide/{__version__}", "Accept-Encoding": "gzip", **headers}
    try:
        for _ in range(most + 1):
            host, netloc, target = _checked(url, allowed)
            with (
                # the connection goes to the IP address that was checked: a second look-up could give another
                httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
                client.stream(
                    "GET", target, headers={"Host": netloc, **own}, extensions={"sni_hostname": host}
                ) as response,
            ):
                if response.status_code in (301, 302, 303, 307, 308) and "location" in response.headers:
                    url = urljoin(url, response.headers["location"])
                    steps.append(url)
                elif response.status_code == 200 or (headers and response.status_code == 206):
                    return Fetched(body(response, given_up), without_password(url))
                else:
                    raise _failure(url, f"the server answers {response.status_code}; check the address")
    except (httpx.HTTPError, ValueError, OSError) as error:
        what = " ".join(str(error).split())[:300] or type(error).__name__
        raise _failure(url, f"{what}; try again, or download it by other means") from None
    raise _failure(url, f"more than {most} redirects; give the address it ends at")


def _checked(url: str, allowed: frozenset[str]) -> tuple[str, str, httpx.URL]:
    """The host of an address, the same with the port, and the address with an IP address in its place. Raises
    ResourceError if refused."""
    try:
        parts = httpx.URL(url)
        host = parts.raw_host.decode().rstrip(".")
    except (httpx.InvalidURL, ValueError):
        raise _failure(url, "not a web address; check it") from None
    if parts.scheme not in {"http", "https"}:
        raise _failure(url, "only http and https addresses are fetched; download it by other means")
    if not host or " " in url or not url.isprintable():
        raise _failure(url, "not a web address; check it")
    addresses = resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
    if not addresses or not all(address in allowed or is_public(address) for address in addresses):
        raise _failure(url, "the host is on a private network and is not asked; download it by other means")
    # version 4 first: more hosts can be reached by it
    address = min(addresses, key=lambda address: (":" in address, address))
    return host, parts.netloc.decode(), parts.copy_with(host=address)


def is_public(address: str) -> bool:
    """Whether an IP address may be connected to: none that is private, loopback, link-local, reserved or multicast, nor
    one that contains such an address of version 4 (mapped, translated, tunnelled).

    >>> [is_public(ip) for ip in ["93.184.216.34", "10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"]]
    [True, False, False, False, False, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _SITE_LOCAL:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and (ip in _NAT64 or any(ip in network for network in _MAPPED)):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = inner or ip
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolve(host: str, port: int) -> Collection[str]:
    """The IP addresses of a host. Raises ResourceError if it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no such host"
        raise ResourceError(f"{host}: {reason}; check the address") from None
    return sorted({str(entry[4][0]) for entry in found})


def decoded(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """A body without its content coding, in pieces of 1 MiB at most unless it has none. Raises ValueError if it isn't
    gzip, the only coding that is requested, or if its end is missing."""
    coding = coding.strip().casefold()
    if coding in {"", "identity"}:
        yield from chunks
        return
    if coding not in {"gzip", "x-gzip"}:
        raise ValueError(f'the answer is in the coding "{coding[:40]}", which was not asked for')
    inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for data in chunks:
            while data and not inner.eof:
                yield inner.decompress(data, _STEP)
                data = inner.unconsumed_tail
        yield inner.flush()
    except zlib.error as error:
        raise ValueError(f"the answer is not {coding}: {error}") from None
    if not inner.eof:
        raise ValueError("the answer ends in the middle")
