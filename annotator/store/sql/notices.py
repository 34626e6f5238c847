"""Hints from PostgreSQL that something was stored (LISTEN and NOTIFY), beside polling.

Whoever polls may look at once when there is a hint. Nothing depends on one: there are none on
SQLite, none through a pooler that does not pass them on, and none while a connection is lost.
"""

from __future__ import annotations

import select
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from annotator.errors import AnnotatorError
from annotator.store.sql.database import Database

CHANNEL = "annotator_changed"
AFTER_LOSS = 20.0
"""Seconds after which a lost connection is opened again."""
_AT_MOST_EVERY = 0.1
_LOOK_FOR_THE_END = 1.0


def notify(connection: Connection) -> None:
    """Give everybody who listens a hint when this transaction is committed."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


class Notices:
    """A connection that gets hints. Its `fileno` becomes readable when there is one."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def fileno(self) -> int:
        """The socket, for `select`; -1 if the connection was lost."""
        return -1 if self._raw.closed else int(self._raw.fileno())

    def taken(self) -> bool:
        """Take all hints that are there; returns whether there was any. A lost connection is
        closed."""
        found = False
        try:
            self._raw.pgconn.consume_input()
            while self._raw.pgconn.notifies() is not None:
                found = True
        except Exception:  # whatever the driver raises for a connection that was lost
            self.close()
        return found

    def close(self) -> None:
        with suppress(Exception):
            self._raw.close()


def listen(database: Database) -> Notices | None:
    """A connection that gets hints from now on; None where that is not possible."""
    if database.url.get_driver_name() != "psycopg":
        return None
    try:
        own = database.engine.raw_connection()
        raw: Any = own.driver_connection
        own.detach()  # it does not count as one of the pool
    except (SQLAlchemyError, AnnotatorError, OSError):
        return None
    try:
        raw.rollback()
        raw.autocommit = True
        raw.execute(f"LISTEN {CHANNEL}")
    except Exception:  # a pooler may refuse it in its own way
        own.close()
        return None
    return Notices(raw)


class Listener:
    """Calls `hint`, in a thread of its own, when something was stored; at most ten times a
    second."""

    def __init__(self, database: Database, hint: Callable[[], object]) -> None:
        self._database, self._hint = database, hint
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="annotator-listen", daemon=True).start()

    def stop(self) -> None:
        """End the thread, within a second."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            notices = listen(self._database)
            if notices is not None:
                self._wait_on(notices)
                notices.close()
            self._stopped.wait(AFTER_LOSS)

    def _wait_on(self, notices: Notices) -> None:
        while not self._stopped.is_set() and notices.fileno() >= 0:
            ready, _, _ = select.select((notices,), (), (), _LOOK_FOR_THE_END)
            if ready and notices.taken():
                self._hint()
                self._stopped.wait(_AT_MOST_EVERY)


def listener(database: Database, hint: Callable[[], object]) -> Listener | None:
    """A listener on a server; None for a file."""
    return None if database.is_sqlite else Listener(database, hint)
