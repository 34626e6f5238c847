"""The values of a JSON file one after the other: a line each, or the items of one large list.

By hand because ijson ends with the first broken item, where here it costs itself alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.errors import RecordError
from annotator.formats.base import Refused

_NOT_JSON = "line or item that is no JSON"
_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_LOOK = 65536
_PIECE = 1 << 20
_PAIR = re.compile(rb'\[\s*"')
_OPENING, _CLOSING = (b"[", b"{"), (b"]", b"}")
# A string, or a bracket outside of one, or a string whose end is not there yet.
_SIGN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]|"', re.DOTALL)
# Whole numbers of so many digits may be more than 64 bits hold, and would become fractions.
_LONG = b"0" * 19
_AS_DIGITS = bytes(ord("0") if ord("0") <= byte <= ord("9") else ord(" ") for byte in range(256))


class _Unread(ValueError):
    """Why a piece of JSON is not read, and with what else that is alike."""

    def __init__(self, reason: str, kind: str) -> None:
        super().__init__(reason)
        self.kind = kind


def kind_of(error: ValueError) -> str:
    """With what else a value was refused, of which `value_of` said why."""
    return error.kind if isinstance(error, _Unread) else _NOT_JSON


@dataclass(frozen=True, slots=True)
class Numbered:
    """A value and its number from 1: of its line, or of the item in its list."""

    number: int
    value: Any


def values_in(path: Path) -> Iterator[Numbered | Refused]:
    """Every value of a file; what is no JSON is Refused, in a file of lines just that line.

    A list is read item by item, however it is laid out; one with an item a line, as we write it, is
    read by lines, which is faster. RecordError if the file cannot be read at all.
    """
    try:
        with path.open("rb") as stream:
            if stream.read(len(_MARK)) != _MARK:
                stream.seek(0)
            start = stream.tell()
            by_lines = _is_by_lines(stream)
            stream.seek(start)
            if by_lines:
                yield from _lines(stream, path.name)
            else:
                yield from _items(stream, path.name)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error


def value_of(content: bytes) -> Any:
    """The value that a piece of JSON holds, every number in it exactly; ValueError says why not."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _Unread(_not_utf8(content) or f"not JSON ({error})", _NOT_JSON) from error
    if _may_say_twice(content, value) and (key := _said_twice(content)) is not None:
        raise _Unread(
            f"an object says {key!r:.60} twice, and not the same; leave one of them",
            "key that stands there twice",
        )
    if _LONG in content.translate(_AS_DIGITS):
        try:
            json.loads(content, parse_int=_whole_number)
        except RecursionError as error:
            raise _Unread("its JSON is nested too deeply", _NOT_JSON) from error
    return value


def _may_say_twice(content: bytes, value: Any) -> bool:
    """Whether more keys are written than were read, as far as can be seen at little cost."""
    written = content.count(b'":') - content.count(b'\\":') + content.count(b'" :')
    return written != _keys_in(value)


def _keys_in(value: Any) -> int:
    """How many keys all objects of a value have."""
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
        return None  # that is told elsewhere
    return twice[0] if twice else None


def _not_utf8(content: bytes) -> str | None:
    """What keeps these bytes from being UTF-8; None if they are."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        byte = content[error.start]
        return f"not UTF-8 text: byte {byte:#04x} at {error.start + 1:,} is part of no letter"
    return None


def _whole_number(digits: str) -> int:
    number = int(digits) if len(digits) <= len(_LONG) + 1 else 2**64
    if not -(2**63) <= number < 2**64:
        raise _Unread(
            f"a number of {len(digits)} digits would be changed; put it in quotes",
            "number that is too long",
        )
    return number


def _is_by_lines(stream: BinaryIO) -> bool:
    """Whether each line is a value by itself: JSONL, or a list with its brackets on their own."""
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
        # A line may be broken, but what goes on in the next line does not end with a bracket.
        if in_list:
            return bare == b"]" or bare.endswith((b"}", b"},"))
        return bare[:1] != b"{" or bare[-1:] == b"}"
    return True


def _lines(stream: BinaryIO, name: str) -> Iterator[Numbered | Refused]:
    for number, line in enumerate(stream, start=1):
        bare = line.strip(_BLANK).removesuffix(b",")
        if not bare or bare in (b"[", b"]"):
            continue
        try:
            yield Numbered(number, value_of(bare))
        except ValueError as error:
            yield Refused(name, number, str(error), kind=kind_of(error))


def _items(stream: BinaryIO, name: str) -> Iterator[Numbered | Refused]:
    """The items of a list, or values one after the other, however they are laid out.

    Only brackets and strings are looked at to find where an item ends, so that one that is broken
    does not take the others with it. Memory holds one item and one piece of the file.
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
    """Cuts JSON, given piece by piece, into the items of its list, or into its values."""

    def __init__(self) -> None:
        self.held = bytearray()
        self.looked = 0  # how much of `held` is done with
        self.depth = 0
        self.inside: int | None = None  # how deep the items lie; None before the first bracket
        self.start = 0  # of the item, or of what stands between two

    def cut(self, piece: bytes) -> Iterator[bytes]:
        """The items that end in this piece; whatever stands between items is one as well."""
        del self.held[: self.start]
        self.looked -= self.start
        self.start = 0
        self.held += piece
        for found in _SIGN.finditer(self.held, self.looked):
            sign = found.group()
            if sign == b'"':  # the string goes on in the next piece
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
        """What has not ended."""
        rest = bytes(self.held[self.start :]).strip(_BLANK)
        return rest or (b"its list" if self.inside and self.depth > 0 else b"")

    def _between(self, end: int) -> Iterator[bytes]:
        """What stands before an item, if it is more than a comma."""
        between = bytes(self.held[self.start : end]).strip(_BLANK + b",")
        if between:
            yield between
