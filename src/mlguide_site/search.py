"""The search index of a built site, made by Pagefind from its pages and read in the browser piece by piece.

Pages say themselves what of them is found: `data-pagefind-body` on the article, `data-pagefind-filter` on what can be
chosen by, `data-pagefind-ignore` on what only repeats other pages (https://pagefind.app/docs/indexing/).
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import cbor2

from mlguide_site.errors import ResourceError
from mlguide_site.files import resource_error
from mlguide_site.incremental import Wanted, known_files, write_tree, written_changes
from mlguide_site.memo.stamps import stamp_of
from mlguide_site.memo.store import Store

FOLDER = "pagefind"
"""Where the index stands in the site."""
NEEDLESS = ("pagefind-*ui.*", "pagefind-highlight.js", "wasm.unknown.pagefind")
"""Parts that our own dialog has no use for; a word of the unknown language is needed only where no page has one."""
MARK = b"pagefind_dcd"
"""What every compressed part of an index begins with."""
PAGES = (".html", ".htm")
"""What the program looks for."""
BODY = b"data-pagefind-body"
"""What marks the part of a page that is found."""
_NAME = re.compile(rb"<([a-z]{1,20})[\s>]")
_HTML = re.compile(rb"<html[^<>]{0,500}>")
_TITLE = re.compile(rb"<title>[^<]{0,5000}</title>")
_OTHER = re.compile(rb"data-pagefind-(?!ignore)")
TIMEOUT = 600
"""Seconds after which indexing is given up."""


def refresh(site: Path, store: Store, place: str = "", articles: Path | None = None) -> bool:
    """Make the search index of the site in a folder where any of its pages changed since the last one was made, or the
    index itself; returns whether. `place` is the folder in which the site is to stand in the end. `articles` is a
    folder for the parts of pages that are found, kept from build to build. Raises as `index`."""
    name = f"search {place}"
    program = _program()
    rows = store.rows("select value from value where name = ?", name)
    if rows and rows[0][0] == _state(site, program):
        return False
    if articles is None:
        index(site)
    else:
        known = known_files(store).get(name, {})
        tree = write_tree(articles, _articles(site), articles.with_suffix(".json"), known)
        # where no page says what of it is found, all of every page is
        index(site, articles if tree.files else site)
        store.write(written_changes(name, known, tree))
    store.write([("insert or replace into value values (?, ?)", [(name, _state(site, program))])])
    return True


def _articles(site: Path) -> dict[str, Wanted]:
    """What is found of each page, as a page of its own in the same place; known by the stamp of the page."""
    base = os.fspath(site)
    found = {}
    for path in _pages(base):
        place = path.removeprefix(base).replace(os.sep, "/").removeprefix("/")
        found[place] = Wanted(f"{stamp_of(os.stat(path))}", partial(_found_part, path))
    return found


def _found_part(path: str) -> bytes | None:
    with open(path, "rb") as file:
        return found_part(file.read())


def found_part(page: bytes) -> bytes | None:
    """Of a page the language, the title and the element that is marked to be found; the whole page where other parts
    are marked as well; None where nothing is found of it.

    It takes a fraction of the time to index, for most of a page is its frame.

    >>> found_part(b"<html><head><title>T</title></head><body><nav></nav><p data-pagefind-body>A</p></body></html>")
    b'<!DOCTYPE html><html><head><title>T</title></head><body><p data-pagefind-body>A</p></body></html>'
    """
    at = page.find(BODY)
    if at < 0:
        return None
    start = page.rfind(b"<", 0, at)
    name = _NAME.match(page, start)
    html, title = _HTML.search(page), _TITLE.search(page)
    end = page.rfind(b"</" + name[1] + b">") if name else -1
    if name is None or html is None or title is None or end < 0:
        return page
    end += len(name[1]) + 3
    if page.count(BODY) > 1 or _OTHER.search(page, 0, start) or _OTHER.search(page, end):
        return page
    head = b"<head>" + title[0] + b"</head>"
    return b"<!DOCTYPE html>" + html[0] + head + b"<body>" + page[start:end] + b"</body></html>"


def _pages(base: str) -> list[str]:
    """The HTML files below a folder, sorted; what stands in the index is none of them."""
    found = []
    for above, folders, names in os.walk(base):
        folders[:] = sorted(folder for folder in folders if above != base or folder != FOLDER)
        found += [os.path.join(above, name) for name in sorted(names) if name.endswith(PAGES)]
    return found


def _state(site: Path, program: str) -> str:
    """A digest of the stamps of all that is indexed, of the index, and of the program that makes it."""
    sum = hashlib.blake2b(digest_size=16)
    base = os.fspath(site)
    made = sorted(os.fspath(path) for path in (site / FOLDER).rglob("*") if path.is_file())
    for path in (program, *_pages(base), *made):
        sum.update(f"{path.removeprefix(base)} {stamp_of(os.stat(path))}\n".encode("utf-8", "surrogateescape"))
    return sum.hexdigest()


def index(site: Path, pages: Path | None = None) -> None:
    """Make the search index of the site in a folder, in place of one that stands there, from its pages or from what
    stands for them in the folder `pages`. The same pages give the same bytes. Raises ResourceError where Pagefind isn't
    installed or refuses."""
    folder = site / FOLDER
    try:
        shutil.rmtree(folder, ignore_errors=True)
        done = subprocess.run(
            [
                _program(),
                *("--site", str(pages or site), "--output-path", str(folder)),
                *("--exclude-selectors", ".headerlink", "--silent"),
            ],
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ResourceError(f"{site}: the search index took over {TIMEOUT} s; try again") from None
    except OSError as error:
        raise resource_error(error.filename or site, error) from None
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split()) or f"status {done.returncode}"
        raise ResourceError(f"{site}: the search index can't be made: {said[:300]}")
    if folder.is_dir():
        try:
            _settle(folder)
            _strip(folder)
        except OSError as error:
            raise resource_error(error.filename or folder, error) from None


def _strip(folder: Path) -> None:
    """Leave out what the site has no use for."""
    languages = list(folder.glob("wasm.*.pagefind"))
    for pattern in NEEDLESS:
        for path in folder.glob(pattern):
            if path not in languages or len(languages) > 1:
                path.unlink()


def _settle(folder: Path) -> None:
    """Put the filters and their values, which Pagefind writes in an order that changes from run to run, in order.

    An index is known by `pagefind-entry.json`, which names for each language a file of metadata, whose fourth value
    names the filters' files; each is CBOR (RFC 8949) behind a mark of twelve bytes, compressed, and named by its
    content.
    """
    entry = folder / "pagefind-entry.json"
    told = json.loads(entry.read_bytes())
    for language, known in sorted(told["languages"].items()):
        meta = folder / f"pagefind.{known['hash']}.pf_meta"
        values = _decoded(meta)
        filters = []
        for name, file in sorted(values[3]):
            path = folder / "filter" / f"{file}.pf_filter"
            title, choices = _decoded(path)
            path.unlink()
            data = _encoded([title, sorted(choices)])
            fresh = f"{language}_{_digest(data, 7)}"
            (path.parent / f"{fresh}.pf_filter").write_bytes(data)
            filters.append([name, fresh])
        if filters:
            values[3] = filters
            meta.unlink()
            data = _encoded(values)
            known["hash"] = f"{language}_{_digest(data, 10)}"
            (folder / f"pagefind.{known['hash']}.pf_meta").write_bytes(data)
    entry.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True), "utf-8")


def _decoded(path: Path) -> Any:
    data = gzip.decompress(path.read_bytes())
    if not data.startswith(MARK):
        raise ResourceError(f"{path}: this Pagefind writes its index in another form; install pagefind-bin 1.5")
    return cbor2.loads(data[len(MARK) :])


def _encoded(value: Any) -> bytes:
    return gzip.compress(MARK + cbor2.dumps(value), mtime=0)


def _digest(data: bytes, length: int) -> str:
    return hashlib.blake2b(data).hexdigest()[:length]


def _program() -> str:
    """The path of Pagefind's program, which its wheel carries."""
    try:
        from pagefind_bin import get_executable  # type: ignore[import-untyped]  # noqa: PLC0415 - not on every system
    except ImportError:
        raise ResourceError(
            'the search needs Pagefind, which is not installed here; install it with: pip install "pagefind-bin<1.6"'
        ) from None
    try:
        return str(get_executable())
    except FileNotFoundError as error:
        raise ResourceError(f"the search needs Pagefind's program: {error}; install pagefind-bin again") from None
