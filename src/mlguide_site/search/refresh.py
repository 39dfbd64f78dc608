"""When the search index of a built site is made anew, and from what.

Pages say themselves what of them is found: `data-pagefind-body` on the article, `data-pagefind-filter` on what can be
chosen by, `data-pagefind-ignore` on what only repeats other pages (https://pagefind.app/docs/indexing/).
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from mlguide_site.files import resource_error
from mlguide_site.incremental import Tree, Wanted, Written, known_files, write_tree, written_changes
from mlguide_site.memo.stamps import Stamp, stamp_of
from mlguide_site.memo.store import Store, kept
from mlguide_site.search.found import Tag, found_part
from mlguide_site.search.program import FOLDER, index, program

PAGES = (".html", ".htm")
"""What the program looks for."""


def refresh(site: Path, store: Store, place: str = "", articles: Path | None = None) -> bool:
    """Make the search index of the site in a folder where any of its pages changed since the last one was made, or the
    index itself; returns whether. `place` is the folder in which the site is to stand in the end. `articles` is a
    folder for the parts of pages that are found, kept from build to build. Raises as `index`."""
    name = f"search {place}"
    pages = _stamps(_pages(os.fspath(site)), site)
    state = _digest(pages, _stamps([program()]))
    last_state, _, last_index = store.value(name).partition(" ")
    is_ours = bool(last_index) and last_index == _index_state(site)
    if is_ours and state == last_state:
        return False
    if articles is None:
        index(site, over=is_ours)
    else:
        known = known_files(store, name)
        tree = _index_articles(site, pages, articles, known, is_ours)
        store.write(written_changes(name, known, tree))
    store.write([kept({name: f"{state} {_index_state(site)}"})])
    return True


class Searcher:
    """Makes the search index of the site in a folder again and again; what it knows lasts as long as it does."""

    def __init__(self, site: Path, articles: Path) -> None:
        """`articles` is as for `refresh`."""
        self._site, self._articles = site, articles
        self._known: Mapping[str, Written] = {}
        self._is_ours = False

    def index(self) -> None:
        """Make the index. Raises as `index`."""
        is_ours, self._is_ours = self._is_ours, False
        try:
            pages = _stamps(_pages(os.fspath(self._site)), self._site)
        except OSError as error:
            raise resource_error(error.filename or self._site, error) from None
        self._known = _index_articles(self._site, pages, self._articles, self._known, is_ours).files
        self._is_ours = True


def _index_articles(
    site: Path, pages: Mapping[str, Stamp], articles: Path, known: Mapping[str, Written], is_ours: bool
) -> Tree:
    """Make the index from the parts of pages that are found, which are written into a folder; what stands there now."""
    tree = write_tree(articles, _articles(site, pages), articles.with_suffix(".json"), known)
    # where no page says what of it is found, all of every page is
    index(site, articles if tree.files else site, over=is_ours)
    return tree


def _articles(site: Path, pages: Mapping[str, Stamp]) -> dict[str, Wanted]:
    """What is found of each page, as a page of its own in the same place; known by the stamp of the page."""
    base, tags = os.fspath(site), dict[bytes, Tag]()
    return {path: Wanted(f"{stamp}", partial(_found_part, f"{base}/{path}", tags)) for path, stamp in pages.items()}


def _found_part(path: str, tags: dict[bytes, Tag]) -> bytes | None:
    with open(path, "rb") as file:
        return found_part(file.read(), tags)


def _pages(base: str) -> Iterator[str]:
    """The HTML files below a folder; what stands in the index is none of them."""
    for above, folders, names in os.walk(base):
        folders[:] = [folder for folder in folders if above != base or folder != FOLDER]
        yield from (os.path.join(above, name) for name in names if name.endswith(PAGES))


def _stamps(paths: Iterable[str], base: Path | None = None) -> dict[str, Stamp]:
    """The stamp of each file, by its path relative to a folder, sorted."""
    start = len(os.fspath(base)) + 1 if base else 0
    return {path[start:].replace(os.sep, "/"): stamp_of(os.stat(path)) for path in sorted(paths)}


def _index_state(site: Path) -> str:
    """A digest of the stamps of the index; "" where there is none, or where what is written into its files would show
    elsewhere, for they are links or have other names."""
    found = {}
    base = os.fspath(site / FOLDER)
    for above, folders, names in os.walk(base):
        if any(os.path.islink(os.path.join(above, name)) for name in folders):
            return ""
        for path in (os.path.join(above, name) for name in names):
            info = os.stat(path, follow_symlinks=False)
            if not stat.S_ISREG(info.st_mode) or info.st_nlink != 1:
                return ""
            found[path.removeprefix(base)] = stamp_of(info)
    return _digest(dict(sorted(found.items()))) if found and not os.path.islink(base) else ""


def _digest(*stamps: Mapping[str, Stamp]) -> str:
    sum = hashlib.blake2b(digest_size=16)
    for files in stamps:
        for path, stamp in files.items():
            sum.update(f"{path} {stamp}\n".encode("utf-8", "surrogateescape"))
    return sum.hexdigest()
