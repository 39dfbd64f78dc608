"""The form of the files of an index: CBOR (RFC 8949) behind a mark of twelve bytes, compressed, named by what they
hold; and JSON."""

import contextlib
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cbor2

from mlguide_site.content.files import resource_error
from mlguide_site.errors import ResourceError

FOLDER = "pagefind"
"""Where the index stands in the site."""
ENTRY, READER = "pagefind-entry.json", "pagefind.js"
"""What names the rest of an index, and the script that reads it; our own dialog has no use for Pagefind's others."""
MARK = b"pagefind_dcd"
"""What every compressed part of an index begins with."""
NAME = 7
"""Digits of a file's name that are taken of what it holds, where no other file's name begins with the same."""
_LEVEL = 7
"""How hard what is joined is compressed: beyond, a hundredth of the size takes three times as long."""


@contextlib.contextmanager
def readable(folder: Path) -> Iterator[None]:
    """An index in a folder is read and written meanwhile. Raises ResourceError where the disk refuses, and where a file
    isn't whole: Pagefind doesn't say so where the disk has no room for what it writes."""
    try:
        yield
    except OSError as error:
        raise resource_error(error.filename or folder, error) from None
    except (ValueError, EOFError, LookupError, TypeError, zlib.error, cbor2.CBORDecodeError):
        what = "the search index isn't whole, as where the disk has no room left"
        raise ResourceError(f"{folder}: {what}; see to it and run it again") from None


def unpacked(path: Path) -> bytes:
    """What a file holds, behind the mark. Raises ResourceError where there is none, EOFError where nothing is."""
    data = gzip.decompress(path.read_bytes())
    if not data:
        raise EOFError(path)
    if not data.startswith(MARK):
        raise other_form(path)
    return data[len(MARK) :]


def decoded(path: Path) -> Any:
    """The value that a file holds. Raises as `unpacked`."""
    return cbor2.loads(unpacked(path))


def encoded(value: Any) -> bytes:
    """A value as a file holds it."""
    return gzip.compress(MARK + cbor2.dumps(value), mtime=0)


def write_packed(path: Path, data: bytes) -> None:
    """Write a file that is named by what it holds, where it doesn't hold that already."""
    if not path.is_file() or unpacked(path) != data:
        path.write_bytes(gzip.compress(MARK + data, _LEVEL, mtime=0))


def other_form(path: Path) -> ResourceError:
    """What is said of a file that isn't as known here."""
    return ResourceError(f"{path}: this Pagefind writes its index in another form; install pagefind-bin 1.5")


def digest(data: bytes, length: int) -> str:
    """By what the files of lists and filters are named."""
    return hashlib.blake2b(data).hexdigest()[:length]


def program_digest(data: bytes) -> str:
    """By what Pagefind names files: of each byte it leaves out a leading zero.

    >>> program_digest(b"word")[:12], hashlib.sha1(b"word").hexdigest()[:12]
    ('3cbcd9adc4b1', '3cbcd90adc4b')
    """
    return "".join(f"{byte:x}" for byte in hashlib.sha1(data, usedforsecurity=False).digest())


def write(path: Path, data: bytes) -> None:
    """Write a file that is named by its content, where it isn't there."""
    if not path.is_file() or path.read_bytes() != data:
        path.write_bytes(data)


def write_json(path: Path, value: object) -> None:
    """Write a value, its keys sorted, without a space."""
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True), "utf-8")


class _Numbers(dict[int, bytes]):
    """Whole numbers as CBOR, each worked out once."""

    def __missing__(self, value: int) -> bytes:
        return self.setdefault(value, cbor2.dumps(value))


class _Heads(dict[int, bytes]):
    """What stands before the values of a list of a length."""

    def __missing__(self, length: int) -> bytes:
        first, *rest = cbor2.dumps(length)
        return self.setdefault(length, bytes((first | 0x80, *rest)))


number: Callable[[int], bytes] = _Numbers().__getitem__
"""A whole number as CBOR: several times as fast for very many of them as having each list written.

>>> head(3) + b"".join(map(number, (1, -2, 300))) == cbor2.dumps([1, -2, 300])
True
"""
head: Callable[[int], bytes] = _Heads().__getitem__
"""What stands before the values of a list of a length, as CBOR."""
