"""The files of an index: what Pagefind writes in varying order is sorted, and lists of names and numbers are added.

An index is known by `pagefind-entry.json`, which names for each language a program and a file of metadata. That holds
six values: version, pages, chunks of words, filters, sorts and meta fields. Compressed files are CBOR (RFC 8949) or
JSON behind a mark of twelve bytes.
"""

import gzip
import json
import zlib
from collections.abc import Mapping
from typing import Any

import cbor2

from mlguide_site.errors import ResourceError
from mlguide_site.model.digests import digest

FOLDER = "pagefind"
"""Where the index is in the site."""
ENTRY, SCRIPT = "pagefind-entry.json", "pagefind.js"
NAMES, NUMBERS = "names.json", "numbers.json"
"""Pages by what they are called, and episodes by their numbers, each given by the name of its file in `fragment/`."""
CALLED, NAMED, NUMBER = "called", "named", "number"
LOOKED_UP = (CALLED, NAMED, NUMBER)
"""Filters that nobody chooses by: what a page is called, what comes before the number of an episode, and the number."""
MARK = b"pagefind_dcd"


def finished(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an index, the same for the same pages, without what the site doesn't use. Filters and their values
    are sorted; those that pages are only looked up by become lists of our own, for Pagefind itself loads all of the
    index to answer a query without words. Raises ResourceError where another version of Pagefind wrote the files."""
    try:
        return _finished(files)
    except (ValueError, EOFError, LookupError, TypeError, gzip.BadGzipFile, zlib.error, cbor2.CBORError):
        message = "this Pagefind writes its search index in another form; install pagefind-bin 1.5"
        raise ResourceError(message) from None


def _finished(files: Mapping[str, bytes]) -> dict[str, bytes]:
    entry = json.loads(files[ENTRY])
    made = {SCRIPT: files[SCRIPT]}
    names: dict[str, list[str]] = {}
    numbers: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for language, known in sorted(entry["languages"].items()):
        # the browser knows the language of a page before it has the entry; the program may be another language's
        made[f"wasm.{language}.pagefind"] = files[f"wasm.{known['wasm'] or 'unknown'}.pagefind"]
        known["wasm"] = language
        version, fragments, chunks, filters, sorts, fields = _decoded(files[f"pagefind.{known['hash']}.pf_meta"])
        pages = [name for name, *_ in fragments]
        kept, looked_up = [], {}
        for name, file in sorted(filters):
            title, choices = _decoded(files[f"filter/{file}.pf_filter"])
            if name in LOOKED_UP:
                looked_up[name] = sorted(choices)
                continue
            data = _encoded([title, sorted(choices)])
            kept.append([name, f"{language}_{_digest(data, 7)}"])
            made[f"filter/{kept[-1][1]}.pf_filter"] = data
        for name, found in looked_up.get(CALLED, ()):
            names.setdefault(name, []).extend(sorted(pages[page] for page in found))
        _add_numbers(numbers, pages, looked_up)
        data = _encoded([version, fragments, chunks, kept, sorts, fields])
        known["hash"] = f"{language}_{_digest(data, 10)}"
        made[f"pagefind.{known['hash']}.pf_meta"] = data
        for path in (
            *(f"fragment/{name}.pf_fragment" for name in pages),
            *(f"index/{row[2]}.pf_index" for row in chunks),
        ):
            made[path] = files[path]
    lists = {ENTRY: entry, NAMES: names, NUMBERS: sorted(numbers.items())}
    return made | {path: _json(value) for path, value in lists.items()}


def _add_numbers(
    numbers: dict[tuple[str, ...], dict[str, list[str]]], pages: list[str], looked_up: dict[str, list[Any]]
) -> None:
    """Add the pages that have numbers, by all that may come before the number, and the number."""
    before: dict[int, list[str]] = {}
    for name, found in looked_up.get(NAMED, ()):
        for page in found:
            before.setdefault(page, []).append(name)
    for number, found in looked_up.get(NUMBER, ()):
        for page in found:
            group = numbers.setdefault(tuple(before.get(page, ())), {})
            group[number] = sorted([*group.get(number, ()), pages[page]])


def _decoded(data: bytes) -> Any:
    return cbor2.loads(gzip.decompress(data).removeprefix(MARK))


def _encoded(value: Any) -> bytes:
    return gzip.compress(MARK + cbor2.dumps(value), mtime=0)


def _digest(data: bytes, length: int) -> str:
    return digest(data, 64)[:length]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
