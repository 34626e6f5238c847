"""Translates errors of the database into messages with hints, without passwords."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection

from annotator.errors import Damaged, StoreError
from annotator.store.sql.damage import damaged_rows

# The longest path that SQLite supports, including the name of its log.
_LONGEST_PATH = 504
_SHORTEST_SECRET = 3

_SQLITE = {
    "SQLITE_FULL": (
        "The disk of {file} is full.",
        "Free some space; everything saved before is safe.",
    ),
    "SQLITE_BUSY": (
        "{file} has been locked by another program for {seconds} seconds.",
        "Close what holds it open (a database browser, a copy in progress) and try again.",
    ),
    "SQLITE_NOTADB": (
        "{file} is not a SQLite database.",
        "Set another file for the database, or move this one away.",
    ),
    "SQLITE_CORRUPT": (
        "{file} is damaged.",
        "Restore a backup, and keep the damaged file.",
    ),
    "SQLITE_CANTOPEN": (
        "{file} cannot be opened.",
        "Check that its folder exists and that you may write in it.",
    ),
    "SQLITE_READONLY": (
        "{file} cannot be written.",
        "Check that you may write the file, its folder, and its -wal and -shm beside it.",
    ),
    "SQLITE_PERM": ("Permission to open {file} was denied.", "Check its permissions."),
    "SQLITE_IOERR": (
        "The disk failed while {file} was read or written.",
        "Check the disk, and that it has room; everything saved before is safe.",
    ),
}
_LATE = ("timeout expired", "no answer within")
_POSTGRESQL = {
    "40P01": ("Two programs waited for each other in the database {where}.", "Try again."),
    "55P03": (
        "Data in the database {where} was locked by somebody else for too long.",
        "Try again; if it persists, look for a program that hangs or an open transaction.",
    ),
    "57014": (
        "The database {where} took too long to answer.",
        "Try again; if it persists, check what the server is busy with.",
    ),
    "25P03": (
        "The database {where} closed the connection after a long idle time.",
        "Try again.",
    ),
    "53100": (
        "The disk of the database {where} is full.",
        "Free some space; everything saved before is safe.",
    ),
    "53300": (
        "The database {where} accepts no more connections.",
        "End a program that uses it, or raise max_connections of the server.",
    ),
    "28P01": (
        "The database {where} rejected this user or password.",
        "Correct `database` in annotator.toml, or ANNOTATOR_DATABASE.",
    ),
}


_FORBIDDEN = "42501"
_OF_ONE_ROW = "row-level security"


def code(error: sqlite3.Error) -> str:
    """The primary error code: SQLITE_IOERR for SQLITE_IOERR_WRITE."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return "_".join(name.split("_")[:2])


def explain_sqlite(
    error: sqlite3.Error, file: str | os.PathLike[str], *, busy: float
) -> StoreError:
    """An error of SQLite on a file as ours; `busy` is the timeout for locks in seconds."""
    found = code(error)
    if found == "SQLITE_CANTOPEN" and _length(file) > _LONGEST_PATH:
        return StoreError(
            f"The path of the database is {_length(file)} bytes long, but SQLite supports at "
            f"most {_LONGEST_PATH}: {os.fspath(file)}",
            hint="Move the workspace to a folder with a shorter path, or set `database`.",
        )
    if "decode to UTF-8" in str(error):  # SQLite's message quotes the text, which must not be shown
        return damaged_rows(os.fspath(file))
    message, hint = _SQLITE.get(
        found, ("The database {file} says: {error}", "Try again; if it persists, report it.")
    )
    said = message.format(file=os.fspath(file), seconds=f"{busy:g}", error=error)
    kind = Damaged if found == "SQLITE_CORRUPT" else StoreError
    return kind(said, hint=hint)


def explain_server(
    error: BaseException | None, where: str, *, secrets: Collection[str]
) -> StoreError:
    """An error of the database server `where` as ours, without `secrets`."""
    state = str(getattr(error, "sqlstate", None))
    if state == _FORBIDDEN:
        return _forbidden(str(error), where)
    known = _POSTGRESQL.get(state)
    if known is not None:
        return StoreError(known[0].format(where=where), hint=known[1])
    words = str(error).strip()
    first = words.splitlines()[0] if words else "no reason given"
    if any(late in first for late in _LATE):
        return StoreError(
            f"The database {where} does not answer ({without(secrets, first)}).",
            hint="Check that the server runs and can be reached; everything saved before is safe.",
        )
    return StoreError(
        f"The database {where} says: {without(secrets, first)}",
        hint="Check that the server runs and that the address and the name are right.",
    )


def _forbidden(said: str, where: str) -> StoreError:
    """The error for what the role of this connection may not do."""
    if _OF_ONE_ROW in said:
        return StoreError(
            f"The database {where} takes decisions only under the name of the role that you are "
            "connected as.",
            hint="Set `reviewer` to the user in the URL of the database, or start with --reviewer "
            "and that name.",
        )
    return StoreError(
        f"The database {where} does not let its user do this.",
        hint="Ask the owner of the database to do it, or to give your role the right to "
        "(annotator roles).",
    )


def without(secrets: Collection[str], words: str) -> str:
    """`words` with each secret replaced by `…`."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            words = words.replace(secret, "…")
    return words


def _length(file: str | os.PathLike[str]) -> int:
    return max(len(os.fsencode(os.path.abspath(file))), len(os.fsencode(os.path.realpath(file))))
