"""Writes records in a format and reads them back, for tests of every format."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from annotator.core.annotations import Claim, Entity, Junk
from annotator.core.record import Record
from annotator.formats.base import Format, Losses, ReadOptions, Refused

_Item = TypeVar("_Item", Entity, Claim, Junk)


def written(form: Format, records: Iterable[Record]) -> tuple[bytes, Losses]:
    """The output of a stream format for these records, and all losses."""
    target, losses = io.BytesIO(), Losses(keep=True)
    form.write(records, target, losses)
    return target.getvalue(), losses


def read_back(form: Format, content: bytes | str, **how: Any) -> list[Record | Refused]:
    """What a format reads from a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{form.suffix}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(form.read(path, ReadOptions(**how)))


def records_of(found: Iterable[Record | Refused]) -> list[Record]:
    """Only the records; a test that expects no refusals compares the lengths."""
    return [one for one in found if isinstance(one, Record)]


def reasons(found: Iterable[Record | Refused]) -> list[str]:
    """Why something was refused."""
    return [one.reason for one in found if isinstance(one, Refused)]


def unordered(record: Record) -> Record:
    """The record with its items by id, because equal items have no order."""
    return replace(
        record,
        entities=_by_id(record.entities),
        claims=_by_id(record.claims),
        junk=_by_id(record.junk),
        offered=_by_id(record.offered),
    )


def _by_id(items: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple(sorted(items, key=lambda item: item.id))
