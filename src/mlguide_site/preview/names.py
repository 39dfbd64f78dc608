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
    if name == "localhost" or name.endswith(".localhost") or name == listening.lower() or _is_number(name):
        return True
    own = socket.gethostname().lower()
    return not _is_loopback(listening) and name in (own, f"{own.partition('.')[0]}.local")


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"
