"""Builds the index of shows, which finds the shows that contain the words of a query. The browser then loads the search
indexes of these shows only. In this index, each show is one page, which contains all words of the show's site."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from mlguide_site.search.pagefind import FOLDER, MARK, finished, run_pagefind

INDEX = "search/shows"  # the folder of the index of shows in the hub's site
MAX_WORDS = 50_000  # maximum number of different words of a show; rarer words are left out
_WORD = re.compile(r"[\w+#]{1,40}")


def show_words(site: Path) -> str:
    """Return the words of a show's site, separated by spaces. Words that occur on many pages are repeated."""
    pages = Counter[str]()
    for path in sorted((site / FOLDER / "fragment").glob("*.pf_fragment")):
        page = json.loads(gzip.decompress(path.read_bytes()).removeprefix(MARK))
        pages.update(set(_WORD.findall(page["content"].casefold())))
    words = sorted(sorted(pages), key=pages.__getitem__, reverse=True)[:MAX_WORDS]
    return " ".join(word for word in words for _ in range(pages[word].bit_length()))


def index_of_shows(shows: Iterable[tuple[str, str]], language: str) -> tuple[dict[str, bytes], Mapping[str, str]]:
    """Return the files of the index of shows, by their paths in the hub's site, and the id of each show in the index.
    `shows` contains the slug and the words of each show. Raises ResourceError if Pagefind fails."""
    start = f'<!DOCTYPE html><html lang="{escape(language)}"><body data-pagefind-body>'
    files = run_pagefind((f"{slug}.html", f"{start}{escape(words)}</body></html>".encode()) for slug, words in shows)
    ids = {}
    for path, data in files.items():
        if path.startswith("fragment/"):
            page = json.loads(gzip.decompress(data).removeprefix(MARK))
            ids[page["url"].strip("/").removesuffix(".html")] = Path(path).stem
    suffixes = ("entry.json", ".pf_meta", ".pf_index")
    used = {path: data for path, data in finished(files).items() if path.endswith(suffixes)}
    # this file can be empty: when browsers load this index, they already run the WebAssembly file of the hub's index
    used[f"wasm.{language}.pagefind"] = MARK
    return {f"{INDEX}/{path}": data for path, data in sorted(used.items())}, ids
