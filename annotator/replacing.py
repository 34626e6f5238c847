"""Replaces files atomically, so that readers see either the old or the new one.

A file is written beside its target and renamed. It is locked while it is written, which tells work
in progress from leftovers of a killed writer. Not done with filelock, which locks a separate file
that would be left over itself; here the lock is on the file being written.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import ExportError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # the name must exist for the test below

TEMPORARY = ".annotator-writing-"
# A database file begins so (https://www.sqlite.org/fileformat.html), its logs have such endings.
_SQLITE = b"SQLite format 3\0"
_SQLITE_LOGS = ("-wal", "-shm", "-journal")
_SETTINGS = frozenset({"annotator.toml", ".annotatorignore"})


@contextlib.contextmanager
def replacing_file(
    target: Path, suffix: str = "", *, prefix: str = TEMPORARY, mode: int | None = None
) -> Iterator[Path]:
    """Yields the path of an empty file, which replaces the target when the block ends without an
    error.

    It gets the permissions `mode`, by default those of the old target. Until then its name begins
    with `prefix`, and only its owner can read it. Raises OSError, and ExportError for a target that
    no output may replace (see `refuse_protected`).
    """
    refuse_protected(target)
    with made_beside(target, suffix, prefix=prefix) as temporary:
        yield temporary
        sync(temporary)
        os.chmod(temporary, mode_for(target, 0o666) if mode is None else mode)
        os.replace(temporary, target)
    sync_names(target.parent)


def refuse_protected(target: Path) -> None:
    """Raise ExportError if the target is a database, a log of one, or a file of settings."""
    if is_database(Path(os.path.realpath(target))):
        raise _protected(target, "a database")
    refuse_parts(target)


def refuse_parts(target: Path) -> None:
    """The same for a backup, which may replace another database: ExportError for logs of a database
    and files of settings."""
    real = Path(os.path.realpath(target))
    base = real.with_name(real.name.rpartition("-")[0] or real.name)
    if real.name.endswith(_SQLITE_LOGS) and is_database(base):
        raise _protected(target, "a part of a database")
    if real.name in _SETTINGS and real.is_file():
        raise _protected(target, "a file of settings")


def _protected(target: Path, what: str) -> ExportError:
    return ExportError(f"{target} is {what}; nothing was written.", hint="Give another file.")


def is_database(path: Path) -> bool:
    """Whether a path is a file with a SQLite database in it; raises OSError if it is unreadable."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE


@contextlib.contextmanager
def leftovers(folder: Path, prefix: str = TEMPORARY) -> Iterator[list[Path]]:
    """Files that killed writers left in a folder, locked while the block runs; work in progress is
    not among them."""
    with contextlib.ExitStack() as locked:
        found = []
        for path in sorted(folder.glob(f"{prefix}*")):
            # We never create links or pipes.
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                continue
            with contextlib.suppress(OSError):
                if _lock(locked.enter_context(opened(path))):
                    found.append(path)
        yield found


def remove_leftovers(folder: Path) -> None:
    """Remove files that killed writers left in a folder; work in progress stays."""
    with contextlib.suppress(OSError), leftovers(folder) as found:
        for path in found:
            remove(path)


@contextlib.contextmanager
def made_beside(
    target: Path, suffix: str = "", *, prefix: str = TEMPORARY, folder: bool = False
) -> Iterator[Path]:
    """Yields a locked file or folder beside the target, removed at the end if it still exists."""
    path, descriptor = _make_and_lock(target.parent, prefix, suffix, folder=folder)
    try:
        yield path
    finally:
        remove(path)
        os.close(descriptor)


def _make_and_lock(parent: Path, prefix: str, suffix: str, *, folder: bool) -> tuple[Path, int]:
    while True:
        if folder:
            path = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
        else:
            made, name = tempfile.mkstemp(suffix, prefix, parent)
            os.close(made)
            path = Path(name)
            with contextlib.suppress(FileNotFoundError):
                # The owner can read it whatever the umask is.
                path.chmod(0o600)
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDONLY)
            _lock(descriptor)
            # Another writer may have removed it as a leftover before it was locked.
            if path.exists():
                return path, descriptor
            os.close(descriptor)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[int]:
    """Yields a file descriptor of a file or folder, opened for reading."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Whether the lock was acquired; it is held until the descriptor is closed."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with its contents; errors are ignored."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def mode_for(path: Path, usual: int) -> int:
    """The permissions of the old target, or those of a new file."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return usual & ~mask


def sync_names(folder: Path) -> None:
    """Flush the names in a folder to the disk, if the system supports it."""
    with contextlib.suppress(OSError):
        sync(folder)


def sync(path: Path) -> None:
    """Flush a file or folder to the disk; raises OSError."""
    with opened(path) as descriptor:
        os.fsync(descriptor)
