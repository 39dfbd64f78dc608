"""Makes the search index of a site, and tells when it must be made again.

Pages say themselves what of them is found: `data-pagefind-body` on the article, `data-pagefind-filter` on what can be
chosen by, `data-pagefind-ignore` on what only repeats other pages (https://pagefind.app/docs/indexing/).
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from mlguide_site.content.files import resource_error
from mlguide_site.errors import ResourceError
from mlguide_site.model.digests import digest_of
from mlguide_site.search.files import FOLDER, finished
from mlguide_site.search.pagefind import executable, run_pagefind

SUFFIXES = (".html", ".htm")
BODY = b"data-pagefind-body"
"""Marks the part of a page that is found."""
_NAME = re.compile(rb"<([a-z]{1,20})[\s>]")
_HTML = re.compile(rb"<html[^<>]{0,500}>")
_TITLE = re.compile(rb"<title>[^<]{0,5000}</title>")


def refresh(site: Path, work: Path, before: str) -> str:
    """Index the site again unless neither its pages nor the index have changed. `before` is what this returned for the
    last build, "" where there was none; `work` is a folder of our own. Raises as `index`."""
    try:
        if before and before == _state(site):
            return before
        index(site, work)
        return _state(site)
    except OSError as error:
        raise resource_error(error.filename or site, error) from None


def index(site: Path, work: Path) -> None:
    """Index all pages of a site into its folder `pagefind`; the index is first made in the folder `work`. The same
    pages give the same bytes. Raises ResourceError where Pagefind isn't installed or fails."""
    target = site / FOLDER
    for folder in (work, target):
        if folder.is_symlink():
            raise ResourceError(f"{folder}: this is a symbolic link; remove it, and build again")
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        for path, data in finished(run_pagefind(_pages(site))).items():
            (work / path).parent.mkdir(exist_ok=True)
            (work / path).write_bytes(data)
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(work, target)
    except OSError as error:
        raise resource_error(error.filename or work, error) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _pages(site: Path) -> Iterator[tuple[str, bytes]]:
    for path in _files(site):
        if path.endswith(SUFFIXES) and not path.startswith(f"{FOLDER}/"):
            yield path, indexed_part((site / path).read_bytes())


def indexed_part(page: bytes) -> bytes:
    """The language, the title and the marked element of a page: parsing the rest would take Pagefind as long again. The
    whole page where it has no mark, or several.

    >>> indexed_part(b"<html><head><title>T</title></head><body><nav></nav><p data-pagefind-body>A</p></body></html>")
    b'<!DOCTYPE html><html><head><title>T</title></head><body><p data-pagefind-body>A</p></body></html>'
    """
    at = page.find(BODY)
    start = page.rfind(b"<", 0, at)
    name, html, title = _NAME.match(page, start) if start >= 0 else None, _HTML.search(page), _TITLE.search(page)
    end = page.rfind(b"</" + name[1] + b">") if name else -1
    if at < 0 or name is None or html is None or title is None or end < 0:
        return page
    end += len(name[1]) + 3
    if b"data-pagefind-" in page[:start] or b"data-pagefind-" in page[end:] or page.count(BODY) > 1:
        return page
    return b"<!DOCTYPE html>%b<head>%b</head><body>%b</body></html>" % (html[0], title[0], page[start:end])


def _files(folder: Path) -> list[str]:
    """The files below a folder, relative to it, sorted."""
    base = os.fspath(folder)
    found = [os.path.join(above, name) for above, _, names in os.walk(base) for name in names]
    return sorted(path[len(base) + 1 :].replace(os.sep, "/") for path in found)


def _state(site: Path) -> str:
    """A digest of the signatures of Pagefind, the pages and the index."""
    paths = [path for path in _files(site) if path.endswith(SUFFIXES) or path.startswith(f"{FOLDER}/")]
    signatures = []
    for path in [executable(), *(f"{site}/{path}" for path in paths)]:
        info = os.lstat(path)
        signature = f"{path} {info.st_mode} {info.st_size} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_ino}\n"
        signatures.append(signature.removeprefix(f"{site}/"))
    return digest_of(signatures)
