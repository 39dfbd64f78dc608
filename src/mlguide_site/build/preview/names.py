"""The names by which a browser on this machine, or one that was told this machine's address, asks for the preview."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

_PLAIN = re.compile(r"[\w.:\[\]%-]{1,300}")
"""What a host and its port are written with."""


def is_own(host: str, listening: str) -> bool:
    """Whether a request's `Host` (RFC 9110, section 7.2) names the server that listens at `listening`.

    A name that anyone may own could be made to lead here, and a page there would then read drafts as its own (DNS
    rebinding). An address in numbers can't, nor can a name that the system itself gives.

    >>> is_own("127.0.0.1:8000", "127.0.0.1"), is_own("[::1]:8000", "::1"), is_own("kb.localhost", "127.0.0.1")
    (True, True, True)
    >>> is_own("rebound.example:8000", "127.0.0.1"), is_own("", "127.0.0.1")
    (False, False)
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return False
    if not name or not _PLAIN.fullmatch(host):
        return False
    if name == "localhost" or name.endswith(".localhost") or name == listening.lower() or _number(name):
        return True
    number, own = _number(listening), socket.gethostname().lower()
    is_for_this_machine = number.is_loopback if number else listening.lower() == "localhost"
    return not is_for_this_machine and name in (own, f"{own.partition('.')[0]}.local")


def _number(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a name is, if it is one in numbers."""
    try:
        return ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return None
