"""Our own format: one record per line, UTF-8, LF; equal records give equal bytes."""

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
    """Write one line for each record; returns how many. Nothing is lost."""
    count = 0
    for count, record in enumerate(records, start=1):  # noqa: B007  # the count is the result
        target.write(line_of(record))
    return count


def numbered(path: Path, _options: ReadOptions) -> NumberedRecords:
    """The records of a file, in order, each with the number of its line (from 1); yields Refused
    for invalid lines. Raises RecordError if the file cannot be read.
    """
    for number, line in _numbered_lines(path):
        try:
            yield number, record_of(line)
        except RecordError as error:
            yield number, Refused(path.name, number, error.message, kind="invalid record")


def expected(record: Record) -> Record:
    """The record itself, since nothing is lost."""
    return record


def check_layout(path: Path, word: str) -> None:
    """Raises RecordError if the records are not one per line; `word` is the file's name quoted for
    a shell."""
    with path.open("rb") as stream:
        line = next((line for line in stream if line.strip()), b"")
    if line.removeprefix(_MARK).strip()[:2] in (b"{", b"[", b"[{"):
        raise RecordError(
            f"{path.name} holds records, but not one per line.",
            hint="Convert it: jq -c 'if type == \"array\" then .[] else . end' " + word,
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
    """The record as one line with its line end, keys in the order of the schema."""
    return orjson.dumps(record.to_dict(), option=orjson.OPT_APPEND_NEWLINE)


def records_in(path: Path) -> Iterator[Record]:
    """All records of a file, in order; raises RecordError naming an invalid line."""
    for number, line in _numbered_lines(path):
        try:
            yield record_of(line)
        except RecordError as error:
            where = f"{path.name}, line {number}"
            raise RecordError(f"{where}: {error.message}", hint=error.hint) from error


def record_of(line: bytes) -> Record:
    """The record in one line; raises RecordError naming an invalid field."""
    try:
        plain = value_of(line)
    except ValueError as error:
        raise RecordError(f"{error}.", hint="Fix that line.") from error
    if not isinstance(plain, dict):
        raise RecordError("not an object.", hint="Each line is one JSON object.")
    return record_from_dict(plain)


def _numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The non-blank lines with their numbers (from 1)."""
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
