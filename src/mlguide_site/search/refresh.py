"""When the search index of a built site is made anew, and from what.

Pages say themselves what of them is found: `data-pagefind-body` on the article, `data-pagefind-filter` on what can be
chosen by, `data-pagefind-ignore` on what only repeats other pages (https://pagefind.app/docs/indexing/).
"""

import json
import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mlguide_site.build.incremental import Tree, Wanted, Written, known_files, write_tree, written_changes
from mlguide_site.build.memo.stamps import Stamp
from mlguide_site.build.memo.store import Store, kept
from mlguide_site.content.files import resource_error
from mlguide_site.search.form import FOLDER
from mlguide_site.search.found import Tag, found_part
from mlguide_site.search.parts import count_of, forget_parts, index_parts, place_of
from mlguide_site.search.program import index, program
from mlguide_site.search.states import folder_state, stamps, state

PAGES = (".html", ".htm")
"""What the program looks for."""
FOUND = 10
"""Of how many bytes of a page one is found, about."""


class Made(NamedTuple):
    """What is known of an index that was made: what is found of each page; of how many parts it is made, 0 if there is
    none; and what the parts are known by."""

    tree: Tree
    number: int
    parts: Mapping[str, str]


def refresh(site: Path, store: Store, place: str = "", articles: Path | None = None, jobs: int = 1) -> bool:
    """Make the search index of the site in a folder where any of its pages changed since the last one was made, or the
    index itself; returns whether. `place` is the folder in which the site is to stand in the end. `articles` is a
    folder for the parts of pages that are found, kept from build to build, as is one beside it. At most `jobs`
    processes work on it at once. Raises as `index`."""
    name, parts = f"search {place}", f"search parts {place}"
    pages = stamps(_pages(os.fspath(site)), site)
    last = state(pages, stamps([program()]))
    last_state, _, last_index = store.value(name).partition(" ")
    is_ours = bool(last_index) and last_index == folder_state(site / FOLDER)
    if is_ours and last == last_state:
        return False
    told = {}
    if articles is None:
        index(site, over=is_ours)
    else:
        known = Made(Tree((), known_files(store, name)), *_read_parts(store.value(parts)))
        made = _index_articles(site, pages, articles, known, is_ours, jobs)
        store.write(written_changes(name, known.tree.files, made.tree))
        told[parts] = json.dumps([made.number, made.parts])
    store.write([kept({name: f"{last} {folder_state(site / FOLDER)}", **told})])
    return True


class Searcher:
    """Makes the search index of the site in a folder again and again; what it knows lasts as long as it does."""

    def __init__(self, site: Path, articles: Path, jobs: int = 1) -> None:
        """`articles` and `jobs` are as for `refresh`."""
        self._site, self._articles, self._jobs = site, articles, jobs
        self._made = Made(Tree((), {}), 0, {})
        self._is_ours = False

    def index(self) -> None:
        """Make the index. Raises as `index`."""
        is_ours, self._is_ours = self._is_ours, False
        try:
            pages = stamps(_pages(os.fspath(self._site)), self._site)
        except OSError as error:
            raise resource_error(error.filename or self._site, error) from None
        self._made = _index_articles(self._site, pages, self._articles, self._made, is_ours, self._jobs)
        self._is_ours = True


def _read_parts(told: str) -> tuple[int, Mapping[str, str]]:
    number, parts = json.loads(told or "[0, {}]")
    return number, parts


def _index_articles(
    site: Path, pages: Mapping[str, Stamp], articles: Path, last: Made, is_ours: bool, jobs: int = 1
) -> Made:
    """Make the index from the parts of pages that are found, which are written into a folder."""
    # how much is found is known only when it stands there; mostly there are as many parts as last time
    count = last.number or count_of(sum(stamp.size for stamp in pages.values()) // FOUND)
    tree = _write_articles(site, pages, articles, last.tree.files, count, jobs)
    wanted = count_of(sum(file.stamp.size for file in tree.files.values()))
    if wanted != count:
        tree = _write_articles(site, pages, articles, tree.files, wanted, jobs)
    # where no page says what of it is found, all of every page is
    if tree.files:
        parts = index_parts(site, articles, tree.files, last.parts, is_ours and bool(last.parts), jobs)
        if parts is not None:
            return Made(tree, wanted, parts)
        if wanted > 1:
            tree = _write_articles(site, pages, articles, tree.files, 1, jobs)
    forget_parts(articles)
    at_once = is_ours and last.number > 0 and not last.parts
    index(site, articles / place_of("", 1) if tree.files else site, over=at_once)
    return Made(tree, 1, {})


def _write_articles(
    site: Path, pages: Mapping[str, Stamp], articles: Path, known: Mapping[str, Written], count: int, jobs: int
) -> Tree:
    """Write what is found of each page, as a page of its own in the same place, by parts; known by the stamp of the
    page."""
    base, tags = os.fspath(site), dict[bytes, Tag]()
    files = {
        place_of(path, count): Wanted(f"{stamp}", partial(_found_part, f"{base}/{path}", tags))
        for path, stamp in pages.items()
    }
    return write_tree(articles, files, articles.with_suffix(".json"), known, jobs)


def _found_part(path: str, tags: dict[bytes, Tag]) -> bytes | None:
    with open(path, "rb") as file:
        return found_part(file.read(), tags)


def _pages(base: str) -> Iterator[str]:
    """The HTML files below a folder; what stands in the index is none of them."""
    for above, folders, names in os.walk(base):
        folders[:] = [folder for folder in folders if above != base or folder != FOLDER]
        yield from (os.path.join(above, name) for name in names if name.endswith(PAGES))
