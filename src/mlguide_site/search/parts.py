"""The search index of a site, made part by part: only parts in which a page changed are made anew.

Pagefind holds all of an index in memory, some 25 times what is found of the pages. A page is of the part that a digest
of its path gives, so that parts are even and a page that is added moves no other. Their number is one of 1, 2, 4, 8, …
"""

import hashlib
import os
import shutil
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from mlguide_site.build.incremental import Written
from mlguide_site.build.memo.stamps import Stamp
from mlguide_site.content.files import resource_error
from mlguide_site.errors import ResourceError
from mlguide_site.search.form import FOLDER, readable
from mlguide_site.search.join import Unjoinable, join
from mlguide_site.search.program import program, run, settle
from mlguide_site.search.states import folder_state, stamps, state
from mlguide_site.search.words import make_ready

PART = 4_000_000
"""Bytes of what is found that a part has at most, but for chance."""


def count_of(size: int) -> int:
    """Of how many parts the index is made where so many bytes are found.

    >>> count_of(0), count_of(PART), count_of(PART + 1), count_of(10 * PART + 1)
    (1, 1, 2, 16)
    """
    return 1 << (max(0, size - 1) // PART).bit_length()


def place_of(path: str, count: int) -> str:
    """Where what is found of a page stands, among so many parts: below a folder for its part.

    >>> place_of("tools/a.html", 1), place_of("tools/a.html", 4), place_of("tools/a.html", 8)
    ('0/tools/a.html', '3/tools/a.html', '3/tools/a.html')
    """
    sum = hashlib.blake2b(path.encode("utf-8", "surrogateescape"), digest_size=8)
    return f"{int.from_bytes(sum.digest(), 'big') % count}/{path}"


def folder_of(articles: Path) -> Path:
    """Where the indexes of the parts stand: beside what they are made from."""
    return articles.with_name(f"{articles.name}.parts")


def index_parts(
    site: Path, articles: Path, files: Mapping[str, Written], known: Mapping[str, str], over: bool, jobs: int = 1
) -> dict[str, str] | None:
    """Make the search index of the site in a folder from what is found of its pages, which stands in the folder of
    articles by parts. `known` is what was returned last time, `over` whether the site's index is the one that was made
    then; at most `jobs` parts are made at once. None where the index can't be made so. Raises ResourceError."""
    folder = folder_of(articles)
    made_of: dict[str, dict[str, Stamp]] = {}
    for path, file in sorted(files.items()):
        name, _, inner = path.partition("/")
        made_of.setdefault(name, {})[inner] = file.stamp
    try:
        with readable(folder):
            maker = stamps([program()])
            wanted = {name: state(of, maker) for name, of in made_of.items()}
            _refuse_link(folder)
            folder.mkdir(parents=True, exist_ok=True)
            _clear(folder, wanted)
            stale = [name for name in wanted if not _stands(folder / name, wanted[name], known.get(name, ""))]
            if over and not stale and known.keys() == wanted.keys():
                return dict(known)
            _make(articles, folder, stale, jobs)
            _join(site, folder, list(wanted), stale, over)
            return {name: f"{wanted[name]} {folder_state(folder / name)}" for name in wanted}
    except Unjoinable:
        return None


def forget_parts(articles: Path) -> None:
    """Delete the indexes of parts, where there are any. Raises ResourceError."""
    folder = folder_of(articles)
    if os.path.lexists(folder):
        _refuse_link(folder)
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise resource_error(error.filename or folder, error) from None


def _stands(part: Path, wanted: str, known: str) -> bool:
    """Whether a part was made from what is wanted now, and is as it was left."""
    made_from, _, left = known.partition(" ")
    return made_from == wanted and bool(left) and left == folder_state(part)


def _refuse_link(folder: Path) -> None:
    if folder.is_symlink():
        raise ResourceError(f"{folder}: this is a symbolic link; remove it, and build again")


def _clear(folder: Path, wanted: Collection[str]) -> None:
    """Leave nothing in the folder of parts but the folders of those that are wanted."""
    with os.scandir(folder) as entries:
        for entry in list(entries):
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry)
            elif entry.name not in wanted:
                shutil.rmtree(entry)


def _make(articles: Path, folder: Path, names: Collection[str], jobs: int) -> None:
    """Make the indexes of parts, each from nothing."""
    with ThreadPoolExecutor(max(1, min(jobs, len(names)))) as pool:
        for _ in pool.map(partial(_make_part, articles, folder), names):
            pass


def _make_part(articles: Path, folder: Path, name: str) -> None:
    part = folder / name
    if part.exists():
        shutil.rmtree(part)
    try:
        run(articles / name, part)
    except ResourceError as error:
        # a part in which there is no word has no index; whatever else it is, one run for all pages will tell
        raise Unjoinable from error
    make_ready(part)


def _join(site: Path, folder: Path, names: Collection[str], stale: Collection[str], over: bool) -> None:
    index = site / FOLDER
    _refuse_link(index)
    if not over:
        shutil.rmtree(index, ignore_errors=True)
    join([folder / name for name in names], index, {folder / name for name in stale})
    settle(index)
