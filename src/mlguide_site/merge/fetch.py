"""Fetches a source over http or https, with limits for time, size and redirects."""

import ipaddress
import socket
import threading
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin

import httpx

from mlguide_site.errors import ResourceError, visible
from mlguide_site.importers import Source
from mlguide_site.importers.common.addresses import public_address, without_secrets
from mlguide_site.version import __version__

SCHEMES = ("http", "https")
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 10.0, 20.0, 60.0
MAX_FETCHED = 64 * 1024 * 1024  # bytes
MAX_HOPS = 5
MAX_STEPS = 10  # maximum number of redirects of an audio file; services that count downloads often redirect
_OPENED = {"connection.connect_tcp.complete", "connection.start_tls.complete"}  # events of httpcore
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # IPv6 addresses that contain an IPv4 address
_UNICAST = ipaddress.IPv6Network("2000::/3")
_TUNNELS = tuple(ipaddress.IPv6Network(network) for network in ("2001::/32", "2002::/16"))
Trace = Callable[[str, Mapping[str, Any]], None]
"""Receives the events of a connection: https://www.encode.io/httpcore/extensions/#trace"""


def fetch(
    url: str, *, limit: int = MAX_FETCHED, seconds: float = TOTAL_SECONDS, schemes: Sequence[str] = SCHEMES
) -> Source:
    """Fetch a source from an address, after at most five redirects. Raises ResourceError on any failure. The address of
    the source changes only by permanent redirects, because the next fetch may be redirected to another address.

    All addresses must have one of the `schemes`. Every IP address of a host must be public. The limits are 10 s to
    connect, 20 s for each read, `seconds` in all, and `limit` bytes."""
    steps, lasting = [url], [url]
    data = _in_time(url, seconds, lambda trace: _get(steps, lasting, MAX_HOPS, limit, trace, schemes))
    return Source(without_secrets(url), data, public_address(lasting[-1]))


def follow(url: str, *, seconds: float = TOTAL_SECONDS) -> tuple[list[str], str]:
    """Follow the redirects of an audio file, at most ten, without reading the file. The time limits are the same as in
    `fetch`. Return the target addresses, in order, and a message about the failure, or "". No exception is raised."""
    steps, fault = [url], ""
    try:
        _in_time(url, seconds, lambda trace: _get(steps, [], MAX_STEPS, 0, trace, SCHEMES))
    except Exception as error:
        fault = str(error)
    return steps[1:], fault


def _failure(url: str, message: str) -> ResourceError:
    return ResourceError(f"{visible(without_secrets(url))[:300]}: {message}")


def _in_time(url: str, seconds: float, run: Callable[[Trace], bytes]) -> bytes:
    """Return the result of `run`, whose connections report to a `Trace`. After the time limit, close the connections,
    so that the thread ends and frees its memory, even if the server sends a byte from time to time."""
    result: Future[bytes] = Future()
    connections: list[socket.socket] = []
    is_late = threading.Event()

    def close() -> None:
        for connection in connections:
            with suppress(OSError):  # already closed
                connection.shutdown(socket.SHUT_RDWR)

    def trace(event: str, details: Mapping[str, Any]) -> None:
        if event in _OPENED:
            connections.append(details["return_value"].get_extra_info("socket"))
            if is_late.is_set():
                close()

    def work() -> None:
        try:
            result.set_result(run(trace))
        except Exception as error:
            result.set_exception(error)

    # run in a thread, because no other timeout covers the DNS lookup, the TLS handshake and the headers
    threading.Thread(target=work, daemon=True).start()
    try:
        return result.result(seconds)
    except TimeoutError:
        is_late.set()
        close()
        raise _failure(url, f"not loaded within {seconds:.0f} s; try again, or download the file another way") from None


def _get(steps: list[str], lasting: list[str], most: int, limit: int, trace: Trace, schemes: Sequence[str]) -> bytes:
    """Fetch the last address in `steps`, and append up to `most` redirects to `steps`. Permanent redirects that no
    temporary one precedes are also appended to `lasting`. If the limit is 0, no content is read."""
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    common_headers = {"User-Agent": f"mlguide/{__version__}", "Accept-Encoding": "gzip"}
    common_headers |= {} if limit else {"Range": "bytes=0-1"}
    try:
        for _ in range(most + 1):
            host, netloc, target = _checked(steps[-1], schemes)
            headers, extensions = {"Host": netloc, **common_headers}, {"sni_hostname": host, "trace": trace}
            with (
                # connect to the checked IP address, because a second DNS lookup could return another address
                httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
                client.stream("GET", target, headers=headers, extensions=extensions) as response,
            ):
                if response.status_code in (301, 302, 303, 307, 308) and "location" in response.headers:
                    steps.append(urljoin(steps[-1], response.headers["location"]))
                    if response.status_code in (301, 308) and len(lasting) == len(steps) - 1:
                        lasting.append(steps[-1])
                elif response.status_code == 200 or (not limit and response.status_code == 206):
                    return _body(steps[-1], response, limit) if limit else b""
                else:
                    status = response.status_code
                    remedy = "try again later" if status == 429 or status >= 500 else "check the address"
                    raise _failure(steps[-1], f"the server responds with {status}; {remedy}")
    except (httpx.HTTPError, httpx.InvalidURL, zlib.error, ValueError, OSError) as error:
        what = " ".join(str(error).split())[:300] or type(error).__name__
        raise _failure(steps[-1], f"{what}; try again, or download the file another way") from None
    raise _failure(steps[-1], f"more than {most} redirects; give the final address")


def _body(url: str, response: httpx.Response, limit: int) -> bytes:
    """Return a response's decoded body. Raises ValueError for truncated bodies and encodings other than gzip."""
    coding = response.headers.get("content-encoding", "").strip().casefold()
    if coding not in {"", "identity", "gzip"}:
        raise ValueError(f'the response has the content encoding "{coding[:40]}", which was not requested')
    decompressor = zlib.decompressobj(zlib.MAX_WBITS | 16) if coding == "gzip" else None
    found = bytearray()
    try:
        for part in response.iter_raw():
            # stop one byte after the limit, because the response may be a decompression bomb
            found += decompressor.decompress(part, limit + 1 - len(found)) if decompressor else part
            if len(found) > limit:
                raise _failure(url, f"the response is larger than {limit // 2**20} MiB; download the file and split it")
            if decompressor and decompressor.unused_data:
                raise ValueError("the response contains data after the compressed content")
        if decompressor and not decompressor.eof:
            raise ValueError("the response is incomplete")
        return bytes(found)
    finally:
        found.clear()  # the traceback of an error keeps this function's variables in memory


def _checked(url: str, schemes: Sequence[str]) -> tuple[str, str, httpx.URL]:
    """Return a URL's host, its host with port, and the URL with an IP address as host. Raises ResourceError."""
    try:
        parts = httpx.URL(url)
        host = parts.raw_host.decode().rstrip(".")
    except (httpx.InvalidURL, ValueError):
        raise _failure(url, "not a web address; correct the address") from None
    if parts.scheme not in schemes:
        raise _failure(url, f"only {' and '.join(schemes)} addresses can be fetched; download the file another way")
    if not host or " " in url or not url.isprintable():
        raise _failure(url, "not a web address; correct the address")
    addresses = resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
    if not addresses or not all(map(is_public, addresses)):
        raise _failure(url, "the host is on a private network and is not contacted; download the file another way")
    # prefer IPv4, because IPv4 reaches more hosts
    address = min(addresses, key=lambda address: (":" in address, address))
    return host, parts.netloc.decode(), parts.copy_with(host=address)


def is_public(address: str) -> bool:
    """Return whether an IP address is public: not private, loopback, link-local, reserved or multicast. If an IPv6
    address contains an IPv4 address, the IPv4 address must be public too."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip not in _UNICAST or any(ip in tunnel for tunnel in _TUNNELS):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolve(host: str, port: int) -> Collection[str]:
    """Return the IP addresses of a host. Raises ResourceError if the host has no IP address."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no such host"
        raise ResourceError(f"{host}: {reason}; check the address") from None
    return sorted({str(entry[4][0]) for entry in found})
