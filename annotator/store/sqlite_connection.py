"""How a connection to SQLite is set up: in WAL mode, synchronous, waiting its turn."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from annotator.store.failures import code


def open_sqlite(connect: Callable[[], Any], *, busy: float) -> Any:
    """A new connection, made ready; it waits `busy` seconds for what others have locked."""
    connection = connect()
    try:
        _set_up(connection, busy)
    except sqlite3.OperationalError as error:
        connection.close()
        if not str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_IOERR_SHM"):
            raise
        # The disk has no room for the index that all who use the log share. Who uses it alone
        # needs none, so that what is there can still be read.
        connection = connect()
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            _set_up(connection, busy)
        except BaseException:
            connection.close()
            raise
    return connection


def _set_up(connection: Any, busy: float) -> None:
    # We say BEGIN ourselves (below); the driver would say it too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {busy * 1000:.0f}")
    _use_wal(cursor, busy)
    cursor.execute("PRAGMA synchronous = FULL")
    # The pages are in the system's cache too; each connection's own would only be beside it.
    cursor.execute("PRAGMA cache_size = -512")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Begins a transaction, with the write lock at once where it is to write."""
    writes = connection.get_execution_options().get("annotator_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _use_wal(cursor: Any, busy: float) -> None:
    # Several first starts at once: the switch to WAL fails at once instead of waiting its turn.
    until = time.monotonic() + busy
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            # Opens the log, which is not there before.
            cursor.execute("PRAGMA schema_version").fetchone()
            return
        except sqlite3.OperationalError as error:
            if code(error) != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(0.02)
