"""Backups of a SQLite database, checked before they replace the target.

A copy is written beside the target under a fixed name, so that the next one overwrites leftovers of
a killed program. It is locked while it is written.
"""

from __future__ import annotations

import contextlib
import filecmp
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from annotator.errors import StoreError
from annotator.store.sql.database import BUSY_SECONDS
from annotator.store.sql.failures import explain_sqlite

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]  # the name must exist

_UNFINISHED = ".annotator-copy"
# Names of unfinished copies of earlier versions.
_EARLIER = re.compile(r"[a-z0-9_]{8}(\.part)?(-journal)?")
_NOT_THE_WORLD = 0o770


def back_up(file: Path, target: Path, *, replace: bool) -> None:
    """Write a consistent, checked copy of the database to `target`, while others read and write.

    It is written beside the target and renamed. Raises StoreError if the target exists (unless
    `replace`), cannot be written, or the copy is damaged.
    """
    _check(file, target, replace=replace)
    with _explained(target), _place_beside(target) as partial:
        _copy(file, partial, target)
        _check_whole(partial)
        _put(partial, target, replace=replace)


def keep_copy(file: Path, target: Path) -> Path:
    """Write a copy of the database under this name, with a number if it is taken; an equal existing
    copy is returned instead. Raises StoreError."""
    with _explained(target), _place_beside(target) as partial:
        _copy(file, partial, target)
        place, number = target, 1
        while place.exists():
            if filecmp.cmp(place, partial, shallow=False):
                return place
            number += 1
            place = target.with_name(f"{target.name}.{number}")
        _put(partial, place, replace=True)
        return place


def _check(file: Path, target: Path, *, replace: bool) -> None:
    if target.is_dir():
        raise StoreError(f"{target} is a folder.", hint="Name a file in it.")
    if target.exists() and target.samefile(file):
        raise StoreError(f"{target} is the database itself.", hint="Give another file.")
    if target.exists() and not target.is_file():
        raise StoreError(f"{target} is not a regular file.", hint="Give a file.")
    if os.path.lexists(target) and not replace:
        raise _is_there(target)


def _is_there(target: Path) -> StoreError:
    return StoreError(
        f"{target} exists already and was not changed.",
        hint="Give another file, or overwrite it with --force.",
    )


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written: {error.strerror or error}.",
            hint="Check that its folder exists and is writable, and that the disk has space.",
        ) from error


@contextmanager
def _place_beside(target: Path) -> Iterator[Path]:
    """A locked, empty file beside the target for the copy; removed at the end."""
    _clear_up(target)
    partial = target.with_name(f".{target.name}{_UNFINISHED}")
    lock = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if not _locked(lock):
            raise StoreError(
                f"Another program is writing {target}.", hint="Wait until it has finished."
            )
        try:
            os.ftruncate(lock, 0)
            yield partial
        finally:
            _remove(partial)
    finally:
        os.close(lock)


def _clear_up(target: Path) -> None:
    """Remove leftovers of killed programs."""
    with suppress(OSError):
        for path in target.parent.iterdir():
            name = path.name
            earlier = name.startswith(f".{target.name}.") and _EARLIER.fullmatch(
                name.removeprefix(f".{target.name}.")
            )
            ours = name.startswith(".") and name.endswith(_UNFINISHED)
            if (earlier or ours) and path.is_file() and not path.is_symlink():
                _remove_unless_locked(path)


def _remove_unless_locked(path: Path) -> None:
    with suppress(OSError):
        lock = os.open(path, os.O_RDWR)
        try:
            if _locked(lock):
                _remove(path)
        finally:
            os.close(lock)


def _locked(descriptor: int) -> bool:
    """Whether the lock was acquired; it is held until the file is closed."""
    if fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _remove(partial: Path) -> None:
    for end in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            partial.with_name(f"{partial.name}{end}").unlink()


def _copy(file: Path, partial: Path, target: Path) -> None:
    # The copy gets the permissions of the database, but never for others.
    mode = os.stat(file).st_mode & _NOT_THE_WORLD
    with contextlib.closing(sqlite3.connect(str(file), timeout=BUSY_SECONDS)) as source:
        copy = sqlite3.connect(str(partial))
        try:
            source.backup(copy)
        except sqlite3.Error as error:
            raise explain_sqlite(error, target, busy=BUSY_SECONDS) from error
        finally:
            copy.close()
    partial.chmod(mode)


def _check_whole(copy: Path) -> None:
    connection = sqlite3.connect(str(copy), timeout=BUSY_SECONDS)
    try:
        # A single file without a write-ahead log.
        connection.execute("PRAGMA journal_mode = DELETE")
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    finally:
        connection.close()
    if found != "ok":
        raise StoreError(
            f"The database is damaged, so it was not copied: {found}.",
            hint="Keep earlier backups and the damaged database; nothing was written.",
        )


def _put(partial: Path, target: Path, *, replace: bool) -> None:
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    if replace:
        partial.replace(target)
    else:
        try:
            # Unlike a rename, this fails if the target was created in the meantime.
            os.link(partial, target)
        except FileExistsError as error:
            raise _is_there(target) from error
        except OSError:  # this file system does not support links
            partial.replace(target)
    with suppress(OSError):
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
