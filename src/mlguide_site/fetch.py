"""Fetching a source over http or https, within stated limits."""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

from mlguide_site.errors import ResourceError
from mlguide_site.version import __version__

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 10.0, 20.0, 60.0
MAX_BYTES = 64 * 1024 * 1024
MAX_HOPS = 5
_REDIRECTS = frozenset([301, 302, 303, 307, 308])


class Fetched(NamedTuple):
    """The bytes, decoded from their transfer, and the address they came from in the end."""

    data: bytes
    url: str


def is_web_address(name: str) -> bool:
    """Whether a source's name is an address rather than a path.

    >>> is_web_address("https://show.example/feed"), is_web_address("feed.xml"), is_web_address("file:///etc/passwd")
    (True, False, True)
    """
    return "://" in name[:20]


def is_public(address: str) -> bool:
    """Whether an IP address may be asked: none that is private, loopback, link-local, reserved or multicast.

    >>> [is_public(ip) for ip in ["93.184.216.34", "10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1"]]
    [True, False, False, False, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        mapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if mapped is not None:
            ip = mapped
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host. Raises ResourceError where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ResourceError(
            f"{host}: {getattr(error, 'strerror', None) or 'no such host'}; check the address"
        ) from None
    return sorted({str(entry[4][0]) for entry in found})


def fetch(
    url: str, *, allow: Iterable[str] = (), limit: int = MAX_BYTES, clock: Callable[[], float] = time.monotonic
) -> Fetched:
    """What stands at an http or https address, redirects followed (five at most).

    Every host on the way must have public IP addresses only, and the one that was checked is the one that is asked;
    `allow` names IP addresses exempt from that, for tests. Raises ResourceError on any failure: connecting takes over
    10 s, a read over 20 s, the whole over 60 s, or there are more than `limit` bytes once decoded.
    """
    end = clock() + TOTAL_SECONDS
    allowed = frozenset(allow)
    for _ in range(MAX_HOPS + 1):
        found = _hop(url, allowed, limit, end, clock)
        if isinstance(found, Fetched):
            return found
        url = found
    raise ResourceError(f"{url}: more than {MAX_HOPS} redirects; give the address it ends at")


def _hop(url: str, allowed: frozenset[str], limit: int, end: float, clock: Callable[[], float]) -> Fetched | str:
    """The bytes at an address, or the address that it redirects to."""
    host, target = _checked(url, allowed)
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    # the address that was checked is the one that is asked: a second look-up could give another
    headers = {
        "Host": urlsplit(url).netloc.rpartition("@")[2],
        "User-Agent": f"mlguide/{__version__}",
        "Accept-Encoding": "gzip, deflate",
    }
    try:
        with (
            httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", target, headers=headers, extensions={"sni_hostname": host}) as response,
        ):
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return urljoin(url, response.headers["location"])
            if response.status_code != 200:
                raise ResourceError(f"{url}: the server answers {response.status_code}; check the address")
            data = bytearray()
            for chunk in response.iter_bytes(65536):
                data += chunk
                if len(data) > limit:
                    raise ResourceError(f"{url}: more than {limit // 2**20} MiB; download it and split it")
                if clock() > end:
                    raise ResourceError(
                        f"{url}: not there within {TOTAL_SECONDS:.0f} s; try again, or download it by other means"
                    )
            return Fetched(bytes(data), url)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        what = " ".join(str(error).split()) or type(error).__name__
        raise ResourceError(f"{url}: {what}; try again, or download it by other means") from None


def _checked(url: str, allowed: frozenset[str]) -> tuple[str, str]:
    """The host of an address, and the address with an IP address in its place. Raises ResourceError where refused."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise ResourceError(f"{url}: not a web address; check it") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
        raise ResourceError(f"{url}: only http and https addresses are fetched; download it by other means")
    addresses = resolve(parts.hostname, port)
    if not addresses or not all(address in allowed or is_public(address) for address in addresses):
        raise ResourceError(f"{url}: the host is on a private network and is not asked; download it by other means")
    shown = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    return parts.hostname, parts._replace(netloc=f"{shown}:{port}").geturl()
