"""Sets up connections to SQLite: WAL mode, full synchronisation, busy timeout."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from annotator.store.sql.failures import code


def open_sqlite(connect: Callable[[], Any], *, busy: float) -> Any:
    """A new connection that waits `busy` seconds for locks."""
    connection = connect()
    try:
        _set_up(connection, busy)
    except sqlite3.OperationalError as error:
        connection.close()
        if not str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_IOERR_SHM"):
            raise
        # The disk is too full for the shared index of the log. Exclusive mode does not need one, so
        # the database can still be read.
        connection = connect()
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            _set_up(connection, busy)
        except BaseException:
            connection.close()
            raise
    return connection


def _set_up(connection: Any, busy: float) -> None:
    # We execute BEGIN ourselves (below); the driver would do it too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {busy * 1000:.0f}")
    _use_wal(cursor, busy)
    cursor.execute("PRAGMA synchronous = FULL")
    # Pages are in the system's cache already, so keep the cache of each connection small.
    cursor.execute("PRAGMA cache_size = -512")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction; one that writes takes the write lock at once."""
    writes = connection.get_execution_options().get("annotator_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _use_wal(cursor: Any, busy: float) -> None:
    # With several first starts at once, switching to WAL fails instead of waiting, so retry.
    until = time.monotonic() + busy
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            # Creates the log.
            cursor.execute("PRAGMA schema_version").fetchone()
            return
        except sqlite3.OperationalError as error:
            if code(error) != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(0.02)
