"""Connections and transactions, and the database's own failures in our words."""

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
from annotator.store.damage import HOW_DAMAGE_SHOWS, damaged_rows
from annotator.store.failures import explain_server, explain_sqlite
from annotator.store.patience import (
    ONCE,
    REBUILDING,
    Patience,
    ServerClock,
    connecting,
    set_up_server,
    take_time,
)
from annotator.store.places import check_place, parse, secrets_in
from annotator.store.sqlite_connection import begin_sqlite, open_sqlite
from annotator.store.sqlite_files import SqliteFiles

BUSY_SECONDS = 10
_T = TypeVar("_T")


class Database:
    """One database, for every thread of this process. Readers never wait, writers take turns.

    `patience` says how long a server is waited for; nothing that is asked of one takes longer.
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
        """Closes every connection; whoever asks again gets a new one."""
        if self._files is not None and self._files.are_of_others():
            _leave_open(self.engine, tuple(self._watching))
            return
        with self._lock:
            for connection in self._watching:
                connection.close()
            self._watching.clear()
            # Threads that ask again get a new connection, never a closed one.
            self._watch = local()
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with self._explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, lock: str | None = None) -> Iterator[Connection]:
        """A transaction that writes; on PostgreSQL `lock` names what must not happen twice at once.

        On SQLite it takes the write lock at its start: a transaction that reads first and writes
        later fails whenever another one wrote in between, whatever the timeout.
        """
        with self._explained(written=True), self.engine.connect() as plain:
            connection = plain.execution_options(annotator_writes=True)
            with connection.begin():
                if lock is not None and not self.is_sqlite:
                    connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"),
                        {"key": zlib.crc32(f"annotator {lock}".encode())},
                    )
                yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction that may rebuild tables: alone, and with foreign keys off on SQLite.

        With them on, rebuilding a table that others refer to would empty those.
        """
        with self._explained(written=True), self.engine.connect() as plain:
            if self.is_sqlite:
                # Has no effect inside a transaction, so the driver is asked before one begins.
                plain.connection.execute("PRAGMA foreign_keys = OFF")
            connection = plain.execution_options(annotator_writes=True)
            try:
                with connection.begin():
                    if not self.is_sqlite:
                        take_time(connection, REBUILDING)
                        connection.execute(text("SELECT pg_advisory_xact_lock(20181219)"))
                    yield connection
            finally:
                # Not given back to the pool: the next user wants its foreign keys on.
                plain.invalidate()

    def insert(self, table: Table) -> Any:
        """An INSERT that can say ON CONFLICT, in the words of this database."""
        if self.is_sqlite:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # large, and mostly not wanted

        return postgresql.insert(table)

    def check(self) -> None:
        """DatabaseGone unless what was written can be read back, as far as files can tell."""
        if self._files is not None:
            self._files.check()

    def data_version(self) -> int:
        """A number that changes when anybody has committed; each thread compares its own."""
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
        # The number means something only within one connection, so this one is kept.
        connection = sqlite3.connect(
            str(self.file), timeout=self.busy_seconds, isolation_level=None, check_same_thread=False
        )
        with self._lock:
            self._watching.append(connection)
        return connection

    @property
    def busy_seconds(self) -> float:
        """How long what somebody else has locked in a SQLite file is waited for."""
        return min(BUSY_SECONDS, self.patience.lock)

    def now(self) -> datetime:
        """The time (UTC) by which holds are kept: the server's, or this machine's for a file."""
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
                f"The options in the address of the database {self.name} cannot be used.",
                hint="Leave out what follows the ? in `database`.",
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
        """Failures in our words. What is said to be `written` is looked for afterwards."""
        if self._files is not None:
            self._files.check()
        try:
            yield
        except DBAPIError as error:
            raise self._explain(error.orig) from error
        except sqlite3.Error as error:
            raise self._explain(error) from error
        except HOW_DAMAGE_SHOWS as error:
            if written:
                raise  # a mistake of ours, which must be seen
            raise damaged_rows(str(self.file or self.name)) from error
        except PoolTimeout as error:
            raise StoreError(
                "Too many threads use the database at once.", hint="Try again."
            ) from error
        if written and self._files is not None:
            self._files.check_written()

    def _explain(self, error: BaseException | None) -> StoreError:
        if isinstance(error, sqlite3.Error):
            return explain_sqlite(error, str(self.file), busy=self.busy_seconds)
        return explain_server(error, self.name, secrets=secrets_in(self.url))


def _make_for_some(file: Path) -> None:
    """Makes a new database for its owner and the group; the files beside it become alike."""
    if not file.exists():
        # SQLite says better than we could why there can be none.
        with suppress(OSError):
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o660))


def _leave_open(*connections: object) -> None:
    """Sees to it that these are not closed, not even by the end of the interpreter.

    SQLite, when a database is closed, takes over into it what is in the log; into a file that
    somebody has put in its place meanwhile it must not.
    """
    Thread(target=lambda *_: Event().wait(), args=connections, daemon=True).start()


def chunks(values: Iterable[_T], size: int = 500) -> Iterator[Sequence[_T]]:
    """`values` in pieces that fit into one statement."""
    rows = list(values)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _as_json(value: Any) -> str:
    """`value` as JSON. Decisions are many and small: the standard library takes ten times as long.

    It has the last word where it can more: numbers of any length, halves of characters.
    """
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)
