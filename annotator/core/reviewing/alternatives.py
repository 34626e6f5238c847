"""Suggestions of several pipelines for the same words: which exclude each other, and who says what.

Keeping one of them rejects the others, so that one key decides between them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from annotator.core.annotations import Entity, Item, differs
from annotator.core.article import Span
from annotator.core.decisions import Change, Kind, reject
from annotator.core.review import Review, Status
from annotator.core.reviewing.wording import shortened

_WORDS = 24


class Alternatives:
    """The suggested entities of a review on which pipelines differ, by place."""

    def __init__(self, suggestions: Iterable[Item]) -> None:
        differing = (one for one in suggestions if isinstance(one, Entity) and differs(one))
        self._entities = sorted(differing, key=lambda one: one.span)
        self._starts = [one.span.start for one in self._entities]
        self._longest = max((len(one.span) for one in self._entities), default=0)

    def overlapping(self, span: Span) -> Sequence[Entity]:
        """Those that overlap a span, in text order."""
        first = bisect_left(self._starts, span.start - self._longest)
        last = bisect_left(self._starts, span.end)
        return [one for one in self._entities[first:last] if one.span.overlaps(span)]

    def to(self, entity: Entity, *spans: Span) -> Sequence[Entity]:
        """Those that exclude this entity: no pipeline suggested both, and they overlap it (or
        `spans`, its edges now)."""
        near = {one.id: one for span in spans or (entity.span,) for one in self.overlapping(span)}
        own = set(entity.suggested_by)
        return [
            one for one in near.values() if one.id != entity.id and own.isdisjoint(one.suggested_by)
        ]


def settled(review: Review, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes, and rejections of the open alternatives to the entities that they keep."""
    kept = [
        (change.before, change.after if isinstance(change.after, Entity) else change.before)
        for change in changes
        if change.kind in (Kind.ACCEPT, Kind.CORRECT)
        and isinstance(change.before, Entity)
        and differs(change.before)
    ]
    if not kept:
        return tuple(changes)
    alternatives = Alternatives(review.suggestions)
    decided = {change.target for change in changes}
    rejected = {
        other.id: reject(other)
        for before, after in kept
        for other in alternatives.to(before, before.span, after.span)
        if other.id not in decided and _is_open(review, other)
    }
    return (*changes, *rejected.values())


def undecided_between(review: Review, items: Iterable[Item]) -> tuple[Entity, ...]:
    """Those of `items` to which there is an open alternative, so that accepting all cannot decide
    on them."""
    differing = [one for one in items if isinstance(one, Entity) and differs(one)]
    if not differing:
        return ()
    alternatives = Alternatives(review.suggestions)
    return tuple(
        one for one in differing if any(_is_open(review, other) for other in alternatives.to(one))
    )


def who_says(entity: Entity, alternatives: Alternatives, text: str) -> str:
    """Who suggested an entity, and what the others say: *pipeline says so; desk: LOC; not stock*.

    Empty if one pipeline alone was asked, or the suggestion is not a pipeline's.
    """
    by = entity.suggested_by
    if not by:
        return ""
    verb = "says" if len(by) == 1 else "say"
    near = alternatives.overlapping(entity.span) if entity.not_suggested_by else ()
    others = [_instead(name, entity, near, text) for name in entity.not_suggested_by]
    return "; ".join([f"{_and(by)} {verb} so", *others])


def _instead(name: str, entity: Entity, near: Iterable[Entity], text: str) -> str:
    """What one of the others says of the words of an entity."""
    said = next((one for one in near if name in one.suggested_by), None)
    if said is None:
        return f"not {name}"
    if said.span == entity.span:
        return f"{name}: {said.label}"
    return f"{name}: {said.label} “{shortened(said.span.of(text), _WORDS)}”"


def _and(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _is_open(review: Review, entity: Entity) -> bool:
    return review.held[entity.id].status is Status.OPEN
