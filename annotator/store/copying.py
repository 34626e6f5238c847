"""Copies of a SQLite database: whole, checked, and in place only when they are."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

from annotator.errors import StoreError
from annotator.store.database import BUSY_SECONDS
from annotator.store.failures import explain_sqlite


def back_up(file: Path, target: Path, *, replace: bool) -> None:
    """A consistent, checked copy of the database at `target`, while others read and write it.

    It is written beside its place and put there in one step. StoreError if something stands there
    already (unless `replace`), if it cannot be written, or if the copy is damaged.
    """
    _check(file, target, replace=replace)
    partial: Path | None = None
    try:
        partial = _empty_file_beside(target)
        copy_sqlite(file, partial)
        _check_whole(partial)
        _put(partial, target, replace=replace)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written: {error.strerror or error}.",
            hint="Check that its folder exists, is writable and has room.",
        ) from error
    finally:
        if partial is not None:
            with suppress(OSError):
                partial.unlink()


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


def _empty_file_beside(target: Path) -> Path:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(descriptor)
    return Path(name)


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


def copy_sqlite(file: Path, target: Path) -> None:
    """A consistent copy of a SQLite database, while others may be reading and writing it."""
    partial = target.with_name(f"{target.name}.part")
    partial.unlink(missing_ok=True)
    source = sqlite3.connect(str(file), timeout=BUSY_SECONDS)
    copy = sqlite3.connect(str(partial))
    try:
        source.backup(copy)
    except sqlite3.Error as error:
        copy.close()
        with suppress(OSError):
            partial.unlink()
        raise explain_sqlite(error, target, busy=BUSY_SECONDS) from error
    finally:
        copy.close()
        source.close()
    partial.replace(target)
