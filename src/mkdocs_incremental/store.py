"""The cache: one SQLite file of plain data, with a sum beside each row, so that damage is found, not believed."""

import contextlib
import errno
import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mkdocs_incremental.rows import Drawn, Made, Row

FORMAT = "mkdocs-rebuild 1"
"""Changes with the meaning of what is kept."""
WAIT = 10.0
"""Seconds to wait for another process."""
_COLUMNS = (*(f"made_{name}" for name in Made._fields), *(f"drawn_{name}" for name in Drawn._fields), "anchors")


class BusyError(Exception):
    """Another process is building with this cache."""


class StoreError(Exception):
    """What is in the file isn't what was written there."""


class Store:
    """An open cache. Only one process has it open; it is closed by `close` or with the process."""

    def __init__(self, path: Path) -> None:
        """Open a file, or make it. Raises BusyError, StoreError, OSError."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            if not path.is_file():
                raise StoreError("it is no file")
            with path.open("rb") as file:
                # an empty one is being made by another process, or becomes a new one
                if file.read(16) not in (b"", b"SQLite format 3\0"):
                    raise StoreError("it is no cache")
        self._connect()

    def _connect(self) -> None:
        self._connection = sqlite3.connect(self._path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            run = self._connection.execute
            run("PRAGMA trusted_schema = OFF")
            # only then EXCLUSIVE, which keeps even a shared lock, so that two that wait for each other never go on
            run("BEGIN EXCLUSIVE")
            run("PRAGMA locking_mode = EXCLUSIVE")
            run("CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL, sum TEXT NOT NULL)")
            run(f"CREATE TABLE IF NOT EXISTS pages ({', '.join(_COLUMNS)}, sum, PRIMARY KEY (made_path))")
            run("COMMIT")
            tables = {"facts": ["name", "value", "sum"], "pages": [*_COLUMNS, "sum"]}
            if any(self._columns(table) != columns for table, columns in tables.items()):
                raise StoreError("it is of another version")
        except (sqlite3.Error, StoreError) as error:
            self._connection.close()
            raise (_told(error) if isinstance(error, sqlite3.Error) else error) from None

    def _columns(self, table: str) -> list[str]:
        return [row[1] for row in self._connection.execute(f"PRAGMA table_info({table})")]

    def close(self) -> None:
        """Let others have it."""
        self._connection.close()

    def facts(self) -> Mapping[str, Any]:
        """All facts by name. Raises StoreError."""
        try:
            found = self._connection.execute("SELECT name, value, sum FROM facts").fetchall()
            if any(_sum(name, value) != total for name, value, total in found):
                raise StoreError("a fact is damaged")
            return {name: json.loads(value) for name, value, _ in found}
        except (sqlite3.Error, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise StoreError(str(error)) from None

    def rows(self) -> dict[str, Row]:
        """All pages by path of their source. Raises StoreError."""
        try:
            found = self._connection.execute(f"SELECT {', '.join(_COLUMNS)}, sum FROM pages").fetchall()  # noqa: S608 - our names
            rows = {}
            width = len(Made._fields)
            for *columns, total in found:
                if _sum(*map(str, columns)) != total:
                    raise StoreError("a page is damaged")
                made = Made._make((*columns[: width - 1], bool(columns[width - 1])))
                rows[made.path] = Row(made, Drawn._make(columns[width:-1]), columns[-1])
        except (sqlite3.Error, ValueError, TypeError, AttributeError) as error:
            raise StoreError(str(error)) from None
        return rows

    def open_journal(self) -> None:
        """Say that the site is being written to: until `record`, nothing here is true. Raises OSError."""
        self._write({"journal": "open"}, (), (), whole=False)

    def record(self, facts: Mapping[str, Any], rows: Sequence[Row], gone: Collection[str], whole: bool) -> None:
        """Keep facts (JSON values) and pages, and forget those that are gone, or, with `whole`, all others; the site is
        then as is said here. Raises OSError."""
        self._write({**facts, "journal": "closed", "format": FORMAT}, rows, gone, whole)

    def _write(self, facts: Mapping[str, Any], rows: Sequence[Row], gone: Collection[str], whole: bool) -> None:
        try:
            self._put(facts, rows, gone, whole)
        except sqlite3.Error as error:
            if _is_of_disk(error):
                code = errno.ENOSPC if _code(error) == sqlite3.SQLITE_FULL else 0
                raise OSError(code, str(error), str(self._path)) from None
            # damaged where nobody looked yet: what is to be kept goes into a new one, or nothing is remembered
            self.close()
            remove(self._path)
            self._connect()
            if whole:
                self._put(facts, rows, (), whole)

    def _put(self, facts: Mapping[str, Any], rows: Sequence[Row], gone: Collection[str], whole: bool) -> None:
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        try:
            if whole:
                run("DELETE FROM pages")
                run("DELETE FROM facts")
            run_many = self._connection.executemany
            run_many("DELETE FROM pages WHERE made_path = ?", ((path,) for path in gone))
            marks = ", ".join("?" * (len(_COLUMNS) + 1))
            run_many(f"INSERT OR REPLACE INTO pages VALUES ({marks})", map(_columns, rows))  # noqa: S608 - marks only
            texts = ((name, json.dumps(value, separators=(",", ":"))) for name, value in facts.items())
            run_many("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", ((*pair, _sum(*pair)) for pair in texts))
            run("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            raise


def read_facts(path: Path, names: Iterable[str]) -> Mapping[str, Any] | None:
    """Some facts, without keeping others from the cache; None where it isn't there, is damaged or in use."""
    if not path.is_file():
        return None
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=0, isolation_level=None)
        try:
            found = {}
            for name in names:
                row = connection.execute("SELECT value, sum FROM facts WHERE name = ?", (name,)).fetchone()
                if row is None or _sum(name, row[0]) != row[1]:
                    return None
                found[name] = json.loads(row[0])
            return found
        finally:
            connection.close()
    except (sqlite3.Error, OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None


def remove(path: Path) -> None:
    """Remove a cache that is of no use, with what belongs to it. Raises OSError."""
    for file in (path, path.with_name(f"{path.name}-journal")):
        file.unlink(missing_ok=True)


def _columns(row: Row) -> tuple[Any, ...]:
    columns = (*row.made[:-1], int(row.made.lasting), *row.drawn, row.anchors)
    return (*columns, _sum(*map(str, columns)))


def _sum(*texts: str) -> str:
    data = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _code(error: sqlite3.Error) -> int:
    """What SQLite calls an error, without what it says besides (https://sqlite.org/rescode.html)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_of_disk(error: sqlite3.Error) -> bool:
    """Whether the disk refuses; else it is the cache that is damaged."""
    return _code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def _told(error: sqlite3.Error) -> BusyError | StoreError:
    return BusyError() if "locked" in str(error) else StoreError(str(error))
