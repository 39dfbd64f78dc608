"""The file of remembered results: tables of rows in SQLite (https://www.sqlite.org/fileformat2.html), data only.

A build reads it as it begins and writes to it once, in one transaction, as it ends. Where that is not possible (the
file is damaged, another's, of another version, or another build has it) the build goes on without.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

FILE = "memory.sqlite"
"""The one file, in the folder of generated files."""
FORM = "3"
"""To be raised with every change of what the rows mean."""
WAIT = 2.0
"""Seconds for which another process's write is waited for."""
TABLES = """
create table about (name text primary key, value text not null) without rowid;
create table note (
    path text primary key, size integer not null, time integer not null, changed integer not null,
    number integer not null, settled integer not null, digest text not null, front text not null, outline text not null,
    found text not null, named text not null, outward text not null,
    text text not null, blocks text not null, mentions text not null, searched text not null);
create table scanned (path text primary key, tables text not null) without rowid;
create table lookup (
    id integer primary key, path text not null, how text not null, key text not null, digest text not null);
create table page (
    kind text not null, subject text not null, number integer not null, path text not null, given text not null,
    needs blob not null, primary key (kind, subject, number));
create table written (
    place text not null, path text not null, size integer not null, time integer not null, changed integer not null,
    number integer not null, told text not null, primary key (place, path)) without rowid;
create table value (name text primary key, value text not null) without rowid;
"""
Row = tuple[Any, ...]
Change = tuple[str, Iterable[Sequence[object]]]
"""A statement in SQL, and the rows that it is to be run for."""


def kept(values: Mapping[str, str]) -> Change:
    """The change by which values are kept, each under its name, for `Store.value`."""
    return "insert or replace into value values (?, ?)", sorted(values.items())


class Store:
    """The rows that are kept in a folder; without a folder, or an owner's mark, there are none and none are taken."""

    def __init__(
        self, folder: Path | None, program: str = "", owner: str = "", say: Callable[[str], None] = lambda _: None
    ) -> None:
        self.path = (folder or Path()) / FILE
        self._about = {"form": FORM, "program": program, "owner": owner}
        self._say = say
        self._owner = self._process = os.getpid()
        self._open: sqlite3.Connection | None = None
        self.fresh = True
        """Whether nothing is remembered from an earlier build."""
        if folder is not None and owner:
            self._begin()

    def _begin(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._open = self._connect()
            known = dict(self._open.execute("select name, value from about")) if self._has_tables() else None
            if known == self._about:
                self.fresh = False
                return
            if known is not None and known.get("owner") != self._about["owner"]:
                self._say(f"{FILE} is not of this user's making; what it remembers is left aside")
            self._open.close()
            self._open = None
            self._make()
        except (sqlite3.Error, OSError, ValueError, TypeError) as error:
            self._leave(error)

    def _has_tables(self) -> bool:
        if self._open is None:
            return False
        rows = self._open.execute("select type, name from sqlite_schema where sql is not null").fetchall()
        if any(kind not in ("table", "index") for kind, _ in rows):
            raise sqlite3.DatabaseError("it holds what no build makes")
        return ("table", "about") in rows

    def _connect(self) -> sqlite3.Connection:
        if self.path.is_symlink():
            raise OSError(f"{FILE} is a symbolic link")
        connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
        connection.execute("pragma trusted_schema = off")
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma cache_size = -4096")
        return connection

    def _make(self) -> None:
        """A new file in place of one that is of no use."""
        for name in ("", "-journal", "-wal", "-shm"):
            Path(f"{self.path}{name}").unlink(missing_ok=True)
        self._open = self._connect()
        with self._transaction(self._open):
            for statement in filter(str.strip, TABLES.split(";")):
                self._open.execute(statement)
            self._open.executemany("insert into about values (?, ?)", sorted(self._about.items()))

    @staticmethod
    @contextlib.contextmanager
    def _transaction(connection: sqlite3.Connection) -> Any:
        connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("rollback")
            raise
        connection.execute("commit")

    def _leave(self, error: Exception) -> None:
        """Go on without what is remembered; a damaged file makes room for a new one."""
        what = " ".join(str(error).split()) or type(error).__name__
        self.close()
        self.fresh = True
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            self._say(f"{FILE} is damaged ({what}); everything is worked out anew")
            with contextlib.suppress(OSError, sqlite3.Error):
                self._make()
        else:
            self._say(f"{FILE} can't be used now ({what}); everything is worked out anew")

    def rows(self, question: str, *values: object) -> list[Row]:
        """The rows that answer a question in SQL; none where nothing is remembered."""
        if self.fresh or self._open is None:
            return []
        try:
            if os.getpid() != self._process:
                # a forked process must not use what its parent opened
                self._process, self._open = os.getpid(), self._connect()
            return self._open.execute(question, values).fetchall()
        except (sqlite3.Error, ValueError) as error:
            if self._process == self._owner:
                self._leave(error)
            return []

    def value(self, name: str) -> str:
        """The value that is kept under a name; "" where there is none."""
        rows = self.rows("select value from value where name = ?", name)
        return str(rows[0][0]) if rows else ""

    def write(self, changes: Iterable[Change]) -> None:
        """Make all changes or none: statements in SQL, each with the rows that it is run for."""
        if self._open is None:
            return
        try:
            with self._transaction(self._open):
                for statement, rows in changes:
                    self._open.executemany(statement, rows)
            self.fresh = False
        except (sqlite3.Error, ValueError, OverflowError) as error:
            self._leave(error)
            # half of what stands on disk now would be unknown to the next build: better nothing than that
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)

    def forget(self, error: Exception) -> None:
        """Leave aside all that is remembered, which was found to be damaged in the way that the error says."""
        self._leave(sqlite3.DatabaseError(f"{type(error).__name__}: {error}"))

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            with contextlib.suppress(sqlite3.Error):
                self._open.close()
            self._open = None
