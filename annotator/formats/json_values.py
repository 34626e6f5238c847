"""Iterates over the values of a JSON file: one per line, or the items of one large list.

We do not use ijson because it stops at the first invalid item; here only that item is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.core.record import Record
from annotator.core.records.nesting import DEEPEST, is_too_deep
from annotator.errors import RecordError
from annotator.formats.base import NumberedRecords, Refused

_NOT_JSON = "invalid JSON"
_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_LOOK = 65536
_PIECE = 1 << 20
_PAIR = re.compile(rb'\[\s*"')
_OPENING, _CLOSING = (b"[", b"{"), (b"]", b"}")
# A string, a bracket outside a string, or the start of a string that has not ended yet.
_SIGN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]|"', re.DOTALL)
# A key or a word that more than one blank parts from its colon.
_SPACED = re.compile(rb'"(?:[\t\r\n]| [ \t\r\n])[ \t\r\n]*:')
# Integers with this many digits may exceed 64 bits and would become floats.
_LONG = b"0" * 19
_AS_DIGITS = bytes(ord("0") if ord("0") <= byte <= ord("9") else ord(" ") for byte in range(256))


class _Unread(ValueError):
    """Why a JSON value is refused, with a phrase to group by."""

    def __init__(self, reason: str, kind: str) -> None:
        super().__init__(reason)
        self.kind = kind


def kind_of(error: ValueError) -> str:
    """The phrase to group refusals by, for an error of `value_of`."""
    return error.kind if isinstance(error, _Unread) else _NOT_JSON


@dataclass(frozen=True, slots=True)
class Numbered:
    """A value and the number (from 1) of its line or item."""

    number: int
    value: Any


def values_in(path: Path) -> Iterator[Numbered | Refused]:
    """All values of a file; yields Refused for invalid lines or items.

    A list is read item by item in any layout; one with an item per line, as we write it, is read by
    lines, which is faster. Raises RecordError if the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            if stream.read(len(_MARK)) != _MARK:
                stream.seek(0)
            start = stream.tell()
            by_lines = _is_by_by_lines(stream)
            stream.seek(start)
            if by_lines:
                yield from _by_lines(stream, path.name)
            else:
                yield from _by_items(stream, path.name)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error


def records_of_values(
    path: Path, read: Callable[[Numbered], Iterable[Record | Refused]]
) -> NumberedRecords:
    """What `read` makes of each value of a file, with the number of the value; invalid values as
    Refused. Raises RecordError if the file cannot be read."""
    for found in values_in(path):
        if isinstance(found, Refused):
            yield found.line or 0, found
            continue
        for one in read(found):
            yield found.number, one


def value_of(content: bytes) -> Any:
    """The value of JSON `content`, with exact numbers; raises ValueError with the reason."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _Unread(_not_utf8(content) or f"not JSON ({error})", _NOT_JSON) from error
    if content.count(b"[") + content.count(b"{") > DEEPEST and is_too_deep(value):
        raise _Unread(f"the JSON is nested deeper than {DEEPEST} levels", _NOT_JSON)
    if _may_say_twice(content, value) and (key := _said_twice(content)) is not None:
        raise _Unread(
            f"an object has {key!r:.60} twice with different values; remove one of them",
            "duplicate key",
        )
    if _LONG in content.translate(_AS_DIGITS):
        try:
            json.loads(content, parse_int=_whole_number)
        except RecursionError as error:
            raise _Unread("the JSON is nested too deeply", _NOT_JSON) from error
    return value


def _may_say_twice(content: bytes, value: Any) -> bool:
    """Whether there may be more keys in the text than in the value; a cheap test."""
    if b'\\":' in content or _SPACED.search(content):
        return True
    return content.count(b'":') + content.count(b'" :') != _keys_in(value)


def _keys_in(value: Any) -> int:
    """The number of keys in all objects of a value."""
    count, due = 0, [value]
    while due:
        one = due.pop()
        if type(one) is dict:
            count += len(one)
            due += [inner for inner in one.values() if type(inner) in (dict, list)]
        elif type(one) is list:
            due += [inner for inner in one if type(inner) in (dict, list)]
    return count


def _said_twice(content: bytes) -> str | None:
    """The first key that an object has twice, with different values; None if there is none."""
    twice: list[str] = []

    def taken(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        twice.extend(key for key, value in pairs if found[key] != value)
        return found

    try:
        json.loads(content, object_pairs_hook=taken)
    except (ValueError, RecursionError):
        return None  # reported elsewhere
    return twice[0] if twice else None


def _not_utf8(content: bytes) -> str | None:
    """Why these bytes are not UTF-8; None if they are."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        byte = content[error.start]
        return f"not UTF-8 text: byte {byte:#04x} at {error.start + 1:,} is invalid"
    return None


def _whole_number(digits: str) -> int:
    number = int(digits) if len(digits) <= len(_LONG) + 1 else 2**64
    if not -(2**63) <= number < 2**64:
        raise _Unread(
            f"a number of {len(digits)} digits would lose precision; put it in quotes",
            "number too large",
        )
    return number


def _is_by_by_lines(stream: BinaryIO) -> bool:
    """Whether each line is a value: JSONL, or a list with its brackets on separate lines."""
    in_list = False
    while line := stream.readline(_LOOK):
        bare = line.strip(_BLANK)
        if not bare:
            continue
        if bare == b"[" and not in_list:
            in_list = True
            continue
        if b"\r" in bare:
            return False  # its lines end as old systems end them
        if bare[:1] == b"[":
            # A list that begins with a text is spaCy's pair, one a line; any other, a whole file.
            return not in_list and _PAIR.match(bare) is not None
        if len(line) == _LOOK:
            return True
        # A line may be invalid, but a value that continues in the next line has no final bracket.
        if in_list:
            return bare == b"]" or bare.endswith((b"}", b"},"))
        return bare[:1] != b"{" or bare[-1:] == b"}"
    return True


def _by_lines(stream: BinaryIO, name: str) -> Iterator[Numbered | Refused]:
    for number, line in enumerate(stream, start=1):
        bare = line.strip(_BLANK).removesuffix(b",")
        if not bare or bare in (b"[", b"]"):
            continue
        try:
            yield Numbered(number, value_of(bare))
        except ValueError as error:
            yield Refused(name, number, str(error), kind=kind_of(error))


def _by_items(stream: BinaryIO, name: str) -> Iterator[Numbered | Refused]:
    """The items of a list, or consecutive values, in any layout.

    The end of an item is found by brackets and strings only, so an invalid item does not affect the
    others. One item and one chunk of the file are in memory.
    """
    cutter = _Cutter()
    number = 0
    while piece := stream.read(_PIECE):
        for item in cutter.cut(piece):
            number += 1
            try:
                yield Numbered(number, value_of(item))
            except ValueError as error:
                yield Refused(name, number, str(error), kind=kind_of(error))
    if left := cutter.left():
        yield Refused(
            name, number + 1, f"not JSON: the file ends within {_shown(left)!r}", kind=_NOT_JSON
        )


def _shown(content: bytes) -> str:
    return content[:40].decode(errors="replace")


class _Cutter:
    """Divides JSON, given in chunks, into the items of its list, or into its values."""

    def __init__(self) -> None:
        self.held = bytearray()
        self.looked = 0  # how much of `held` has been scanned
        self.depth = 0
        self.inside: int | None = None  # the depth of items; None before the first bracket
        self.start = 0  # of the current item, or of the text between two items

    def cut(self, piece: bytes) -> Iterator[bytes]:
        """The items that end in this chunk, including any text between items."""
        del self.held[: self.start]
        self.looked -= self.start
        self.start = 0
        self.held += piece
        for found in _SIGN.finditer(self.held, self.looked):
            sign = found.group()
            if sign == b'"':  # the string continues in the next chunk
                self.looked = found.start()
                return
            self.looked = found.end()
            if sign in _OPENING:
                if self.inside is None:
                    self.inside = int(sign == b"[")
                    self.start = found.end() if self.inside else found.start()
                elif self.depth == self.inside:
                    yield from self._between(found.start())
                    self.start = found.start()
                self.depth += 1
            elif sign in _CLOSING:
                self.depth -= 1
                if self.depth == self.inside and self.start < found.end():
                    yield bytes(self.held[self.start : found.end()])
                    self.start = found.end()
                elif self.inside is not None and self.depth < self.inside:
                    yield from self._between(found.start())
                    self.start = found.end()
        self.looked = len(self.held)

    def left(self) -> bytes:
        """The remainder that has no end."""
        rest = bytes(self.held[self.start :]).strip(_BLANK)
        return rest or (b"its list" if self.inside and self.depth > 0 else b"")

    def _between(self, end: int) -> Iterator[bytes]:
        """The text before an item, if it is more than a comma."""
        between = bytes(self.held[self.start : end]).strip(_BLANK + b",")
        if between:
            yield between
