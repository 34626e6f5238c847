"""Defaults for imported records and items, where the file does not specify them."""

from __future__ import annotations

from typing import TypeVar

from annotator.core.annotations import Claim, Entity, Junk, MadeBy, Verdict
from annotator.core.article import Span, Spans
from annotator.core.record import ReviewFacts, SchemeId

IMPORTED = ReviewFacts(kind="import")
NO_SCHEME = SchemeId("unknown", "0")
AnItem = TypeVar("AnItem", Entity, Claim, Junk)
"""One kind of item."""


def entity_read(name: str, span: Span, label: str, identity: str | None = None) -> Entity:
    """An imported entity, accepted, since it is somebody's finished work."""
    return Entity(name, span, label, identity, MadeBy.IMPORT, Verdict.ACCEPTED)


def claim_read(name: str, content: Spans, cue: Spans, source: Spans) -> Claim:
    """An imported claim, accepted, since it is somebody's finished work."""
    return Claim(name, content, cue, source, made_by=MadeBy.IMPORT, verdict=Verdict.ACCEPTED)


def bare_item(item: AnItem) -> AnItem:
    """The item with its id, spans and label or kind; other fields have their defaults."""
    match item:
        case Entity():
            return entity_read(item.id, item.span, item.label)
        case Junk():
            return Junk(item.id, item.span, item.kind, MadeBy.IMPORT, Verdict.ACCEPTED)
        case Claim():
            return claim_read(item.id, item.content, item.cue, item.source)
