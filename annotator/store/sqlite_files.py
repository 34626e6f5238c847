"""Whether the files of an open SQLite database are still those that it was opened with.

A connection to a file that was removed goes on writing, and so does one whose log was: nothing
fails, and nothing of it is there the next time. While a connection is open nobody removes the log
in good order, so that one which is gone, exchanged or cut was taken away.

The database is never opened here but by SQLite: closing a file gives up the locks that this
process has on it. The log is not locked.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from annotator.errors import DatabaseGone
from annotator.store.failures import code

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
    "End the program: what was decided since is kept in a file, and the next start saves it. "
    "If you moved a file away, put it back first."
)


class SqliteFiles:
    """What is known of the files of one database while it is open in this process."""

    def __init__(self, file: Path) -> None:
        self._paths = {end: f"{file}{end}" for end in _NAMES}
        self._connections: set[int] = set()
        self._found: dict[str, os.stat_result] = {}
        self._salts = b""
        self._lock = Lock()

    def opened(self, connection: object) -> None:
        """Remembers which files a new connection has opened, the first one's being ours."""
        with self._lock:
            if not self._connections:
                now = self._look()
                # Of the database itself it is remembered for good which file it is.
                self._found = {end: found for end, found in now.items() if found is not None}
            self._connections.add(id(connection))

    def closed(self, connection: object) -> None:
        """With the last connection the log goes, and the next one may find another."""
        with self._lock:
            self._connections.discard(id(connection))
            if not self._connections:
                self._found = {k: v for k, v in self._found.items() if k == _DATABASE}
                self._salts = b""

    def check(self) -> None:
        """DatabaseGone unless what is written and read now is what others find at this path."""
        with self._lock:
            now = self._look()
            for end, was in self._found.items():
                found = now[end]
                if found is None:
                    raise self._gone(end, "is gone")
                if (found.st_dev, found.st_ino) != (was.st_dev, was.st_ino):
                    raise self._gone(end, "is another file now")
            if self._connections:
                self._check_contents(now)

    def check_written(self) -> None:
        """The same after something was written: it lies in a log that can be read."""
        self.check()
        with self._lock:
            if _WAL not in self._found:
                return
            head = self._head()
            # An empty log has been cleared by now, or was cut: then what it held is nowhere.
            if head[:4] not in _MAGIC and (head or not self._can(_read_all)):
                raise self._gone(_WAL, "was overwritten or cut")
            self._salts = head[_SALTS]

    def are_of_others(self) -> bool:
        """Whether another database, or another log of it, lies where ours did."""
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
        """A file may shrink (a log is cleared, the database written anew), but never lose."""
        seen = {end: found for end in self._found if (found := now[end]) is not None}
        for end in (_DATABASE, _WAL):
            shrunk = end in seen and seen[end].st_size < self._found[end].st_size
            if shrunk and not self._may_shrink(end, seen[_DATABASE].st_size):
                raise self._gone(end, "was overwritten or cut")
        # That is written when the log is taken over into it, which is not often.
        written = seen[_DATABASE].st_mtime_ns != self._found[_DATABASE].st_mtime_ns
        if written and not self._can(_read_a_little):
            raise self._gone(_DATABASE, "was overwritten")
        self._found = seen

    def _may_shrink(self, end: str, size: int) -> bool:
        if not size:  # whoever opened an empty database would take its log away as well
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
        """Whether somebody who opens the database now finds what he looks for."""
        for _ in range(_LOOKS):
            connection = sqlite3.connect(self._paths[_DATABASE], timeout=1.0, isolation_level=None)
            try:
                if read(connection):
                    return True
            except sqlite3.Error as error:
                if code(error) == "SQLITE_BUSY":  # somebody has it for themselves, and uses it
                    return True
            finally:
                connection.close()
            time.sleep(0.1)
        return False

    def _gone(self, end: str, what: str) -> DatabaseGone:
        named = f"{_NAMES[end]} {self._paths[end]} {what}"
        return DatabaseGone(f"{named}: nothing is saved there.", hint=_HINT)


def _read_all(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


def _read_a_little(connection: sqlite3.Connection) -> bool:
    """Whether each table has a beginning."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()
    return bool(tables)


def _stat(path: str) -> os.stat_result | None:
    """What lies at a path; None if nothing does."""
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
