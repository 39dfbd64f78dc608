"""Builds a site's search index with Pagefind (https://pagefind.app), and sorts what Pagefind writes in random order.

`data-pagefind-body` marks the indexed part of a page, `data-pagefind-filter` marks the values of filters, and
`data-pagefind-ignore` marks content repeated from other pages.

Pagefind runs as a service, to which we send pages in a fixed order. Messages are JSON in Base64, separated by commas,
as in Pagefind's own wrappers (https://github.com/Pagefind/pagefind, `wrappers/python`). The entry point of an index is
`pagefind-entry.json`, which names a WebAssembly file and a metadata file for each language. The metadata lists the
version, pages, chunks of words, filters, sort orders and meta fields. Index files contain `MARK`, followed by CBOR (RFC
8949) or JSON, and are compressed with gzip."""

import base64
import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from html import escape, unescape
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import PIPE
from typing import Any

import cbor2

from mkdocs_incremental.output import files_in
from mkdocs_incremental.signatures import of_status
from mkdocs_incremental.workers import can_fork, start_worker
from mlguide_site.content.files import disk_errors, resource_error
from mlguide_site.errors import ResourceError
from mlguide_site.linking.folding import UNSPACED
from mlguide_site.markdown.formulas import read_formula
from mlguide_site.model.digests import digest

CHUNK = 1 << 20
TIMEOUT = 600  # indexing is aborted after this number of seconds
EXTRA_CHARACTERS = "+#"  # these characters count as letters, so that C++, C# and C are different words
OPTIONS = {"exclude_selectors": [".headerlink"], "include_characters": EXTRA_CHARACTERS}
FOLDER = "pagefind"  # the folder of the index in the site
ENTRY, SCRIPT = "pagefind-entry.json", "pagefind.js"
NAMES, NUMBERS = "names.json", "numbers.json"
"""Files that map names and episode numbers to pages. A page is identified by the page's file name in `fragment/`."""
ALIAS, NAMED, NUMBER = "alias", "named", "number"
LOOKED_UP = (ALIAS, NAMED, NUMBER)
"""Internal filters for a page's names, for the prefix of an episode's number (such as `MLG`), and for the number."""
MARK = b"pagefind_dcd"
OTHER_FORM = (ValueError, EOFError, LookupError, TypeError, gzip.BadGzipFile, zlib.error, cbor2.CBORError)
Prepared = Callable[[Path], dict[str, bytes] | None]
"""A function that returns Pagefind's files for a site, or None if the files aren't ready."""
SUFFIXES = (".html", ".htm")
BODY = b"data-pagefind-body"  # marks the indexed part of a page
_NAME = re.compile(rb"<([a-z]{1,20})[\s>]")
_HTML = re.compile(rb"<html[^<>]{0,500}>")
# matches the end of a block without a full stop: after `)`, a digit, or a Latin, Greek, Cyrillic or Arabic letter;
# group 2 tells that another cell of a table follows
_UNFINISHED = re.compile(
    rb"(?<=[A-Za-z0-9)]|[\x80-\xbf])(?<![\xe2-\xef][\x80-\xbf]{2})"
    rb"((?:</(?:a|code|em|strong)>){0,4})(?=</(?:p|li|t[dh](>\s{0,9}<t[dh])?)\b)"
)
_LABEL = re.compile(rb'(<p class="admonition-title">[^<>]{0,500}[^<>.!?:])(?=</p>)')
_FACT = re.compile(rb"(<dd(?: data-pagefind-weight=\"5\")?>[^<>]{0,500}[^<>.!?:;])(?=</dd>)")
_FORMULA = re.compile(rb'<span[^<>]{0,20} data-pagefind-ignore><math[^<>]{0,18} alttext="([^"]*)">.*?</math></span>')
_LETTER = rf"(?=[{UNSPACED}])[^\W\d_]"  # of a script without spaces; combining marks stay with their letters
# matches the start of a word after an apostrophe, as in l’histoire, but not in we’re; after a dash; and of a hashtag
_AFTER_SIGN = r"(?<=\w['’])(?=[^\W\d_]{3})|(?<=\w[–—‑…·•→×])(?=\w)|(?<=(?<!\w)#)(?=\w\w)"
# matches the place before a letter that follows such a letter (group 1), and the other ends of runs of such letters
_BETWEEN_LETTERS = re.compile(
    rf"(?<=[{UNSPACED}])(?=({_LETTER}))|(?<=\S)(?={_LETTER})|(?<=[{UNSPACED}])(?=\w)|{_AFTER_SIGN}"
)
_SMALL_DIGITS = re.compile(r"(?<=[^\W\d_⁰-₉¹²³])[⁰¹²³⁴-⁹₀-₉]+")  # as in CO₂ and R², but not in 10²
_TAG = re.compile(r"(<[^<>]*>)")
_VALUE = re.compile(r'data-pagefind-(?:filter|meta)="[^"\[]*"')  # the text of the element is a value
_TITLE = re.compile(rb"<title>[^<]{0,5000}</title>")


class Pagefind:
    """A Pagefind service with one index. `prefix` is a command, such as `nice`, that runs the service. Methods raise
    ResourceError if Pagefind is missing, rejects a request or fails."""

    def __init__(self, *prefix: str) -> None:
        program = executable()
        self._response_is_due = False  # True if the last response hasn't been read yet
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        with disk_errors("pagefind"):
            # the working folder of the build may have been deleted
            self._process = subprocess.Popen(
                [*prefix, program, "--service"], cwd=tempfile.gettempdir(), stdin=PIPE, stdout=PIPE, stderr=self._errors
            )
        try:
            self._index = self._ask("NewIndex", config=OPTIONS)["index_id"]
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def files(self, pages: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
        """Return the index files for `pages` and for all pages added earlier."""
        timer = threading.Timer(TIMEOUT, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            for path, html in pages:
                self.add(path, html)
            # Pagefind's own WriteFiles responds before all files are on disk, and doesn't notice a full disk
            files = self._ask("GetFiles", index_id=self._index)["files"]
        finally:
            timer.cancel()
        return {file["path"]: base64.b64decode(file.pop("content")) for file in files}

    def add(self, path: str, html: bytes) -> None:
        """Add a page by its path in the site, or replace the page at this path. This method doesn't wait for the
        response, so that the caller can read another page meanwhile. The next request or `wait` reads the response."""
        contents = separate_letters(html.decode("utf-8", "replace"))
        request = _request("AddFile", index_id=self._index, file_path=path, file_contents=contents)
        self.wait()
        self._send(request)

    def wait(self) -> None:
        """Wait until Pagefind has parsed the last page that was added."""
        if self._response_is_due:
            self._response()

    def _ask(self, kind: str, **values: object) -> Mapping[str, Any]:
        self.wait()
        self._send(_request(kind, **values))
        return self._response()

    def _send(self, request: bytes) -> None:
        self._response_is_due = True
        if self._process.stdin:
            # `_response` reports why the process ended
            with suppress(BrokenPipeError):
                self._process.stdin.write(request)
                self._process.stdin.flush()

    def _response(self) -> Mapping[str, Any]:
        self._response_is_due = False
        # decode the response in chunks, because the response with an index is large
        answer, rest, process = bytearray(), b"", self._process
        try:
            while rest != b"," and (data := os.read(process.stdout.fileno(), CHUNK)):  # type: ignore[union-attr]
                rest += data
                whole = len(rest) // 4 * 4
                answer += base64.b64decode(rest[:whole], validate=True)
                rest = rest[whole:]
            payload: dict[str, Any] = json.loads(answer)["payload"]
        except (ValueError, LookupError, TypeError):
            process.kill()
            process.wait()
            self._errors.seek(0)
            raise _failure(self._errors.read().decode("utf-8", "replace") or f"status {process.returncode}") from None
        if payload.get("type") == "Error":
            raise _failure(str(payload.get("message")))
        return payload


def separate_letters(html: str) -> str:
    """Split runs of letters of scripts without spaces, also where a run goes on after a tag, and words after an
    apostrophe or a dash, because Pagefind finds only words and their beginnings. Each pair of letters becomes a word.
    Small digits after a letter become digits with an invisible sign. Pagefind ignores the signs. The script
    `search-worker.js` changes queries in the same way, and restores the texts that it shows.

    >>> separate_letters("<b>用GPT</b>模型图, l’histoire")
    '<b>用^~ GPT</b>^~ 模型~^ 型图~^ 图, l’^~ histoire'
    """
    parts, before = _TAG.split(html), ""
    for at in range(0, len(parts), 2):
        # a reference such as `&#39;` would hide an apostrophe and look like a hashtag
        text = escape(unescape(parts[at]), quote=False)
        if text and not (at and _VALUE.search(parts[at - 1])):
            parts[at] = _BETWEEN_LETTERS.sub(_separator, _SMALL_DIGITS.sub(_marked, before + text))[len(before) :]
            before = text[-1]
    return "".join(parts)


def _separator(place: re.Match[str]) -> str:
    return f"{place[1]}~^ " if place[1] else "^~ "


def _marked(digits: re.Match[str]) -> str:
    return "".join(
        ("\u2061" if "₀" <= digit <= "₉" else "\u2062") + str(unicodedata.digit(digit)) for digit in digits[0]
    )


def _request(kind: str, **values: object) -> bytes:
    return base64.b64encode(json.dumps({"message_id": 1, "payload": {"type": kind, **values}}).encode()) + b","


def _failure(reason: str) -> ResourceError:
    return ResourceError(f"the search index can't be built: {' '.join(reason.split())[:300]}")


def run_pagefind(pages: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Return the index files for pages (path and HTML). Raises ResourceError if Pagefind isn't installed or fails."""
    with closing(Pagefind()) as pagefind:
        return pagefind.files(pages)


def executable() -> str:
    """Return the path of the executable in Pagefind's wheel. Raises ResourceError if Pagefind isn't installed."""
    try:
        from pagefind_bin import get_executable  # type: ignore[import-untyped]  # noqa: PLC0415 - not on every system

        return str(get_executable())
    except (ImportError, FileNotFoundError):
        remedy = 'install it with: pip install "pagefind-bin<1.6"'
        raise ResourceError(f"the search needs Pagefind, which is not installed here; {remedy}") from None


def finished(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the index files that the site uses, in a reproducible order. The filters in `LOOKED_UP` are moved to the
    files `NAMES` and `NUMBERS`, because Pagefind loads the whole index to apply a filter without search words. Raises
    one of the exceptions `OTHER_FORM` if an unsupported version of Pagefind wrote the files."""
    entry = json.loads(files[ENTRY])
    result = {SCRIPT: files[SCRIPT]}
    names: dict[str, list[str]] = defaultdict(list)
    numbers: dict[tuple[str, ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for language, known in sorted(entry["languages"].items()):
        # name the WebAssembly file after the page's language, so that browsers can load it before Pagefind requests it
        result[f"wasm.{language}.pagefind"] = files[f"wasm.{known['wasm'] or 'unknown'}.pagefind"]
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
            kept.append([name, f"{language}_{digest(data, 64)[:7]}"])
            result[f"filter/{kept[-1][1]}.pf_filter"] = data
        for name, found in looked_up.get(ALIAS, ()):
            names[name] += sorted(pages[page] for page in found)
        names_before = defaultdict[int, list[str]](list)
        for name, found in looked_up.get(NAMED, ()):
            for page in found:
                names_before[page].append(name)
        for number, found in looked_up.get(NUMBER, ()):
            for page in found:
                numbers[tuple(names_before[page])][number].append(pages[page])
        data = _encoded([version, fragments, chunks, kept, sorts, fields])
        known["hash"] = f"{language}_{digest(data, 64)[:10]}"
        result[f"pagefind.{known['hash']}.pf_meta"] = data
        copied = [f"fragment/{name}.pf_fragment" for name in pages] + [f"index/{row[2]}.pf_index" for row in chunks]
        result |= {path: files[path] for path in copied}
    for own in numbers.values():
        own.update({number: sorted(found) for number, found in own.items()})
    for path, value in {ENTRY: entry, NAMES: names, NUMBERS: sorted(numbers.items())}.items():
        result[path] = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return result


def _decoded(data: bytes) -> Any:
    return cbor2.loads(gzip.decompress(data).removeprefix(MARK))


def _encoded(value: Any) -> bytes:
    return gzip.compress(MARK + cbor2.dumps(value), mtime=0)


def refresh(site: Path, work: Path, before: str, prepared: Prepared = lambda _: None) -> str:
    """Index a site again if its pages or its index have changed since an earlier call, which returned `before`. Return
    a digest of the new state. `work` is a temporary folder. Raises the same exceptions as `index`."""
    with disk_errors(site):
        if before and before == _state(site):
            return before
        index(site, work, prepared)
        return _state(site)


def index(site: Path, work: Path, prepared: Prepared = lambda _: None) -> None:
    """Index all pages of a site, and write the index to the folder `pagefind`. `work` is a temporary folder. `prepared`
    returns index files, or None (see `indexing_ahead`). Raises ResourceError if Pagefind isn't installed or fails."""
    target = site / FOLDER
    for folder in (work, target):
        if folder.is_symlink():
            raise ResourceError(f"{folder}: this is a symbolic link; remove it and build again")
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        for path, data in finished(prepared(site) or run_pagefind(indexed_pages(site))).items():
            (work / path).parent.mkdir(exist_ok=True)
            (work / path).write_bytes(data)
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(work, target)
    except OTHER_FORM:
        raise ResourceError('the version of Pagefind is unsupported; run: pip install "pagefind-bin==1.5.*"') from None
    except OSError as error:
        raise resource_error(error.filename or work, error) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def indexed_pages(site: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the pages that contain `BODY`, or all pages if no page contains `BODY`."""
    unmarked, is_marked = [], False
    for path in files_in(site):
        if path.endswith(SUFFIXES) and not path.startswith(f"{FOLDER}/"):
            page = (site / path).read_bytes()
            if BODY in page:
                is_marked = True
                yield path, indexed_part(page)
            else:
                unmarked.append(path)
    for path in () if is_marked else unmarked:
        yield path, (site / path).read_bytes()


def indexed_part(page: bytes) -> bytes:
    """Reduce a page to its language, its title and the element with `data-pagefind-body`, because Pagefind parses the
    result twice as fast. Return the whole page unless it has exactly one such element."""
    start = page.rfind(b"<", 0, max(page.find(BODY), 0))
    name, html, title = _NAME.match(page, max(start, 0)), _HTML.search(page), _TITLE.search(page)
    if page.count(BODY) != 1 or not (name and html and title):
        return page
    end = page.rfind(b"</%b>" % name[1])
    if page.count(b"data-pagefind-") > page.count(b"data-pagefind-", start, end):
        return page
    # excerpts show formulas as text; full stops, semicolons and colons show the end of each block, cell and box title
    body = _FORMULA.sub(
        lambda tex: escape(read_formula(f"${unescape(tex[1].decode())}$").text).encode(), page[start:end]
    )
    body = _FACT.sub(rb"\1;", _LABEL.sub(rb"\1:", body))
    body = _UNFINISHED.sub(lambda end: end[1] + (b";" if end[2] else b"."), body)
    part = (html[0], title[0], body, name[1])
    return b"<!DOCTYPE html>%b<head>%b</head><body>%b</%b></body></html>" % part


def _state(site: Path) -> str:
    """Return a digest of the file signatures of Pagefind, the pages and the index."""
    paths = [path for path in files_in(site) if path.endswith(SUFFIXES) or path.startswith(f"{FOLDER}/")]
    return digest(repr([(path, of_status(os.lstat(os.path.join(site, path)))) for path in [executable(), *paths]]))


@contextmanager
def indexing_ahead(site: Path | None, jobs: int) -> Iterator[Prepared]:
    """During a build, index the site of the last build. This requires an earlier index, `fork`, and several `jobs`."""
    prepared: Prepared = lambda _: None  # noqa: E731
    with ExitStack() as stack:
        if site and jobs > 1 and (site / FOLDER).is_dir() and can_fork():
            # if Pagefind doesn't start, the indexing after the build reports why
            with suppress(ResourceError, OSError):
                prepared = stack.enter_context(closing(_Prefetch(site))).files
        yield prepared


class _Prefetch:
    """A Pagefind process, and a worker process that sends a site's pages to Pagefind. The worker isn't a thread,
    because the build can't fork while threads are running."""

    def __init__(self, site: Path) -> None:
        self._pagefind = Pagefind("nice")
        self._worker, self._receiver = start_worker(_send, self._pagefind, site)

    def files(self, site: Path) -> dict[str, bytes] | None:
        """Return the index files for a site's pages, or None if pages were added or removed, or if Pagefind failed."""
        # the new pages are read while the pages of the last build are still being added
        pages = {path: digest(page) for path, page in indexed_pages(site)}
        with suppress(EOFError, OSError, ResourceError):
            sent: dict[str, str] = self._receiver.recv() if self._receiver.poll(TIMEOUT) else {}
            if sent.keys() == pages.keys():
                changed = [path for path, known in pages.items() if known != sent[path]]
                return self._pagefind.files((path, indexed_part((site / path).read_bytes())) for path in changed)
        return None

    def close(self) -> None:
        self._worker.kill()
        self._worker.join()
        self._receiver.close()
        self._pagefind.close()


def _send(pagefind: Pagefind, site: Path, sender: Connection, parent: int) -> None:
    """Add a site's pages to the index, and send their digests to `sender`. After an error, nothing is sent."""
    os.nice(10)
    sent = {}
    with suppress(BaseException):
        for path, page in indexed_pages(site):
            if os.getppid() != parent:
                return
            pagefind.add(path, page)
            sent[path] = digest(page)
        pagefind.wait()
        sender.send(sent)
