"""What fetching must not trust: where a host's name leads, and how much a compressed answer comes to."""

import ipaddress
import socket
import zlib
from collections.abc import Collection

from mlguide_site.errors import ResourceError

_STEP = 1024 * 1024
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_MAPPED = tuple(ipaddress.IPv6Network(network) for network in ("::/96", "::ffff:0:0:0/96"))
_SITE = ipaddress.IPv6Network("fec0::/10")


def is_public(address: str) -> bool:
    """Whether an IP address may be asked: none that is private, loopback, link-local, reserved or multicast, nor one
    that stands for such an address of version 4 (mapped, translated, tunnelled).

    >>> [is_public(ip) for ip in ["93.184.216.34", "10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"]]
    [True, False, False, False, False, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _SITE:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and (ip in _NAT64 or any(ip in network for network in _MAPPED)):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def host_name(host: str) -> str:
    """A host's name as it is asked for (RFC 3490), without the dot at its end.

    >>> host_name("bücher.example."), host_name("::1")
    ('xn--bcher-kva.example', '::1')
    """
    bare = host.rstrip(".")
    try:
        return bare if bare.isascii() else bare.encode("idna").decode()
    except UnicodeError:
        raise ResourceError(f"{host[:200]}: no such host; check the address") from None


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host. Raises ResourceError where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ResourceError(
            f"{host}: {getattr(error, 'strerror', None) or 'no such host'}; check the address"
        ) from None
    return sorted({str(entry[4][0]) for entry in found})


def check_host(host: str, port: int, allowed: Collection[str]) -> str:
    """One of a host's IP addresses, all of which may be asked; "" where one of them may not."""
    addresses = resolve(host, port)
    if not addresses or not all(address in allowed or is_public(address) for address in addresses):
        return ""
    # version 4 first: more hosts can be reached so
    return min(addresses, key=lambda address: (":" in address, address))


class Decoder:
    """Decodes a body in one of the codings that were asked for, never beyond `limit` bytes and a little."""

    def __init__(self, coding: str, limit: int) -> None:
        self.coding, self.limit = coding.strip().casefold(), limit
        self.parts: list[bytes] = []
        self.size = 0
        self.inner: zlib._Decompress | None = None
        if self.coding in {"gzip", "x-gzip"}:
            self.inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif self.coding not in {"", "identity", "deflate"}:
            raise ValueError(f'the answer is in the coding "{self.coding[:40]}", which was not asked for')

    @property
    def is_full(self) -> bool:
        """Whether there is more than the limit allows."""
        return self.size > self.limit

    def feed(self, data: bytes) -> None:
        """Take what came. Raises ValueError where it isn't what it is said to be."""
        if self.coding == "deflate" and self.inner is None and data:
            # RFC 9110 means zlib's format; some servers send the bare stream
            is_zlib = data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] * 256 + data[1]) % 31 == 0)
            self.inner = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        if self.inner is None:
            self.keep(data)
            return
        try:
            while data and not self.is_full and not self.inner.eof:
                self.keep(self.inner.decompress(data, _STEP))
                data = self.inner.unconsumed_tail
        except zlib.error as error:
            raise ValueError(f"the answer is not {self.coding}: {error}") from None

    def keep(self, data: bytes) -> None:
        self.parts.append(data)
        self.size += len(data)

    def finish(self) -> bytes:
        """All of it. Raises ValueError where the end is missing."""
        while self.inner is not None and not self.inner.eof and (data := self.inner.decompress(b"", _STEP)):
            self.keep(data)
        if self.inner is not None and not self.inner.eof:
            raise ValueError("the answer ends in the middle")
        return b"".join(self.parts)
