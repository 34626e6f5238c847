"""Our own format: one record a line, UTF-8, LF, the same record always the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from annotator.core.record import Record, record_from_dict
from annotator.errors import RecordError


def line_of(record: Record) -> bytes:
    """The record as one line with its line end, keys in the order of the contract."""
    return orjson.dumps(record.to_dict(), option=orjson.OPT_APPEND_NEWLINE)


def records_in(path: Path) -> Iterator[Record]:
    """Every record of a file, in order; RecordError names the line that is none."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _record(line, f"{path.name}, line {number}")
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error


def _record(line: bytes, where: str) -> Record:
    try:
        plain = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise RecordError(f"{where}: not JSON ({error}).", hint="Mend that line.") from error
    if not isinstance(plain, dict):
        raise RecordError(f"{where}: not an object.", hint="Each line is one JSON object.")
    try:
        return record_from_dict(plain)
    except RecordError as error:
        raise RecordError(f"{where}: {error.message}", hint=error.hint) from error
