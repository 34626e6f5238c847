"""Reads the articles in a tar archive, compressed with gzip or not."""

from __future__ import annotations

import gzip
import re
import tarfile
from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from typing import BinaryIO

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.archives.archive_members import (
    IN_ARCHIVE,
    MembersRead,
    ReadingLimits,
    broken_off,
    refuse_too_many,
)
from annotator.inbox.archives.gzip_files import MAGIC, unpacked_size
from annotator.inbox.decoding import refuse_documents
from annotator.inbox.files import escaped
from annotator.inbox.ignoring import IgnoredMembers
from annotator.inbox.members import Member, articles_of_members
from annotator.inbox.readers import MAX_SIZE

_BLOCK = 512
_MAGIC_AT = slice(257, 262)
_CHUNK = 1 << 18
# Limits of what describes one entry, in bytes: of one long name or other addition, and of all. The
# library reads them at once, and searches them in a time quadratic in a run of digits.
_LONGEST_ADDITION, _ADDITIONS = 1 << 16, 1 << 18
_DIGITS = re.compile(rb"[0-9]{300}")


def read_tar(
    raw: bytes, name: str, *, encodings: Sequence[str] = (), max_size: int = MAX_SIZE
) -> Iterator[Article | None]:
    """The articles of all files in a `.tar`, `.tar.gz` or `.tgz` file, in order.

    Raises ReadError at the end if files were unreadable, where an uncompressed archive breaks off,
    and before any if a compressed one does.
    """
    limits = ReadingLimits(max_size, encodings)
    is_packed = raw.startswith(MAGIC)
    limits.refuse_too_much(unpacked_size(raw, limits) if is_packed else len(raw), len(raw))
    if not is_packed and raw[_MAGIC_AT] != b"ustar":  # very old ones have no such mark
        refuse_documents(raw, name)
    yield from articles_of_members(_members(raw, limits), IN_ARCHIVE)


def _members(raw: bytes, limits: ReadingLimits) -> Iterator[Member]:
    reading = MembersRead(limits, IgnoredMembers(lambda: _paths(raw)))
    stream = _Forward(_opened(raw))
    for entry in _entries(stream):
        member = reading.member(escaped(entry.name), partial(_contents, stream, entry, limits))
        if member is not None and not entry.isdir():
            yield member


def _opened(raw: bytes) -> BinaryIO | gzip.GzipFile:
    packed = BytesIO(raw)
    return gzip.GzipFile(fileobj=packed) if raw.startswith(MAGIC) else packed


def _paths(raw: bytes) -> frozenset[str]:
    """The paths of all entries, up to where the archive breaks off."""
    paths = set()
    try:
        for entry in _entries(_Forward(_opened(raw))):
            paths.add(escaped(entry.name).removeprefix("./"))
    except ReadError:
        pass
    return frozenset(paths)


def _entries(stream: _Forward) -> Iterator[tarfile.TarInfo]:
    """All entries of an archive; raises ReadError where it breaks off or is damaged."""
    count = 0
    try:
        archive = tarfile.TarFile(fileobj=stream, errors="surrogateescape")  # type: ignore[arg-type]  # it needs no more of a file
        while (entry := archive.next()) is not None:
            count += 1
            refuse_too_many(count)
            # The library keeps all entries.
            archive.members.clear()  # type: ignore[attr-defined]  # not in its type
            yield entry
            stream.additions = 0
    except ReadError:
        raise
    except Exception as error:  # damaged entries make the library fail in many ways
        if not count:
            raise ReadError("This is not a tar archive.", hint=_NOT_TAR) from error
        raise _after(count) from error
    # The library also ends at an entry that it cannot read.
    if stream.last.count(0) != _BLOCK:
        raise _after(count)
    if not count:
        raise ReadError("The archive is empty.", hint="Pack the articles again.")


def _after(count: int) -> ReadError:
    return broken_off(f"breaks off or is damaged after {count:,} of its entries")


_NOT_TAR = "Give it the suffix of what it is, for example .txt or .gz."


def _contents(stream: _Forward, entry: tarfile.TarInfo, limits: ReadingLimits) -> bytes:
    """The bytes of an entry, the last that was read; raises ReadError."""
    if entry.issym() or entry.islnk():
        raise ReadError("This is a link, not a file.")
    if not entry.isfile():
        raise ReadError("This is a device or pipe, not a file.")
    if entry.issparse():
        raise ReadError("It is stored with gaps (sparse), which is not read.")
    limits.refuse_large(entry.name, entry.size)
    stream.seek(entry.offset_data)
    contents = stream.take(entry.size)
    if len(contents) < entry.size:
        raise ReadError("It breaks off in the middle.")
    return contents


class _Forward:
    """A stream that goes forward alone, with limits on what describes one entry."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile) -> None:
        self._stream = stream
        self._at = 0
        self.last = b""
        """What was read last as part of a description."""
        self.additions = 0

    def tell(self) -> int:
        return self._at

    def seek(self, to: int) -> None:
        """Skip to a later place, or to the end of the stream; raises ReadError if it is earlier."""
        if to < self._at:
            raise broken_off("is damaged: an entry has a negative size")
        while self._at < to and self.take(min(_CHUNK, to - self._at)):
            pass

    def read(self, size: int) -> bytes:
        """Part of what describes an entry; raises ReadError if it is too long."""
        self.additions += size
        self.last = b""
        if size <= _LONGEST_ADDITION and self.additions <= _ADDITIONS:
            self.last = self.take(size)
            if not _DIGITS.search(self.last):
                return self.last
        raise broken_off("is damaged: an entry has an endless description")

    def take(self, size: int) -> bytes:
        """The next bytes; less, or none, only at the end of the stream."""
        found = self._stream.read(size)
        self._at += len(found)
        return found
