"""Files as they arrive: what the inbox reads of them, and what the store keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from annotator.core.article import Article

PIPED = "-/"
"""The prefix of the path of piped input, which is not a file."""


class FileState(NamedTuple):
    """Identifies one state of a file; times in nanoseconds since the epoch.

    The change time distinguishes copies that preserve the modification time and have equal size.
    """

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file was rejected, and what to do about it."""

    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as read: its articles, and the reason if it or a part of it was rejected.

    `path` is text (bytes that are not UTF-8 are escaped with `backslashreplace`) and is valid on
    this machine; it never leaves the store. `at` is when the file was read (UTC). A file with very
    many articles arrives in pieces numbered from 0, all except the last with `more`; it counts as
    read once the last is stored. With `retry` it is read again, even if unchanged.
    """

    path: str
    state: FileState
    at: datetime
    articles: tuple[Article, ...] = ()
    rejection: Rejection | None = None
    piece: int = 0
    more: bool = False
    retry: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether this is the complete file."""
        return not (self.piece or self.more)
