"""The build cache: named rows of text in one SQLite file. The file can be deleted at any time.

A cache file from elsewhere, such as a checkout, could contain forged results. So each cache file contains a digest of a
secret in the user's cache folder. A cache file that is damaged, or that another user wrote, is rebuilt. From the file
of another version, only the names of the generated files (in the namespaces that begin with `files `) are used."""

import contextlib
import hashlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from platformdirs import user_cache_path

from mlguide_site.build.inputs import program_digest
from mlguide_site.model.digests import digest

FILE = "cache.sqlite"  # the name of the cache file in the folder of generated files
BUILD = "build"  # the folder of generated files in a root
FORMAT = "4"  # the version of the cache's format; increase it whenever the meaning of rows changes
WAIT = 2.0  # maximum number of seconds to wait while another process writes to the cache
TABLES = [
    "CREATE TABLE identity (value text not null)",
    # without rowids, SQLite would read large values again whenever it adds another row
    "CREATE TABLE entry (space text, name text, key text not null, value text not null, primary key (space, name))",
]
KEY_FILE = "owner.key"
KEY_LENGTH = 32
Rows = Mapping[str, tuple[str, str]]
"""Maps the name of each row to its key and value. The key identifies the inputs from which the value was computed."""
_ERRORS = (sqlite3.Error, OSError, ValueError, TypeError, OverflowError)


def opened(root: Path, folder: str = BUILD, say: Callable[[str], None] = lambda _: None) -> contextlib.closing["Cache"]:
    """Open the build cache in a folder below the root. If the cache can't be used, call `say` with the reason."""
    return contextlib.closing(Cache(root / folder, program_digest(), owner_mark(), say))


class Cache:
    """A cache of rows in namespaces (`space`). If `owner` (see `owner_mark`) is "", nothing is stored."""

    def __init__(self, folder: Path, program: str, owner: str, say: Callable[[str], None] = lambda _: None) -> None:
        self.path = folder / FILE
        self.fresh = True  # True if the cache contains no results of an earlier build
        self._owner = digest(f"{FORMAT} {owner}")
        self._identity = f"{self._owner} {digest(program)}"
        self._say = say
        self._connection: sqlite3.Connection | None = None
        if owner:
            try:
                self._open()
            except _ERRORS as error:
                self._ignore(error)

    def read(self, space: str) -> dict[str, tuple[str, str]]:
        if self._connection is None:
            return {}
        try:
            rows = self._connection.execute("select name, key, value from entry where space = ?", (space,))
            return {name: (key, value) for name, key, value in rows}
        except _ERRORS as error:
            self._ignore(error)
            return {}

    def value(self, space: str, name: str) -> str:
        return self.read(space).get(name, ("", ""))[1]

    def write(self, spaces: Mapping[str, Rows]) -> None:
        """Replace the rows of each namespace, in one transaction. A row whose key is unchanged isn't written again."""
        if self._connection is None:
            return
        try:
            with self._connection as connection:
                for space, rows in spaces.items():
                    known = dict(connection.execute("select name, key from entry where space = ?", (space,)).fetchall())
                    obsolete = [(space, name) for name in sorted(known.keys() - rows.keys())]
                    new = ((space, name, *row) for name, row in rows.items() if known.get(name) != row[0])
                    connection.executemany("delete from entry where space = ? and name = ?", obsolete)
                    connection.executemany("insert or replace into entry values (?, ?, ?, ?)", new)
            self.fresh = False
        except _ERRORS as error:
            self._ignore(error)
            # delete the cache file, because it no longer matches the files on disk
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.is_symlink():
            raise OSError(f"{FILE} is a symbolic link")
        self._connection = connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level="IMMEDIATE")
        connection.execute("pragma trusted_schema = off")
        connection.execute("pragma synchronous = normal")
        # accept only our tables, because a trigger or view in the file could run code
        schema = connection.execute("select sql from sqlite_schema where sql is not null").fetchall()
        if [row[0] for row in schema] == TABLES:
            found = (connection.execute("select value from identity").fetchone() or ("",))[0]
            self.fresh = found != self._identity
            if self.fresh and found.startswith(f"{self._owner} "):
                with connection:
                    # a new version makes all results anew, but it must delete the old version's unneeded files
                    connection.execute("delete from entry where space not like 'files %'")
                    connection.execute("update entry set key = '', value = ''")
                    connection.execute("update identity set value = ?", (self._identity,))
                return
        if self.fresh and schema:
            self._delete()
            self._open()
        elif self.fresh:
            with connection:
                for statement in TABLES:
                    connection.execute(statement)
                connection.execute("insert into identity values (?)", (self._identity,))

    def _delete(self) -> None:
        self.close()
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def _ignore(self, error: Exception) -> None:
        """Continue without the cache. Delete a damaged cache file, so that the next build creates a new one."""
        reason = " ".join(str(error).split()) or type(error).__name__
        self.close()
        self.fresh = True
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            self._say(f"{FILE} is damaged ({reason}); ignoring this cache and rebuilding it")
            with contextlib.suppress(OSError):
                self._delete()
        else:
            self._say(f"{FILE} can't be used now ({reason}); building without it")


def owner_mark() -> str:
    """Return a digest that identifies the user's cache files, or "" if the user's secret key can't be read."""
    try:
        folder = user_cache_path("mlguide", appauthor=False)
        path = folder / KEY_FILE
        if not path.is_file() or path.stat().st_size != KEY_LENGTH:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = folder / f".{KEY_FILE}.{secrets.token_hex(4)}"
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(KEY_LENGTH))
            # if two processes create a secret at the same time, only one of the two secrets remains
            os.replace(fresh, path)
        data = path.read_bytes()
    except (OSError, RuntimeError):
        return ""
    return hashlib.blake2b(data, digest_size=16, person=b"mlguide cache").hexdigest()
