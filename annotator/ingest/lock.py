"""One watcher per workspace: a lock that the system takes back when its process ends, however."""

from __future__ import annotations

import os
from pathlib import Path

from annotator.errors import SettingsError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # the name must exist for the test below


class AlreadyWatched(SettingsError):
    """Another process is this workspace's watcher; under `run` that is just as good."""


class WatcherLock:
    """Held from `acquire` to `release` or to the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Whether this process is the workspace's watcher now; False if another one is.

        SettingsError if the lock file cannot be opened.
        """
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise SettingsError(
                f"The lock file {self.path} cannot be opened: {error.strerror}.",
                hint="Make the folder that it lies in writable.",
            ) from error
        if not _take(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return True

    def holder(self) -> str:
        """The process number that the lock file names; empty if it names none."""
        try:
            return self.path.read_text("ascii", errors="replace").strip()
        except OSError:
            return ""

    def release(self) -> None:
        """Lets go. The file stays: to remove it would let two others hold a lock each."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _take(descriptor: int) -> bool:
    if fcntl is None:
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
