"""Reads search indexes for tests. The result doesn't depend on the numbers of pages and the names of files."""

import gzip
import json
from itertools import accumulate
from pathlib import Path
from typing import Any

import cbor2

MARK = b"pagefind_dcd"
PAGE = """<!doctype html><html lang="{lang}"><head><title>{title}</title></head><body>
<article data-pagefind-body data-pagefind-filter="kind[data-kind]" data-kind="{kind}"><h1 id="top">{title}</h1>
<p>{text}</p>{more}</article></body></html>"""


def write_page(site: Path, path: str, text: str, lang: str = "en", kind: str = "a", more: str = "") -> None:
    """Write a page of a site."""
    target = site / path / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(PAGE.format(lang=lang, title=f"Title {path}", kind=kind, text=text, more=more), "utf-8")


def unpacked(path: Path) -> bytes:
    """Return the uncompressed content of an index file."""
    data = gzip.decompress(path.read_bytes())
    assert data.startswith(MARK)
    return data[len(MARK) :]


def contents(folder: Path) -> dict[str, Any]:
    """Return the index of each language, with pages by name, and the other files of the folder."""
    entry = json.loads((folder / "pagefind-entry.json").read_bytes())
    languages = entry.pop("languages")
    found = {language: _language(folder, known) for language, known in languages.items()}
    beside = {name: (folder / name).read_bytes() for name in ("names.json", "numbers.json", "pagefind.js")}
    programs = {path.name: path.read_bytes() for path in folder.glob("wasm.*")}
    return {"entry": entry, "languages": found, "beside": beside, "programs": programs}


def _language(folder: Path, known: dict[str, Any]) -> dict[str, Any]:
    version, pages, chunks, filters, sorts, fields = cbor2.loads(unpacked(folder / f"pagefind.{known['hash']}.pf_meta"))
    names = [name for name, *_ in pages]
    words = {}
    for first, last, file in chunks:
        (entries,) = cbor2.loads(unpacked(folder / "index" / f"{file}.pf_index"))
        for word, uses, forms in entries:
            assert first <= word
            assert word[: len(last)] <= last
            words[word] = (_uses(uses, names, fields), {form: _uses(used, names, fields) for form, used in forms})
    choices = {}
    for name, file in filters:
        title, values = cbor2.loads(unpacked(folder / "filter" / f"{file}.pf_filter"))
        assert title == name
        choices[name] = {value: sorted(names[page] for page in found) for value, found in values}
    return {
        "known": {**known, "hash": ""},
        "version": version,
        "pages": {name: (rest, unpacked(folder / "fragment" / f"{name}.pf_fragment")) for name, *rest in pages},
        "words": words,
        "order": list(words),
        "filters": choices,
        "sorts": sorts,
    }


def _uses(pages: list[Any], names: list[str], fields: list[str]) -> dict[str, Any]:
    """Return the uses of a word on each page: in the text, and in its metadata fields."""
    numbers = list(accumulate(step for step, *_ in pages))
    assert numbers == sorted(set(numbers))
    return {
        names[number]: (text, [value if value >= 0 else fields[-1 - value] for value in more])
        for number, (_, text, more) in zip(numbers, pages, strict=True)
    }


def bounds(folder: Path) -> list[list[str]]:
    """Return the first word, the last word and the number of words in each chunk of an index with one language."""
    (known,) = json.loads((folder / "pagefind-entry.json").read_bytes())["languages"].values()
    chunks = cbor2.loads(unpacked(folder / f"pagefind.{known['hash']}.pf_meta"))[2]
    return [
        [first, last, len(cbor2.loads(unpacked(folder / "index" / f"{file}.pf_index"))[0])]
        for first, last, file in chunks
    ]
