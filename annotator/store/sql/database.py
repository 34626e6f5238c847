"""Connections and transactions; errors of the database become ours."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread, local
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from annotator.core.database_urls import showable
from annotator.errors import StoreError
from annotator.store.sql.damage import HOW_DAMAGE_SHOWS, damaged_rows
from annotator.store.sql.failures import explain_server, explain_sqlite
from annotator.store.sql.patience import (
    ONCE,
    REBUILDING,
    Patience,
    ServerClock,
    connecting,
    set_up_server,
    take_time,
)
from annotator.store.sql.places import check_place, parse, secrets_in
from annotator.store.sql.sqlite_connection import begin_sqlite, open_sqlite
from annotator.store.sql.sqlite_files import SqliteFiles

BUSY_SECONDS = 10
_T = TypeVar("_T")


class Database:
    """One database for all threads of this process.

    Readers never wait, writers take turns. `patience` limits every wait for a server.
    """

    def __init__(self, url: str, *, patience: Patience = ONCE) -> None:
        self.url = parse(url)
        self.name = showable(url)
        self.patience = patience
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.file = Path(str(self.url.database)) if self.is_sqlite else None
        if self.file is not None:
            check_place(self.file)
        self._files = None if self.file is None else SqliteFiles(self.file)
        self._clock = ServerClock()
        self.engine = self._engine()
        self._watch = local()
        self._watching: list[sqlite3.Connection] = []
        self._lock = Lock()

    def close(self) -> None:
        """Close all connections; later use opens new ones."""
        if self._files is not None and self._files.are_of_others():
            _leave_open(self.engine, tuple(self._watching))
            return
        with self._lock:
            for connection in self._watching:
                connection.close()
            self._watching.clear()
            # Other threads get a new connection, never a closed one.
            self._watch = local()
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction on one snapshot of the database."""
        with self._explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, lock: str | None = None) -> Iterator[Connection]:
        """A write transaction; on PostgreSQL `lock` is an advisory lock that serialises it.

        On SQLite the write lock is taken at the start: a transaction that reads first and writes
        later fails if another one wrote in between, whatever the timeout.
        """
        with self._explained(written=True), self.engine.connect() as plain:
            connection = plain.execution_options(annotator_writes=True)
            with connection.begin():
                if lock is not None:
                    take_lock(connection, lock)
                yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """An exclusive transaction for rebuilding tables, with foreign keys off on SQLite.

        With them on, rebuilding a table would empty the tables that refer to it.
        """
        with self._explained(written=True), self.engine.connect() as plain:
            if self.is_sqlite:
                # This has no effect inside a transaction, so it is executed before one begins.
                plain.connection.execute("PRAGMA foreign_keys = OFF")
            connection = plain.execution_options(annotator_writes=True)
            try:
                with connection.begin():
                    if not self.is_sqlite:
                        take_time(connection, REBUILDING)
                        connection.execute(text("SELECT pg_advisory_xact_lock(20181219)"))
                    yield connection
            finally:
                # Not returned to the pool: the next user needs foreign keys on.
                plain.invalidate()

    def insert(self, table: Table) -> Any:
        """An INSERT with support for ON CONFLICT, in the dialect of this database."""
        if self.is_sqlite:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # large, and mostly not wanted

        return postgresql.insert(table)

    def check(self) -> None:
        """Raises DatabaseGone if the files of the database were replaced or removed."""
        if self._files is not None:
            self._files.check()

    def data_version(self) -> int:
        """A value that changes with every commit by anybody; comparable within one thread only."""
        with self._explained():
            if not self.is_sqlite:
                with self.engine.connect() as connection:
                    seen = connection.execute(text("SELECT pg_current_snapshot()::text")).scalar()
                return zlib.crc32(str(seen).encode())
            watcher: sqlite3.Connection | None = getattr(self._watch, "connection", None)
            if watcher is None:
                watcher = self._watch.connection = self._watching_connection()
            row = watcher.execute("PRAGMA data_version").fetchone()
            return int(row[0])

    def _watching_connection(self) -> sqlite3.Connection:
        # The value is comparable only within one connection, so this one is kept.
        connection = sqlite3.connect(
            str(self.file), timeout=self.busy_seconds, isolation_level=None, check_same_thread=False
        )
        with self._lock:
            self._watching.append(connection)
        return connection

    @property
    def busy_seconds(self) -> float:
        """How long to wait for a lock on a SQLite file, in seconds."""
        return min(BUSY_SECONDS, self.patience.lock)

    def now(self) -> datetime:
        """The time (UTC) for leases: the server's, or this machine's for a file."""
        return self._clock.now()

    def _engine(self) -> Engine:
        try:
            engine = create_engine(self.url, json_serializer=_as_json)
            engine.dialect.create_connect_args(self.url)
        except ModuleNotFoundError as error:
            raise StoreError(
                f"The driver for {self.url.drivername} is not installed ({error.name}).",
                hint='Install it: pip install "psycopg[binary]"',
            ) from error
        except (ArgumentError, NoSuchModuleError, TypeError, ValueError):
            raise StoreError(
                f"The options in the URL of the database {self.name} are not supported.",
                hint="Remove the part after ? in `database`.",
            ) from None
        if self._files is not None:
            event.listen(engine, "do_connect", self._open_sqlite)
            event.listen(engine, "close", self._closed_sqlite)
            event.listen(engine, "begin", begin_sqlite)
        else:
            event.listen(engine, "do_connect", connecting(engine.dialect, self.patience))
            event.listen(engine, "connect", self._set_up_server)
        return engine

    def _open_sqlite(self, dialect: Any, _record: object, words: Any, options: Any) -> Any:
        assert self._files is not None  # only then is it listened for
        assert self.file is not None  # likewise
        _make_for_some(self.file)
        connection = open_sqlite(lambda: dialect.connect(*words, **options), busy=self.busy_seconds)
        self._files.opened(connection)
        return connection

    def _closed_sqlite(self, connection: Any, _record: object) -> None:
        assert self._files is not None  # as above
        self._files.closed(connection)

    def _set_up_server(self, connection: Any, _record: object) -> None:
        set_up_server(connection, self.patience, self._clock)

    @contextmanager
    def _explained(self, *, written: bool = False) -> Iterator[None]:
        """Translate errors of the database. After writing (`written`), the files are checked."""
        if self._files is not None:
            self._files.check()
        try:
            yield
        except DBAPIError as error:
            raise self._explain(error.orig) from error
        except sqlite3.Error as error:
            raise self._explain(error) from error
        except HOW_DAMAGE_SHOWS as error:
            # Python cannot decode SQLite's message if that quotes a damaged name.
            if written and not isinstance(error, UnicodeDecodeError):
                raise  # a bug of ours, not to be hidden
            raise damaged_rows(str(self.file or self.name)) from error
        except PoolTimeout as error:
            raise StoreError(
                "Too many threads are using the database.", hint="Try again."
            ) from error
        if written and self._files is not None:
            self._files.check_written()

    def _explain(self, error: BaseException | None) -> StoreError:
        if isinstance(error, sqlite3.Error):
            return explain_sqlite(error, str(self.file), busy=self.busy_seconds)
        return explain_server(error, self.name, secrets=secrets_in(self.url))


def take_lock(connection: Connection, name: str) -> None:
    """Take an advisory lock until the transaction ends; on SQLite, writers take turns anyway."""
    if connection.dialect.name != "sqlite":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:key)"),
            {"key": zlib.crc32(f"annotator {name}".encode())},
        )


def _make_for_some(file: Path) -> None:
    """Create a new database readable by owner and group only; SQLite gives its other files the same
    mode."""
    if not file.exists():
        # SQLite reports the reason better than we could.
        with suppress(OSError):
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o660))


def _leave_open(*connections: object) -> None:
    """Keep these connections open, even at exit.

    Closing a database makes SQLite write its log into the file, which must not happen if somebody
    has replaced the file.
    """
    Thread(target=lambda *_: Event().wait(), args=connections, daemon=True).start()


def chunks(values: Iterable[_T], size: int = 500) -> Iterator[Sequence[_T]]:
    """`values` in chunks that fit into one statement."""
    rows = list(values)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _as_json(value: Any) -> str:
    """`value` as JSON, by orjson: the standard library takes ten times as long for many small
    decisions.

    It is the fallback for large integers and surrogates.
    """
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)
