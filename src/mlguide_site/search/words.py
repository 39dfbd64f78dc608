"""What a part of an index tells of its words, made ready to be joined: once for a part, however often others change.

Pagefind tells of each word the pages that have it: of each page its number as a difference to the one before, where the
word stands in its text and where in its meta fields (https://github.com/Pagefind/pagefind, `pagefind/src/index`). Where
one part's pages follow another's, nothing but the first of these differences depends on other parts: all behind it is
kept as bytes. Pages are numbered by their addresses: Pagefind numbers them as the disk lists them.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import cbor2

from mlguide_site.search.form import ENTRY, READER, decoded, head, number, other_form, unpacked

_first = itemgetter(0)
_PAGE = b"\x83"
"""What stands before the three values that are told of a page."""


class Share(NamedTuple):
    """Of a part, what it holds in one language: where the part stands, the language, and the six values of the file of
    metadata: version, pages, chunks of words, filters, sorts, and the names of meta fields."""

    part: Path
    language: str
    version: str
    pages: Sequence[Sequence[Any]]
    chunks: Sequence[Sequence[str]]
    filters: Sequence[Sequence[str]]
    sorts: Sequence[Any]
    fields: Sequence[str]


class Uses(NamedTuple):
    """Where pages of a part use a word: how many, the first and the last by number, what it weighs in a chunk, and what
    stands behind the number of the first."""

    pages: int
    first: int
    last: int
    weight: int
    rest: bytes


Word = tuple[str, Uses, Sequence[tuple[str, Uses]]]
"""A word, its uses, and those of other spellings of it."""


def make_ready(part: Path) -> None:
    """Make what Pagefind wrote into the folder of a part ready to be joined, and leave out what isn't needed for it."""
    entry = json.loads((part / ENTRY).read_bytes())
    for language, known in sorted(entry["languages"].items()):
        share = read_share(part, language, known["hash"])
        _make_ready(share, share.fields)
    for path in part.iterdir():
        if path.suffix in (".css", ".js") and path.name != READER:
            path.unlink()


def read_share(part: Path, language: str, hash: str) -> Share:
    """What a part holds in a language."""
    path = part / f"pagefind.{hash}.pf_meta"
    values = decoded(path)
    if len(values) != len(Share._fields) - 2:
        raise other_form(path)
    return Share(part, language, *values)


def read_order(share: Share, fields: Sequence[str]) -> Sequence[int]:
    """The pages of a share in the order of their addresses, each by the number that Pagefind gave it. Makes the share's
    words ready, `fields` being the meta fields of all parts, where that wasn't done for the same ones."""
    place = _place(share)
    if place.is_file():
        with place.open("rb") as file:
            known, order, _ = cbor2.CBORDecoder(file).decode()
        if known == list(fields):
            return list(order)
    return _make_ready(share, fields)


def read_words(share: Share) -> Iterator[Word]:
    """The words of a share that are ready, in order; one chunk at a time is held."""
    with _place(share).open("rb") as file:
        decoder = cbor2.CBORDecoder(file)
        _, _, chunks = decoder.decode()
        for _ in range(chunks):
            yield from decoder.decode()


def _place(share: Share) -> Path:
    return share.part / f"{share.language}.words"


def _make_ready(share: Share, fields: Sequence[str]) -> list[int]:
    """Write the words of a share as they are joined; the order of its pages."""
    addresses = [json.loads(unpacked(fragment(share.part, name)))["url"] for name, *_ in share.pages]
    order = sorted(range(len(addresses)), key=lambda page: (addresses[page], share.pages[page][0]))
    places = sorted(range(len(order)), key=order.__getitem__)
    renamed = (
        {} if share.fields == fields else {-1 - at: -1 - fields.index(name) for at, name in enumerate(share.fields)}
    )
    with _place(share).open("wb") as file:
        file.write(cbor2.dumps([list(fields), order, len(share.chunks)]))
        for *_, name in share.chunks:
            path = share.part / "index" / f"{name}.pf_index"
            (words,) = decoded(path)
            if any(len(page) != 3 for _, pages, _ in words for page in pages):
                raise other_form(path)
            ready = [
                (
                    word,
                    _uses(pages, places, renamed),
                    [(form, _uses(used, places, renamed)) for form, used in sorted(forms)],
                )
                for word, pages, forms in words
            ]
            file.write(cbor2.dumps(ready))
    return order


def _uses(pages: Sequence[tuple[int, list[int], list[int]]], places: Sequence[int], renamed: dict[int, int]) -> Uses:
    """What is told of the pages of a word, which are renumbered."""
    rows = sorted(zip(map(places.__getitem__, accumulate(map(_first, pages))), pages, strict=True))
    if not rows:
        return Uses(0, 0, 0, 0, b"")
    last, weight = rows[0][0], len(rows)
    told: list[bytes] = []
    for place, (_, text, fields) in rows:
        if renamed:
            fields = [renamed.get(value, value) for value in fields]
        told += (_PAGE, number(place - last), head(len(text)), *map(number, text), head(len(fields)))
        told += map(number, fields)
        weight += len(text) + len(fields)
        last = place
    return Uses(len(rows), rows[0][0], last, weight, b"".join(told[2:]))


def joined_uses(uses: Iterable[tuple[int, Uses]]) -> bytes:
    """The uses of a word in all parts, as Pagefind tells them; each with the number of the first page of its part."""
    total = last = 0
    told = [b""]
    for base, (pages, first, final, _, rest) in uses:
        if pages:
            told += (_PAGE, number(base + first - last), rest)
            total, last = total + pages, base + final
    told[0] = head(total)
    return b"".join(told)


def fragment(folder: Path, name: str) -> Path:
    """Where an index keeps what is shown of a page."""
    return folder / "fragment" / f"{name}.pf_fragment"
