"""Converts what a finish says to and from plain dicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.core.article import Span, Spans
from annotator.core.decisions import Finished
from annotator.core.records.encode import pieces_to_list
from annotator.errors import RecordError

Plain = dict[str, Any]


def finished_to_dict(told: Finished, text: str) -> Plain:
    """The details of a finish; what is not known is left out."""
    said: Plain = {"unfolded": told.showed_low_confidence}
    if told.folded is not None:
        said["folded"] = list(told.folded)
    if told.showed_speakers:
        said["speakers"] = True
    if told.unknown:
        said["unknown"] = pieces_to_list(told.unknown, text)
    return said


def finished_from_dict(plain: Mapping[str, Any]) -> Finished:
    """The inverse of `finished_to_dict`; raises RecordError."""
    folded = plain.get("folded")
    if folded is not None and not (isinstance(folded, list) and all(map(_is_id, folded))):
        raise RecordError(f"after.folded: expected ids, found {folded!r:.80}")
    return Finished(
        bool(plain["unfolded"]),
        _spans(plain.get("unknown", [])),
        None if folded is None else tuple(folded),
        bool(plain.get("speakers", False)),
    )


def _is_id(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _spans(rows: Any) -> Spans:
    try:
        return tuple(Span(row["start"], row["end"]) for row in rows)
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"after.unknown: expected spans, found {rows!r:.80}") from error
