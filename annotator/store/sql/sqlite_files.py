"""Checks that the files of an open SQLite database are still the ones that were opened.

A connection to a removed file, or with a removed log, continues writing without an error, and the
data is lost.

While a connection is open, no program removes the log regularly, so a log that is missing, replaced
or truncated was removed by somebody. The database file is opened only by SQLite: closing a file
would release all locks of this process on it. The log is not locked.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from annotator.errors import DatabaseGone
from annotator.store.sql.failures import code

_DATABASE, _WAL, _SHM = "", "-wal", "-shm"
_NAMES = {
    _DATABASE: "The database",
    _WAL: "The write-ahead log",
    _SHM: "The index of the write-ahead log",
}
_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_HEADER = 32
_SALTS = slice(16, 24)
_LOOKS = 3
_HINT = (
    "Quit the program: later decisions are kept in a file and saved at the next start. If "
    "you moved a file away, put it back first."
)


class SqliteFiles:
    """The files of one database while it is open in this process."""

    def __init__(self, file: Path) -> None:
        self._paths = {end: f"{file}{end}" for end in _NAMES}
        self._connections: set[int] = set()
        self._found: dict[str, os.stat_result] = {}
        self._salts = b""
        self._lock = Lock()

    def opened(self, connection: object) -> None:
        """Record the files of a new connection; those of the first one are the reference."""
        with self._lock:
            if not self._connections:
                now = self._look()
                # The identity of the database file is kept for good.
                self._found = {end: found for end, found in now.items() if found is not None}
            self._connections.add(id(connection))

    def closed(self, connection: object) -> None:
        """The log is removed with the last connection, so the next one may have a new log."""
        with self._lock:
            self._connections.discard(id(connection))
            if not self._connections:
                self._found = {k: v for k, v in self._found.items() if k == _DATABASE}
                self._salts = b""

    def check(self) -> None:
        """Raises DatabaseGone unless the open files are those at this path."""
        with self._lock:
            now = self._look()
            for end, was in self._found.items():
                found = now[end]
                if found is None:
                    raise self._gone(end, "is gone")
                if (found.st_dev, found.st_ino) != (was.st_dev, was.st_ino):
                    raise self._gone(end, "was replaced by another file")
            if self._connections:
                self._check_contents(now)

    def check_written(self) -> None:
        """The same after a write, which must be in a readable log."""
        self.check()
        with self._lock:
            if _WAL not in self._found:
                return
            head = self._head()
            # An empty log was either checkpointed or truncated; then its data is lost.
            if head[:4] not in _MAGIC and (head or not self._can(_read_all)):
                raise self._gone(_WAL, "was overwritten or truncated")
            self._salts = head[_SALTS]

    def are_of_others(self) -> bool:
        """Whether another database or log is at our path now."""
        with self._lock:
            now = self._look()
        was, found = self._found.get(_DATABASE), now[_DATABASE]
        if was is None or found is None or not self._connections:
            return False
        return (
            any(
                file is not None and (file.st_dev, file.st_ino) != (old.st_dev, old.st_ino)
                for end, old in self._found.items()
                for file in (now[end],)
            )
            or (now[_WAL] is None and found.st_mtime_ns != was.st_mtime_ns)
            or found.st_size < was.st_size
        )

    def _check_contents(self, now: dict[str, os.stat_result | None]) -> None:
        """A file may shrink (a checkpointed log, a rewritten database), but must not lose data."""
        seen = {end: found for end in self._found if (found := now[end]) is not None}
        for end in (_DATABASE, _WAL):
            shrunk = end in seen and seen[end].st_size < self._found[end].st_size
            if shrunk and not self._may_shrink(end, seen[_DATABASE].st_size):
                raise self._gone(end, "was overwritten or truncated")
        # The database is written only by checkpoints, which are rare.
        written = seen[_DATABASE].st_mtime_ns != self._found[_DATABASE].st_mtime_ns
        if written and not self._can(_read_a_little):
            raise self._gone(_DATABASE, "was overwritten")
        self._found = seen

    def _may_shrink(self, end: str, size: int) -> bool:
        if not size:  # opening an empty database would remove its log as well
            return False
        if end == _WAL and self._salts and self._head()[_SALTS] == self._salts:
            return False
        return self._can(_read_all)

    def _look(self) -> dict[str, os.stat_result | None]:
        return {end: _stat(path) for end, path in self._paths.items()}

    def _head(self) -> bytes:
        try:
            with open(self._paths[_WAL], "rb") as log:
                return log.read(_HEADER)
        except OSError:
            return b""

    def _can(self, read: Callable[[sqlite3.Connection], bool]) -> bool:
        """Whether a new connection can read the database."""
        for _ in range(_LOOKS):
            connection = sqlite3.connect(self._paths[_DATABASE], timeout=1.0, isolation_level=None)
            try:
                if read(connection):
                    return True
            except sqlite3.Error as error:
                if code(error) == "SQLITE_BUSY":  # locked exclusively, so it is in use
                    return True
            finally:
                connection.close()
            time.sleep(0.1)
        return False

    def _gone(self, end: str, what: str) -> DatabaseGone:
        named = f"{_NAMES[end]} {self._paths[end]} {what}"
        return DatabaseGone(f"{named}, so nothing can be saved.", hint=_HINT)


def _read_all(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


def _read_a_little(connection: sqlite3.Connection) -> bool:
    """Whether the first row of each table can be read."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()
    return bool(tables)


def _stat(path: str) -> os.stat_result | None:
    """The status of the file at a path; None if there is none."""
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
