"""Entities as formats with one tag a token hold them: none within another, edges at tokens.

Where entities overlap, the longest stays; of equally long ones the first in text order, and of two
labels for the same words the first by label. What the others cover besides is unknown, not outside.
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
    """The entities that stay where some overlap, in text order."""
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
    """`span` without blanks at its ends; itself if it holds nothing else."""
    words = span.of(text)
    if not words.strip():
        return span
    return Span(
        span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip())
    )


def is_reviewed(record: Record) -> bool:
    """Whether words without an entity are known to be none."""
    return record.review.kind != "none" and record.answer is Answer.ACCEPT


def unknown_spans(record: Record, kept: Sequence[Entity]) -> Spans:
    """Where a record does not say what stands: where it says that it does not, at open entities,
    and what `kept` leaves of others.

    All of the text, but for `kept`, where nobody reviewed it.
    """
    if not is_reviewed(record):
        return (Span(0, len(record.article.text)),) if record.article.text else ()
    names = {id(entity) for entity in kept}
    others = (entity.span for entity in record.entities if id(entity) not in names)
    return (*record.unknown, *others)


def token_spans(text: str, edges: Iterable[int] = ()) -> Spans:
    """The tokens of `text` as reviewers select them, cut where one of `edges` lies within."""
    if not text:
        return ()
    return tuple(cut(Words(text).tokens_in(Span(0, len(text))), sorted(set(edges))))


def cut(spans: Iterable[Span], edges: Sequence[int]) -> Iterator[Span]:
    """The spans, in pieces where one of `edges` (sorted) lies within."""
    for span in spans:
        start = span.start
        for edge in edges[bisect_right(edges, span.start) : bisect_left(edges, span.end)]:
            yield Span(start, edge)
            start = edge
        yield Span(start, span.end)


def edges_of(spans: Iterable[Span]) -> Iterator[int]:
    """Where the spans start and end."""
    for span in spans:
        yield span.start
        yield span.end


def tags_of(
    tokens: Sequence[Span], entities: Iterable[Entity], unknown: Iterable[Span] = ()
) -> list[str | None]:
    """IOB2 tags of tokens for entities that do not overlap; None where it is not known.

    A token belongs to an entity that holds any of it.
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
