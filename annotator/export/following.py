"""Appends finished reviews to a file as they finish, each once, until stopped.

The file is its own memory: a start reads which reviews it holds already, and removes a last line
that a killed writer left incomplete. Nothing else is ever removed: a file of something else is
refused. A review that was taken up again and finished anew is written again; its last line counts.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from annotator.core.record import Record, SchemeId
from annotator.core.text.harmless import harmless
from annotator.errors import ArticleDamaged, ExportError, RecordError
from annotator.export.outputs import explained, refuse_link
from annotator.export.records import ALL, RecordFilter, record_of
from annotator.formats.jsonl import line_of
from annotator.formats.jsonl import record_of as record_of_line
from annotator.store.store import Store
from annotator.store.values import ADJUDICATION

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # the name must exist for the test below

_START = b'{"format":"annotator.record/1",'

Key = tuple[str, str, bool]
"""A review: article, reviewer, and whether it is an adjudication."""


class TargetReplaced(ExportError):
    """The file has another file in its place, or none: what is written to it is lost."""


class Lines(Protocol):
    """Where lines of records go."""

    def held(self) -> Iterable[Record]:
        """The records that are there already."""
        ...

    def append(self, lines: bytes) -> None:
        """Add whole lines, or none; raises ExportError if they cannot be written."""
        ...


class GrowingFile:
    """A file of records that only grows; one writer at a time."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self.path, self._stream = path, stream

    @classmethod
    @contextlib.contextmanager
    def opened(cls, path: Path) -> Iterator[GrowingFile]:
        """Open a file to append to, or make it, for this process alone; raises ExportError if
        another one follows into it, or if it is no regular file."""
        refuse_link(path)
        if path.exists() and not path.is_file():
            raise ExportError(f"{path} is not a regular file.", hint="Give another file.")
        with explained(path), path.open("a+b", buffering=0) as stream:
            _lock(path, stream)
            yield cls(path, stream)

    def held(self) -> Iterator[Record]:
        """The records of the file; the beginning of a record at its end is cut off. Raises
        ExportError, without changing the file, if a line is anything else."""
        self._stream.seek(0)
        whole, line = 0, b"\n"
        with os.fdopen(os.dup(self._stream.fileno()), "rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    yield record_of_line(line)
                except RecordError as error:
                    if _was_cut(line):
                        break
                    raise ExportError(
                        f"{self.path}, line {number}, is no record: {error.message}",
                        hint="Give another file; nothing was changed.",
                    ) from error
                whole += len(line)
            else:
                if not line.endswith(b"\n"):
                    self._stream.write(b"\n")
                return
        self._cut(whole)

    def append(self, lines: bytes) -> None:
        """Add whole lines and flush them to the disk; after an error the file is as before. Raises
        TargetReplaced if the file is no longer where it was."""
        with explained(self.path):
            before = os.fstat(self._stream.fileno()).st_size
            try:
                left = memoryview(lines)
                while left:
                    left = left[self._stream.write(left) or 0 :]
                os.fsync(self._stream.fileno())
            except BaseException:
                with contextlib.suppress(OSError):
                    self._cut(before)
                raise
        if not self._is_in_place():
            raise TargetReplaced(f"{self.path} was removed or replaced by another file.")

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(self.path.lstat(), os.fstat(self._stream.fileno()))
        except OSError:
            return False

    def _cut(self, size: int) -> None:
        if os.fstat(self._stream.fileno()).st_size > size:
            os.ftruncate(self._stream.fileno(), size)


class StandardOutput:
    """Standard output; nothing is known of what went there before."""

    def held(self) -> tuple[Record, ...]:
        """No records."""
        return ()

    def append(self, lines: bytes) -> None:
        """Write lines at once; on a terminal, control characters are made harmless."""
        if sys.stdout.isatty():
            sys.stdout.write(harmless(lines.decode()))
            sys.stdout.flush()
        else:
            sys.stdout.buffer.write(lines)
            sys.stdout.buffer.flush()


@dataclass
class Follower:
    """Appends what has finished each time it is called. `damaged` are unreadable reviews, which
    are left out; `written` counts lines."""

    store: Store
    scheme: SchemeId
    lines: Lines
    wanted: RecordFilter = ALL
    damaged: dict[Key, ArticleDamaged] = field(default_factory=dict)
    written: int = 0
    _seen: dict[Key, int] | None = None
    _mark: tuple[int, ...] | None = None

    def __call__(self) -> int:
        """Write the reviews that were finished since the last call; returns how many."""
        if self._seen is None:
            self._seen = {_key(one): one.review.decisions for one in self.lines.held()}
        mark = self.store.finished.mark()
        if mark == self._mark:
            return 0
        stories, count = self.store.stories.of_articles(), 0
        for (article, reviewer), (seq, kind) in sorted(self.store.finished.standing().items()):
            key = article, reviewer, kind == ADJUDICATION
            if self._seen.get(key) != seq:
                count += self._write(key, stories.get(article))
        self._mark = mark
        return count

    def _write(self, key: Key, story: str | None) -> int:
        """Write one review, unless it is unreadable, not wanted, or was taken up again."""
        assert self._seen is not None
        article, reviewer, adjudicates = key
        try:
            opened = self.store.reviews.get(article, reviewer, adjudicates=adjudicates)
        except ArticleDamaged as error:
            self.damaged.setdefault(key, error)
            return 0
        if opened.review.finished is None:
            return 0
        record = record_of(self.store, opened, self.scheme, story)
        takes = self.wanted.takes(record)
        if takes:
            self.lines.append(line_of(self.wanted.narrow(record)))
            self.written += 1
        self._seen[key] = record.review.decisions
        return int(takes)


def _was_cut(line: bytes) -> bool:
    """Whether a killed writer, or a disk that lost its power, can have left this last line."""
    is_beginning = line.startswith(_START) or _START.startswith(line) or not line.strip(b"\0")
    return is_beginning and not line.endswith(b"\n")


def _key(record: Record) -> Key:
    return record.article.id, record.review.reviewer or "", record.review.kind == ADJUDICATION


def _lock(path: Path, stream: BinaryIO) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ExportError(
            f"Another export follows into {path} already.", hint="Stop it, or give another file."
        ) from error
