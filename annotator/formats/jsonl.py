"""Our own format: one record a line, UTF-8, LF, the same record always the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from annotator.core.record import FORMAT as RECORD_FORMAT
from annotator.core.record import Record, record_from_dict
from annotator.errors import RecordError
from annotator.formats.base import (
    Format,
    FormatReader,
    Losses,
    NumberedRecords,
    ReadOptions,
    Refused,
)
from annotator.formats.json_values import value_of
from annotator.formats.plain_files import refuse_holes
from annotator.formats.shapes import Prefix
from annotator.formats.signs import Sign, Signs, Strength

FORMAT_FAMILY = RECORD_FORMAT.partition("/")[0]
_MARK = b"\xef\xbb\xbf"


def write(records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:  # noqa: ARG001  # none
    """One line for each record; how many there were. Nothing is lost: this is the whole record."""
    count = 0
    for count, record in enumerate(records, start=1):  # noqa: B007  # the count is the result
        target.write(line_of(record))
    return count


def numbered(path: Path, _options: ReadOptions) -> NumberedRecords:
    """The records of a file, in order, each with the number of its line (from 1); each line that is
    none is Refused with why. RecordError if the file cannot be read at all.
    """
    for number, line in _lines(path):
        try:
            yield number, record_of(line)
        except RecordError as error:
            yield number, Refused(path.name, number, error.message, kind="line that is no record")


def expected(record: Record) -> Record:
    """What is read back is what was written."""
    return record


def check_layout(path: Path, word: str) -> None:
    """RecordError where records are laid out in another way than one a line; `word` is the file's
    name as a shell takes it."""
    with path.open("rb") as stream:
        line = next((line for line in stream if line.strip()), b"")
    if line.removeprefix(_MARK).strip()[:2] in (b"{", b"[", b"[{"):
        raise RecordError(
            f"{path.name} holds records, but not one a line.",
            hint="Write them so: jq -c 'if type == \"array\" then .[] else . end' " + word,
        )


FORMAT = Format(
    "jsonl",
    ".jsonl",
    writer=write,
    reader=FormatReader(numbered, expected, is_whole=True),
    signs=Signs(
        opening=b'{"format":"annotator.record/',
        values=(
            Sign(
                "records of annotator",
                {"format": Prefix(FORMAT_FAMILY)},
                strength=Strength.CERTAIN,
            ),
        ),
        check=check_layout,
    ),
)


def line_of(record: Record) -> bytes:
    """The record as one line with its line end, keys in the order of the contract."""
    return orjson.dumps(record.to_dict(), option=orjson.OPT_APPEND_NEWLINE)


def records_in(path: Path) -> Iterator[Record]:
    """Every record of a file, in order; RecordError names the line that is none."""
    for number, line in _lines(path):
        try:
            yield record_of(line)
        except RecordError as error:
            where = f"{path.name}, line {number}"
            raise RecordError(f"{where}: {error.message}", hint=error.hint) from error


def record_of(line: bytes) -> Record:
    """The record that one line holds; RecordError names the field that breaks the contract."""
    try:
        plain = value_of(line)
    except ValueError as error:
        raise RecordError(f"{error}.", hint="Fix that line.") from error
    if not isinstance(plain, dict):
        raise RecordError("not an object.", hint="Each line is one JSON object.")
    return record_from_dict(plain)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1."""
    refuse_holes(path)
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if number == 1:
                    line = line.removeprefix(_MARK)
                if line.strip():
                    yield number, line
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error
