"""Sources: a file with the files that it names, a folder of notes, or a feed from the network; and the format of each.

Links on the disk are never followed.
"""

import json
import os
import re
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from mlguide_site.content.audio_hosts import host_source, sound_sources
from mlguide_site.content.files import decode, read_bytes, resource_error
from mlguide_site.content.root import ASSET_SUFFIXES
from mlguide_site.errors import ContentError, Problem, Severity, Span, visible
from mlguide_site.importers import Importer, SeriesDraft, Source
from mlguide_site.importers.assets import NOTES, asset_suffix
from mlguide_site.importers.common.addresses import is_web_address, public_address, without_secrets
from mlguide_site.importers.feed import enclosures
from mlguide_site.importers.fetch import Followed, fetch, follow
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.importers.notes.source import MAX_BYTES
from mlguide_site.merge.entries import MEDIA

MAX_ASKED = 5
"""Audio addresses of one feed whose redirects are followed."""
MAX_SECONDS = 20.0
"""For all of them; one that is under way may take `ADDRESS_SECONDS` more."""
ADDRESS_SECONDS = 10.0
MAX_MEDIA = 20
MAX_SOURCE = 64 * 1024 * 1024
MAX_ASSET = 32 * 1024 * 1024
MAX_ASSETS = 256 * 1024 * 1024
MAX_NOTES = 5_000
MAX_NOTES_BYTES = 8 * 1024 * 1024
MAX_ENTRIES = 50_000
MAX_DEPTH = 16
MAX_LISTED = 10
"""Files of a folder that are listed where they are not read."""
MAX_SETTINGS = 256 * 1024
MAX_JSON = 4 * 1024 * 1024
TEMPLATES = frozenset(("template", "templates", "_template", "_templates"))
"""Folders whose notes are patterns for others."""
NOTE_SUFFIXES = frozenset(NOTES)
_MEDIA = ASSET_SUFFIXES - {".csv", ".json", ".srt", ".txt", ".vtt"}
"""Files of a folder that are not reported when no note shows them."""
_SITE_DIR = re.compile(r"^site_dir:[ \t]{0,9}[\"']?(?:\./)?([^\"'#\n]{1,300})", re.M)
_HEAD = 64 * 1024
_AS_TEXT = "save its text as a Markdown or text file, and import that"
_UNPACK = "unpack it, and name a file in it"
_SAVED = "check whether it was saved or downloaded completely"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "this is a PDF document", _AS_TEXT),
    (b"PK\x03\x04", "this is a zip archive, or an office document", f"{_UNPACK}; of a document, {_AS_TEXT}"),
    (b"\x1f\x8b", "this is a gzip archive", _UNPACK),
    (b"BZh", "this is a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "this is an xz archive", _UNPACK),
    (b"7z\xbc\xaf", "this is a 7-Zip archive", _UNPACK),
    (b"{\\rtf", "this is a document in Rich Text Format", _AS_TEXT),
    (b"\xd0\xcf\x11\xe0", "this is an office document", _AS_TEXT),
    (b"SQLite format 3", "this is a database", "export its notes as Markdown or text files"),
    (b"\x7fELF", "this is a program", "name a file with notes"),
)
"""Kinds of files that are no source by their first bytes, with what to do."""
_JSON = re.compile(r"[\[{]\s*[\"{\[\]}\d]")
_HTML = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]", re.I)


class Media(NamedTuple):
    """The hosts that audio redirects to, as sources of a security policy, and problems."""

    hosts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Loaded(NamedTuple):
    """A source, what was found while it was loaded, and the hosts that its audio redirects to."""

    source: Source
    problems: tuple[Problem, ...] = ()
    hosts: tuple[str, ...] = ()


def load_source(name: str, progress: Callable[[str], None], follows: bool | None = None) -> Loaded:
    """The source at a path or an address. With `follows` the redirects of the audio of a feed are followed; None: of
    one that is downloaded.

    Raises ContentError where there is nothing, ResourceError where disk or network refuse.
    """
    is_web = is_web_address(name)
    # an address with a key in it belongs to the subscriber alone and must not be published
    shown = without_secrets(name) if is_web else name
    progress(f"reading {shown}")
    if is_web:
        fetched = fetch(name)
        source, problems = Source(shown, fetched.data, public_address(fetched.url)), list[Problem]()
    else:
        source, problems = read_path(name)
    found = Media()
    if (is_web if follows is None else follows) and (addresses := enclosures(source)):
        progress(f"{source.name}: following the redirects of its audio")
        found = find_media(source.name, addresses, lambda address: follow(address, seconds=ADDRESS_SECONDS))
    return Loaded(source, (*problems, *found.problems), found.hosts)


def examples(addresses: Iterable[str]) -> list[str]:
    """One address for each combination of hosts in them, the most frequent first.

    >>> examples(["https://a.example/1", "https://b.example/c.example/2", "https://b.example/c.example/3"])
    ['https://b.example/c.example/2', 'https://a.example/1']
    """
    first: dict[tuple[str, ...], str] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for address in addresses:
        if hosts := tuple(dict.fromkeys(sound_sources(address))):
            first.setdefault(hosts, address)
            counts[hosts] += 1
    return [first[hosts] for hosts in sorted(counts, key=lambda hosts: (-counts[hosts], hosts))]


def find_media(
    name: str,
    addresses: Sequence[str],
    follow: Callable[[str], Followed],
    clock: Callable[[], float] = time.monotonic,
) -> Media:
    """The hosts that the audio of the feed `name` redirects to, without those in the addresses themselves."""
    known = {host for address in addresses for host in sound_sources(address)}
    found: set[str] = set()
    problems: list[Problem] = []
    end = clock() + MAX_SECONDS
    for address in examples(addresses)[:MAX_ASKED]:
        if clock() > end:
            break
        steps, fault = follow(address)
        found.update(filter(None, map(host_source, steps)))
        if fault:
            message = f"the audio at {urlsplit(address).hostname or ''} can't be reached: {fault.partition('; ')[0]}"
            remedy = "play an episode on the site; add hosts that its player lacks to knowledge/series.yml"
            problems.append(Problem(name, Span(), message, remedy, Severity.HINT))
    return Media(tuple(sorted(found - known))[:MAX_MEDIA], tuple(problems))


def with_media(drafts: Iterable[SeriesDraft], hosts: Sequence[str]) -> tuple[SeriesDraft, ...]:
    """Series with the hosts that their audio redirects to."""
    return tuple(replace(draft, fields={**draft.fields, MEDIA: list(hosts)}) if hosts else draft for draft in drafts)


def read_path(name: str) -> tuple[Source, list[Problem]]:
    """The source at a path, and warnings about what of its folder is left out.

    With a file of notes come the assets in its folder and below that it names; with a folder its notes and the assets
    that these name. Raises ContentError where there is nothing, or beyond a limit, ResourceError where the disk
    refuses.
    """
    path = Path(name)
    if path.is_dir():
        return _read_folder(name, path)
    if not path.exists():
        raise _refusal(name, "there is no such file", "check the path; it is relative to the current folder")
    if path.stat().st_size > MAX_SOURCE:
        raise _refusal(name, f"larger than {MAX_SOURCE // 2**20} MiB", "split it")
    data = read_bytes(path)
    is_text = path.suffix.lower() in NOTE_SUFFIXES | {".txt", ""}
    # notes that are too large to be read need nothing of what they name
    if not is_text or len(data) > MAX_BYTES or (b"![" not in data and b"[[" not in data):
        return Source(name, data), []
    assets, problems = _assets(name, path.parent, dict(_walk(path.parent, [])), data)
    return Source(name, data, files=assets), problems


def _refusal(name: str, message: str, remedy: str) -> ContentError:
    return ContentError([Problem(name, Span(), message, remedy)])


def _read_folder(name: str, folder: Path) -> tuple[Source, list[Problem]]:
    left_out: list[tuple[str, str]] = []
    files = dict(_walk(folder, left_out))
    notes = {place: info for place, info in files.items() if _suffix(place) in NOTE_SUFFIXES}
    templates = [place for place in sorted(notes) if TEMPLATES & set(place.casefold().split("/")[:-1])]
    for place in templates:
        del files[place], notes[place]
    if not notes:
        raise _refusal(name, "the folder holds no notes", "name a file in it")
    if len(notes) > MAX_NOTES or sum(info.st_size for info in notes.values()) > MAX_NOTES_BYTES:
        message = f"more than {MAX_NOTES:,} notes, or {MAX_NOTES_BYTES // 2**20} MiB of them"
        raise _refusal(name, message, "import its folders one by one")
    texts = {place: read_bytes(folder / place) for place in notes}
    assets, too_large = _assets(name, folder, files, b"\n".join(texts.values()))
    remedy = "give it a plain name and place, or import it by itself"
    problems = [Problem(f"{name}: {place}", Span(), why, remedy, Severity.WARNING) for place, why in left_out]
    unused = [p for p in sorted(files) if p not in notes and p not in assets and _suffix(p) not in _MEDIA]
    hints = [(f"{name.rstrip('/')}/{place}", "not read with the folder's notes") for place in unused[:MAX_LISTED]]
    if len(unused) > MAX_LISTED:
        hints.append((name, f"{len(unused) - MAX_LISTED:,} more files are not read with the folder's notes"))
    if templates:
        shown = ", ".join(visible(place) for place in templates[:MAX_LISTED])
        count = "1 template" if len(templates) == 1 else f"{len(templates):,} templates"
        hints.append((name, f"skipped {count} ({shown})"))
    remedy = "import it by its name if it is to be read"
    found = [Problem(path, Span(), message, remedy, Severity.HINT) for path, message in hints]
    return Source(name, b"", files=dict(sorted({**texts, **assets}.items()))), problems + too_large + found


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _assets(
    name: str, folder: Path, files: Mapping[str, os.stat_result], data: bytes
) -> tuple[dict[str, bytes], list[Problem]]:
    """The assets whose names are in a text, read; and a warning for each that is too large."""
    text = data.decode("utf-8", "replace").casefold()
    text += unquote(text) if "%" in text else ""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    size = 0
    for place in sorted(files):
        if _suffix(place) not in ASSET_SUFFIXES or place.rpartition("/")[2].casefold() not in text:
            continue
        own = files[place].st_size
        if own > MAX_ASSET or size + own > MAX_ASSETS:
            message = f"larger than {MAX_ASSET // 2**20} MiB, or all such files than {MAX_ASSETS // 2**20} MiB"
            remedy = "it is left out; make it smaller"
            problems.append(Problem(f"{name}: {place}", Span(), message, remedy, Severity.WARNING))
            continue
        size += own
        found[place] = read_bytes(folder / place)
    return found, problems


def _walk(folder: Path, left_out: list[tuple[str, str]]) -> Iterator[tuple[str, os.stat_result]]:
    """Regular files of a folder by path relative to it, without dot files, links, built sites, what nests deeper than
    16 folders, and what comes after 50,000 entries. What of that may be notes is added to `left_out` with the reason.
    """
    seen = 0
    pending = [("", folder)]
    while pending:
        prefix, place = pending.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError as error:
            if prefix:
                continue
            raise resource_error(folder, error) from None
        built = _built(place) if any(entry.name == "mkdocs.yml" for entry in entries) else frozenset()
        for entry in entries:
            seen += 1
            if seen > MAX_ENTRIES:
                left_out.append((prefix, f"what comes after {MAX_ENTRIES:,} files and folders is left out"))
                return
            if entry.name.startswith(".") or place / entry.name in built:
                continue
            info = entry.stat(follow_symlinks=False)
            shown = prefix + entry.name
            if why := _reason(entry.name, info.st_mode, prefix.count("/")):
                left_out.append((shown if shown.isprintable() else shown.encode("unicode_escape").decode(), why))
            elif entry.name.isprintable() and stat.S_ISDIR(info.st_mode):
                pending.append((f"{shown}/", place / entry.name))
            elif entry.name.isprintable() and stat.S_ISREG(info.st_mode):
                yield shown, info


def _reason(name: str, mode: int, depth: int) -> str:
    """Why something that may be notes is left out; empty where it isn't, or is no notes."""
    if stat.S_ISDIR(mode):
        if not name.isprintable():
            return "a folder with unprintable characters in its name is left out"
        return f"what nests deeper than {MAX_DEPTH} folders is left out" if depth >= MAX_DEPTH else ""
    # a link without a suffix may lead to a folder of notes
    if _suffix(name) not in NOTE_SUFFIXES and not (stat.S_ISLNK(mode) and not _suffix(name)):
        return ""
    if not stat.S_ISREG(mode):
        return "a link, or no plain file, is left out"
    return "" if name.isprintable() else "a note with unprintable characters in its name is left out"


def _built(root: Path) -> frozenset[Path]:
    """The folders that a build of a root fills: their content was made from its notes."""
    try:
        with (root / "mkdocs.yml").open("rb") as file:
            settings = file.read(MAX_SETTINGS).decode("utf-8", "replace")
    except OSError:
        settings = ""
    found = _SITE_DIR.search(settings)
    return frozenset((root / "build", root / (found[1].strip() if found else "site")))


def detect(source: Source) -> Importer:
    """The first format that a source looks like. Raises ContentError with a remedy where there is none."""
    plain = _from_utf16(source)
    for candidate in (source, plain) if plain else (source,):
        for importer in IMPORTERS:
            if importer.sniff(candidate):
                return importer
    raise _refusal(source.name, *_fault(source, plain is not None))


def _from_utf16(source: Source) -> Source | None:
    """A text in UTF-16 as the same in UTF-8; None where it is none."""
    if not source.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        return replace(source, data=source.data.decode("utf-16").encode())
    except UnicodeDecodeError:
        return None


def _fault(source: Source, is_text: bool) -> tuple[str, str]:
    """What a source of no known format is, and what to do; `is_text`: it is readable as UTF-16. Raises ContentError
    where there is a place to name."""
    data = source.data
    if source.files and not data:
        return "the folder's notes are not recognised", "name the files in it"
    if not data.strip().removeprefix(b"\xef\xbb\xbf"):
        return "the source is empty", _SAVED
    for start, what, remedy in _MAGIC:
        if data.startswith(start):
            return what, remedy
    if suffix := asset_suffix("", data):
        remedy = "import the notes that show it: the files in their folder come along"
        return f"this is a picture, a recording or a video ({suffix})", remedy
    if not is_text:
        if b"\0" in data[:_HEAD]:
            return "this is no text in UTF-8", "name a file with notes, or save it as UTF-8"
        decode(data, source.name)
    text = data[:_HEAD].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if _HTML.search(text[:4096]):
        return "this is an HTML page", "give the address of the feed, or the page saved as text"
    if text.startswith("<?xml"):
        return "this is XML, but no feed and no outline", "export it as RSS, Atom or OPML, or save it as Markdown"
    if _JSON.match(text) and len(data) <= MAX_JSON:
        try:
            json.loads(data.decode("utf-8-sig", "replace"))
        except json.JSONDecodeError as error:
            place = Span(error.lineno, error.colno)
            raise ContentError([Problem(source.name, place, f"not valid JSON: {error.msg}", _SAVED)]) from None
        except (ValueError, RecursionError):
            return "not valid JSON: a number is too long, or it nests too deep", _SAVED
        remedy = "a transcript has a list called segments, chapters one called chapters, a feed one called items"
        return "this is JSON, but no transcript, no chapters and no feed", remedy
    names = ", ".join(importer.name for importer in IMPORTERS)
    return (
        "the format is not recognised",
        f"name it with --from ({names}); notes of any kind are read with --from obsidian",
    )
