"""The fields of a record besides its text and items, stored in the custom part of other formats.

Other programs keep that part, but people edit files, so all fields are validated when read. Ties
stand there too; they are read after the items that they join.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from annotator.core.article import identity_of
from annotator.core.record import FORMAT, Record, record_from_dict
from annotator.core.records.codec import Plain
from annotator.errors import RecordError
from annotator.formats.across_rows import without_invalid
from annotator.formats.refusals import RefusedPiece
from annotator.formats.tie_relations import Written, written_in

KEY = "annotator"
_ITEMS = ("entities", "claims", "junk", "rejected", "offered")
_TIES = "ties"
_ELSEWHERE = frozenset({"format", "id", "text", _TIES, *_ITEMS})


def head_of(record: Record) -> Plain:
    """The fields of the record except its text, items and ties, in record form."""
    bare = replace(record, entities=(), claims=(), junk=(), rejected=(), offered=(), ties=())
    return {key: value for key, value in bare.to_dict().items() if key not in _ELSEWHERE}


def record_of(head: Any, text: str, lost: list[RefusedPiece]) -> Record:
    """The record without items and ties for these fields and text.

    An invalid story, identity or suggester is added to `lost`. Raises RecordError naming another
    invalid field.
    """
    if not isinstance(head, dict):
        raise RecordError(f"{KEY}: expected an object, found {head!r:.60}")
    known = {key: value for key, value in head.items() if key not in _ELSEWHERE}
    empty: Plain = {key: [] for key in _ITEMS}
    try:
        return record_from_dict(
            {
                **without_invalid(known, lost),
                **empty,
                "format": FORMAT,
                "text": text,
                "id": identity_of(text),
            }
        )
    except RecordError as error:
        raise RecordError(f"{KEY}: {error.message}", hint=error.hint) from error


def ties_in(head: Any, lost: list[RefusedPiece]) -> tuple[Written, ...]:
    """The ties beside these fields; invalid ones are added to `lost`."""
    if not isinstance(head, dict) or _TIES not in head:
        return ()
    return written_in(without_invalid({_TIES: head[_TIES]}, lost)[_TIES])
