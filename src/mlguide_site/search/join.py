"""Several indexes, each of some pages of the site, joined into the one that Pagefind would make of all of them.

The words of all parts are read side by side, in order, and written in chunks of the size that Pagefind gives them; the
pages of a part are numbered behind those of the part before. Little of it is held at a time.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from heapq import merge
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import cbor2

from mlguide_site.search.form import (
    ENTRY,
    NAME,
    READER,
    decoded,
    digest,
    encoded,
    head,
    program_digest,
    unpacked,
    write,
    write_json,
    write_packed,
)
from mlguide_site.search.words import Share, Uses, Word, fragment, joined_uses, read_order, read_share, read_words

CHUNK = 20_000
"""What the words of a chunk weigh together, but for the last: one for each page, and for each place in it."""
_word = itemgetter(0)


class Part(NamedTuple):
    """A share, the number of its first page, and its pages in their order, each by the number that Pagefind gave it."""

    share: Share
    base: int
    order: Sequence[int]


class Unjoinable(Exception):
    """What is told of all pages by comparing them, such as their order by a value, can't be joined."""


def join(folders: Sequence[Path], folder: Path, fresh: Collection[Path] = ()) -> None:
    """Write into a folder the index of the pages of all parts, as Pagefind leaves it. What stands there already and
    isn't of one of the `fresh` parts is trusted to be what its name says. Raises Unjoinable."""
    told = [json.loads((part / ENTRY).read_bytes()) for part in folders]
    parts: dict[str, list[Share]] = {}
    for part, entry in zip(folders, told, strict=True):
        for language, known in sorted(entry["languages"].items()):
            parts.setdefault(language, []).append(read_share(part, language, known["hash"]))
    if any(share.sorts for shares in parts.values() for share in shares):
        raise Unjoinable
    for name in ("fragment", "index", "filter"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    languages = {}
    for language, shares in sorted(parts.items()):
        hash, count = _join_language(language, shares, folder, fresh)
        wasm = next(entry["languages"][language]["wasm"] for entry in told if language in entry["languages"])
        languages[language] = {"hash": hash, "wasm": wasm, "page_count": count}
    for part in folders:
        for path in (part / READER, *part.glob("wasm.*.pagefind")):
            write(folder / path.name, path.read_bytes())
    write_json(folder / ENTRY, {**told[0], "languages": languages})


def _join_language(language: str, shares: Sequence[Share], folder: Path, fresh: Collection[Path]) -> tuple[str, int]:
    """Join what is of one language; the name of its metadata, and the number of its pages."""
    fields = sorted({name for share in shares for name in share.fields})
    parts, base = [], 0
    for share in shares:
        parts.append(Part(share, base, read_order(share, fields)))
        base += len(share.pages)
    pages = _join_pages(parts, folder, fresh)
    chunks = list(_join_words(language, parts, folder))
    filters = _join_filters(language, parts, folder)
    values = [shares[0].version, pages, _bounds(chunks), filters, [], fields]
    data = encoded(values)
    hash = f"{language}_{digest(data, 10)}"
    write(folder / f"pagefind.{hash}.pf_meta", data)
    return hash, len(pages)


def _join_pages(parts: Sequence[Part], folder: Path, fresh: Collection[Path]) -> list[list[Any]]:
    """Copy what is shown of each page; the pages, each by the name of that and its length."""
    names = [name for part in parts for name, *_ in part.share.pages]
    starts = [len(part.share.language) + 1 + NAME for part in parts for _ in part.share.pages]
    shared = {start for start, count in Counter(map(_start, names, starts)).items() if count > 1}
    there = {path.name for path in (folder / "fragment").iterdir()}
    pages = []
    for part in parts:
        share = part.share
        length = len(share.language) + 1
        for page in part.order:
            name, *rest = share.pages[page]
            source = fragment(share.part, name)
            own = _start(name, length + NAME)
            if own in shared:
                # told apart by all of its digest, whichever page comes first
                own = name[:length] + program_digest(unpacked(source))
            target = fragment(folder, own)
            if target.name not in there:
                target.write_bytes(source.read_bytes())
            elif share.part in fresh:
                write(target, source.read_bytes())
            pages.append([own, *rest])
    return pages


def _start(name: str, length: int) -> str:
    return name[:length]


def _join_words(language: str, parts: Sequence[Part], folder: Path) -> Iterator[tuple[str, str, str]]:
    """Write the words in chunks; of each the first word, the last, and its name."""
    names: set[str] = set()
    told: list[bytes] = []
    words: list[str] = []
    weight = 0
    every = merge(*(_numbered(part) for part in parts), key=_word)
    for word, uses in groupby(every, key=_word):
        more, data = _joined_word(word, [(base, rest) for _, base, rest in uses])
        weight += more
        words.append(word)
        told.append(data)
        if weight >= CHUNK:
            yield words[0], words[-1], _write_chunk(language, told, folder, names)
            told, words, weight = [], [], 0
    if words:
        yield words[0], words[-1], _write_chunk(language, told, folder, names)


def _numbered(part: Part) -> Iterator[tuple[str, int, Word]]:
    base = part.base
    return ((word[0], base, word) for word in read_words(part.share))


def _joined_word(word: str, uses: Sequence[tuple[int, Word]]) -> tuple[int, bytes]:
    """What a word weighs, and what is told of it."""
    weight = sum(found[1][3] for _, found in uses)
    forms: dict[str, list[tuple[int, Uses]]] = {}
    for base, (_, _, others) in uses:
        for form, used in others:
            forms.setdefault(form, []).append((base, used))
    told = [b"\x83", cbor2.dumps(word), joined_uses((base, found[1]) for base, found in uses), head(len(forms))]
    for form, spelt in sorted(forms.items()):
        weight += 1 + sum(used[3] for _, used in spelt)
        told += (b"\x82", cbor2.dumps(form), joined_uses(spelt))
    return weight, b"".join(told)


def _write_chunk(language: str, words: Sequence[bytes], folder: Path, names: set[str]) -> str:
    """Write the words of a chunk; its name, which none of the names has, to which it is added."""
    data = b"".join((head(1), head(len(words)), *words))
    whole = program_digest(data)
    name = next(whole[:length] for length in range(NAME, len(whole) + 1) if whole[:length] not in names)
    names.add(name)
    write_packed(folder / "index" / f"{language}_{name}.pf_index", data)
    return f"{language}_{name}"


def _bounds(chunks: Sequence[tuple[str, str, str]]) -> list[list[str]]:
    """Each chunk with the words between which all of its words are, cut where two chunks part.

    >>> _bounds([("apple", "apricot", "1"), ("avocado", "banana", "2"), ("pear", "plum", "3")])
    [['apple', 'apricot', '1'], ['av', 'b', '2'], ['p', 'plum', '3']]
    """
    bounds = [list(chunk) for chunk in chunks]
    for before, after in pairwise(bounds):
        same = next((at for at, (a, b) in enumerate(zip(before[1], after[0], strict=False)) if a != b), None)
        length = (min(len(before[1]), len(after[0])) if same is None else same) + 1
        last, after[0] = before[1][:length], after[0][:length]
        # cut, it may come before the first word of its own chunk
        if last >= before[0]:
            before[1] = last
    return bounds


def _join_filters(language: str, parts: Sequence[Part], folder: Path) -> list[list[str]]:
    """Write the filters; the name of each with that of its file."""
    values: dict[str, dict[str, list[int]]] = {}
    for part in parts:
        places = sorted(range(len(part.order)), key=part.order.__getitem__)
        for name, file in part.share.filters:
            _, choices = decoded(part.share.part / "filter" / f"{file}.pf_filter")
            known = values.setdefault(name, {})
            for value, pages in choices:
                known.setdefault(value, []).extend(sorted(part.base + places[page] for page in pages))
    filters = []
    for name, known in sorted(values.items()):
        data = encoded([name, sorted(known.items())])
        file = f"{language}_{digest(data, NAME)}"
        write(folder / "filter" / f"{file}.pf_filter", data)
        filters.append([name, file])
    return filters
