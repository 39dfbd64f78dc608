"""One digest for everything that is compared or named by its content: BLAKE2b in hexadecimal."""

from collections.abc import Iterable
from hashlib import blake2b


def digest(data: bytes | str, size: int = 16) -> str:
    """The digest of bytes or text, `size` bytes long. Text with unpaired surrogates has one too.

    >>> digest("one", 8)
    '34f2ddaa8b7615c9'
    """
    return blake2b(_bytes(data), digest_size=size).hexdigest()


def digest_of(parts: Iterable[bytes | str], size: int = 16) -> str:
    """The digest of several parts; no two lists of parts share one for how they are divided.

    >>> digest_of(["ab", "c"]) == digest_of(["a", "bc"])
    False
    """
    total = blake2b(digest_size=size)
    for part in parts:
        data = _bytes(part)
        total.update(b"%d:" % len(data))
        total.update(data)
    return total.hexdigest()


def _bytes(data: bytes | str) -> bytes:
    return data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
