"""Reads column files for tests, with refusals and notes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from annotator.core.record import Record
from annotator.formats.base import Notes, ReadOptions, Refused
from annotator.formats.conll import conll_out


def read(content: str | bytes, **how: Any) -> tuple[list[Record], list[Refused], list[str]]:
    """The articles, refusals and notes of a file."""
    notes = Notes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.conll")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = list(conll_out.FORMAT.read(path, ReadOptions(notes=notes, **how)))
    records = [one for one in found if isinstance(one, Record)]
    return records, [one for one in found if isinstance(one, Refused)], notes.lines()


def entities_of(record: Record) -> list[tuple[str, str]]:
    return [(one.span.of(record.article.text), one.label) for one in record.entities]
