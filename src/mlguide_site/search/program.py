"""Pagefind's program, and what is made of the index that it writes: one in order, with lists of names beside it."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlguide_site.content.files import resource_error
from mlguide_site.errors import ResourceError
from mlguide_site.search.form import ENTRY, FOLDER, READER, decoded, digest, encoded, readable, write, write_json

NAMES, NUMBERS = "names.json", "numbers.json"
"""Pages by what they are called, and episodes by their numbers, each told by the name of its file in `fragment/`."""
CALLED, NAMED, NUMBER = "called", "named", "number"
LOOKED_UP = (CALLED, NAMED, NUMBER)
"""Filters of pages that nobody chooses by: what a page is called; what stands before the number of an episode; that."""
SIGNS = "+#"
"""Signs that belong to words: C++ and C# are neither C nor each other. Parts of such words are found as well."""
TIMEOUT = 600
"""Seconds after which indexing is given up."""


def index(site: Path, pages: Path | None = None, over: bool = False) -> None:
    """Make the search index of the site in a folder, in place of one that stands there, from its pages or from what
    stands for them in the folder `pages`. The same pages give the same bytes. Raises ResourceError where Pagefind isn't
    installed or refuses.

    Where the old index is known to be ours, it may be written `over`: most files come out the same, and some file
    systems take several times as long to make thousands of files where as many were just deleted.
    """
    folder = site / FOLDER
    if not over:
        shutil.rmtree(folder, ignore_errors=True)
    run(pages or site, folder)
    if folder.is_dir():
        settle(folder)


def run(pages: Path, folder: Path) -> None:
    """Have Pagefind make an index from the pages in one folder in another. Raises as `index`."""
    if folder.is_symlink():
        raise ResourceError(f"{folder}: this is a symbolic link; remove it, and build again")
    try:
        done = subprocess.run(
            [
                program(),
                *("--site", str(pages), "--output-path", str(folder)),
                *("--exclude-selectors", ".headerlink", "--include-characters", SIGNS, "--silent"),
            ],
            # the folder that the build was begun in may be gone
            cwd=pages,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ResourceError(f"{folder}: the search index took over {TIMEOUT} s; try again") from None
    except OSError as error:
        raise resource_error(error.filename or folder, error) from None
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split()) or f"status {done.returncode}"
        raise ResourceError(f"{folder}: the search index can't be made: {said[:300]}")


def settle(folder: Path) -> None:
    """Make of the index that Pagefind wrote into a folder, or that was joined there, the one that the site has. Raises
    ResourceError."""
    with readable(folder):
        _strip(folder, set(_settled(folder)))


def _strip(folder: Path, used: set[str]) -> None:
    """Leave out what the index doesn't name: parts of an earlier one, and what the site has no use for."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in used:
            path.unlink()


def _settled(folder: Path) -> Iterator[str]:
    """Put the filters and their values, which Pagefind writes in an order that changes from run to run, in order, but
    for those that pages are only looked up by: these become lists of our own, for Pagefind itself loads all of the
    index to answer what has no words. Gives the paths of all files of the index.

    An index is known by `pagefind-entry.json`, which names for each language a program and a file of metadata, whose
    second, third and fourth values name the files of the pages, of the words and of the filters.
    """
    entry = folder / ENTRY
    told = json.loads(entry.read_bytes())
    yield from (ENTRY, READER, NAMES, NUMBERS)
    names: dict[str, list[str]] = {}
    numbers: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for language, known in sorted(told["languages"].items()):
        # by the language of a page alone, for that is known before the entry is there; it may be the program of another
        # language, or of none
        code = folder / f"wasm.{known['wasm'] or 'unknown'}.pagefind"
        known["wasm"] = language
        write(folder / f"wasm.{language}.pagefind", code.read_bytes())
        yield f"wasm.{language}.pagefind"
        values = decoded(folder / f"pagefind.{known['hash']}.pf_meta")
        filters, looked_up = [], {}
        for name, file in sorted(values[3]):
            title, choices = decoded(folder / "filter" / f"{file}.pf_filter")
            if name in LOOKED_UP:
                looked_up[name] = sorted(choices)
                continue
            data = encoded([title, sorted(choices)])
            fresh = f"{language}_{digest(data, 7)}"
            write(folder / "filter" / f"{fresh}.pf_filter", data)
            filters.append([name, fresh])
        pages = [row[0] for row in values[1]]
        for name, found in looked_up.get(CALLED, ()):
            names.setdefault(name, []).extend(sorted(pages[page] for page in found))
        _add_numbers(numbers, pages, looked_up)
        if values[3]:
            values[3] = filters
            data = encoded(values)
            known["hash"] = f"{language}_{digest(data, 10)}"
            write(folder / f"pagefind.{known['hash']}.pf_meta", data)
        yield f"pagefind.{known['hash']}.pf_meta"
        yield from (f"fragment/{row[0]}.pf_fragment" for row in values[1])
        yield from (f"index/{row[2]}.pf_index" for row in values[2])
        yield from (f"filter/{row[1]}.pf_filter" for row in filters)
    write_json(entry, told)
    write_json(folder / NAMES, names)
    write_json(folder / NUMBERS, sorted(numbers.items()))


def _add_numbers(
    numbers: dict[tuple[str, ...], dict[str, list[str]]], pages: list[str], looked_up: dict[str, list[Any]]
) -> None:
    """Add the pages that have numbers, by what stands before a number (all that the page may go by) and the number."""
    before: dict[int, list[str]] = {}
    for name, found in looked_up.get(NAMED, ()):
        for page in found:
            before.setdefault(page, []).append(name)
    for number, found in looked_up.get(NUMBER, ()):
        for page in found:
            group = numbers.setdefault(tuple(before.get(page, ())), {})
            group.setdefault(number, []).append(pages[page])
            group[number].sort()


def program() -> str:
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
