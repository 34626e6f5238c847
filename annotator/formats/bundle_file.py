"""A bundle as one file: JSON lines in a gzip stream, with a head, an end that counts, a checksum.

A file from elsewhere is read as what it may be: damaged, cut off, made to fill the memory, or
something else. It is read line by line, so that its size costs no memory, and everything in it is
checked before anybody stores anything.
"""

from __future__ import annotations

import gzip
import json
import os
import stat
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import orjson

from annotator.core.bundled import BundleEntry, BundleHead
from annotator.core.records.bundle_lines import (
    FORMAT,
    entry_from_dict,
    entry_to_dict,
    head_from_dict,
    head_to_dict,
)
from annotator.errors import RecordError

_GZIP = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
"""How our streams begin: without a name and a time, so that the same bundle has the same bytes."""
_LEVEL = 6
_FAMILY = "annotator.bundle/"
_AGAIN = "Copy it again from where it was made; nothing was changed."


@dataclass(frozen=True, slots=True)
class BundleLimits:
    """What is read at most: bytes of one line and of all lines, beyond `spare` so many times the
    size of the file; lines; seconds."""

    line: int = 64_000_000
    spare: int = 64_000_000
    ratio: int = 100
    lines: int = 2_000_000
    seconds: float = 1800.0


USUAL = BundleLimits()


class BundleError(RecordError):
    """A file is not a bundle, or cannot be used as one."""


class BundleWriter:
    """Writes one bundle to an open file."""

    def __init__(self, file: BinaryIO, head: BundleHead) -> None:
        self._stream = gzip.GzipFile("", "wb", _LEVEL, file, mtime=0)
        self._sum, self._lines = sha256(), 0
        self._put(head_to_dict(head))

    def add(self, entry: BundleEntry) -> None:
        """Write one line."""
        self._put(entry_to_dict(entry))

    def add_all(self, entries: Iterable[BundleEntry]) -> None:
        """Write one line for each."""
        for entry in entries:
            self.add(entry)

    def close(self) -> None:
        """Write the end; without it, the file is no bundle."""
        end = {"end": {"lines": self._lines, "sha256": self._sum.hexdigest()}}
        self._stream.write(_line_of(end))
        self._stream.close()

    def _put(self, plain: dict[str, object]) -> None:
        line = _line_of(plain)
        self._sum.update(line)
        self._lines += 1
        self._stream.write(line)


class OpenBundle:
    """A bundle that is open for reading; `entries` can be read again from the start."""

    def __init__(self, file: BinaryIO, name: str, limits: BundleLimits) -> None:
        self._file, self._name, self._limits = file, name, limits
        self._size = os.fstat(file.fileno()).st_size
        self.head = self._read_head()

    def entries(self) -> Iterator[BundleEntry]:
        """Its entries in order; raises BundleError at the first thing wrong, at the latest at the
        end of the file."""
        lines = self._lines()
        next(lines)
        for number, plain in enumerate(lines, start=2):
            try:
                yield entry_from_dict(plain)
            except RecordError as error:
                raise self._error(
                    f"line {number} does not hold what a bundle holds: {error.message.rstrip('.')}"
                ) from error

    def _read_head(self) -> BundleHead:
        start = self._file.read(len(_GZIP))
        if start != _GZIP:
            raise self._error(_what_it_is(start), hint="Give a file that `bundle out` wrote.")
        first = next(self._lines(), {})
        found = first.get("format")
        if found == FORMAT:
            try:
                return head_from_dict(first)
            except RecordError as error:
                raise self._error(
                    f"its first line is wrong: {error.message.rstrip('.')}"
                ) from error
        if isinstance(found, str) and found.startswith(_FAMILY):
            raise self._error(
                f"it is of the format {found:.40}, which this version does not know",
                hint="Update annotator here, or make the bundle with this version.",
            )
        what = f"it holds {found:.40}" if isinstance(found, str) else "it is something else"
        raise self._error(f"{what}, not a bundle", hint="Give a file that `bundle out` wrote.")

    def _lines(self) -> Iterator[dict[str, object]]:
        """The lines but for the last, which must say what was read."""
        limits, total, number = self._limits, 0, 0
        most, until = limits.spare + limits.ratio * self._size, time.monotonic() + limits.seconds
        digest = sha256()
        self._file.seek(0)
        with gzip.GzipFile(fileobj=self._file, mode="rb") as stream:
            while line := self._line(stream):
                total, number = total + len(line), number + 1
                if total > most or number > limits.lines:
                    raise self._error("it holds more than a file of its size can")
                if time.monotonic() > until:
                    raise self._error("reading it takes too long")
                plain = self._parsed(line, number)
                if "end" in plain:
                    self._check_end(plain, (number - 1, digest.hexdigest()))
                    self._check_nothing_follows(stream)
                    return
                digest.update(line)
                yield plain
        raise self._error("it ends too early", hint=_AGAIN)

    def _line(self, stream: gzip.GzipFile) -> bytes:
        try:
            line = stream.readline(self._limits.line + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise self._error("it is damaged or cut off", hint=_AGAIN) from error
        if len(line) > self._limits.line:
            raise self._error("it has a line that is too long")
        if line and not line.endswith(b"\n"):
            raise self._error("it ends too early", hint=_AGAIN)
        return line

    def _parsed(self, line: bytes, number: int) -> dict[str, object]:
        try:
            plain = _read(line)
        except (ValueError, RecursionError) as error:
            raise self._error(f"line {number} is not JSON") from error
        if not isinstance(plain, dict):
            raise self._error(f"line {number} is not an object")
        return plain

    def _check_end(self, plain: dict[str, object], read: tuple[int, str]) -> None:
        end = plain["end"]
        said = (end.get("lines"), end.get("sha256")) if isinstance(end, dict) else None
        if said != read:
            raise self._error("its checksum is not that of its lines", hint=_AGAIN)

    def _check_nothing_follows(self, stream: gzip.GzipFile) -> None:
        # Reading to the end also compares the checksum of the stream.
        if self._line(stream):
            raise self._error("something follows its end", hint=_AGAIN)

    def _error(self, why: str, *, hint: str = "Nothing was changed.") -> BundleError:
        return BundleError(f"{self._name} cannot be taken in: {why}.", hint=hint)


@contextmanager
def opened_bundle(path: Path, limits: BundleLimits = USUAL) -> Iterator[OpenBundle]:
    """Yields the bundle in a file; raises BundleError if it is something else, OSError if it cannot
    be read."""
    # A pipe or a device could make us wait, or never end.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise BundleError(f"{path} is not a file.", hint="Give a file that `bundle out` wrote.")
    with os.fdopen(descriptor, "rb") as file:
        yield OpenBundle(file, str(path), limits)


def is_bundle(path: Path) -> bool:
    """Whether a file begins as a bundle does, of this version or another."""
    try:
        with path.open("rb") as file:
            if file.read(len(_GZIP)) != _GZIP:
                return False
            file.seek(0)
            with gzip.GzipFile(fileobj=file, mode="rb") as stream:
                return stream.read(200).startswith(f'{{"format":"{_FAMILY}'.encode())
    except (OSError, EOFError, zlib.error):
        return False


def _line_of(plain: Mapping[str, object]) -> bytes:
    try:
        return orjson.dumps(plain) + b"\n"
    except TypeError:  # large integers, or half a pair of surrogates
        return json.dumps(plain, separators=(",", ":")).encode() + b"\n"


def _read(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)


def _what_it_is(start: bytes) -> str:
    if not start:
        return "it is empty"
    if start.startswith(b"PK\x03\x04"):
        return "it is a zip file, not a bundle"
    if start.startswith(b"\x1f\x8b"):
        return "it is a gzip file, not a bundle"
    if start.lstrip().startswith((b"{", b"[")):
        return "it is JSON, perhaps a dataset, which `annotator import` reads, not a bundle"
    return "it is not a bundle"
