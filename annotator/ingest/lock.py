"""One watcher per workspace: a lock that the system releases when its process ends or is killed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import SettingsError

if TYPE_CHECKING:
    from filelock import BaseFileLock


class AlreadyWatched(SettingsError):
    """Another process watches this workspace already; `run` accepts that."""


class WatcherLock:
    """Held from `acquire` to `release` or the end of the process.

    The file contains the process id, for messages.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: BaseFileLock | None = None

    def acquire(self) -> bool:
        """Take the lock; returns False if another process holds it.

        Raises SettingsError if the file cannot be opened or the file system does not support locks.
        """
        # Importing this takes as long as drawing a screen, and only the watcher needs it.
        from filelock import FileLock, Timeout

        # The fallback of filelock without system locks would survive a killed process.
        lock = FileLock(self.path, thread_local=False, fallback_to_soft=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except OSError as error:
            raise SettingsError(
                f"The lock file {self.path} cannot be locked: {error.strerror or error}.",
                hint="Make its folder writable, or move the workspace to another disk.",
            ) from error
        self._lock = lock
        with contextlib.suppress(OSError):
            self.path.write_text(f"{os.getpid()}\n", "ascii")
        return True

    def holder(self) -> str:
        """The process id in the lock file; empty if there is none."""
        try:
            return self.path.read_text("ascii", errors="replace").strip()
        except OSError:
            return ""

    def release(self) -> None:
        """Release the lock. The file stays: removing it would allow two holders."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()


@contextlib.contextmanager
def watching_alone(path: Path) -> Iterator[None]:
    """Hold the lock at `path`; raises AlreadyWatched if another watcher has it."""
    guard = WatcherLock(path)
    if not guard.acquire():
        raise AlreadyWatched(
            f"Another watcher (process {guard.holder() or 'unknown'}) serves this workspace.",
            hint="Use it, or stop it first.",
        )
    try:
        yield
    finally:
        guard.release()
