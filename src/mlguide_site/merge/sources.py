"""Loads sources (files, folders and addresses) without following symbolic links, and detects their formats.

A source with texts or files that don't match an episode yet is pending: a copy of it is kept in
`.mlguide/pending/<format>-<digest>/NAME`, or `<format>-<digest>-<series>/NAME` for an import with `--series`. Each
import reads the copies again. People may edit, rename or delete the copies."""

import os
import posixpath
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from mlguide_site.content.address_hosts import audio_sources, host_source
from mlguide_site.content.assets import ASSET_SUFFIXES, DRAWING, MEDIA_SUFFIXES, asset_suffix
from mlguide_site.content.files import decode, disk_errors, read_bytes
from mlguide_site.errors import ContentError, Problem, ResourceError, Severity, content_error, is_printable, visible
from mlguide_site.importers import Importer, Source, warning
from mlguide_site.importers.common.addresses import is_web_address, without_secrets
from mlguide_site.importers.feed.drafts import enclosures
from mlguide_site.importers.folder import NOTES, SETTINGS, composed, plain_name
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.importers.notes.source import MAX_NOTES_SOURCE_BYTES, Line, code_lines
from mlguide_site.merge.fetch import fetch, follow
from mlguide_site.model.digests import short_digest
from mlguide_site.progress import stage

FORMATS: Mapping[str, Importer] = {importer.name: importer for importer in IMPORTERS}
MAX_FOLLOWED = 5  # maximum number of audio addresses of a feed whose redirects are followed
ADDRESS_SECONDS = 5.0  # time limit for the redirects of one audio address
MAX_MEDIA = 20  # hosts
MAX_SOURCE = 64 * 1024 * 1024  # bytes
MAX_ASSET = 32 * 1024 * 1024  # bytes
MAX_ASSETS = 256 * 1024 * 1024  # maximum total size of a source's assets, in bytes
MAX_NOTES = 5_000  # note files in a folder
MAX_NOTES_BYTES = 8 * 1024 * 1024  # bytes of all notes in a folder
MAX_ENTRIES = 50_000  # files and folders in a folder
MAX_SETTINGS = 100_000  # bytes
MAX_LISTED = 10  # unread files that a message lists
ALONE = frozenset(".atom .htm .html .opml .rss .xml".split())  # suffixes of files that are imported by themselves
SKIPPED = frozenset("template templates _template _templates node_modules site-packages".split())
"""Folders with templates of notes, and with installed packages."""
BUILT = frozenset(("build", "site"))  # folders with generated pages, if they are beside `mkdocs.yml`
OWN = ("episodes", "knowledge")
"""Folders of a knowledge base. Beside `mkdocs.yml`, a folder of notes that contains both is a knowledge base itself."""
_HTML = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]", re.I)
_PICTURE = re.compile(
    r"(?<!`)(`+)[^`]++\1(?!`)"
    r"|(?P<picture>!\[[^\[\]]{0,1000}\]\(\s{0,9}<?|^\s{0,3}\[[^\[\]]{1,1000}\]:\s{0,9}<?|<img\s[^<>]{0,1000}?\bsrc=[\"']?)"
    r"(?i:data:image/)(?P<kind>\w{1,9})[\w.+;=-]{0,60};base64,(?P<data>[A-Za-z0-9+/=]{16,})"
)
"""Inline code, or a picture or a definition with a `data:` address."""
_BETWEEN_WORDS = re.compile(r"""[\s/\\|<>"'()\[\]{}=#?&!,;:*`]+""")
PENDING = ".mlguide/pending"
UNMATCHED_FORMATS = ("player", "transcript")  # sources in these formats may not say which episode they belong to
MAX_NAME, MAX_SUFFIX = 180, 20  # maximum lengths of a copy's name without suffix, in bytes, and of the suffix
_KEY = re.compile(rf"({'|'.join(UNMATCHED_FORMATS)})-[0-9a-f]{{16}}(?:-([a-z0-9-]+))?")


class Loaded(NamedTuple):
    """A source, with the importer of its format."""

    source: Source
    importer: Importer
    problems: tuple[Problem, ...] = ()
    hosts: tuple[str, ...] = ()  # the hosts that the audio redirects to
    series: str = ""  # the series of all episodes, from `--series`
    key: str = ""  # the name of the folder for the source in `.mlguide/pending/`
    is_pending: bool = False
    is_detected: bool = False  # true if `--from` didn't set the format


def load_sources(
    sources: Iterable[str | Source], importer: Importer | None, follows: bool | None = None, skip_bad: bool = False
) -> tuple[list[Loaded], list[Problem]]:
    """Load sources from paths and addresses. Return the sources, and the problems of sources that can't be loaded. If
    `importer` is None, the format is detected. If `follows` is true, redirects of audio are followed for all feeds; if
    it is None, only for downloaded feeds. Without `skip_bad`, raises ResourceError if the disk or network fails."""
    loaded, problems = list[Loaded](), list[Problem]()
    for given in sources:
        name = given if isinstance(given, str) else given.name
        # don't publish a subscriber's secret key, which the address may contain
        shown = without_secrets(name) if is_web_address(name) else name
        try:
            with stage(f"reading {shown}"):
                loaded.append(_load(given, importer, follows))
        except ContentError as error:
            problems += error.problems
        except ResourceError as error:
            if not skip_bad:
                raise
            message, _, remedy = str(error).removeprefix(f"{shown}: ").partition("; ")
            problems.append(warning(shown, 1, message, remedy or "try again later", Severity.ERROR))
    return loaded, problems


def _load(given: str | Source, importer: Importer | None, follows: bool | None) -> Loaded:
    is_web, problems = not isinstance(given, str) or is_web_address(given), list[Problem]()
    if not isinstance(given, str):
        source = given
    elif is_web:
        source = fetch(given)
    else:
        source, problems = read_path(given)
    format = importer or detect(source)
    hosts: tuple[str, ...] = ()
    if (is_web if follows is None else follows) and (addresses := enclosures(source)):
        hosts, found = find_media(source.name, addresses)
        problems += found
    return Loaded(source, format, tuple(problems), hosts, is_detected=importer is None)


def find_media(name: str, addresses: Sequence[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the hosts that a feed's audio redirects to, except hosts in the feed's own addresses. Also return a hint
    for each unreachable address. If several addresses have the same hosts, only the first is followed."""
    first: dict[tuple[str, ...], str] = {}
    for address in addresses:
        first.setdefault(tuple(dict.fromkeys(audio_sources(address))), address)
    first.pop((), None)
    found: set[str] = set()
    problems: list[Problem] = []
    for address in list(first.values())[:MAX_FOLLOWED]:
        steps, fault = follow(address, seconds=ADDRESS_SECONDS)
        found.update(filter(None, map(host_source, steps)))
        if fault:
            message = f"the audio at {urlsplit(address).hostname} can't be reached: {fault.partition('; ')[0]}"
            remedy = "if the player can't load the audio, add the audio's host to \"media\" in knowledge/series.yml"
            problems.append(warning(name, 1, message, remedy, Severity.HINT))
    return tuple(sorted(found - {host for hosts in first for host in hosts}))[:MAX_MEDIA], problems


def read_path(name: str) -> tuple[Source, list[Problem]]:
    """Read a file or a folder of notes, with all assets that the notes name. Also return problems of omitted files.
    Raises ContentError if the path doesn't exist or exceeds a limit, and ResourceError if the disk fails."""
    path = Path(name)
    if path.is_dir():
        return _read_folder(name, path)
    if not path.exists():
        raise content_error(name, "there is no such file", "check the path, which is relative to the current folder")
    if path.stat().st_size > MAX_SOURCE:
        raise content_error(name, f"the file is larger than {MAX_SOURCE // 2**20} MiB", "split the file")
    data = read_bytes(path)
    is_text = path.suffix.lower() in {*NOTES, ".txt", ""}
    data, pictures = take_pictures(path.name, data) if is_text else (data, {})
    # don't read the assets of notes that are too large to import
    if not is_text or len(data) > MAX_NOTES_SOURCE_BYTES or (b"![" not in data and b"[[" not in data):
        return Source(name, data, files=pictures | _settings(path) if is_text else {}), []
    assets, problems = _assets(name, path.parent, _walk(name, path.parent)[0], data)
    return Source(name, data, files={**_by_plain_name(assets), **pictures, **_settings(path)}), problems


def take_pictures(path: str, data: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return a note whose pictures with a `data:` address, as Google Docs writes them, have names of files instead, and
    the files by path. Code stays."""
    found: dict[str, bytes] = {}

    def named(match: re.Match[str]) -> str:
        if not match["picture"]:
            return match[0]
        name = f"picture.{match['kind']}"  # it is reported as missing
        with suppress(ValueError):
            picture = b64decode(match["data"])
            if suffix := asset_suffix("", picture):
                name = f"{short_digest(picture)}/picture{suffix}"
                found[posixpath.join(posixpath.dirname(path), name)] = picture
        return match["picture"] + name

    if b";base64," not in data:
        return data, {}
    texts = data.decode("utf-8", "surrogateescape").split("\n")
    are_code = code_lines([Line(0, text) for text in texts])
    lines = [text if code else _PICTURE.sub(named, text) for text, code in zip(texts, are_code, strict=True)]
    return "\n".join(lines).encode("utf-8", "surrogateescape"), found


def _by_plain_name(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files by plain names, as links write them. A file keeps its own name if another has the plain name."""
    uses = Counter(map(plain_name, files))
    return {plain if uses[plain := plain_name(name)] == 1 else name: data for name, data in files.items()}


def _settings(path: Path) -> dict[str, bytes]:
    """Return the settings of the Obsidian vault that a note or folder is in, if any, by their path in the vault."""
    files = (folder / SETTINGS for folder in (path, *path.absolute().parents))
    file = next((one for one in files if os.path.isfile(one) and one.stat().st_size <= MAX_SETTINGS), None)
    return {SETTINGS: read_bytes(file)} if file else {}


def _read_folder(name: str, folder: Path) -> tuple[Source, list[Problem]]:
    sizes, problems = _walk(name, folder)
    # R Markdown and Quarto may write a note with the results beside their source
    sources = {place for place in sizes if _suffix(place) in {".qmd", ".rmd"} and f"{place[:-4]}.md" in sizes}
    notes = [place for place in sizes if _suffix(place) in NOTES and place not in sources]
    if not notes:
        raise content_error(name, "the folder contains no notes", "give the path of a file in the folder")
    texts, pictures = dict[str, bytes](), dict[str, bytes]()
    is_large = len(notes) > MAX_NOTES or sum(map(sizes.__getitem__, notes)) > MAX_ASSETS
    for place in notes if not is_large else ():
        texts[place], own = take_pictures(place, read_bytes(folder / place))
        pictures |= own
    if is_large or sum(map(len, texts.values())) > MAX_NOTES_BYTES:
        message = f"the folder contains more than {MAX_NOTES:,} notes, or {MAX_NOTES_BYTES // 2**20} MiB of notes"
        raise content_error(name, message, "import its subfolders one by one")
    assets, too_large = _assets(name, folder, sizes, b"\n".join(texts.values()))
    files = {**texts, **assets, **pictures, **_settings(folder)}
    others = [place for place in sizes if _suffix(place) not in MEDIA_SUFFIXES]
    unused = [place for place in others if place not in files or _suffix(place) in ALONE]
    if unused:
        shown = ", ".join(map(visible, unused[:MAX_LISTED])) + (", …" if len(unused) > MAX_LISTED else "")
        message = f"not read with the folder's notes: {shown} ({len(unused):,} in all)"
        remedy = "to import feeds, transcripts and pages, give their paths"
        problems.append(warning(name, 1, message, remedy, Severity.HINT))
    return Source(name, b"", files=dict(sorted(_by_plain_name(files).items()))), problems + too_large


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _assets(name: str, folder: Path, sizes: Mapping[str, int], data: bytes) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the files, except notes, whose names consist of words in the notes `data`, and a warning for each one over
    a limit. Files of types that aren't published are empty."""
    text = normalize("NFC", data.decode("utf-8", "replace")).casefold()
    text += f" {composed(text).casefold()}" if "%" in text else ""
    # comparing words takes linear time, unlike searching the text for each of many names
    words = {"", *_BETWEEN_WORDS.split(text)}
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    total = 0
    for place, size in sizes.items():
        named = _BETWEEN_WORDS.split(normalize("NFC", place.rpartition("/")[2]).casefold())
        suffix = _suffix(place)
        if suffix in NOTES or not words.issuperset(named):
            continue
        if suffix not in ASSET_SUFFIXES and suffix != DRAWING:
            found[place] = b""  # enough for a message about its type
            continue
        if size > MAX_ASSET or total + size > MAX_ASSETS:
            limits = f"{MAX_ASSET // 2**20} MiB per file, {MAX_ASSETS // 2**20} MiB in all"
            message = f"not imported: the limits are {limits}"
            problems.append(warning(f"{name}: {place}", 1, message, "make the file smaller"))
            continue
        total += size
        found[place] = read_bytes(folder / place)
    return found, problems


def _walk(name: str, folder: Path) -> tuple[dict[str, int], list[Problem]]:
    """Return the sizes of a folder's files by path, except hidden files, templates, built sites and the content of
    knowledge bases. Also return a warning for each symbolic link or unprintable name. Raises ContentError for more than
    `MAX_ENTRIES` files."""
    sizes: dict[str, int] = {}
    problems: list[Problem] = []
    seen, folders = 0, [""]
    while folders:
        within = folders.pop()
        with disk_errors(folder):
            entries = list(os.scandir(folder / within))
            seen += len(entries)
            if seen > MAX_ENTRIES:
                message = f"the folder contains more than {MAX_ENTRIES:,} files"
                raise content_error(name, message, "import its subfolders one by one")
            names = {one.name for one in entries}
            skipped = BUILT if "mkdocs.yml" in names else frozenset[str]()
            if skipped and names.issuperset(OWN):
                # the content of a knowledge base isn't imported again
                skipped |= {*OWN, "pages", "README.md"}
                message = "the content of this knowledge base is not imported"
                remedy = "to import that of another one, give the path of its folder episodes"
                problems.append(warning(f"{name}: {within or '.'}", 1, message, remedy, Severity.HINT))
            for one in entries:
                path, is_plain = within + one.name, one.is_file(follow_symlinks=False)
                is_folder = one.is_dir(follow_symlinks=False)
                if one.name[0] == "." or one.name in skipped or (is_folder and one.name.casefold() in SKIPPED):
                    continue
                is_shown = is_printable(plain_name(one.name))
                if is_shown and is_folder:
                    folders.append(f"{path}/")
                elif is_shown and is_plain:
                    sizes[path] = one.stat(follow_symlinks=False).st_size
                # a symbolic link without a suffix may point to a folder of notes
                elif is_folder or _suffix(one.name) in NOTES or (not is_plain and not _suffix(one.name)):
                    reason, remedy = "its name contains an unprintable character", "rename it"
                    if is_shown:
                        reason = f"this is a {'symbolic link' if one.is_symlink() else 'special file'}"
                        remedy = "move the file or folder to this place, or import it alone"
                    message = f"not imported: {reason}"
                    problems.append(warning(f"{name}: {visible(path)}", 1, message, remedy))
    return dict(sorted(sizes.items())), sorted(problems)


def detect(source: Source) -> Importer:
    """Return the first importer that recognises a source. Raises ContentError for an unknown format."""
    plain = source
    if source.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = replace(source, data=source.data.decode("utf-16", "replace").encode())
    found = (importer for candidate in (source, plain) for importer in IMPORTERS if importer.sniff(candidate))
    if importer := next(found, None):
        return importer
    raise content_error(source.name, *_fault(plain))


def _fault(source: Source) -> tuple[str, str]:
    """Return the message and remedy for an unknown format. Raises ContentError for text that isn't UTF-8."""
    data = source.data
    if source.files and not data:
        return "the format of the folder's notes is not recognised", "give the paths of the files to import"
    if not data.strip().removeprefix(b"\xef\xbb\xbf"):
        return "the source is empty", "check whether it was saved or downloaded completely"
    if asset_suffix("", data) or b"\0" in data:
        return "this is not text", "save the text as a Markdown or text file in UTF-8, or unpack the archive first"
    if _HTML.search(decode(data, source.name)[:4096]):
        return "this is an HTML page", "give the address of the feed, or save the page as text"
    if b"jsonfeed.org" in data[:4096]:
        return "JSON Feed is not supported", "give the address of the show's RSS or Atom feed"
    names = ", ".join(importer.name for importer in IMPORTERS)
    remedy = (
        f"set it with --from ({names}); --from obsidian reads notes of any kind, --from transcript lines with times"
    )
    return "the format is not recognised", remedy


def pending_key(format: str, series: str, source: Source) -> str:
    """Return the name of a source's folder in `.mlguide/pending/`, or "" if sources in `format` are never pending."""
    if format not in UNMATCHED_FORMATS:
        return ""
    name = short_digest(b"\n".join([pending_path("", source.name).encode("utf-8", "replace"), source.data]))
    return "-".join(filter(None, (format, name, series)))


def pending_path(key: str, name: str) -> str:
    """Return the path of a source's copy. The source's file name is kept, because it may identify the episode."""
    path = unquote(urlsplit(name).path) if is_web_address(name) else name.replace("\\", "/")
    stem, suffix = os.path.splitext(re.sub(r"[^\w .,()&'+-]", "_", path.rstrip("/").rpartition("/")[2]).lstrip("."))
    short = stem.encode()[:MAX_NAME].decode("utf-8", "ignore")
    return f"{PENDING}/{key}/{short or 'source'}{suffix[:MAX_SUFFIX]}"


def load_pending(root: Path) -> dict[str, Loaded]:
    """Load the pending sources of a root, by folder name. Raises ResourceError if the disk fails."""
    found: dict[str, Loaded] = {}
    for path in sorted((root / PENDING).glob("*/[!.]*")):
        name, key = path.parent.name, _KEY.fullmatch(path.parent.name)
        is_linked = any(one.is_symlink() for one in (path, path.parent, root / PENDING))
        if key and name not in found and path.is_file() and not is_linked:
            source = Source(path.relative_to(root).as_posix(), read_bytes(path))
            found[name] = Loaded(source, FORMATS[key[1]], series=key[2] or "", key=name, is_pending=True)
    return found
