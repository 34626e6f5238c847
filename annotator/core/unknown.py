"""Stretches of a text of which nobody knows what stands there, nor that nothing does.

A record keeps them in text order, none touching another and none of blanks alone. An item that
stands is known, whatever stretch covers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.core.article import Span, Spans
from annotator.core.codec import Plain, span_to_dict
from annotator.core.edits import joined_pieces
from annotator.errors import RecordError


def everything(text: str) -> Spans:
    """All of `text`: nothing is known but what is said."""
    return stretches([Span(0, len(text))] if text else (), text)


def stretches(spans: Iterable[Span], text: str) -> Spans:
    """The spans as a record keeps them; what lies outside `text` is left out."""
    size = len(text)
    within = (Span(one.start, min(one.end, size)) for one in spans if one.start < size)
    return tuple(one for one in joined_pieces(within) if not one.of(text).isspace())


def apart_from(unknown: Iterable[Span], known: Iterable[Span]) -> Spans:
    """What of the stretches is left where some of their words are known."""
    cuts = sorted(known)
    left: list[Span] = []
    for one in unknown:
        start = one.start
        for cut in cuts:
            if cut.start >= one.end:
                break
            if cut.start > start:
                left.append(Span(start, cut.start))
            start = max(start, cut.end)
        if start < one.end:
            left.append(Span(start, one.end))
    return tuple(left)


def unknown_to_list(unknown: Iterable[Span], text: str) -> list[Plain]:
    """The stretches in the form of a record."""
    return [span_to_dict(one, text) for one in unknown]


def unknown_from_list(rows: Sequence[Mapping[str, Any]], text: str) -> Spans:
    """The stretches that a record holds; RecordError names the first that does not fit."""
    found = tuple(_span(row, text, f"unknown[{n}]") for n, row in enumerate(rows))
    if found != stretches(found, text):
        raise RecordError(
            "unknown: the stretches must stand in text order, not touch, and hold words"
        )
    return found


def _span(row: Mapping[str, Any], text: str, where: str) -> Span:
    start, end = row.get("start"), row.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise RecordError(f"{where}: [{start!r:.40}, {end!r:.40}) is no range of the text")
    span = Span(start, end)
    if span.of(text) != row.get("text"):
        raise RecordError(
            f"{where}: [{start}, {end}) reads {span.of(text)!r:.60} in the text, "
            f"not {row.get('text')!r:.60}"
        )
    return span
