"""One watcher per workspace: a lock that the system takes back when its process ends, however."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import SettingsError

if TYPE_CHECKING:
    from filelock import BaseFileLock


class AlreadyWatched(SettingsError):
    """Another process is this workspace's watcher; under `run` that is just as good."""


class WatcherLock:
    """Held from `acquire` to `release` or to the end of the process.

    The file holds the number of the process, for messages.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: BaseFileLock | None = None

    def acquire(self) -> bool:
        """Whether this process is the workspace's watcher now; False if another one is.

        SettingsError if the file cannot be opened, or the file system knows no locks.
        """
        # Takes as long to import as a screen to draw; only the watcher needs it.
        from filelock import FileLock, Timeout

        # What stands in for locks where there are none outlives a process that is killed.
        lock = FileLock(self.path, thread_local=False, fallback_to_soft=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except OSError as error:
            raise SettingsError(
                f"The lock file {self.path} cannot be locked: {error.strerror or error}.",
                hint="Make the folder that it lies in writable, or move the workspace to another "
                "disk.",
            ) from error
        self._lock = lock
        with contextlib.suppress(OSError):
            self.path.write_text(f"{os.getpid()}\n", "ascii")
        return True

    def holder(self) -> str:
        """The process number that the lock file names; empty if it names none."""
        try:
            return self.path.read_text("ascii", errors="replace").strip()
        except OSError:
            return ""

    def release(self) -> None:
        """Lets go. The file stays: to remove it would let two others hold a lock each."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()
