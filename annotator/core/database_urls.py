"""Database URLs: paths to URLs and back, and URLs without secrets for display.

URLs are in the form of SQLAlchemy, with percent-escaped paths, so that any folder name works.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote_from_bytes, unquote_to_bytes

_SQLITE = re.compile(r"(sqlite(?:\+pysqlite)?):///(.*)", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+]{0,30}(?=://)")
# Characters that need no escaping in a path.
_PLAIN = "/ !$&'()*+,;=:@[]{}~^-._"
_PLACE = re.compile(r"[^:]*(:\d+)?(/[^:]*)?", re.DOTALL)
_NO_FILE = (":memory:", "file:")


@dataclass(frozen=True, slots=True)
class SqliteAddress:
    """A SQLite database: its path, and the driver options of the URL."""

    path: str
    options: str = ""
    scheme: str = "sqlite"

    @property
    def is_file(self) -> bool:
        """Whether the database is a file, not `:memory:` or the like."""
        return bool(self.path) and not self.path.startswith(_NO_FILE)

    def within(self, folder: PurePath) -> SqliteAddress:
        """The same with a relative path resolved against `folder`."""
        if not self.is_file:
            return self
        return SqliteAddress(os.fspath(folder / self.path), self.options, self.scheme)

    def __str__(self) -> str:
        path = quote_from_bytes(os.fsencode(self.path), safe=_PLAIN)
        return f"{self.scheme}:///{path}{'?' if self.options else ''}{self.options}"


def sqlite_address(url: str) -> SqliteAddress | None:
    """The parts of a SQLite URL; None for other databases."""
    found = _SQLITE.fullmatch(url)
    if found is None:
        return None
    path, _, options = found[2].partition("?")
    return SqliteAddress(os.fsdecode(unquote_to_bytes(path)), options, found[1])


def sqlite_url(path: str | os.PathLike[str]) -> str:
    """The URL of the SQLite database at a path."""
    return str(SqliteAddress(os.fspath(path)))


def misread_before(path: PurePath, folder: PurePath) -> PurePath | None:
    """The path that version 0.1.0 used for the database `path` in `folder`, if different; otherwise
    None.

    It did not escape the folder's name, so `?` ended the path and `%xx` was decoded.
    """
    if not path.is_relative_to(folder):
        return None
    name, ends, _ = os.fspath(folder).partition("?")
    read = PurePath(os.fsdecode(unquote_to_bytes(os.fsencode(name))))
    found = read if ends else read / path.relative_to(folder)
    return None if found == path else found


def showable(url: str) -> str:
    """The URL for display: kind, user, host and name, never a password or an option.

    If it cannot be parsed reliably, only its kind, such as `postgresql://…`.
    """
    scheme = _SCHEME.match(url)
    if scheme is None:
        return "…"
    if sqlite_address(url) is not None:
        return url.partition("?")[0]
    *user, place = url[scheme.end() + 3 :].split("@")
    place = re.split(r"[?#]", place, maxsplit=1)[0]
    # An unescaped password may contain the characters that end one, so its rest may be anywhere;
    # without a host it looks like a port.
    doubtful = len(user) > 1 or any(mark in part for part in user for mark in "/?#")
    if doubtful or (not user and not _PLACE.fullmatch(place)):
        return f"{scheme[0]}://…"
    return f"{scheme[0]}://{''.join(part.partition(':')[0] + '@' for part in user)}{place}"
