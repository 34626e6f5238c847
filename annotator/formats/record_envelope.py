"""The fields of a record besides its text and items, stored in the custom part of other formats.

Other programs keep that part, but people edit files, so all fields are validated when read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from annotator.core.article import identity_of
from annotator.core.record import FORMAT, Record, record_from_dict
from annotator.core.records.codec import Plain
from annotator.errors import RecordError

KEY = "annotator"
OFF = "invalid annotator record"
"""The kind of refusals for invalid fields."""
_ITEMS = ("entities", "claims", "junk", "rejected", "offered")
_ELSEWHERE = frozenset({"format", "id", "text", *_ITEMS})


def head_of(record: Record) -> Plain:
    """The fields of the record except its text and items, in record form."""
    bare = replace(record, entities=(), claims=(), junk=(), rejected=(), offered=())
    return {key: value for key, value in bare.to_dict().items() if key not in _ELSEWHERE}


def record_of(head: Any, text: str) -> Record:
    """The record without items for these fields and text; raises RecordError naming an invalid
    field."""
    if not isinstance(head, dict):
        raise RecordError(f"{KEY}: expected an object, found {head!r:.60}")
    known = {key: value for key, value in head.items() if key not in _ELSEWHERE}
    empty: Plain = {key: [] for key in _ITEMS}
    try:
        return record_from_dict(
            {**known, **empty, "format": FORMAT, "text": text, "id": identity_of(text)}
        )
    except RecordError as error:
        raise RecordError(f"{KEY}: {error.message}", hint=error.hint) from error
