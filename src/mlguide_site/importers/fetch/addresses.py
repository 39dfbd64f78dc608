"""Addresses as they may be shown and kept: without what only their owner is to know."""

import re
from hashlib import blake2b

_SECRET = re.compile(r"auth|token|key|secret|sig|pass|pwd|session|sid$|code|cred|hash|access|jwt|uid", re.I)
_RANDOM = re.compile(r"(?=.{0,200}[0-9])(?=.{0,200}[A-Za-z])[\w%.~+/=-]{16,}")
HIDDEN = "…"


def without_password(url: str) -> str:
    """An address without the name and password that it may hold.

    >>> without_password("https://me:secret@show.example/feed")
    'https://show.example/feed'
    """
    scheme, mark, rest = url.partition("://")
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    return f"{scheme}{mark}{rest[:end].rpartition('@')[2]}{rest[end:]}"


def without_secrets(url: str) -> str:
    """An address without name and password, and without the values of its query that look like keys: by their names, or
    for being long, with letters and digits.

    >>> without_secrets("https://me:pw@show.example/feed?id=7&auth=abc#x")
    'https://show.example/feed?id=7&auth=…#x'
    """
    head, mark, query = without_password(url).partition("?")
    query, hash, fragment = query.partition("#")
    return head + mark + "&".join(map(_masked, query.split("&"))) + hash + fragment


def has_secrets(url: str) -> bool:
    """Whether an address holds what is not to be shown, a name and password aside."""
    return without_secrets(url) != without_password(url)


def public_address(url: str) -> str:
    """The address of a feed as everyone may read it: without name and password; "" where it holds a key, for then it is
    nobody's but the subscriber's.

    >>> public_address("https://me:pw@show.example/feed"), public_address("https://show.example/feed?auth=abc")
    ('https://show.example/feed', '')
    """
    return "" if has_secrets(url) else without_password(url)


def identity(url: str) -> str:
    """What tells an address from others, and can be kept where others may read it: the address without its secrets,
    with a hash of it where it has some.

    >>> identity("https://show.example/feed?id=7")
    'https://show.example/feed?id=7'
    """
    bare = without_password(url)
    return f"{without_secrets(url)}#{blake2b(bare.encode(), digest_size=8).hexdigest()}" if has_secrets(url) else bare


def _masked(pair: str) -> str:
    name, mark, value = pair.partition("=")
    if mark:
        return f"{name}={HIDDEN}" if value and (_SECRET.search(name) or _RANDOM.match(value)) else pair
    return HIDDEN if _RANDOM.match(name) else pair
