"""Reads the articles in a zip archive."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from io import BytesIO
from itertools import pairwise

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.archives.archive_members import (
    IN_ARCHIVE,
    MembersRead,
    ReadingLimits,
    broken_off,
    refuse_too_many,
)
from annotator.inbox.decoding import refuse_documents
from annotator.inbox.files import escaped
from annotator.inbox.ignoring import IgnoredMembers
from annotator.inbox.members import Member, articles_of_members
from annotator.inbox.readers import MAX_SIZE, size_limit

# Each entry of the table of contents begins with this.
_ENTRY = b"PK\x01\x02"
_END, _END_SIZE = b"PK\x05\x06", 22
# Archives with more files have their number elsewhere.
_COUNTED = 1 << 16
_ENCRYPTED = 0x1
_NAMES_ARE_UTF_8 = 0x800
_HEADER = 30
# The others may unpack a few bytes to gigabytes at once.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What documents contain that are zip archives themselves.
_OF_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/container.xml"})


def read_zip(
    raw: bytes, name: str, *, encodings: Sequence[str] = (), max_size: int = MAX_SIZE
) -> Iterator[Article | None]:
    """The articles of all files in a `.zip` file, in the order of its table of contents.

    Raises ReadError at the end if files were unreadable.
    """
    # The table is read as a whole, whatever it says about its length.
    refuse_too_many(raw.count(_ENTRY))
    try:
        archive = zipfile.ZipFile(BytesIO(raw))
    except Exception as error:  # a damaged table makes the library fail in many ways
        raise _not_zip(raw, name) from error
    with archive:
        entries = archive.infolist()
        if not _OF_DOCUMENTS.isdisjoint(entry.filename for entry in entries):
            refuse_documents(raw, name)
        if not entries:
            raise ReadError("The archive is empty.", hint="Pack the articles again.")
        limits = ReadingLimits(max_size, encodings)
        limits.refuse_too_much(sum(_sizes(entries, max_size)), len(raw))
        members = _members(archive, raw, entries, limits)
        yield from articles_of_members(members, IN_ARCHIVE)


def _sizes(entries: Iterable[zipfile.ZipInfo], max_size: int) -> Iterator[int]:
    """The unpacked sizes of the entries that are not too large; none unpacks to more than it
    states."""
    for entry in entries:
        if entry.file_size <= size_limit(_path(entry), max_size):
            yield entry.file_size


def _not_zip(raw: bytes, name: str) -> ReadError:
    if raw.startswith(b"PK"):
        return broken_off("breaks off or is damaged: its table of contents cannot be read")
    refuse_documents(raw, name)
    return ReadError(
        "This is not a zip archive.", hint="Give it the suffix of what it is, for example .txt."
    )


def _members(
    archive: zipfile.ZipFile,
    raw: bytes,
    entries: Sequence[zipfile.ZipInfo],
    limits: ReadingLimits,
) -> Iterator[Member]:
    # A folder has no contents; a file whose name is damaged has.
    files = [entry for entry in entries if entry.file_size or not _path(entry).endswith("/")]
    overlapping = _overlapping(files)
    reading = MembersRead(limits, IgnoredMembers(lambda: frozenset(map(_path, files))))
    for entry in files:
        contents = partial(_contents, archive, entry, limits, overlaps=id(entry) in overlapping)
        path = _path(entry)
        member = reading.member(path, contents)
        if member is not None:
            yield member
        elif not _has_its_name(raw, entry):
            yield Member(path, None, _damaged)
    stated = _stated_count(raw)
    if stated not in (None, len(entries) % _COUNTED):
        raise broken_off(f"is damaged: its table names {stated:,} files, not {len(entries):,}")


def _has_its_name(raw: bytes, entry: zipfile.ZipInfo) -> bool:
    """Whether the name before the data of an entry is that in the table of contents, as the library
    checks when it unpacks the entry."""
    encoding = "utf-8" if entry.flag_bits & _NAMES_ARE_UTF_8 else "cp437"
    return raw.startswith(entry.orig_filename.encode(encoding), entry.header_offset + _HEADER)


def _stated_count(raw: bytes) -> int | None:
    """The number of entries that the end of the archive states; None if it has no room for it."""
    place = raw.rfind(_END, 0, len(raw) - _END_SIZE + len(_END))
    counted: int = struct.unpack_from("<H", raw, place + 10)[0]
    return None if counted == _COUNTED - 1 else counted


def _damaged() -> Iterator[Article | None]:
    raise ReadError("It is damaged in the archive.")


def _path(entry: zipfile.ZipInfo) -> str:
    """The path of an entry. Names without a mark are in the code page of DOS by the standard, but
    in UTF-8 from many programs."""
    path = entry.filename
    if not path.isascii() and not entry.flag_bits & _NAMES_ARE_UTF_8:
        try:
            path = path.encode("cp437").decode("utf-8")
        except UnicodeError:
            path = entry.filename
    return escaped(path).replace("\\", "/")


def _overlapping(entries: Sequence[zipfile.ZipInfo]) -> frozenset[int]:
    """The `id` of entries whose data reach into another entry."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    return frozenset(
        id(one)
        for one, following in pairwise(ordered)
        if one.header_offset + _HEADER + one.compress_size > following.header_offset
    )


def _contents(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ReadingLimits, *, overlaps: bool
) -> bytes:
    """The unpacked and checked bytes of an entry; raises ReadError."""
    _refuse_kind(entry)
    if overlaps:
        raise ReadError("It overlaps another file of the archive.")
    limits.refuse_large(_path(entry), entry.file_size)
    try:
        with archive.open(entry) as stream:
            # It never gives more than the stated size, and compares the checksum at the end.
            contents = stream.read(entry.file_size + 1)
    except Exception as error:  # damaged entries make the library fail in many ways
        raise ReadError("It is damaged in the archive.") from error
    if len(contents) != entry.file_size:
        raise ReadError("It is damaged in the archive.")
    return contents


def _refuse_kind(entry: zipfile.ZipInfo) -> None:
    """Raises ReadError if an entry is not a regular file that can be unpacked."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise ReadError("This is a link, not a file.")
    if kind in (stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFBLK, stat.S_IFCHR):
        raise ReadError("This is a device or pipe, not a file.")
    if entry.flag_bits & _ENCRYPTED:
        raise ReadError("It is encrypted.")
    if entry.compress_type not in _METHODS:
        raise ReadError("It is packed with a method that is not read (only deflate is).")
