"""Unknown spans of a text: neither items nor their absence are known there.

A record keeps them in text order; they do not touch and are not blank. An item of the record is
known even within an unknown span.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.core.annotations import Entity, is_known_wrong
from annotator.core.article import Span, Spans
from annotator.core.edits import joined_pieces
from annotator.core.records.codec import Plain, span_to_dict
from annotator.core.review import Review
from annotator.errors import RecordError


def everything(text: str) -> Spans:
    """All of `text` as unknown spans."""
    return stretches([Span(0, len(text))] if text else (), text)


def stretches(spans: Iterable[Span], text: str) -> Spans:
    """The spans in the form of a record: sorted, merged and cut to `text`."""
    size = len(text)
    within = (Span(one.start, min(one.end, size)) for one in spans if one.start < size)
    return tuple(one for one in joined_pieces(within) if not one.of(text).isspace())


def apart_from(unknown: Iterable[Span], known: Iterable[Span]) -> Spans:
    """The unknown spans, in text order, without the known ones."""
    cuts = sorted(known)
    left: list[Span] = []
    first = 0
    for one in sorted(unknown):
        start = one.start
        while first < len(cuts) and cuts[first].end <= start:
            first += 1
        for at in range(first, len(cuts)):
            cut = cuts[at]
            if cut.start >= one.end:
                break
            if cut.start > start:
                left.append(Span(start, cut.start))
            start = max(start, cut.end)
        if start < one.end:
            left.append(Span(start, one.end))
    return tuple(left)


def unknown_after(review: Review, entities: Iterable[Entity], text: str) -> Spans:
    """The unknown spans of a finished review, with the words of entities known to be wrong that
    were never shown: nobody judged these."""
    never_shown = review.never_shown
    hidden = [one.span for one in review.entities if one.id in never_shown and is_known_wrong(one)]
    if not hidden:
        return review.unknown
    left = apart_from(hidden, (one.span for one in entities))
    return stretches((*review.unknown, *left), text)


def unknown_to_list(unknown: Iterable[Span], text: str) -> list[Plain]:
    """The unknown spans in record form."""
    return [span_to_dict(one, text) for one in unknown]


def unknown_from_list(rows: Sequence[Mapping[str, Any]], text: str) -> Spans:
    """The unknown spans of a record; raises RecordError for the first invalid one."""
    found = tuple(_span(row, text, f"unknown[{n}]") for n, row in enumerate(rows))
    if found != stretches(found, text):
        raise RecordError("unknown: the spans must be in text order, not touch, and not be blank")
    return found


def _span(row: Mapping[str, Any], text: str, where: str) -> Span:
    start, end = row.get("start"), row.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise RecordError(f"{where}: [{start!r:.40}, {end!r:.40}) is not a span of the text")
    span = Span(start, end)
    if span.of(text) != row.get("text"):
        raise RecordError(
            f"{where}: [{start}, {end}) reads {span.of(text)!r:.60} in the text, "
            f"not {row.get('text')!r:.60}"
        )
    return span
