"""Changes inputs at random, and reduces a failing input to the part that causes the failure."""

from collections.abc import Callable, Sequence
from random import Random

MAX_MUTATED_BYTES = 300_000
_PIECES: tuple[bytes, ...] = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\r\n", b"\n\n", b"\xe2\x80\xae", b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80",
    b"---\n", b"```\n", b"[", b"](", b"<", b">", b"&", b"&#", b"{{", b"}}", b"==", b"**", b"|", b'"', b"'", b"]]>",
    b"<!--", b"-->",
    b"\x1c", b"    ", b"> ", b"- ", b"# ", b"9" * 40, b"A" * 300, b"\\", b"\xc2\xa0", b"\xe2\x80\xa8", b"%", b"../",
)  # fmt: skip


def mutate(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Return an input with a few random changes: bits are flipped, and parts are inserted, removed, duplicated, moved,
    or copied from another input."""
    for _ in range(random.choice((1, 1, 2, 4, 9))):
        start = random.randrange(len(data) + 1)
        end = min(len(data), start + random.choice((1, 3, 20, 300)))
        kind = random.randrange(7)
        if kind == 0 and start < len(data):
            data = data[:start] + bytes([data[start] ^ 1 << random.randrange(8)]) + data[start + 1 :]
        elif kind == 1:
            data = data[:start] + random.choice(_PIECES) + data[start:]
        elif kind == 2:
            data = data[:start] + data[end:]
        elif kind == 3:
            data = data[:end] + data[start:end] * random.choice((1, 2, 50, 1000)) + data[end:]
        elif kind == 4:
            data = data[:start]
        elif kind == 5 and others:
            other = random.choice(others)
            at = random.randrange(len(other) + 1)
            data = data[:start] + other[at : at + random.choice((5, 50, 500))] + data[end:]
        else:
            lines = data.split(b"\n")
            lines.insert(random.randrange(len(lines) + 1), random.choice(lines))
            data = b"\n".join(lines)
        data = data[:MAX_MUTATED_BYTES]
    return data


def minimise(data: bytes, fails: Callable[[bytes], bool], tries: int = 400) -> bytes:
    """Return a smaller input that still fails. Halves, quarters and smaller parts are removed as long as the rest
    fails.

    >>> minimise(b"aaaaxaaaaaaaya", lambda one: b"x" in one and b"y" in one)
    b'xy'
    """
    size = max(1, len(data) // 2)
    while tries > 0:
        at, shorter = 0, False
        while at < len(data) and tries > 0:
            tries -= 1
            candidate = data[:at] + data[at + size :]
            if candidate and fails(candidate):
                data, shorter = candidate, True
            else:
                at += size
        if size == 1 and not shorter:
            break
        size = size if shorter and size == 1 else max(1, size // 2)
    return data
