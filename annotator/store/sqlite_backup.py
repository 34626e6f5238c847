"""Copies of a SQLite database: whole, checked, and in place only when they are.

A copy is made beside its place under a name that the next one takes again, so that what a killed
program left does not stay. Whoever makes one has it locked.
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
from annotator.store.database import BUSY_SECONDS
from annotator.store.failures import explain_sqlite

try:
    import fcntl
except ImportError:  # Windows knows no such locks
    fcntl = None  # type: ignore[assignment]

_UNFINISHED = ".annotator-copy"
# As earlier versions called what they had not finished.
_EARLIER = re.compile(r"[a-z0-9_]{8}(\.part)?(-journal)?")
_NOT_THE_WORLD = 0o770


def back_up(file: Path, target: Path, *, replace: bool) -> None:
    """A consistent, checked copy of the database at `target`, while others read and write it.

    It is written beside its place and put there in one step. StoreError if something stands there
    already (unless `replace`), if it cannot be written, or if the copy is damaged.
    """
    _check(file, target, replace=replace)
    with _explained(target), _place_beside(target) as partial:
        _copy(file, partial, target)
        _check_whole(partial)
        _put(partial, target, replace=replace)


def keep_copy(file: Path, target: Path) -> Path:
    """A consistent copy of the database under this name, or one with a number where that is taken;
    where a copy that is there already is the same, that one. StoreError if it cannot be made."""
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
        raise StoreError(f"{target} is the database itself.", hint="Name another file.")
    if target.exists() and not target.is_file():
        raise StoreError(f"{target} is no file.", hint="Name a file.")
    if os.path.lexists(target) and not replace:
        raise _is_there(target)


def _is_there(target: Path) -> StoreError:
    return StoreError(
        f"{target} is there already; it was left as it is.",
        hint="Name another file, or replace it with --force.",
    )


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written: {error.strerror or error}.",
            hint="Check that its folder exists, is writable and has room.",
        ) from error


@contextmanager
def _place_beside(target: Path) -> Iterator[Path]:
    """An empty file beside the target, ours alone, for what is to become it; it goes in the end."""
    _clear_up(target)
    partial = target.with_name(f".{target.name}{_UNFINISHED}")
    lock = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if not _locked(lock):
            raise StoreError(
                f"Another program is writing {target} now.", hint="Wait until it is done."
            )
        try:
            os.ftruncate(lock, 0)
            yield partial
        finally:
            _remove(partial)
    finally:
        os.close(lock)


def _clear_up(target: Path) -> None:
    """Removes what programs left here that were killed while they made a copy."""
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
    """Whether nobody else has it; from now on we do, until it is closed."""
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
    # Nobody may read the copy who may not read the database; nor the world, whatever that says.
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
        # One file that can be carried away: no log beside it.
        connection.execute("PRAGMA journal_mode = DELETE")
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    finally:
        connection.close()
    if found != "ok":
        raise StoreError(
            f"The database is damaged, and so would be its copy: {found}.",
            hint="Keep the earlier backups, and the database as it is; nothing was written.",
        )


def _put(partial: Path, target: Path, *, replace: bool) -> None:
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    if replace:
        partial.replace(target)
    else:
        try:
            # Unlike a rename it fails if somebody has put something there in the meantime.
            os.link(partial, target)
        except FileExistsError as error:
            raise _is_there(target) from error
        except OSError:  # this file system knows no links
            partial.replace(target)
    with suppress(OSError):
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
