"""Sources from disk and network, and what is remembered of feeds, so that one that didn't change isn't sent again.

`.mlguide/feeds.json` holds for each address what its server told (`ETag`, `Last-Modified`) and a hash of what the
import depended on beside the feed: where a person has changed that, or how it is asked, the feed is fetched whole.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from mlguide_site.content.files import read_bytes
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Source
from mlguide_site.importers.feed import enclosures
from mlguide_site.importers.fetch import (
    Fetched,
    Marks,
    fetch,
    follow,
    identity,
    is_web_address,
    public_address,
    without_secrets,
)
from mlguide_site.merge.base import FOLDER, digest
from mlguide_site.merge.entries import PATHS
from mlguide_site.merge.gather import gather
from mlguide_site.merge.records import files_at
from mlguide_site.merge.report import Write
from mlguide_site.merge.sent_on import SentOn, find_sent_on
from mlguide_site.merge.series import PATH as SERIES_PATH
from mlguide_site.version import __version__

PATH = ".mlguide/feeds.json"
SOUND_SECONDS = 10.0
"""For one address of sound, all its steps together."""


class Kept(NamedTuple):
    """What is remembered of a feed: its marks, and the hash of what its last import depended on."""

    marks: Marks
    state: str


class Loaded(NamedTuple):
    """Sources with what is to be said about them, the names of those that didn't change, the marks of fetched ones by
    the address that was asked for, and the hosts that the sound of sources is sent on to, by their names."""

    sources: tuple[tuple[Source, tuple[Problem, ...]], ...]
    unmodified: tuple[str, ...]
    marks: Mapping[str, Marks]
    media: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def load_sources(
    root: Path,
    names: Sequence[str],
    options: Sequence[str],
    progress: Callable[[str], None],
    follows: bool | None = None,
) -> Loaded:
    """What stands at paths and addresses. `options` are those of the import that its result depends on. With `follows`
    the hosts of the sound of feeds are asked where they send browsers on to; None: of those fetched just now.

    Raises ContentError where there is nothing or a record of the root is broken, ResourceError where disk or network
    refuse.
    """
    sources: list[tuple[Source, tuple[Problem, ...]]] = []
    unmodified: list[str] = []
    marks: dict[str, Marks] = {}
    media: dict[str, tuple[str, ...]] = {}
    known = load_feeds(read_bytes(root / PATH)) if (root / PATH).is_file() else {}
    state = root_state(root, options) if known and any(map(is_web_address, names)) else ""
    for name in names:
        shown = without_secrets(name) if is_web_address(name) else name
        progress(f"reading {shown}")
        if not is_web_address(name):
            source, problems = gather(name)
            sent_on = _sent_on(source, progress) if follows else SentOn()
            media[source.name] = sent_on.hosts
            sources.append((source, (*problems, *sent_on.problems)))
            continue
        key = identity(name)
        before = known.get(key)
        fetched: Fetched = fetch(name, known=before.marks if before and before.state == state and not follows else None)
        marks[key] = fetched.marks
        if fetched.data is None:
            unmodified.append(shown)
        else:
            # an address with a key in it is nobody's but the subscriber's, and not to stand on the site
            source = Source(shown, fetched.data, public_address(fetched.url))
            sent_on = _sent_on(source, progress) if follows is not False else SentOn()
            media[source.name] = sent_on.hosts
            sources.append((source, sent_on.problems))
    return Loaded(tuple(sources), tuple(unmodified), marks, media)


def _sent_on(source: Source, progress: Callable[[str], None]) -> SentOn:
    addresses = enclosures(source)
    if not addresses:
        return SentOn()
    progress(f"{source.name}: asking where its sound is sent on to")
    return find_sent_on(source.name, addresses, lambda address: follow(address, seconds=SOUND_SECONDS))


def feed_writes(root: Path, marks: Mapping[str, Marks], options: Sequence[str], writes: Sequence[Write]) -> list[Write]:
    """The new record of feeds, if it is another than before. `writes` are those of the import that it stands behind."""
    if not marks:
        return []
    before = read_bytes(root / PATH) if (root / PATH).is_file() else None
    found = load_feeds(before) if before is not None else {}
    state = root_state(root, options, writes)
    for name, own in marks.items():
        if own == Marks():
            found.pop(name, None)
        else:
            found[name] = Kept(own, state)
    after = dump_feeds(found) if found or before is not None else None
    return [Write(PATH, before, after)] if after != before else []


def root_state(root: Path, options: Sequence[str], writes: Iterable[Write] = ()) -> str:
    """The hash of what an import depends on beside its sources, as it will be after some writes: the program, the
    options, what is said of series and topics, and which episodes there are or were."""
    changed = {write.path: write.after for write in writes}
    texts = []
    for path in (SERIES_PATH, PATHS["topic"]):
        data = changed[path] if path in changed else read_bytes(root / path) if (root / path).is_file() else None
        texts.append((data or b"").decode("utf-8", "replace"))
    files = [*files_at(root, "episodes", 2, ".md"), *files_at(root, FOLDER, 1, ".json")]
    paths = {path.relative_to(root).as_posix() for path in files}
    for path, data in changed.items():
        if path.startswith((f"{FOLDER}/", "episodes/")) and path.endswith((".md", ".json")):
            paths = paths - {path} if data is None else paths | {path}
    return digest(json.dumps([__version__, list(options), texts, sorted(paths)], ensure_ascii=True))


def dump_feeds(feeds: Mapping[str, Kept]) -> bytes:
    """The record of feeds as the bytes of its file."""
    plain = {
        name: {"url": kept.marks.url, "etag": kept.marks.etag, "modified": kept.marks.modified, "state": kept.state}
        for name, kept in feeds.items()
    }
    return (json.dumps(plain, sort_keys=True, indent=1) + "\n").encode()


def load_feeds(data: bytes) -> dict[str, Kept]:
    """The record of feeds from the bytes of its file. Raises ContentError where they are none.

    >>> load_feeds(dump_feeds({"https://a.example/f": Kept(Marks("https://a.example/f", '"1"'), "00")}))
    {'https://a.example/f': Kept(marks=Marks(url='https://a.example/f', etag='"1"', modified=''), state='00')}
    """
    try:
        return {
            str(name): Kept(Marks(*(str(one[key]) for key in ("url", "etag", "modified"))), str(one["state"]))
            for name, one in json.loads(data).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "take the file from an earlier commit, or remove it"
        raise ContentError([Problem(PATH, Span(), "not a record of feeds", remedy)]) from None
