"""Converts entities to IOB2 tags: one tag per token, no overlaps.

Of overlapping entities the longest is kept; of equally long ones the first in text order; of two
labels for the same words the first by label. Words covered only by the others are unknown, not
outside.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from annotator.core.annotations import Entity
from annotator.core.article import Span, Spans
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.core.text.words import Words


def without_overlap(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """The entities to keep where some overlap, in text order."""
    starts: list[int] = []
    kept: list[Entity] = []
    for entity in sorted(entities, key=_longest_first):
        place = bisect_right(starts, entity.span.start)
        before = place > 0 and kept[place - 1].span.end > entity.span.start
        after = place < len(kept) and kept[place].span.start < entity.span.end
        if not before and not after:
            starts.insert(place, entity.span.start)
            kept.insert(place, entity)
    return tuple(kept)


def trimmed(span: Span, text: str) -> Span:
    """`span` without blanks at its ends; unchanged if it has only blanks."""
    words = span.of(text)
    if not words.strip():
        return span
    return Span(
        span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip())
    )


def is_reviewed(record: Record) -> bool:
    """Whether words without an entity are known to be outside."""
    return record.review.kind != "none" and record.answer is Answer.ACCEPT


def unknown_spans(record: Record, kept: Sequence[Entity]) -> Spans:
    """The spans that are unknown: those marked as unknown, and entities not in `kept`.

    The whole text, if nobody reviewed it.
    """
    if not is_reviewed(record):
        return (Span(0, len(record.article.text)),) if record.article.text else ()
    names = {id(entity) for entity in kept}
    others = (entity.span for entity in record.entities if id(entity) not in names)
    return (*record.unknown, *others)


def token_spans(text: str, edges: Iterable[int] = ()) -> Spans:
    """The tokens of `text` as in the review screen, divided at `edges`."""
    if not text:
        return ()
    return tuple(cut(Words(text).tokens_in(Span(0, len(text))), sorted(set(edges))))


def cut(spans: Iterable[Span], edges: Sequence[int]) -> Iterator[Span]:
    """The spans, divided at `edges` (sorted)."""
    for span in spans:
        start = span.start
        for edge in edges[bisect_right(edges, span.start) : bisect_left(edges, span.end)]:
            yield Span(start, edge)
            start = edge
        yield Span(start, span.end)


def edges_of(spans: Iterable[Span]) -> Iterator[int]:
    """The starts and ends of the spans."""
    for span in spans:
        yield span.start
        yield span.end


def tags_of(
    tokens: Sequence[Span], entities: Iterable[Entity], unknown: Iterable[Span] = ()
) -> list[str | None]:
    """The IOB2 tags of tokens for entities that do not overlap; None for unknown tokens.

    A token belongs to an entity that covers any part of it.
    """
    starts = [token.start for token in tokens]
    ends = [token.end for token in tokens]
    tags: list[str | None] = ["O"] * len(tokens)
    for span in unknown:
        for place in range(bisect_right(ends, span.start), bisect_left(starts, span.end)):
            tags[place] = None
    for entity in entities:
        first = bisect_right(ends, entity.span.start)
        for place in range(first, bisect_left(starts, entity.span.end)):
            tags[place] = f"{'B' if place == first else 'I'}-{entity.label}"
    return tags


def _longest_first(entity: Entity) -> tuple[int, int, str]:
    return -len(entity.span), entity.span.start, entity.label
