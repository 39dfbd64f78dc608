"""The cache: one SQLite file of plain data, with a sum beside each row, so that damage is found, not believed."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mlguide_site.rebuild.rows import Drawn, Made, Row

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
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            if not path.is_file():
                raise StoreError("it is no file")
            with path.open("rb") as file:
                # an empty one is being made by another process, or becomes a new one
                if file.read(16) not in (b"", b"SQLite format 3\0"):
                    raise StoreError("it is no cache")
        self._connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            run = self._connection.execute
            run("PRAGMA trusted_schema = OFF")
            # only then EXCLUSIVE, which keeps even a shared lock, so that two that wait for each other never go on
            run("BEGIN EXCLUSIVE")
            run("PRAGMA locking_mode = EXCLUSIVE")
            run("CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL, sum TEXT NOT NULL)")
            run(f"CREATE TABLE IF NOT EXISTS pages ({', '.join(_COLUMNS)}, sum, PRIMARY KEY (made_path))")
            run("COMMIT")
        except sqlite3.Error as error:
            self._connection.close()
            raise _told(error) from None

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
        """Say that the site is being written to: until `record`, nothing here is true. Raises StoreError."""
        self._write({"journal": "open"}, (), (), whole=False)

    def record(self, facts: Mapping[str, Any], rows: Iterable[Row], gone: Iterable[str], whole: bool) -> None:
        """Keep facts (JSON values) and pages, and forget those that are gone, or, with `whole`, all others; the site is
        then as is said here. Raises StoreError."""
        self._write({**facts, "journal": "closed", "format": FORMAT}, rows, gone, whole)

    def _write(self, facts: Mapping[str, Any], rows: Iterable[Row], gone: Iterable[str], whole: bool) -> None:
        run = self._connection.execute
        try:
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
                self._connection.rollback()
                raise
        except sqlite3.Error as error:
            raise _told(error) from None


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


def _columns(row: Row) -> tuple[Any, ...]:
    columns = (*row.made[:-1], int(row.made.lasting), *row.drawn, row.anchors)
    return (*columns, _sum(*map(str, columns)))


def _sum(*texts: str) -> str:
    data = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _told(error: sqlite3.Error) -> BusyError | StoreError:
    return BusyError() if "locked" in str(error) else StoreError(str(error))
