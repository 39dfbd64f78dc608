"""Computes hexadecimal BLAKE2b digests of data."""

from hashlib import blake2b


def digest(data: bytes | str, size: int = 16) -> str:
    """Return the digest of bytes or text, as `2 * size` hexadecimal digits."""
    encoded = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return blake2b(encoded, digest_size=size).hexdigest()


def short_digest(data: bytes | str) -> str:
    """Return a digest of 16 hexadecimal digits, for file names and import records."""
    return digest(data, 8)
