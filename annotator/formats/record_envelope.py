"""What a record says besides its text and items, to travel in the free part of another format.

Other programs keep that part, but people edit files: a head is checked field by field when read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from annotator.core.article import identity_of
from annotator.core.record import FORMAT, Record, record_from_dict
from annotator.core.records.codec import Plain
from annotator.errors import RecordError

KEY = "annotator"
OFF = "record of ours that is off"
"""What a refusal is called of what people changed in a head."""
_ITEMS = ("entities", "claims", "junk", "rejected", "offered")
_ELSEWHERE = frozenset({"format", "id", "text", *_ITEMS})


def head_of(record: Record) -> Plain:
    """Everything of the record but its text and its items, in the record's own form."""
    bare = replace(record, entities=(), claims=(), junk=(), rejected=(), offered=())
    return {key: value for key, value in bare.to_dict().items() if key not in _ELSEWHERE}


def record_of(head: Any, text: str) -> Record:
    """The record without items that a head and a text make; RecordError names what is off."""
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
