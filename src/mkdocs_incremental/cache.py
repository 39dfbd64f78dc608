"""The cache: one SQLite file of plain text with a checksum for each row, so that damage is detected, not believed."""

import contextlib
import errno
import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from mkdocs_incremental.records import PageRecord

FORMAT = "mkdocs-incremental 1"
"""Changes with the meaning of what is kept."""
WAIT = 10.0
"""Seconds to wait for another process."""
TABLES = {"facts": ["name", "value", "checksum"], "pages": ["path", "record", "checksum"]}
_OF_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
_DAMAGE = (sqlite3.Error, ValueError, TypeError, AttributeError, RecursionError)


class BusyError(Exception):
    """Another process is building with this cache."""


class CacheError(Exception):
    """The file doesn't contain what was written there."""


class Cache:
    """An open cache. One process at a time has it open, until `close` or its end."""

    def __init__(self, path: Path) -> None:
        """Open or create the file. Raises BusyError, CacheError, OSError."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise CacheError("it is not a regular file")
        if path.exists():
            with path.open("rb") as file:
                # an empty file is one that another process is creating
                if file.read(16) not in (b"", b"SQLite format 3\0"):
                    raise CacheError("it is not a cache")
        self._connect()

    def _connect(self) -> None:
        self._connection = sqlite3.connect(self._path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            run = self._connection.execute
            run("PRAGMA trusted_schema = OFF")
            # the mode comes after the lock: it keeps shared locks too, and two processes would wait for each other
            run("BEGIN EXCLUSIVE")
            run("PRAGMA locking_mode = EXCLUSIVE")
            run("CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL, checksum TEXT NOT NULL)")
            run(
                "CREATE TABLE IF NOT EXISTS pages (path TEXT PRIMARY KEY, record TEXT NOT NULL, checksum TEXT NOT NULL)"
            )
            run("COMMIT")
            for table, columns in TABLES.items():
                if [row[1] for row in run(f"PRAGMA table_info({table})")] != columns:
                    raise CacheError("it is of another version")
        except sqlite3.Error as error:
            self._connection.close()
            raise (BusyError() if "locked" in str(error) else CacheError(str(error))) from None
        except CacheError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let other processes have it."""
        self._connection.close()

    def facts(self) -> Mapping[str, Any]:
        """All facts by name. Raises CacheError."""
        try:
            return {name: json.loads(value) for name, value in self._rows("facts")}
        except _DAMAGE as error:
            raise CacheError(str(error)) from None

    def records(self) -> dict[str, PageRecord]:
        """All pages by the path of their source. Raises CacheError."""
        try:
            return {path: PageRecord._make(json.loads(record)) for path, record in self._rows("pages")}
        except _DAMAGE as error:
            raise CacheError(str(error)) from None

    def _rows(self, table: str) -> Iterable[tuple[str, str]]:
        for name, value, checksum in self._connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our names
            if _checksum(name, value) != checksum:
                raise CacheError(f"{table} are damaged")
            yield name, value

    def open_journal(self) -> None:
        """Note that the site is being written: until `record`, nothing in the cache is valid. Raises OSError."""
        self._write({"journal": "open"}, (), (), replace=False)

    def record(
        self, facts: Mapping[str, Any], records: Iterable[PageRecord], gone: Collection[str], replace: bool
    ) -> None:
        """Keep facts (JSON values) and pages, and drop the pages that are gone, or with `replace` all others. The site
        is valid again. Raises OSError."""
        self._write({**facts, "journal": "closed", "format": FORMAT}, list(records), gone, replace)

    def _write(
        self, facts: Mapping[str, Any], records: Collection[PageRecord], gone: Collection[str], replace: bool
    ) -> None:
        try:
            self._put(facts, records, gone, replace)
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # https://sqlite.org/rescode.html
            if code in _OF_DISK:
                number = errno.ENOSPC if code == sqlite3.SQLITE_FULL else 0
                raise OSError(number, str(error), str(self._path)) from None
            # damaged where nothing was read: start again with an empty cache
            self.close()
            remove(self._path)
            self._connect()
            if replace:
                self._put(facts, records, (), replace)

    def _put(
        self, facts: Mapping[str, Any], records: Collection[PageRecord], gone: Collection[str], replace: bool
    ) -> None:
        run, run_many = self._connection.execute, self._connection.executemany
        run("BEGIN IMMEDIATE")
        try:
            if replace:
                run("DELETE FROM pages")
                run("DELETE FROM facts")
            run_many("DELETE FROM pages WHERE path = ?", ((path,) for path in gone))
            for table, rows in (("pages", [(row.path, row) for row in records]), ("facts", list(facts.items()))):
                texts = ((name, json.dumps(value, separators=(",", ":"))) for name, value in rows)
                values = ((name, text, _checksum(name, text)) for name, text in texts)
                run_many(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", values)  # noqa: S608 - our names
            run("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            raise


def read_facts(path: Path, names: Iterable[str]) -> Mapping[str, Any] | None:
    """Some facts, without locking out other processes; None where the cache is missing, damaged or in use."""
    if not path.is_file() or path.is_symlink():
        return None
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=0, isolation_level=None)
        with contextlib.closing(connection):
            found = {}
            for name in names:
                row = connection.execute("SELECT value, checksum FROM facts WHERE name = ?", (name,)).fetchone()
                if row is None or _checksum(name, row[0]) != row[1]:
                    return None
                found[name] = json.loads(row[0])
            return found
    except (*_DAMAGE, OSError):
        return None


def remove(path: Path) -> None:
    """Delete a cache and its journal. Raises OSError."""
    for file in (path, path.with_name(f"{path.name}-journal")):
        file.unlink(missing_ok=True)


def _checksum(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
