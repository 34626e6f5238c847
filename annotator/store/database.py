"""Connections and transactions, and the database's own failures in our words."""

from __future__ import annotations

import json
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, local
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeout,
)

from annotator.errors import StoreError
from annotator.mounts import network_kind

BUSY_SECONDS = 10
_T = TypeVar("_T")


class Database:
    """One database, for every thread of this process. Readers never wait, writers take turns."""

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.file = Path(str(self.url.database)) if self.is_sqlite else None
        if self.file is not None:
            _check_place(self.file)
        # Which file it is that was opened: a connection to one that was removed goes on writing.
        self._inode: int | None = None
        self.engine = self._engine()
        self._watch = local()
        self._watching: list[sqlite3.Connection] = []
        self._lock = Lock()

    def close(self) -> None:
        """Closes every connection; whoever asks again gets a new one."""
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
        with self._explained(), self.engine.connect() as plain:
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
        with self._explained(), self.engine.connect() as plain:
            if self.is_sqlite:
                # Has no effect inside a transaction, so the driver is asked before one begins.
                plain.connection.execute("PRAGMA foreign_keys = OFF")
            connection = plain.execution_options(annotator_writes=True)
            try:
                with connection.begin():
                    if not self.is_sqlite:
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
            str(self.file), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        with self._lock:
            self._watching.append(connection)
        return connection

    def _engine(self) -> Engine:
        try:
            engine = create_engine(self.url, json_serializer=_as_json)
        except ModuleNotFoundError as error:
            raise StoreError(
                f"The driver for {self.url.drivername} is not installed ({error.name}).",
                hint='Install it: pip install "annotator[postgres]"',
            ) from error
        if self.is_sqlite:
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "connect", self._remember_file)
            event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _remember_file(self, _connection: Any, _record: object) -> None:
        if self._inode is None:
            self._inode = _inode(self.file)

    def _check_file(self) -> None:
        """StoreError if the file that was opened is not there any more."""
        if self._inode is None:
            return
        found = _inode(self.file)
        if found == self._inode:
            return
        what = "is gone" if found is None else "is another file now"
        raise StoreError(
            f"The database {self.file} {what}.",
            hint="Put back the file that was there, or end the program and start it again.",
        )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        self._check_file()
        try:
            yield
        except DBAPIError as error:
            raise self._explain(error.orig) from error
        except sqlite3.Error as error:
            raise self._explain(error) from error
        except PoolTimeout as error:
            raise StoreError(
                "Too many threads use the database at once.", hint="Try again."
            ) from error

    def _explain(self, error: BaseException | None) -> StoreError:
        if isinstance(error, sqlite3.Error):
            return _explain_sqlite(error, str(self.file))
        first = str(error).strip().splitlines()[0] if str(error).strip() else "no reason given"
        where = self.url.render_as_string(hide_password=True)
        return StoreError(
            f"The database {where} says: {first}",
            hint="Check that the server runs and that the address and the name are right.",
        )


def chunks(values: Iterable[_T], size: int = 500) -> Iterator[Sequence[_T]]:
    """`values` in pieces that fit into one statement."""
    rows = list(values)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError(
            f"{url!r} is not the address of a database.", hint="Write sqlite:///annotator.db"
        ) from error
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:" or "mode=memory" in url:
            raise StoreError(
                "A database in memory would be forgotten.", hint="Write sqlite:///annotator.db"
            )
        return parsed
    if backend == "postgresql":
        plain = parsed.drivername == "postgresql"
        return parsed.set(drivername="postgresql+psycopg") if plain else parsed
    raise StoreError(
        f"Databases of the kind {backend} are not supported.", hint="Use SQLite or PostgreSQL."
    )


def _check_place(file: Path) -> None:
    if file.is_dir():
        raise StoreError(f"{file} is a folder, not a database.", hint="Name a file in it.")
    if not file.parent.is_dir():
        raise StoreError(
            f"The folder {file.parent} for the database does not exist.",
            hint="Make it, or name another place for the database.",
        )
    kind = network_kind(Path(os.path.realpath(file)).parent)
    if kind is not None:
        # WAL needs memory that all its users share, which no two machines do.
        raise StoreError(
            f"The database {file} lies on a network file system ({kind}), "
            "where SQLite damages what several machines write.",
            hint="Set `database` in annotator.toml to a file on a local disk, such as "
            "sqlite:////var/lib/annotator/annotator.db, or to PostgreSQL for a team.",
        )


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # We say BEGIN ourselves (below); the driver would say it too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _use_wal(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    # The pages are in the system's cache too; each connection's own would only be beside it.
    cursor.execute("PRAGMA cache_size = -512")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    # Several first starts at once: the switch to WAL fails at once instead of waiting its turn.
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _inode(file: Path | None) -> int | None:
    """The number of a file; None if there is none."""
    try:
        return os.stat(file).st_ino if file is not None else None
    except FileNotFoundError:
        return None


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("annotator_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _as_json(value: Any) -> str:
    """`value` as JSON. Decisions are many and small: the standard library takes ten times as long.

    It has the last word where it can more: numbers of any length, halves of characters.
    """
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)


def _code(error: sqlite3.Error) -> str:
    """The name of the error without its extension: SQLITE_IOERR for SQLITE_IOERR_WRITE."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return "_".join(name.split("_")[:2])


def _explain_sqlite(error: sqlite3.Error, file: str) -> StoreError:
    known = {
        "SQLITE_FULL": (
            f"There is no room left on the disk of {file}.",
            "Make room; what was saved before is safe.",
        ),
        "SQLITE_BUSY": (
            f"{file} has been locked by another program for {BUSY_SECONDS} seconds.",
            "Close what holds it open (a database browser, a copy in progress) and try again.",
        ),
        "SQLITE_NOTADB": (
            f"{file} is not a SQLite database.",
            "Name another file for the database, or move this one away.",
        ),
        "SQLITE_CORRUPT": (
            f"{file} is damaged.",
            "Put a backup in its place; keep the damaged file.",
        ),
        "SQLITE_CANTOPEN": (
            f"{file} cannot be opened.",
            "Check that its folder exists and that you may write in it.",
        ),
        "SQLITE_READONLY": (
            f"{file} cannot be written.",
            "Check that you may write the file, its folder, and its -wal and -shm beside it.",
        ),
        "SQLITE_PERM": (f"You may not open {file}.", "Check its permissions."),
        "SQLITE_IOERR": (
            f"The disk failed while {file} was read or written.",
            "Check the disk; what was saved before is safe.",
        ),
    }
    message, hint = known.get(
        _code(error), (f"The database {file} says: {error}", "Try again; if it stays, report it.")
    )
    return StoreError(message, hint=hint)


def copy_sqlite(file: Path, target: Path) -> None:
    """A consistent copy of a SQLite database, while others may be reading and writing it."""
    partial = target.with_name(f"{target.name}.part")
    partial.unlink(missing_ok=True)
    source = sqlite3.connect(str(file), timeout=BUSY_SECONDS)
    copy = sqlite3.connect(str(partial))
    try:
        source.backup(copy)
    except sqlite3.Error as error:
        copy.close()
        with suppress(OSError):
            partial.unlink()
        raise _explain_sqlite(error, str(target)) from error
    finally:
        copy.close()
        source.close()
    partial.replace(target)
