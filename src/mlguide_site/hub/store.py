"""Stores the results of a hub with fsspec, for example in a folder: each show's site, notes and partial catalog.

The names of results contain digests of the inputs. A record names the current results of a show, and is written last.
So other tasks read either the old or the new results, and an interrupted task changes nothing. In archives, files are
sorted by name, so equal folders produce equal archives."""

import io
import json
import os
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mkdocs_incremental.output import Ignore, files_in
from mlguide_site.errors import ResourceError, UsageError, content_error
from mlguide_site.hub import INSTALL
from mlguide_site.model.digests import digest
from mlguide_site.publish.zipped import zipped


class Record(NamedTuple):
    """The current results of a show or hub. `source` identifies the show's source, `content` is a digest of the root's
    files, and `context` is a digest of all other inputs. The next four fields are names of results, or "".
    `episodes` is set for a show, and `feed` is a digest of the address of its feed. The numbers of `pages` of shared
    entries and of `warnings` are set for a hub."""

    source: str = ""
    context: str = ""
    content: str = ""
    site: str = ""
    catalog: str = ""
    words: str = ""
    notes: str = ""
    episodes: int = 0
    feed: str = ""
    pages: int = 0
    warnings: int = 0


class Store:
    """A store at an address. Raises UsageError for an unsupported address. Methods raise OSError and ResourceError."""

    def __init__(self, address: str) -> None:
        try:
            import fsspec  # type: ignore[import-untyped]  # noqa: PLC0415 - part of the extra

            self._files, self._folder = fsspec.core.url_to_fs(address)
        except ImportError as error:
            raise UsageError(f"{address}: {error}; {INSTALL}, and install the package for this address") from None
        except ValueError as error:
            raise UsageError(f"{address}: {error}; write a folder or an address such as s3://bucket/hub") from None

    def read(self, name: str) -> bytes:
        """Return the bytes of a result. Raises FileNotFoundError if the result doesn't exist."""
        with _translated():
            return bytes(self._files.cat_file(f"{self._folder}/{name}"))

    def write(self, name: str, data: bytes) -> str:
        """Write a result, completely or not at all. Return its name."""
        path = f"{self._folder}/{name}"
        temporary = f"{path}.{uuid.uuid4().hex[:8]}"
        with _translated():
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(temporary, data)
            self._files.mv(temporary, path)
        return name

    def record(self, folder: str) -> Record:
        """Return the record in a folder, which is empty if there is none. Fields of other versions are ignored. Raises
        ContentError for a damaged record, because without it, the next commit would delete the notes."""
        try:
            values = dict(json.loads(self.read(f"{folder}/record.json")))
        except FileNotFoundError:
            return Record()
        except (ValueError, TypeError):
            remedy = "restore it from a copy, or delete its folder, which loses notes that have left the feed"
            raise content_error(f"{folder}/record.json", "record.json in the store is damaged", remedy) from None
        known = {name: value for name, value in values.items() if name in Record._fields}
        # a person may have renamed the folder together with the key of the show
        names = {
            one: str(known[one]).rpartition("/")[2] for one in ("site", "catalog", "words", "notes") if known.get(one)
        }
        return Record(**known | {one: f"{folder}/{name}" for one, name in names.items()})

    def commit(self, folder: str, record: Record) -> Record:
        """Write the record of a folder, and remove results that the record doesn't name. Return the record."""
        self.write(f"{folder}/record.json", json.dumps(record._asdict(), indent=1).encode() + b"\n")
        with _translated():
            self._files.invalidate_cache()
            for path in self._files.ls(f"{self._folder}/{folder}", detail=False):
                if f"{folder}/{path.rpartition('/')[2]}" not in (f"{folder}/record.json", *record):
                    self._files.rm_file(path)
        return record


@contextmanager
def _translated() -> Iterator[None]:
    """Raise ResourceError for the exceptions of fsspec's backends, which have no common base class."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise ResourceError(f"the store failed: {error}; check its address and the access to it") from None


def packed(folder: Path, names: Iterable[str] = ("",)) -> bytes:
    """Return a ZIP archive of the files of a folder, or only of the subfolders `names`."""
    paths = [(Path(name) / path).as_posix() for name in names for path in files_in(folder / name)]
    return zipped(((path, (folder / path).read_bytes()) for path in paths), level=1)


def unpack(data: bytes, folder: Path) -> None:
    """Extract an archive into a folder. Raises ContentError if the archive is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        remedy = "restore the store from a copy, or delete the store's folder of this show"
        raise content_error("store", "a result in the store is damaged", remedy) from None


def tree_digest(folder: Path, ignore: Ignore = lambda _above, _names: ()) -> str:
    """Return a digest of the paths and contents of all files in a folder, except the names that `ignore` returns.
    Symbolic links are not followed, and special files, such as named pipes, are not read."""
    return digest(repr([(path, _content(folder / path)) for path in files_in(folder, ignore)]))


def _content(path: Path) -> str:
    if path.is_symlink():
        return os.readlink(path)
    return digest(path.read_bytes()) if path.is_file() else ""
