"""Reads written files back and compares them with the exported records."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import orjson

from annotator.core.record import Record
from annotator.errors import ExportError
from annotator.formats.base import Format, Refused
from annotator.formats.jsonl import line_of


class Differs(ExportError):
    """The file read back differs from what was written; `differences` has one line for each."""

    def __init__(self, differences: Iterable[str]) -> None:
        self.differences = tuple(differences)
        super().__init__(
            f"Reading the result back found {len(self.differences):,} differences.",
            hint="This is a bug; please report it. The target was not changed.",
        )


class Verification:
    """Saves expected records on disk while they are written, then compares them with the result.

    Both are read in parallel, so memory use stays constant. Records that come in another order are
    held until their counterpart appears.
    """

    def __init__(self, form: Format) -> None:
        self.form = form
        self._kept: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # until __exit__

    def __enter__(self) -> Verification:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._kept.close()

    def kept(self, rows: Iterable[Record]) -> Iterator[Record]:
        """The same records, each saved for the comparison."""
        for record in rows:
            self.keep(record)
            yield record

    def keep(self, record: Record) -> None:
        expected = self.form.expected(record)
        if expected is not None:
            self._kept.write(line_of(expected))

    def differences(self, place: Path) -> list[str]:
        """Read `place` and return the differences, one line each."""
        self._kept.seek(0)
        return list(differences_of(self._kept, self.form.read(place), name=place.name))

    def compare(self, place: Path) -> None:
        """Raise Differs if there is any difference."""
        differences = self.differences(place)
        if differences:
            raise Differs(differences)


def differences_of(
    lines: Iterable[bytes], found: Iterable[Record | Refused], *, name: str = ""
) -> Iterator[str]:
    """The differences between the expected lines and the records found, one line each."""
    missing: dict[bytes, int] = {}
    further: dict[bytes, int] = {}
    for line, read in zip_longest(lines, found):
        if isinstance(read, Refused):
            at = "" if read.line is None else f", line {read.line}"
            within = "" if read.file == name else f"{read.file}"
            yield f"{within}{at}: cannot be read back: {read.reason}".lstrip(", ")
            got = None
        else:
            got = None if read is None else line_of(read)
        if line != got:
            _settle(line, missing, further)
            _settle(got, further, missing)
    yield from _told(missing, further)


def _settle(line: bytes | None, own: dict[bytes, int], others: dict[bytes, int]) -> None:
    """Remove a line from the other side's counter, or count it on its own side."""
    if line is None:
        return
    if line not in others:
        own[line] = own.get(line, 0) + 1
    elif others[line] > 1:
        others[line] -= 1
    else:
        del others[line]


def _told(missing: dict[bytes, int], further: dict[bytes, int]) -> Iterator[str]:
    """Describe what is left on both sides; records of the same article are compared by field."""
    left = [orjson.loads(line) for line, times in further.items() for _ in range(times)]
    for wanted in (orjson.loads(line) for line, times in missing.items() for _ in range(times)):
        like = next((one for one in left if one["id"] == wanted["id"]), None)
        if like is None:
            yield f"{wanted['id'][:12]}: is missing"
        else:
            left.remove(like)
            yield from (f"{wanted['id'][:12]}: {where}" for where in unlike(wanted, like, ""))
    yield from (f"{one['id'][:12]}: was not written" for one in left)


def unlike(wanted: Any, found: Any, where: str) -> Iterator[str]:
    """The differences of two values of JSON, each as *field: what is there*."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in [*wanted, *(key for key in found if key not in wanted)]:
            yield from unlike(wanted.get(key), found.get(key), f"{where}.{key}" if where else key)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for n, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from unlike(one, other, f"{where}[{n}]")
    elif isinstance(wanted, list) and isinstance(found, list):
        yield f"{where}: {len(wanted)} written, {len(found)} read back"
    elif wanted != found:
        yield f"{where}: {wanted!r:.60} written, {found!r:.60} read back"
