"""Addresses of databases: a path as a URL and back, and what of one may be shown to anybody.

An address is a URL as SQLAlchemy writes it. The path in it is escaped as in every URL, so that a
folder may be called whatever a folder can be called.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote_from_bytes, unquote_to_bytes

_SQLITE = re.compile(r"(sqlite(?:\+pysqlite)?):///(.*)", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+]{0,30}(?=://)")
# What a path may hold unescaped without being read as anything else.
_PLAIN = "/ !$&'()*+,;=:@[]{}~^-._"
_PLACE = re.compile(r"[^:]*(:\d+)?(/[^:]*)?", re.DOTALL)
_NO_FILE = (":memory:", "file:")


@dataclass(frozen=True, slots=True)
class SqliteAddress:
    """A SQLite database: its path, and options for the driver as they stand in the URL."""

    path: str
    options: str = ""
    scheme: str = "sqlite"

    @property
    def is_file(self) -> bool:
        """Whether the path is one; else it is a word of SQLite's own, or missing."""
        return bool(self.path) and not self.path.startswith(_NO_FILE)

    def within(self, folder: PurePath) -> SqliteAddress:
        """The same with its path taken from `folder`, where it is a path and not absolute."""
        if not self.is_file:
            return self
        return SqliteAddress(os.fspath(folder / self.path), self.options, self.scheme)

    def __str__(self) -> str:
        path = quote_from_bytes(os.fsencode(self.path), safe=_PLAIN)
        return f"{self.scheme}:///{path}{'?' if self.options else ''}{self.options}"


def sqlite_address(url: str) -> SqliteAddress | None:
    """What an address of a SQLite database says; None if it is that of another kind."""
    found = _SQLITE.fullmatch(url)
    if found is None:
        return None
    path, _, options = found[2].partition("?")
    return SqliteAddress(os.fsdecode(unquote_to_bytes(path)), options, found[1])


def sqlite_url(path: str | os.PathLike[str]) -> str:
    """The address of the SQLite database at a path."""
    return str(SqliteAddress(os.fspath(path)))


def misread_before(path: PurePath, folder: PurePath) -> PurePath | None:
    """Where version 0.1.0 first looked for the database `path` within `folder`; None if there.

    It put the folder's name into an address as it was, so that `?` ended the path and `%xx` stood
    for a letter.
    """
    if not path.is_relative_to(folder):
        return None
    name, ends, _ = os.fspath(folder).partition("?")
    read = PurePath(os.fsdecode(unquote_to_bytes(os.fsencode(name))))
    found = read if ends else read / path.relative_to(folder)
    return None if found == path else found


def showable(url: str) -> str:
    """What of an address may be shown: kind, user, host and name, never a password or an option.

    Of one that cannot be taken apart beyond doubt no more than its kind, such as `postgresql://…`.
    """
    scheme = _SCHEME.match(url)
    if scheme is None:
        return "…"
    if sqlite_address(url) is not None:
        return url.partition("?")[0]
    *user, place = url[scheme.end() + 3 :].split("@")
    place = re.split(r"[?#]", place, maxsplit=1)[0]
    # A password that was not escaped may hold whatever ends one, and then the rest of it is
    # anywhere; one without a host looks like a port.
    doubtful = len(user) > 1 or any(mark in part for part in user for mark in "/?#")
    if doubtful or (not user and not _PLACE.fullmatch(place)):
        return f"{scheme[0]}://…"
    return f"{scheme[0]}://{''.join(part.partition(':')[0] + '@' for part in user)}{place}"
