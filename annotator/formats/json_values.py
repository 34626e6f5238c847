"""The values of a JSON file one after the other: a line each, or the items of one large list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import ijson
import orjson

from annotator.errors import RecordError
from annotator.formats.base import Refused

_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_LOOK = 65536


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


def _is_by_lines(stream: BinaryIO) -> bool:
    """Whether each line is a value by itself: JSONL, or a list with its brackets on their own."""
    for line in stream:
        bare = line.strip(_BLANK)
        if not bare or bare == b"[":
            continue
        if bare == b"]":
            return True
        try:
            value = orjson.loads(bare.rstrip(b","))
        except orjson.JSONDecodeError:
            # A line of JSONL may be broken; a value over several lines starts with a bare bracket.
            return bare[:1] == b"{" and len(bare) > 1 and bare[-1:] in b"},"
        # One line with a list of objects is a whole file; one with a list of other things is
        # spaCy's pair of a text and its entities.
        return not (isinstance(value, list) and value and isinstance(value[0], dict | list))
    return True


def _lines(stream: BinaryIO, name: str) -> Iterator[Numbered | Refused]:
    for number, line in enumerate(stream, start=1):
        bare = line.strip(_BLANK).removesuffix(b",")
        if not bare or bare in (b"[", b"]"):
            continue
        try:
            yield Numbered(number, orjson.loads(bare))
        except orjson.JSONDecodeError as error:
            yield Refused(name, number, f"not JSON ({error})")


def _items(stream: BinaryIO, name: str) -> Iterator[Numbered | Refused]:
    while (first := stream.read(1)) and first in _BLANK:
        pass
    stream.seek(-len(first), 1)
    path = "item" if first == b"[" else ""
    number = 0
    try:
        found = ijson.items(stream, path, multiple_values=True, use_float=True)
        for number, value in enumerate(found, start=1):
            yield Numbered(number, value)
    except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
        reason = " ".join(str(error).split())
        yield Refused(name, number + 1, f"not JSON from here on ({reason:.100})")
